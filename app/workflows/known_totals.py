"""Known totals of a wave's populations: entered one by one or by file, superseded, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.known_totals import (
    FRAME,
    JOIN,
    MISSING,
    OF_THE_SAMPLE,
    KnownTotal,
    WeightingRule,
    faults_of,
    rule_faults,
)
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience, Kind, Question
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import known_totals as stored
from app.storage.audit import record
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.known_totals import KnownTotalRow
from app.storage.waves import instruments_of, wave_by_id
from app.workflows.acting import Actor, House, act, require

ONE_OPTION = (Kind.CHOICE, Kind.RATING, Kind.BATTERY)
Placed = tuple[str, KnownTotal]  # where it stands in the file or form, and the total


@dataclass(frozen=True, slots=True)
class TotalsReport:
    """New totals, totals in the place of others, those alike before, and those taken back."""

    new: int
    replaced: int
    same: int
    gone: int


@dataclass(frozen=True, slots=True)
class Known:
    """What counts in an actor's territories."""

    rows: Sequence[KnownTotalRow]
    rules: Mapping[tuple[str, str], WeightingRule]


def known(house: House, actor: Actor, wave_id: int) -> Known:
    """The totals and rules of a wave, in the actor's territories. Raises NotFound, NotAllowed."""
    scope = actor.scope(Verb.MARGINS_VIEW)
    if not scope:
        require(house, actor, Verb.MARGINS_VIEW)
    with house.database.read() as session:
        _wave_there(session, actor, wave_id)
        rules = [row.rule for row in stored.rules_of(session, wave_id, scope)]
        rows = stored.standing(session, wave_id, scope)
    return Known(rows, {(rule.territory, rule.audience): rule for rule in rules})


def preview(house: House, actor: Actor, wave_id: int, totals: Sequence[Placed]) -> TotalsReport:
    """What ``enter`` of whole margins would do; it changes nothing. Raises what it would."""
    _require_places(house, actor, totals)
    with house.database.read() as session:
        _wave_there(session, actor, wave_id)
        decided, gone = _sorted_out(house, session, wave_id, totals, whole=True)
    return _report(decided, gone)


def enter(
    house: House, actor: Actor, wave_id: int, totals: Sequence[Placed], *, whole: bool = True
) -> TotalsReport:
    """Enter the totals: all of them or none.

    ``whole``: categories of the same margin that are not among them stop counting. Raises
    BadInput with a fault for each that cannot be taken, NotAllowed for a foreign territory.
    """
    _require_places(house, actor, totals)
    at = now()
    with house.database.write() as session:
        _wave_there(session, actor, wave_id, lock=True)
        decided, gone = _sorted_out(house, session, wave_id, totals, whole=whole)
        counts: Counter[str] = Counter()
        for total, before in decided:
            if before is None or before.total != total:
                stored.put(session, wave_id, total, before, actor.account_id, at)
                counts[total.territory] += 1
        for row in gone:
            row.superseded_at = at
            counts[row.territory] += 1
        for territory, count in sorted(counts.items()):
            _record(session, actor, wave_id, territory, {"totals": count})
    return _report(decided, gone)


def take_back(house: House, actor: Actor, wave_id: int, row_id: int) -> None:
    """Let a total stop counting without another in its place. Raises NotFound, Conflict."""
    with house.database.read() as session:
        _wave_there(session, actor, wave_id)
        row = stored.row_of(session, wave_id, row_id)
    if row is None or row.territory not in actor.scope(Verb.MARGINS_ENTER):
        raise NotFound
    with act(house, actor, Verb.MARGINS_ENTER, row.territory, f"wave:{wave_id}") as acted:
        row = stored.row_of(acted.session, wave_id, row_id)
        if row is None or row.superseded_at is not None:
            raise Conflict(
                Text.of(fr="Cet effectif ne compte déjà plus.", en="This count no longer counts.")
            )
        row.superseded_at = now()
        acted.details = {"taken_back": True}


def set_rule(house: House, actor: Actor, wave_id: int, rule: WeightingRule) -> None:
    """Say how an audience of a territory is weighted. Raises BadInput, NotFound, NotAllowed."""
    faults = list(rule_faults(rule))
    if rule.territory not in actor.territories or rule.territory == NATION:
        faults.append(_unknown_territory("territory"))
    if rule.audience not in list(Audience):
        raise NotFound
    if faults:
        raise BadInput(faults)
    with act(house, actor, Verb.MARGINS_ENTER, rule.territory, f"wave:{wave_id}") as acted:
        _wave_there(acted.session, actor, wave_id, lock=True)
        stored.set_rule(acted.session, wave_id, rule)
        acted.details = {"rule": rule.audience}


def _wave_there(session: Session, actor: Actor, wave_id: int, *, lock: bool = False) -> None:
    if wave_by_id(session, actor.programme_id, wave_id, lock=lock) is None:
        raise NotFound


