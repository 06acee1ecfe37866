"""A release as it is read: its table with everything that its words and pages need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.definitions.files import load_framework
from app.domain.frameworks import Framework, Indicator, Node, global_weights, indicators
from app.domain.local_words import in_local_words
from app.domain.questionnaire import Audience, Question
from app.domain.territories import NATION, Territory
from app.domain.text import Text
from app.evaluation.crosswalk import Asked, Crosswalk, crosswalk
from app.evaluation.tables import ProtectedTable, What
from app.storage.database import Database
from app.storage.frameworks import FrameworkVersion
from app.storage.instruments import compiled
from app.storage.releases import (
    ReleaseState,
    correction_of,
    cuts_in,
    release_of,
    standing_of,
)
from app.storage.territories import ProgrammeRow
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave, exchanges_of, frameworks_of, instruments_of

KEPT = 16  # releases kept in the process: they never change
STANDING = ("withdrawn", "state", "withdrawal", "corrects", "corrected_by")  # what may change
_known: WeakKeyDictionary[Engine, dict[int, Published]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Late:
    """That a version of a framework was published after answers had been looked at. ``after``: the
    last data cut of the programme before it."""

    published: datetime
    after: datetime


@dataclass(frozen=True)
class Published:
    """A release, its wave and its frameworks. ``own``: a territory's own framework by territory;
    ``late``: by code, those that were published after answers had been looked at."""

    id: int
    number: int
    checksum: str
    made_at: datetime
    data_at: datetime
    withdrawn: bool
    programme: str
    programme_title: Text
    synthetic: bool
    wave: str
    wave_title: Text
    frame: str
    period: tuple[date, date]
    manifest: Mapping[str, Any]
    table: ProtectedTable
    territories: Mapping[str, Territory]
    national: Framework
    own: Mapping[str, Framework]
    asked: Asked
    questions: Mapping[Audience, Mapping[str, Question]]
    late: Mapping[str, Late] = field(default_factory=dict)
    state: ReleaseState = "draft"
    corrects: int | None = None  # the release that it corrects
    corrected_by: int | None = None
    withdrawal: str = ""  # why it was withdrawn
    # worked out once, also for what is narrowed down of it: which trees, and what they say
    crosswalks: dict[str, tuple[Framework, Framework, Crosswalk]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def provisional(self) -> bool:
        """Whether it is still on its way to being published."""
        return self.state in ("draft", "checked", "approved")

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The territories with figures, without the nation, in the order of their names."""
        seen = {each.territory for each in self.table if each.territory != NATION}
        return tuple(
            sorted(
                (code for code in self.territories if code in seen),
                key=lambda code: sort_key(self.territories[code].name.in_("fr")),
            )
        )

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Every indicator of every framework, scored and ledger, by code: national ones first."""
        found: dict[str, Indicator] = {}
        for framework in self.frameworks:
            for indicator in (*indicators(framework), *framework.ledger):
                found.setdefault(indicator.code, indicator)
        return found

    @cached_property
    def nodes(self) -> Mapping[tuple[str, str], Node]:
        """Every dimension and public value by framework and code."""
        return {
            (framework.code, node.code): node
            for framework in self.frameworks
            for dimension in framework.dimensions
            for node in _nodes(dimension)
        }

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """The national framework, then the territories' own."""
        return (self.national, *(self.own[code] for code in sorted(self.own)))

    @cached_property
    def weights(self) -> Mapping[str, Mapping[str, Fraction]]:
        """By framework the share of the whole that each of its indicators carries."""
        return {each.code: global_weights(each) for each in self.frameworks}

    def crosswalk(self, territory: str) -> Crosswalk | None:
        """How the territory's own framework relates to the national one."""
        own = self.own.get(territory)
        if own is None:
            return None
        kept = self.crosswalks.get(territory)
        if kept is None or kept[0] is not self.national or kept[1] is not own:
            kept = (self.national, own, crosswalk(self.national, own, self.asked))
            self.crosswalks[territory] = kept
        return kept[2]

    def name(self, territory: str, language: str) -> str:
        """The name of a territory."""
        found = self.territories.get(territory)
        return territory if found is None else found.name.in_(language)

    def within(self, territories: frozenset[str]) -> Published:
        """Only the nation's figures and those of these territories."""
        if NATION in territories:
            return self
        keep = territories | {NATION}
        kept = tuple(
            each
            for each in self.table
            if each.territory in keep
            and (each.what != What.FLIP or each.code.split(".")[0] in keep)  # of two territories
        )
        return replace(
            self,
            table=ProtectedTable(kept, self.table.threshold),
            own={code: each for code, each in self.own.items() if code in keep},
        )


