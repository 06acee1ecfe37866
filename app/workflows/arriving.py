"""Imported responses against what is stored: recognised, refused, or made ready and written.

Everything slow happens while they are made ready: answers packed, marks derived, people found.
Writing only inserts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.answers import Answer
from app.domain.errors import Fault
from app.domain.sittings import Sitting
from app.domain.text import Text
from app.interchange.csv_reading import place
from app.interchange.responses_csv import Head
from app.protection.keys import Keys, digest
from app.protection.sealing import AnswerSealing
from app.storage import arrivals as stored
from app.storage import participants as sample
from app.storage.participants import Participant
from app.storage.response_keys import add_keys, keys_of
from app.storage.responses import Response, answers_in, cell_of, pack, unpack
from app.storage.waves import Wave

CHANNEL = "import"


def moment_of(head: Head, at: datetime) -> str:
    """When the answers of a line were given: as it says, else now, ``at``."""
    return (head.submitted_at or at).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One response as its line says it, judged."""

    line: int
    reference: str
    territory: str
    audience: str
    weight: float | None
    stratum: str | None
    psu: str | None
    sub_area: str | None
    language: str
    instrument_id: int
    at: str
    file: str  # checksum of the file it came in
    document: dict[str, Any] = field(repr=False)

    @classmethod
    def of(
        cls,
        head: Head,
        instrument_id: int,
        answers: Mapping[str, Answer],
        file: str,
        at: datetime,
    ) -> Arrival:
        """Put the head and the answers of a line together; ``at``: the moment of the import."""
        moment = moment_of(head, at)
        sitting = Sitting(role=head.role, channel=CHANNEL, lang=head.language, at=moment)
        cells = {
            item: cell_of(Answer(one.value, one.why, one.other, 0, moment))
            for item, one in answers.items()
        }
        document = {"a": cells, "sit": [sitting.as_document()], "v": 1}
        return cls(
            head.line,
            head.reference,
            head.territory,
            head.audience,
            head.weight,
            head.stratum,
            head.psu,
            head.sub_area,
            head.language,
            instrument_id,
            moment,
            file,
            document,
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """The columns of a response, of the person to be added, or whom it marks as answered."""

    row: dict[str, Any] = field(repr=False)
    person: dict[str, Any] | None = None
    answered: int | None = None


def recognise(
    session: Session,
    keys: Keys,
    sealing: AnswerSealing,
    wave: Wave,
    arrivals: Sequence[Arrival],
    at: datetime,
) -> tuple[list[Ready], list[Fault]]:
    """Those that are new, ready to be written, and a fault for each that contradicts."""
    people = sample.by_reference(session, wave.id, [a.reference for a in arrivals if a.reference])
    marks = {arrival.line: _mark(keys, wave, arrival) for arrival in arrivals}
    there = stored.by_digest(session, list(marks.values()))
    answered = stored.answered(session, [person.id for person in people.values()])
    sealed = keys_of(session, there)
    new: list[Ready] = []
    faults: list[Fault] = []
    for arrival in arrivals:
        mark = marks[arrival.line]
        before = there.get(mark)
        person = people.get(arrival.reference)
        if before is not None:
            body = sealing.open(before.body, sealed.get(mark), mark)
            if not _same(arrival, before, body):
                faults.append(_fault(arrival, _DIFFERS))
        elif person is not None and _elsewhere(arrival, person):
            faults.append(_fault(arrival, _ELSEWHERE))
        elif person is not None and (person.answered or person.id in answered):
            faults.append(_fault(arrival, _ANSWERED))
        else:
            new.append(_ready(wave, arrival, person, mark, at))
    return new, faults


def _mark(keys: Keys, wave: Wave, arrival: Arrival) -> bytes:
    """What the response is recognised by when it arrives again.

    Its reference; where there is none, or where the link to people is cut, its line in its file.
    """
    if arrival.reference and wave.link_after_submission == "keep":
        return digest(keys.lookup, f"import:{wave.id}:{arrival.reference}")
    return digest(keys.lookup, f"import:{wave.id}:{arrival.file}:{arrival.line}")


def _same(arrival: Arrival, before: Response, body: bytes) -> bool:
    ours = {item: answer.content for item, answer in answers_in(arrival.document).items()}
    theirs = {item: answer.content for item, answer in answers_in(unpack(body)).items()}
    return (
        ours == theirs
        and before.territory == arrival.territory
        and before.audience == arrival.audience
        and arrival.weight in (None, before.weight)
        and arrival.stratum in (None, before.stratum)
        and arrival.psu in (None, before.psu)
    )


def _elsewhere(arrival: Arrival, person: Participant) -> bool:
    return (person.territory, person.audience) != (arrival.territory, arrival.audience)


_DIFFERS = Text.of(
    fr="Cette réponse est déjà là avec un autre contenu.",
    en="This response is there already with other content.",
)
_ELSEWHERE = Text.of(
    fr="L’échantillon donne à cette référence un autre territoire ou un autre public.",
    en="The sample gives this reference another territory or audience.",
)
_ANSWERED = Text.of(
    fr="Cette personne a déjà répondu par une autre voie.",
    en="This person has answered already in another way.",
)


def _fault(arrival: Arrival, reason: Text) -> Fault:
    remedy = Text.of(fr="Retirez cette ligne du fichier.", en="Take this line out of the file.")
    return Fault(place(arrival.line, "reference"), reason, remedy)


def _ready(
    wave: Wave, arrival: Arrival, person: Participant | None, mark: bytes, at: datetime
) -> Ready:
    keep = wave.link_after_submission == "keep"
    added = _person(wave, arrival, at) if keep and arrival.reference and person is None else None
    cut_off = person.id if person is not None and not keep else None
    return Ready(_row(wave, arrival, person, mark, at), added, cut_off)


def write(session: Session, sealing: AnswerSealing, batch: Sequence[Ready]) -> None:
    """Store what is ready; whoever the sample does not know yet is added to it.

    Where the wave cuts the link no response names a participant: of people of the sample, only
    that they answered is kept.
    """
    sample.add(session, [ready.person for ready in batch if ready.person is not None])
    sample.mark_answered(session, [r.answered for r in batch if r.answered is not None])
    rows, keys = [], []
    for ready in batch:
        own = ready.row["secret_digest"]
        key = sealing.new_key(own)
        rows.append(ready.row | {"body": sealing.close(ready.row["body"], key, own)})
        keys += [{"secret_digest": own, "sealed": key}] if key is not None else []
    stored.add(session, rows)
    add_keys(session, keys)


def _person(wave: Wave, arrival: Arrival, at: datetime) -> dict[str, Any]:
    return {
        "wave_id": wave.id,
        "reference": arrival.reference,
        "territory": arrival.territory,
        "audience": arrival.audience,
        "sub_area": arrival.sub_area,
        "stratum": arrival.stratum or "",
        "psu": arrival.psu,
        "weight": 1.0 if arrival.weight is None else arrival.weight,
        "language": arrival.language,
        "listed": False,
        "created_at": at,
    }


def _row(
    wave: Wave, arrival: Arrival, person: Participant | None, mark: bytes, at: datetime
) -> dict[str, Any]:
    """The columns of a response; what the line does not say, the sample does."""
    moment = datetime.fromisoformat(arrival.at)
    weight = arrival.weight if arrival.weight is not None else person.weight if person else 1.0
    named = arrival.reference and wave.link_after_submission == "keep"
    return {
        "wave_id": wave.id,
        "of_wave": wave.id,
        "of_person": arrival.reference if named else None,
        "territory": arrival.territory,
        "audience": arrival.audience,
        "instrument_id": arrival.instrument_id,
        "secret_digest": mark,
        "body": pack(arrival.document),
        "weight": weight,
        "stratum": arrival.stratum or (person.stratum if person else ""),
        "psu": arrival.psu or (person.psu if person else None),
        "sub_area": arrival.sub_area or (person.sub_area if person else None),
        "channel": CHANNEL,
        "at": moment,
        "saved_at": at,
    }
