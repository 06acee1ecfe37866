"""Administrative series: entered one by one or by file, superseded, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.files import load_framework
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.frameworks import Indicator, Series
from app.domain.permissions import Verb
from app.domain.series import SeriesValue, counted_twice, faults_of
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.components import all_indicators
from app.storage import series as stored
from app.storage.audit import record
from app.storage.database import now
from app.storage.frameworks import latest_frameworks
from app.storage.series import SeriesRow
from app.storage.territories import lock_programme
from app.workflows.acting import Actor, House, act, require


@dataclass(frozen=True, slots=True)
class SeriesReport:
    """How many values are new, how many take another's place, and how many were there alike."""

    new: int
    replaced: int
    same: int


@dataclass(frozen=True, slots=True)
class NamedSeries:
    """A series that a published framework reads; ``territory`` None: the national framework."""

    code: str
    per: int
    indicator: Indicator
    territory: str | None


def known_series(session: Session, programme_id: int) -> dict[str, NamedSeries]:
    """Every series that a framework in force names, national ones first."""
    found: dict[str, NamedSeries] = {}
    rows = sorted(latest_frameworks(session, programme_id), key=lambda row: row.territory != NATION)
    for row in rows:
        place = None if row.territory == NATION else row.territory
        for indicator in all_indicators(load_framework(row.document)):
            for part in indicator.components:
                if isinstance(part.measure, Series):
                    each = NamedSeries(part.measure.code, part.measure.per, indicator, place)
                    found.setdefault(each.code, each)
    return found


def values_of(house: House, actor: Actor) -> Sequence[SeriesRow]:
    """The values that count, in the actor's territories."""
    scope = actor.scope(Verb.SERIES_VIEW)
    if not scope:
        require(house, actor, Verb.SERIES_VIEW)
    with house.database.read() as session:
        return stored.standing(session, actor.programme_id, scope)


Placed = tuple[str, SeriesValue]  # where it stands in the file or form, and the value


def preview(house: House, actor: Actor, values: Sequence[Placed]) -> SeriesReport:
    """What ``enter`` would do; it changes nothing. Raises what ``enter`` would."""
    _require_places(house, actor, values)
    with house.database.read() as session:
        return _report(_sorted_out(session, actor, values))


def enter(house: House, actor: Actor, values: Sequence[Placed]) -> SeriesReport:
    """Enter the values: all of them or none.

    A value in the place of another supersedes it; the same value again changes nothing. Raises
    BadInput with a fault for each value that cannot be taken (unknown series or place, a period
    that overlaps another one), NotAllowed where a territory is not the actor's.
    """
    _require_places(house, actor, values)
    at = now()
    with house.database.write() as session:
        lock_programme(session, actor.programme_id)
        decided = _sorted_out(session, actor, values)
        counts: dict[str, int] = {}
        for value, before in decided:
            if before is None or before.value != value:
                stored.put(session, actor.programme_id, value, before, actor.account_id, at)
                counts[value.territory] = counts.get(value.territory, 0) + 1
        for territory, count in sorted(counts.items()):
            record(
                session,
                actor=actor.account_id,
                origin=actor.origin,
                act=Verb.SERIES_ENTER,
                programme_id=actor.programme_id,
                territory=territory,
                thing="series",
                details={"values": count},
            )
    return _report(decided)


def take_back(house: House, actor: Actor, row_id: int) -> None:
    """Let a value stop counting without another in its place. Raises NotFound, Conflict."""
    with house.database.read() as session:
        row = stored.row_of(session, actor.programme_id, row_id)
    if row is None or row.territory not in actor.scope(Verb.SERIES_ENTER):
        raise NotFound
    with act(house, actor, Verb.SERIES_ENTER, row.territory, f"series:{row_id}") as acted:
        row = stored.row_of(acted.session, actor.programme_id, row_id)
        if row is None or row.superseded_at is not None:
            raise Conflict(
                Text.of(fr="Cette valeur ne compte déjà plus.", en="This value no longer counts.")
            )
        row.superseded_at = now()
        acted.details = {"taken_back": True}


