"""What may be chosen for a wave, and what follows from the choices: versions, never contents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.errors import Fault
from app.domain.plans import EXCHANGED, LATEST, NONE, NOT_ASKED, Place, Plan
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage.frameworks import published_frameworks
from app.storage.surveys import published_numbers
from app.workflows.acting import Actor

Versions = Mapping[int, int]  # ids by number, oldest first


@dataclass(frozen=True)
class Shelf:
    """Every published version of a programme; ``territories``: those that can be asked."""

    territories: tuple[str, ...]
    cores: Mapping[str, Versions]  # by audience
    modules: Mapping[Place, Versions]
    frameworks: Mapping[str, Versions]  # by territory, FR: national

    @property
    def places(self) -> Iterator[Place]:
        """Every audience of every territory for which there is a core."""
        return ((code, audience) for code in self.territories for audience in self.cores)


@dataclass(frozen=True, slots=True)
class Version:
    """A published version; ``chosen``: by somebody, not because it is the latest."""

    id: int
    number: int
    chosen: bool = False


@dataclass(frozen=True)
class Decided:
    """What a wave would be opened with now. An audience that is not asked has no core."""

    cores: Mapping[Place, Version]
    modules: Mapping[Place, Version]
    frameworks: Mapping[str, Version]

    @property
    def places(self) -> tuple[Place, ...]:
        """Who is asked."""
        return tuple(self.cores)


def shelf(session: Session, actor: Actor, day: date) -> Shelf:
    """What is published in the actor's programme, and the territories that are there on ``day``,
    the first one of the wave."""
    cores: dict[str, dict[int, int]] = {}
    modules: dict[Place, dict[int, int]] = {}
    frameworks: dict[str, dict[int, int]] = {}
    for id_, territory, audience, number in published_numbers(session, actor.programme_id):
        if territory == NATION:
            cores.setdefault(audience, {})[number] = id_
        else:
            modules.setdefault((territory, audience), {})[number] = id_
    for id_, territory, number in published_frameworks(session, actor.programme_id):
        frameworks.setdefault(territory, {})[number] = id_
    places = tuple(
        code for code, place in actor.territories.items() if code != NATION and place.holds_on(day)
    )
    return Shelf(places, cores, modules, frameworks)


def decide(stock: Shelf, plan: Plan) -> Decided:
    """The versions that the plan leads to, with the latest wherever nothing was chosen."""
    cores: dict[Place, Version] = {}
    modules: dict[Place, Version] = {}
    for place in stock.places:
        core = _version(stock.cores[place[1]], plan.core(place))
        if core is None:
            continue
        cores[place] = core
        module = _version(stock.modules.get(place, {}), plan.module(place))
        if module is not None:
            modules[place] = module
    frameworks = {
        territory: version
        for territory, versions in stock.frameworks.items()
        if (version := _version(versions, plan.framework(territory))) is not None
    }
    return Decided(cores, modules, frameworks)


def _version(versions: Versions, said: str) -> Version | None:
    if said in (NONE, NOT_ASKED) or not versions:
        return None
    if said == LATEST:
        number = max(versions)
        return Version(versions[number], number)
    return Version(versions[int(said)], int(said), chosen=True)


def options(stock: Shelf, name: str) -> tuple[str, ...]:
    """What may be chosen under this name, newest first; empty: the name is nobody's."""
    match name.split("."):
        case ["core", territory, audience] if territory in (NATION, *stock.territories):
            versions, without = stock.cores.get(audience, {}), NOT_ASKED
        case ["module", territory, audience]:
            versions, without = stock.modules.get((territory, audience), {}), NONE
        case ["exchange", territory, audience] if stock.modules.get((territory, audience)):
            return EXCHANGED
        case ["framework", territory]:
            versions = stock.frameworks.get(territory, {})
            without = "" if territory == NATION else NONE
        case _:
            return ()
    numbers = tuple(str(number) for number in sorted(versions, reverse=True))
    return (*numbers, without) if numbers and without else numbers


def plan_faults(stock: Shelf, plan: Plan) -> Iterator[Fault]:
    """What was chosen and is not there."""
    for name, said in plan.as_fields().items():
        known = options(stock, name)
        if said not in known:
            offered = ", ".join(known) or "–"
            yield Fault(
                name,
                Text.of(
                    fr="Cette version n’existe pas, ou n’est pas publiée.",
                    en="This version does not exist, or is not published.",
                ),
                Text.of(
                    fr=f"Choix possibles\u00a0: {offered}.", en=f"Possible choices: {offered}."
                ),
            )
