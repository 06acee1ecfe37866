"""What is published now: against it every file is read, checked and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.definitions.files import load_framework, load_module, load_questionnaire
from app.definitions.once import Once
from app.domain.composition import plugged
from app.domain.frameworks import Framework
from app.domain.library import Locked
from app.domain.questionnaire import Audience, Module, Questionnaire
from app.domain.territories import NATION, Territory
from app.storage.frameworks import FrameworkVersion, latest_frameworks, published_nationals
from app.storage.library import instruments
from app.storage.surveys import QuestionnaireVersion, latest_questionnaires

_CORES: Once[Questionnaire] = Once(32)  # by checksum, as published: they never change
_MODULES: Once[Module] = Once(128)
_NATIONALS: Once[Framework] = Once(32)


@dataclass
class Surroundings:
    """The published definitions against which a file is read and checked."""

    territories: Mapping[str, Territory]
    cores: dict[str, Questionnaire] = field(default_factory=dict)  # latest, by audience
    core_numbers: dict[str, int] = field(default_factory=dict)
    modules: dict[tuple[str, str], Module] = field(default_factory=dict)  # audience, territory
    nationals: dict[int, Framework] = field(default_factory=dict)  # by number
    framework_codes: dict[str, str] = field(default_factory=dict)  # territory of each code
    instruments: Locked = field(default_factory=dict)  # of the library, locked

    def copied(self) -> Surroundings:
        """The same, to be changed apart from this."""
        return replace(
            self,
            cores=dict(self.cores),
            core_numbers=dict(self.core_numbers),
            modules=dict(self.modules),
            nationals=dict(self.nationals),
            framework_codes=dict(self.framework_codes),
        )

    @property
    def national(self) -> Framework | None:
        """The latest national framework."""
        return self.nationals[max(self.nationals)] if self.nationals else None

    def local_names(self, territory: str) -> frozenset[str]:
        """The names that texts may use here: the nation's general words and the territory's own."""
        places = (self.territories.get(NATION), self.territories.get(territory))
        return frozenset(name for place in places if place is not None for name in place.terms)

    def asked_in(self, territory: str) -> dict[Audience, list[Questionnaire]]:
        """What each audience of the territory is asked: the core with the territory's module."""
        return {
            core.audience: [plugged(core, self.modules.get((audience, territory)))]
            for audience, core in self.cores.items()
        }


def surroundings(
    session: Session, programme_id: int, territories: Mapping[str, Territory]
) -> Surroundings:
    """What is published in the programme now."""
    found = Surroundings(territories, instruments=instruments(session, programme_id))
    for row in latest_questionnaires(session, programme_id):
        if row.territory != NATION:
            found.modules[row.audience, row.territory] = _module(row)
        elif row.number is not None:
            found.cores[row.audience] = _core(row)
            found.core_numbers[row.audience] = row.number
    for national in published_nationals(session, programme_id):
        if national.number is not None:
            loaded = _national(national)
            found.nationals[national.number] = replace(loaded, version=national.number)
    for framework in latest_frameworks(session, programme_id):
        found.framework_codes.setdefault(framework.code, framework.territory)
    return found


def _core(row: QuestionnaireVersion) -> Questionnaire:
    return _CORES(row.checksum, lambda: load_questionnaire(row.document))


def _module(row: QuestionnaireVersion) -> Module:
    return _MODULES(row.checksum, lambda: load_module(row.document))


def _national(row: FrameworkVersion) -> Framework:
    return _NATIONALS(row.checksum, lambda: load_framework(row.document))