def _require_places(house: House, actor: Actor, values: Sequence[Placed]) -> None:
    scope = actor.scope(Verb.SERIES_ENTER)
    places = {value.territory for _, value in values} & actor.territories.keys() - {NATION}
    for territory in sorted(places or scope or {NATION}):
        require(house, actor, Verb.SERIES_ENTER, territory)


Decided = list[tuple[SeriesValue, SeriesRow | None]]  # the value, and what stands in its place


def _sorted_out(session: Session, actor: Actor, values: Sequence[Placed]) -> Decided:
    known = known_series(session, actor.programme_id)
    territories = frozenset(value.territory for _, value in values)
    codes = {value.code for _, value in values}
    rows = stored.standing(session, actor.programme_id, territories, codes)
    there = {row.value.place: row for row in rows}
    faults: list[Fault] = []
    beside: dict[tuple[str, str], list[SeriesValue]] = {}
    for row in rows:
        beside.setdefault((row.code, row.territory), []).append(row.value)
    seen: set[object] = set()
    for place, value in values:
        near = beside.setdefault((value.code, value.territory), [])
        found = [*faults_of(value, place), *_unknown(value, place, known, actor)]
        if value.place in seen:
            found.append(_twice(place))
        elif (other := counted_twice(value, near)) is not None:
            found.append(_overlap(place, other))
        seen.add(value.place)
        near.append(value)
        faults += found
    if faults:
        raise BadInput(faults)
    return [(value, there.get(value.place)) for _, value in values]


def _unknown(
    value: SeriesValue, place: str, known: Mapping[str, NamedSeries], actor: Actor
) -> Iterator[Fault]:
    named = known.get(value.code)
    if named is None or named.territory not in (None, value.territory):
        yield Fault(
            place,
            Text.of(
                fr="Aucun cadre publié ne lit cette série pour ce territoire.",
                en="No published framework reads this series for this territory.",
            ),
            Text.of(fr="Utilisez le code d’une série de la liste.", en="Use a code from the list."),
        )
    territory = actor.territories.get(value.territory)
    if territory is None or value.territory == NATION:
        yield Fault(
            place,
            Text.of(
                fr="Ce territoire est inconnu. Le chiffre national est fait des territoires.",
                en="This territory is unknown. The national figure is made of the territories.",
            ),
            Text.of(fr="Écrivez le code d’un territoire.", en="Write a territory’s code."),
        )
    elif value.sub_area and value.sub_area not in territory.sub_areas:
        yield Fault(
            place,
            Text.of(
                fr="Ce sous-secteur n’existe pas dans ce territoire.",
                en="This territory has no such sub-area.",
            ),
            Text.of(
                fr="Utilisez un code du territoire, ou rien.",
                en="Use one of its codes, or nothing.",
            ),
        )


def _twice(place: str) -> Fault:
    return Fault(
        place,
        Text.of(
            fr="Cette série, ce lieu et cette période sont là deux fois.",
            en="This series, place and period are there twice.",
        ),
        Text.of(fr="Gardez une seule ligne.", en="Keep one line."),
    )


def _overlap(place: str, other: SeriesValue) -> Fault:
    start, end = other.start, other.end
    return Fault(
        place,
        Text.of(
            fr=f"Une valeur du {start:%d/%m/%Y} au {end:%d/%m/%Y} couvre déjà une partie de cette "
            "période et de ce lieu\u00a0: la somme compterait deux fois.",
            en=f"A value from {start:%Y-%m-%d} to {end:%Y-%m-%d} covers part of this period and "
            "place already: the sum would count it twice.",
        ),
        Text.of(
            fr="Reprenez exactement sa période pour la remplacer, ou retirez-la d’abord.",
            en="Give exactly its period to replace it, or take it back first.",
        ),
    )


def _report(decided: Decided) -> SeriesReport:
    new = sum(before is None for _, before in decided)
    same = sum(before is not None and before.value == value for value, before in decided)
    return SeriesReport(new, len(decided) - new - same, same)
