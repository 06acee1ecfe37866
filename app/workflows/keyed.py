"""A keyed sheet becomes the response: in the transaction of whoever finishes or decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from sqlalchemy.orm import Session

from app.domain.answers import RespondentRole
from app.domain.deeds import Deed
from app.domain.double_entry import HEAD_FIELDS, Keyed
from app.domain.errors import Conflict, NotFound
from app.domain.fieldwork import PAPER
from app.domain.sittings import Sitting
from app.domain.text import Text
from app.protection.keys import digest, new_secret
from app.protection.sealing import AnswerSealing
from app.protection.withdrawal_codes import sheet_code, withdrawal_digest
from app.storage import keying as rows
from app.storage import participants as sample
from app.storage.answer_files import forget_files
from app.storage.audit import record
from app.storage.database import now
from app.storage.keying import KeyedEntry
from app.storage.participants import Participant
from app.storage.response_keys import add_key, key_of
from app.storage.responses import Response, answers_in, cell_of, pack, unpack
from app.storage.waves import Wave
from app.workflows.acting import Actor, House

EMPTY = pack({"a": {}, "sit": [], "v": 1})
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """What an entry holds, read."""

    document: Document
    keyed: Keyed

    @classmethod
    def of(cls, house: House, entry: KeyedEntry) -> Body:
        """Read an entry's body."""
        document = unpack(house.database.sealing.open_draft(entry.body, entry_place(entry)))
        sitting = document["sit"][0]
        illegible = frozenset(sitting.get("illegible", "").split())
        head = {name: sitting[name] for name in HEAD_FIELDS if name in sitting}
        keyed = Keyed(answers_in(document), illegible, role_of(sitting["role"]), head)
        return cls(document, keyed)

    @property
    def sitting(self) -> Document:
        """Who answered on paper, and how."""
        found: Document = self.document["sit"][0]
        return found

    def sitting_with(self, head: Mapping[str, str]) -> Document:
        """The sitting, with the head that counts."""
        other = {name: said for name, said in self.sitting.items() if name not in HEAD_FIELDS}
        return other | dict(head)


def entry_place(entry: KeyedEntry) -> str:
    """What an entry's body is sealed for."""
    return f"keyed_entry:{entry.wave_id}:{entry.participant_id}:{entry.turn}"


def keep(house: House, entry: KeyedEntry, document: Document) -> None:
    """Put what was keyed so far into an entry, sealed where answers are."""
    entry.body = house.database.sealing.close_draft(pack(document), entry_place(entry))


def role_of(written: str) -> RespondentRole:
    """The role with this name. Raises ``NotFound``."""
    for role in get_args(RespondentRole):
        if role == written:
            return role  # type: ignore[no-any-return] # one of the three
    raise NotFound


def packed(sitting: Document, keyed: Keyed, sitting_number: int = 0) -> Document:
    """The document of what was keyed, with its one sitting."""
    told = {name: value for name, value in sitting.items() if name != "illegible"}
    if keyed.illegible:
        told["illegible"] = " ".join(sorted(keyed.illegible))
    cells = {
        item: cell_of(replace(answer, sitting=sitting_number))
        for item, answer in keyed.answers.items()
    }
    return {"a": cells, "sit": [told], "v": 1}


def require_free(session: Session, person: Participant, *, lock: bool = False) -> Response | None:
    """The response begun on a screen, if any. Raises ``Conflict`` where answers were sent."""
    response = rows.response_of(session, person.id, lock=lock)
    gone = response is not None and (response.submitted_at or response.withdrawn_at)
    if person.answered or gone:
        raise Conflict(
            Text.of(
                fr="Les réponses de cette personne sont déjà arrivées. Mettez la feuille de côté.",
                en="This person’s answers have arrived already. Put the sheet aside.",
            )
        )
    return response


def require_open(wave: Wave) -> None:
    """Sheets that arrive after the last day may still be keyed, until the wave is closed."""
    if wave.state != "open":
        raise Conflict(
            Text.of(fr="Cette vague ne prend pas de réponses.", en="This wave takes no answers.")
        )


def send(
    house: House, session: Session, actor: Actor, entry: KeyedEntry, keyed: Keyed, at: datetime
) -> None:
    """Make the response from what was keyed, empty the entries, leave an audit entry.

    The withdrawal code printed on the sheet opens it, unless the wave cuts the link.

    Answers begun on a screen and never sent are replaced by the sheet; their sittings stay.
    """
    sealing = house.database.sealing
    wave = session.get_one(Wave, entry.wave_id)
    require_open(wave)
    assert entry.participant_id is not None  # gone only once it has become a response
    person = session.get_one(Participant, entry.participant_id)
    begun = require_free(session, person, lock=True)
    sitting = Body.of(house, entry).sitting_with(keyed.head)
    response = _replaced(session, sealing, begun, sitting, keyed, at) if begun else None
    if response is None:
        response = _new(entry, person, at)
        key = sealing.new_key(response.secret_digest)
        body = pack(packed(sitting, keyed))
        response.body = sealing.close(body, key, response.secret_digest)
        session.add(response)
        add_key(session, response.secret_digest, key)
    response.notice_version = sitting.get("notice", wave.notice_version)
    session.flush()
    if person.disposition == "refused":  # a change of mind
        person.disposition, person.disposition_at, person.declined_because = None, None, None
    cut = wave.link_after_submission == "cut"
    if not cut:
        code = sheet_code(house.keys.lookup, person.id)
        response.withdrawal_digest = withdrawal_digest(house.keys.lookup, code)
    if cut:
        response.participant_id = None
        sample.mark_answered(session, [person.id])
    rows.close(session, entry.wave_id, person.id, at, EMPTY, cut=cut)
    record(
        session,
        actor=actor.account_id,
        origin=actor.origin,
        act=Deed.RESPONSE_SUBMIT,
        programme_id=actor.programme_id,
        territory=entry.territory,
        thing=f"response:{response.id}",
        details={"channel": PAPER},
    )


def _replaced(
    session: Session,
    sealing: AnswerSealing,
    response: Response,
    sitting: Document,
    keyed: Keyed,
    at: datetime,
) -> Response:
    own = response.secret_digest
    key = key_of(session, own)
    earlier = unpack(sealing.open(response.body, key, own))["sit"]
    document = packed(sitting, keyed, len(earlier))
    body = pack(document | {"sit": [*earlier, *document["sit"]]})
    response.body = sealing.close(body, key, own)
    response.revision += 1
    forget_files(session, response.id)  # what was given on the screen goes with the rest
    response.channel = PAPER
    response.saved_at = response.submitted_at = at
    rows.end_sessions(session, response.id, at)
    return response


def _new(entry: KeyedEntry, person: Participant, at: datetime) -> Response:
    return Response(
        wave_id=entry.wave_id,
        participant_id=person.id,
        territory=entry.territory,
        audience=entry.audience,
        instrument_id=entry.instrument_id,
        secret_digest=digest(b"", new_secret()),
        revision=0,
        weight=person.weight,
        stratum=person.stratum,
        psu=person.psu,
        sub_area=person.sub_area,
        channel=PAPER,
        consented_at=entry.made_at,
        started_at=entry.made_at,
        saved_at=at,
        submitted_at=at,
    )


def sitting_of(actor: Actor, start: Sitting) -> Document:
    """The sitting of a sheet, with who keys it."""
    at = now().isoformat(timespec="seconds")
    by = f"account:{actor.account_id}"
    return replace(start, channel=PAPER, assisted_by=by, at=at).as_document()
