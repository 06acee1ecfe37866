"""Import of completed responses: judged line by line, then all of them stored or none.

Judging takes no lock and spools what is to be written, packed and ready; then one transaction
inserts it. Memory holds one batch and the references of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Questionnaire
from app.domain.text import Text
from app.interchange.csv_reading import CsvFile, Line, open_csv, place
from app.interchange.responses_csv import FIXED, NEEDED, OTHER, Head, head_of, items_in
from app.storage import waves as waves_stored
from app.storage.audit import record
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.participants import exchange_of
from app.storage.waves import Wave
from app.workflows.acting import Actor, House, require
from app.workflows.arriving import Arrival, Ready, moment_of, recognise, write
from app.workflows.judging import judge
from app.workflows.spool import Spool, spool

BATCH = 1000
MOST_FAULTS = 500  # a file with more is not read further
MOST_NAMED = 200  # dropped values named in the report; all are counted


@dataclass
class ArrivalReport:
    """What an import did, or would do. ``named``: first dropped values as "line column"."""

    read: int = 0
    new: int = 0
    same: int = 0
    dropped: int = 0
    named: list[str] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)
    dry_run: bool = False


Progress = Callable[[int], None]


@dataclass
class _Reading:
    """The state of one import while its file is read."""

    house: House
    wave: Wave
    scope: frozenset[str]
    instruments: dict[tuple[str, str], tuple[int, Questionnaire]]
    items: tuple[str, ...]
    checksum: str
    at: datetime
    report: ArrivalReport
    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    exchanging: Mapping[str, int] = field(default_factory=dict)  # instruments by reference


def import_responses(
    house: House,
    actor: Actor,
    wave_id: int,
    stream: BinaryIO,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _read: None,
) -> ArrivalReport:
    """Store the completed responses of a CSV file, all or none, through the channel "import".

    The same file, or the same reference with the same content, changes nothing. Raises
    ``BadInput`` with a fault for each thing wrong, ``Conflict`` where the wave is not open,
    ``NotAllowed``, ``NotFound``. ``progress`` is told the number of lines read.
    """
    scope = actor.scope(Verb.RESPONSES_IMPORT)
    if not scope:
        require(house, actor, Verb.RESPONSES_IMPORT)
    checksum = _checksum(stream)
    with open_csv(stream, (), NEEDED) as opened, spool(house.folder) as kept:
        reading = _begin(house, actor, wave_id, scope, opened, checksum)
        reading.report.dry_run = dry_run
        for batch in _batches(reading, opened):
            _judge_batch(reading, batch, kept)
            progress(reading.report.read)
            if len(reading.faults) >= MOST_FAULTS:
                break
        if reading.faults:
            raise BadInput(reading.faults)
        if not dry_run:
            _store(house, actor, reading, kept)
    return reading.report


def _begin(
    house: House,
    actor: Actor,
    wave_id: int,
    scope: frozenset[str],
    opened: CsvFile,
    checksum: str,
) -> _Reading:
    with house.database.read() as session:
        wave = open_wave_row(session, actor, wave_id)
        ids = waves_stored.instruments_of(session, wave_id)
    instruments = {key: (id_, compiled(house.database, id_)) for key, id_ in ids.items()}
    known = {item for _, one in instruments.values() for item in one.question_by_item}
    items = items_in(opened.columns)
    faults = [
        Fault(
            place(1, f"n° {opened.columns.index(item) + 1}"),
            Text.of(
                fr="Aucun questionnaire de cette vague n’a cette question.",
                en="No questionnaire of this wave has this question.",
            ),
            Text.of(
                fr=f"Colonnes fixes\u00a0: {', '.join(FIXED)}\u00a0; les autres sont des codes de "
                "question.",
                en=f"Fixed columns: {', '.join(FIXED)}; the others are codes of questions.",
            ),
        )
        for item in items
        if item not in known and item.removesuffix(OTHER) not in known
    ]
    if faults:
        raise BadInput(faults)
    report = ArrivalReport(warnings=[warning.as_dict() for warning in opened.warnings])
    return _Reading(house, wave, scope, instruments, items, checksum, now(), report)


def _checksum(stream: BinaryIO) -> str:
    """SHA-256 of the whole stream, which stands at its beginning again."""
    found = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        found.update(chunk)
    stream.seek(0)
    return found.hexdigest()


def open_wave_row(session: Session, actor: Actor, wave_id: int, *, lock: bool = False) -> Wave:
    """The wave, open and of the actor's programme. Raises ``NotFound``, ``Conflict``."""
    wave = waves_stored.wave_by_id(session, actor.programme_id, wave_id, lock=lock)
    if wave is None:
        raise NotFound
    if wave.state != "open":
        raise Conflict(
            Text.of(
                fr="Les réponses s’importent dans une vague ouverte.",
                en="Responses are imported into an open wave.",
            )
        )
    return wave


