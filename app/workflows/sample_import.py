"""A sample brought into a wave: judged row by row, then all of it kept or none.

Judging takes no lock and spools what is to be written, sealed and ready; then one transaction
inserts it. Memory holds one batch, however long the file is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.addresses import is_mobile
from app.domain.errors import BadInput, Conflict, Fault
from app.domain.permissions import Verb
from app.domain.text import Text
from app.interchange.csv_reading import place
from app.interchange.sample_csv import SampleRow
from app.storage import calls, participants
from app.storage.audit import record
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.scratch import Scratch, scratch
from app.storage.waves import exchanges_of
from app.workflows.acting import Actor, House, require
from app.workflows.known_people import keys_of, known_people
from app.workflows.sample import (
    contact_of,
    reach_of,
    sealed_contact,
    sealed_reach,
    taking_people,
)
from app.workflows.spool import Spool, spool

BATCH = 1000
MOST_FAULTS = 500  # a file with more is not read further


@dataclass
class SampleReport:
    """How many rows are new, and how many were there already with the same content."""

    new: int = 0
    same: int = 0
    by_place: Counter[tuple[str, str]] = field(default_factory=Counter)  # new: territory, audience
    twice: int = 0  # new ones with name and address of somebody else in the file or the wave
    before: int = 0  # new ones whose name and address were in another wave

    @property
    def places(self) -> list[dict[str, Any]]:
        """New people by territory and audience, to be shown."""
        return [
            {"territory": territory, "audience": audience, "new": count}
            for (territory, audience), count in sorted(self.by_place.items())
        ]


@dataclass(frozen=True, slots=True)
class Ready:
    """A person as written: columns, and what the name is found by (digest, whether the whole)."""

    columns: dict[str, Any] = field(repr=False)
    keys: list[tuple[bytes, bool]] = field(repr=False)


Rows = Iterable[SampleRow | Fault]
Progress = Callable[[int], None]


def preview_sample(
    house: House,
    actor: Actor,
    wave_id: int,
    rows: Rows,
    progress: Progress = lambda _read: None,
) -> SampleReport:
    """What an import would do; it changes nothing. Raises what ``import_sample`` would."""
    with spool(house.folder) as kept, scratch() as seen:
        return _judged(house, actor, wave_id, rows, kept, seen, progress)


def import_sample(
    house: House,
    actor: Actor,
    wave_id: int,
    rows: Rows,
    progress: Progress = lambda _read: None,
) -> SampleReport:
    """Add the rows to the sample of a wave that is not closed: all of them or none.

    A row whose reference is there already with the same content changes nothing. Raises
    ``BadInput`` with the faults among the rows and one for each row that differs from what is
    there, ``NotAllowed`` where a row's territory is not the actor's, ``Conflict`` where the wave is
    closed. ``progress`` is told the number of rows read.
    """
    with spool(house.folder) as kept, scratch() as seen:
        report = _judged(house, actor, wave_id, rows, kept, seen, progress)
        _store(house, actor, wave_id, kept, report)
    return report


def _judged(
    house: House,
    actor: Actor,
    wave_id: int,
    rows: Rows,
    kept: Spool[Ready],
    seen: Scratch,
    progress: Progress,
) -> SampleReport:
    """Judge the rows and spool what is new. Raises ``BadInput``, ``NotAllowed``, ``Conflict``."""
    scope = actor.scope(Verb.SAMPLE_IMPORT)
    if not scope:
        require(house, actor, Verb.SAMPLE_IMPORT)
    with house.database.read() as session:
        taking_people(session, actor, wave_id, lock=False)
    report, faults, read = SampleReport(), list[Fault](), 0
    for batch in _batches(rows):
        read += len(batch)
        faults += [each for each in batch if isinstance(each, Fault)]
        right = [each for each in batch if isinstance(each, SampleRow)]
        for row in right:
            if row.territory not in scope:
                require(house, actor, Verb.SAMPLE_IMPORT, row.territory)
        with house.database.read() as session:
            there = participants.by_reference(session, wave_id, [row.reference for row in right])
            faults += [each for row in right if (each := _differs(house, row, there)) is not None]
            new = [row for row in right if row.reference not in there]
            ready = [_ready(house, wave_id, row) for row in new]
            wholes = [key for each in ready for key, whole in each.keys if whole]
            twice, before = known_people(session, wave_id, wholes, seen)
        kept.put(ready)
        report.new += len(new)
        report.same += len(right) - len(new)
        report.by_place.update((row.territory, row.audience) for row in new)
        report.twice, report.before = report.twice + twice, report.before + before
        progress(read)
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise BadInput(faults)
    return report


def _batches(rows: Rows) -> Iterator[list[SampleRow | Fault]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def _ready(house: House, wave_id: int, row: SampleRow) -> Ready:
    sealed = {
        "sealed_contact": sealed_contact(house, wave_id, row.reference, row.contact),
        "sealed_reach": sealed_reach(house, wave_id, row.reference, row.email, row.phone),
    }
    return Ready(_columns(wave_id, row) | sealed, keys_of(house, wave_id, row.contact))


def _columns(wave_id: int, row: SampleRow) -> dict[str, Any]:
    return {
        "wave_id": wave_id,
        "reference": row.reference,
        "territory": row.territory,
        "audience": row.audience,
        "case_reference": row.case,
        "sub_area": row.sub_area,
        "stratum": row.stratum,
        "psu": row.psu,
        "weight": row.weight,
        "language": row.language,
        "by_mail": bool(row.email),
        "has_phone": bool(row.phone),
        "by_sms": is_mobile(row.phone) if row.phone else False,
    }


def _differs(house: House, row: SampleRow, there: dict[str, Participant]) -> Fault | None:
    """What is wrong with a row whose reference is there with other content."""
    person = there.get(row.reference)
    if person is None:
        return None
    reach = {"email": row.email, "phone": row.phone}
    same = contact_of(house, person) == row.contact and reach_of(house, person) == reach
    plain = _columns(person.wave_id, row)
    if same and all(getattr(person, column) == value for column, value in plain.items()):
        return None
    return Fault(
        place(row.line, "reference"),
        Text.of(
            fr="Cette référence est déjà dans la vague avec un autre contenu.",
            en="This reference is in the wave already with other content.",
        ),
        Text.of(
            fr="Reprenez le contenu d’origine, ou donnez une autre référence.",
            en="Restore the original content, or give another reference.",
        ),
    )


def _store(
    house: House, actor: Actor, wave_id: int, kept: Spool[Ready], report: SampleReport
) -> None:
    """Write everything that was spooled in one transaction, with an audit entry by territory."""
    at = now()
    try:
        with house.database.write() as session:
            taking_people(session, actor, wave_id)
            for batch in kept.batches():
                participants.add(session, [each.columns | {"created_at": at} for each in batch])
                _find_by_name(session, wave_id, batch)
            for exchange in exchanges_of(session, wave_id).values():  # who comes late: drawn alike
                participants.draw_exchange(session, exchange)
            _recorded(session, actor, wave_id, report)
    except IntegrityError as error:  # somebody brought one of them between judging and writing
        raise Conflict(
            Text.of(
                fr="L’échantillon a changé entre-temps. Relancez l’import.",
                en="The sample has changed meanwhile. Start the import again.",
            )
        ) from error


def _find_by_name(session: Session, wave_id: int, batch: list[Ready]) -> None:
    named = [each for each in batch if each.keys]
    there = calls.ids_of(session, wave_id, [each.columns["reference"] for each in named])
    calls.add_name_keys(
        session,
        [
            {
                "wave_id": wave_id,
                "participant_id": there[each.columns["reference"]],
                "digest": digest,
                "whole": whole,
            }
            for each in named
            for digest, whole in each.keys
        ],
    )


def _recorded(session: Session, actor: Actor, wave_id: int, report: SampleReport) -> None:
    counts: Counter[str] = Counter()
    for (territory, _), count in report.by_place.items():
        counts[territory] += count
    for territory, count in counts.items():
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=Verb.SAMPLE_IMPORT,
            programme_id=actor.programme_id,
            territory=territory,
            thing=f"wave:{wave_id}",
            details={"rows": count},
        )