def sort_key(name: str) -> str:
    """Order of names that ignores accents' place in the alphabet."""
    return name.casefold().translate(str.maketrans("éèêëàâîïôûüç", "eeeeaaiiouuc"))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        if isinstance(child, Node):
            yield from _nodes(child)


def published(database: Database, programme_id: int, release_id: int) -> Published | None:
    """The release with this id, if it is of this programme."""
    with database.read() as session:
        release = standing_of(session, programme_id, release_id)
        if release is None:
            return None
        known = _known.setdefault(database.engine, {})
        found = known.get(release_id)
        if found is None or found.checksum != release.checksum:
            found = _read(database, session, programme_id, release_id)
            if len(known) >= KEPT:
                known.pop(next(iter(known)))
        standing = replace(
            found,
            withdrawn=release.withdrawn_at is not None,
            state=release.state,
            withdrawal=release.withdrawal or "",
            corrects=release.corrects_id,
            corrected_by=correction_of(session, release_id),
        )
        if any(getattr(found, name) != getattr(standing, name) for name in STANDING):
            found = standing  # else the same one, with all that was worked out of it
        known[release_id] = found
    return found


@dataclass(frozen=True)
class Content:
    """What judges a wave: its frameworks, and what was asked where. ``questions``: as they read in
    the words of the nation, and of the one territory that asks it; ``late``: see Published."""

    national: Framework
    own: Mapping[str, Framework]
    asked: Asked
    questions: Mapping[Audience, Mapping[str, Question]]
    late: Mapping[str, Late]


def content_of(database: Database, session: Session, wave_id: int) -> Content:
    """The frameworks and instruments frozen with a wave."""
    wave = session.get_one(Wave, wave_id)
    rows = session.execute(
        select(
            FrameworkVersion.territory,
            FrameworkVersion.document,
            FrameworkVersion.number,
            FrameworkVersion.published_at,
        ).where(FrameworkVersion.id.in_(frameworks_of(session, wave_id).values()))
    ).all()
    versions = {
        territory: replace(load_framework(document), version=number)
        for territory, document, number, _at in rows
    }
    cuts = [made_at for made_at, _wave in cuts_in(session, wave.programme_id)]
    late = {
        versions[territory].code: Late(at, max(before))
        for territory, _document, _number, at in rows
        if at is not None and (before := [each for each in cuts if each < at])
    }
    items: dict[str, dict[Audience, frozenset[str]]] = {}
    questions: dict[Audience, dict[str, Question]] = {}
    askers: dict[tuple[Audience, str], list[str]] = {}
    for (territory, audience), instrument in sorted(instruments_of(session, wave_id).items()):
        asked = compiled(database, instrument).question_by_item
        items.setdefault(territory, {})[Audience(audience)] = frozenset(asked)
        for item, question in asked.items():
            questions.setdefault(Audience(audience), {}).setdefault(item, question)
            askers.setdefault((Audience(audience), item), []).append(territory)
    exchange: dict[str, dict[Audience, frozenset[str]]] = {}
    for (territory, name), part in exchanges_of(session, wave_id).items():
        audience = Audience(name)
        more = compiled(database, part.instrument_id).question_by_item
        exchange.setdefault(territory, {})[audience] = frozenset(more) - items[territory][audience]
    national = versions.pop(NATION)
    places = territories_of_wave(session, wave)
    said = {
        audience: {
            item: in_local_words(question, _terms(places, askers[audience, item]))
            for item, question in asked.items()
        }
        for audience, asked in questions.items()
    }
    return Content(national, versions, Asked(items, exchange), said, late)


def _terms(places: Mapping[str, Territory], askers: Sequence[str]) -> Mapping[str, Text]:
    """The nation's words, and over them those of the only territory that asks."""
    heard = (NATION, *askers) if len(askers) == 1 else (NATION,)
    return {
        name: said for code in heard if code in places for name, said in places[code].terms.items()
    }


def _read(database: Database, session: Session, programme_id: int, release_id: int) -> Published:
    row = release_of(session, programme_id, release_id)
    assert row is not None  # its standing was read in this session
    release, cut, wave = row
    content = content_of(database, session, wave.id)
    programme = session.get_one(ProgrammeRow, wave.programme_id)
    return Published(
        id=release.id,
        number=release.number,
        checksum=release.checksum,
        made_at=release.made_at,
        data_at=cut.made_at,
        withdrawn=False,
        programme=programme.code,
        programme_title=Text.of(programme.title),
        synthetic=programme.synthetic,
        wave=wave.code,
        wave_title=Text.of(wave.title),
        frame=wave.frame,
        period=(wave.period_start, wave.period_end),
        manifest=release.manifest,
        table=ProtectedTable.from_dict(release.figures),
        territories=territories_of_wave(session, wave),
        national=content.national,
        own=content.own,
        asked=content.asked,
        questions=content.questions,
        late=content.late,
    )