def _require_places(house: House, actor: Actor, totals: Sequence[Placed]) -> None:
    scope = actor.scope(Verb.MARGINS_ENTER)
    places = {total.territory for _, total in totals} & actor.territories.keys() - {NATION}
    for territory in sorted(places or scope or {NATION}):
        require(house, actor, Verb.MARGINS_ENTER, territory)
    faults = [
        _unknown_territory(place)
        for place, total in totals
        if total.territory not in actor.territories or total.territory == NATION
    ]
    if faults:
        raise BadInput(faults)


Decided = list[tuple[KnownTotal, KnownTotalRow | None]]


def _sorted_out(
    house: House, session: Session, wave_id: int, totals: Sequence[Placed], *, whole: bool
) -> tuple[Decided, list[KnownTotalRow]]:
    territories = frozenset(total.territory for _, total in totals)
    rows = stored.standing(session, wave_id, territories)
    there = {row.total.place: row for row in rows}
    asked = _questions(house, session, wave_id)
    faults: list[Fault] = []
    seen: set[object] = set()
    for place, total in totals:
        faults += faults_of(total, place)
        faults += _unknown_category(total, place, asked)
        if total.place in seen:
            faults.append(_twice(place))
        seen.add(total.place)
    if faults:
        raise BadInput(faults)
    named = {total.place[:3] for _, total in totals}
    gone = [row for row in rows if row.total.place[:3] in named and row.total.place not in seen]
    return [(total, there.get(total.place)) for _, total in totals], gone if whole else []


def _questions(
    house: House, session: Session, wave_id: int
) -> Mapping[tuple[str, str], Mapping[str, Question]]:
    """The questions that each audience of an opened wave answers; nothing before."""
    return {
        place: compiled(house.database, instrument).question_by_item
        for place, instrument in instruments_of(session, wave_id).items()
    }


def _unknown_category(
    total: KnownTotal,
    place: str,
    asked: Mapping[tuple[str, str], Mapping[str, Question]],
) -> Iterator[Fault]:
    """Once the wave is open: a variable that nobody is asked, a category that is no answer."""
    if not asked or total.margin == FRAME:
        return
    questions = asked.get((total.territory, total.audience), {})
    options: list[Collection[str]] = []
    for variable in total.variables:
        if variable in OF_THE_SAMPLE:
            options.append(())
        elif variable in questions and questions[variable].kind in ONE_OPTION:
            options.append([option.code for option in questions[variable].options])
        else:
            yield _unknown_variable(place, variable)
            return
    parts = total.category.split(JOIN)
    if total.category == MISSING or total.into:
        return
    fits = len(parts) == len(options) and all(
        not known or part in known for part, known in zip(parts, options, strict=True)
    )
    if not fits:
        yield Fault(
            place,
            Text.of(
                fr=f"« {total.category} » n’est pas une réponse possible de {total.margin}.",
                en=f"“{total.category}” is not a possible answer to {total.margin}.",
            ),
            Text.of(
                fr="Écrivez les codes des réponses, joints par « | » dans l’ordre des variables.",
                en="Write the codes of answers, joined with “|” in the order of the variables.",
            ),
        )


def _unknown_variable(place: str, variable: str) -> Fault:
    return Fault(
        place,
        Text.of(
            fr=f"« {variable} » n’est pas une question à choix unique posée ici.",
            en=f"“{variable}” is not a single-choice question asked here.",
        ),
        Text.of(
            fr="Utilisez le code d’une telle question, stratum ou sub_area.",
            en="Use the code of such a question, stratum or sub_area.",
        ),
    )


def _unknown_territory(place: str) -> Fault:
    return Fault(
        place,
        Text.of(fr="Ce territoire est inconnu.", en="This territory is unknown."),
        Text.of(fr="Écrivez le code d’un territoire.", en="Write a territory’s code."),
    )


def _twice(place: str) -> Fault:
    return Fault(
        place,
        Text.of(
            fr="Cette catégorie est là deux fois.",
            en="This category is there twice.",
        ),
        Text.of(fr="Gardez une seule ligne.", en="Keep one line."),
    )


def _record(
    session: Session, actor: Actor, wave_id: int, territory: str, details: dict[str, int]
) -> None:
    record(
        session,
        actor=actor.account_id,
        origin=actor.origin,
        act=Verb.MARGINS_ENTER,
        programme_id=actor.programme_id,
        territory=territory,
        thing=f"wave:{wave_id}",
        details=details,
    )


def _report(decided: Decided, gone: Sequence[KnownTotalRow]) -> TotalsReport:
    new = sum(before is None for _, before in decided)
    same = sum(before is not None and before.total == total for total, before in decided)
    return TotalsReport(new, len(decided) - new - same, same, len(gone))
