"""Which versions a wave is opened with: shown in a compact table, chosen in a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import BadInput, Conflict
from app.domain.permissions import Verb
from app.domain.plans import LATEST, NONE, NOT_ASKED, Plan
from app.domain.territories import NATION
from app.storage import waves as stored
from app.storage.waves import Wave
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import AUDIENCES, actor, names
from app.web.entrance import enters
from app.web.pages import house, problems_of
from app.workflows import waves as acts
from app.workflows.planning import Decided, Shelf, Version, options, shelf


@dataclass(frozen=True, slots=True)
class Choice:
    """One select of the form; ``said``: the option that is chosen now."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one territory, or those that hold everywhere; ``changed``: not by default."""

    title: str
    choices: tuple[Choice, ...]

    @property
    def changed(self) -> bool:
        """Whether something was chosen here."""
        return any(choice.said for choice in self.choices)


def groups(stock: Shelf, plan: Plan) -> list[Group]:
    """Every choice that there is: first what holds everywhere, then by territory."""
    said = plan.as_fields()
    titles = {NATION: _("Everywhere"), **{code: names()[code] for code in stock.territories}}
    made = (
        Group(title, tuple(_choice(stock, said, *named) for named in _named(stock, code)))
        for code, title in titles.items()
    )
    return [group for group in made if group.choices]


def _named(stock: Shelf, territory: str) -> Iterator[tuple[str, str]]:
    """Names and labels of the choices in a territory."""
    for audience in stock.cores:
        words = str(AUDIENCES[audience]).capitalize()
        yield f"core.{territory}.{audience}", _("%(audience)s: questionnaire", audience=words)
        if (territory, audience) in stock.modules:
            yield f"module.{territory}.{audience}", _("%(audience)s: module", audience=words)
            yield (
                f"exchange.{territory}.{audience}",
                _("%(audience)s: its own questions elsewhere", audience=words),
            )
    if territory == NATION and NATION in stock.frameworks:
        yield f"framework.{NATION}", _("National framework")
    elif territory in stock.frameworks:
        yield f"framework.{territory}", _("Framework of its own")


def _choice(stock: Shelf, said: Mapping[str, str], name: str, label: str) -> Choice:
    kind, territory = name.split(".")[:2]
    known = options(stock, name)
    words = {
        NOT_ASKED: _("not asked"),
        NONE: _("without the module") if kind == "module" else _("none"),
    }
    if kind == "exchange":
        shares = ((one, _("asked of %(share)s %% of the sample", share=one)) for one in known)
        return Choice(
            name, label, ((LATEST, _("not asked elsewhere")), *shares), said.get(name, LATEST)
        )
    first = (
        _("as everywhere")
        if kind == "core" and territory != NATION
        else _("the latest (version %(number)s)", number=known[0])
    )
    rest = ((one, words.get(one) or _("version %(number)s", number=one)) for one in known)
    return Choice(name, label, ((LATEST, first), *rest), said.get(name, LATEST))


def stock_at_hand(day: date) -> Shelf:
    """What is published in the programme of who is signed in, and the territories of the day."""
    with house().database.read() as session:
        return shelf(session, actor(), day)


def plan_sent() -> Plan:
    """The choices of the form that was sent."""
    return Plan.from_fields({name: value[:32] for name, value in request.form.items()})


@dataclass(frozen=True, slots=True)
class VersionTable:
    """What a wave is answered with and judged by; ``rows``: territory, a cell for each audience.

    ``left_out``: places whose module somebody left out; ``chosen``: whether anything was chosen;
    ``exchange``: the share, in percent, of other samples that is asked a place's own questions.
    """

    audiences: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Version | None, Version | None], ...], Version | None], ...]
    national: Version | None
    left_out: frozenset[tuple[str, str]]
    chosen: bool
    exchange: Mapping[tuple[str, str], int]


def version_table(decided: Decided, plan: Plan) -> VersionTable:
    """One row a territory, one column an audience: the core's version and the module's."""
    audiences = tuple(dict.fromkeys(audience for _territory, audience in decided.places))
    territories = dict.fromkeys(territory for territory, _audience in decided.places)
    rows = tuple(
        (
            code,
            tuple(
                (decided.cores.get((code, each)), decided.modules.get((code, each)))
                for each in audiences
            ),
            decided.frameworks.get(code),
        )
        for code in territories
    )
    left_out = frozenset(place for place, said in plan.modules.items() if said == NONE)
    exchange = {place: plan.exchanged(place) for place in decided.modules if plan.exchanged(place)}
    return VersionTable(
        audiences, rows, decided.frameworks.get(NATION), left_out, bool(plan), exchange
    )


def versions_of(found: Wave) -> VersionTable:
    """What the wave was opened with, or would be opened with now."""
    if found.state == "planned":
        _stock, plan, decided = acts.planned_versions(house(), actor(), found.id)
        return version_table(decided, plan)
    with house().database.read() as session:
        instruments = stored.instrument_versions(session, found.id)
        frameworks = stored.framework_versions(session, found.id)
    cores = {(row[0], row[1]): Version(0, row[2] or 0) for row in instruments}
    modules = {(row[0], row[1]): Version(0, row[3]) for row in instruments if row[3]}
    judges = {territory: Version(0, number or 0) for territory, _code, number in frameworks}
    return version_table(Decided(cores, modules, judges), Plan.from_fields(found.plan))


@blueprint.get("/waves/<int:wave_id>/versions")
@enters(Verb.WAVE_CREATE)
def wave_versions(wave_id: int) -> ResponseReturnValue:
    """The versions of a wave that is planned, to be changed."""
    stock, plan, _decided = acts.planned_versions(house(), actor(), wave_id)
    return _page(wave_id, stock, plan, {})


@blueprint.post("/waves/<int:wave_id>/versions")
@enters(Verb.WAVE_CREATE)
def wave_versions_change(wave_id: int) -> ResponseReturnValue:
    """Keep what was chosen, until the opening."""
    plan = plan_sent()
    try:
        acts.change_plan(house(), actor(), wave_id, plan)
    except BadInput as refusal:
        return _sent_page(wave_id, plan, problems_of(refusal)), 422
    except Conflict:
        return _sent_page(wave_id, plan, {}), 409
    return redirect(url_for("coordinators.wave", wave_id=wave_id), 303)


def _sent_page(wave_id: int, plan: Plan, problems: dict[str, Any]) -> str:
    first_day = acts.wave(house(), actor(), wave_id).first_day
    return _page(wave_id, stock_at_hand(first_day), plan, problems)


def _page(wave_id: int, stock: Shelf, plan: Plan, problems: dict[str, Any]) -> str:
    return render_template(
        "coordinators/wave_versions.html",
        wave=acts.wave(house(), actor(), wave_id),
        groups=groups(stock, plan),
        problems=problems,
    )