def _batches(reading: _Reading, opened: CsvFile) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in opened.lines():
        if isinstance(line, Fault):
            reading.faults.append(line)
            continue
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _judge_batch(reading: _Reading, batch: list[Line], kept: Spool[Ready]) -> None:
    """Judge the lines, recognise what is there already, spool what is new."""
    with reading.house.database.read() as session:
        references = [line.cells.get("reference", "") for line in batch]
        reading.exchanging = exchange_of(session, reading.wave.id, references)
    arrivals = [found for line in batch if (found := _arrival(reading, line)) is not None]
    reading.report.read += len(batch)
    with reading.house.database.read() as session:
        keys, wave = reading.house.keys, reading.wave
        sealing = reading.house.database.sealing
        new, faults = recognise(session, keys, sealing, wave, arrivals, reading.at)
    reading.faults += faults
    reading.report.same += len(arrivals) - len(new) - len(faults)
    reading.report.new += len(new)
    kept.put(new)


def _arrival(reading: _Reading, line: Line) -> Arrival | None:
    """One line as it would be stored; None where something is wrong with it."""
    head = head_of(line, reading.at)
    if not isinstance(head, Head):
        reading.faults += head
        return None
    fault = _misplaced(reading, head)
    if fault is not None:
        reading.faults.append(fault)
        return None
    instrument_id, questionnaire = reading.instruments[head.territory, head.audience]
    if head.reference in reading.exchanging:
        instrument_id = reading.exchanging[head.reference]
        questionnaire = compiled(reading.house.database, instrument_id)
    at = moment_of(head, reading.at)
    judged = judge(questionnaire, line, reading.items, head.role, at)
    if judged.faults:
        reading.faults += judged.faults
        return None
    reading.report.dropped += len(judged.dropped)
    room = MOST_NAMED - len(reading.report.named)
    reading.report.named += [place(line.number, column) for column in judged.dropped[:room]]
    return Arrival.of(head, instrument_id, judged.answers, reading.checksum, reading.at)


def _misplaced(reading: _Reading, head: Head) -> Fault | None:
    """A territory or audience that is not asked, or not the actor's; a reference seen before."""
    asked = {territory for territory, _audience in reading.instruments}
    if head.territory not in reading.scope & asked:
        return Fault(place(head.line, "territory"), *_NOT_YOURS)
    if (head.territory, head.audience) not in reading.instruments:
        return Fault(place(head.line, "audience"), *_NOT_ASKED)
    if head.reference:
        first = reading.lines.setdefault(head.reference, head.line)
        if first != head.line:
            return Fault(
                place(head.line, "reference"),
                Text.of(
                    fr=f"Cette référence est déjà à la ligne {first}.",
                    en=f"This reference is on line {first} already.",
                ),
                Text.of(fr="Gardez une seule des deux lignes.", en="Keep one of the two lines."),
            )
    return None


_NOT_YOURS = (
    Text.of(
        fr="Ce territoire est inconnu, ou votre compte ne le couvre pas.",
        en="This territory is unknown, or your account is not for it.",
    ),
    Text.of(fr="Retirez cette ligne du fichier.", en="Take this line out of the file."),
)
_NOT_ASKED = (
    Text.of(
        fr="Ce public n’est pas interrogé dans ce territoire.",
        en="This audience is not asked in this territory.",
    ),
    Text.of(
        fr="Écrivez elderly, family ou professional.", en="Write elderly, family or professional."
    ),
)


def _store(house: House, actor: Actor, reading: _Reading, kept: Spool[Ready]) -> None:
    """Write everything that was spooled in one transaction, with its audit entry."""
    try:
        with house.database.write() as session:
            open_wave_row(session, actor, reading.wave.id, lock=True)
            for batch in kept.batches():
                write(session, house.database.sealing, batch)
            record(
                session,
                actor=actor.account_id,
                origin=actor.origin,
                act=Verb.RESPONSES_IMPORT,
                programme_id=actor.programme_id,
                thing=f"wave:{reading.wave.id}",
                details={
                    "new": reading.report.new,
                    "same": reading.report.same,
                    "file": reading.checksum,
                },
            )
    except IntegrityError as error:  # somebody answered between judging and writing
        raise Conflict(
            Text.of(
                fr="Quelqu’un a répondu entre-temps. Relancez l’import.",
                en="Somebody answered meanwhile. Start the import again.",
            )
        ) from error
