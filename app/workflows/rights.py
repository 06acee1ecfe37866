"""What a person of the sample may ask for: to see what is kept of them, and to have it erased.

Asked by letter or by telephone; the data protection officer has made sure who asks. Whoever has
the code of the receipt withdraws alone (``sending``).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain.answer_files import FORMATS, AnswerFile, read_file
from app.domain.errors import Conflict, NotFound
from app.domain.local_words import in_local_words
from app.domain.permissions import Verb
from app.domain.perspective import both_words
from app.domain.questionnaire import Kind
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import contacted
from app.storage.calls import Call, NameKey, calls_of
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.keying import person_by_reference, response_of
from app.storage.participants import Participant, revoke_codes
from app.storage.response_keys import key_of
from app.storage.responses import Response, answers_in, unpack
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave, wave_by_code
from app.workflows.acting import Actor, House, act, require
from app.workflows.answer_files import content_in
from app.workflows.calls import note_of
from app.workflows.sample import contact_of, reach_of
from app.workflows.sending import erase


def erase_person(house: House, actor: Actor, wave: str, reference: str) -> bool:
    """Erase a person's answers, contact and codes in a wave; whether there was an answer.

    Raises NotFound, and Conflict where the link between person and answers was cut: then nobody
    can tell which answers are theirs.
    """
    person_id, territory = person_of(house, actor, wave, reference, Verb.RESPONSE_ERASE)
    moment = now()
    with act(house, actor, Verb.RESPONSE_ERASE, territory) as acted:
        person = acted.session.get_one(Participant, person_id)
        response = _linked(acted.session, person, lock=True)
        if response is not None and response.withdrawn_at is None:
            erase(acted.session, response, moment)
        person.sealed_contact = person.sealed_reach = None
        person.by_mail = person.by_sms = person.has_phone = False
        contacted.forget(acted.session, person.id, Call, NameKey)
        person.disposition, person.disposition_at = "do_not_contact", moment
        person.declined_because = None
        revoke_codes(acted.session, [person.id], moment)
        acted.thing = f"participant:{person.id}"
        return response is not None


def access(house: House, actor: Actor, wave: str, reference: str) -> Mapping[str, Any]:
    """Everything that is kept of a person in a wave, with the questions in full.

    ``corrected``: what was keyed before from the same sheet and counts no more. Plain values,
    ready for JSON. Raises as ``erase_person``.
    """
    person_id, territory = person_of(house, actor, wave, reference, Verb.RESPONSE_ACCESS)
    with house.database.read() as session:
        person = session.get_one(Participant, person_id)
        response = _linked(session, person)
        told: dict[str, Any] = {
            "wave": wave,
            "person": {
                "reference": person.reference,
                "territory": person.territory,
                "audience": person.audience,
                "case": person.case_reference,
                "sub_area": person.sub_area,
                "language": person.language,
                "weight": person.weight,
                "disposition": person.disposition,
                "declined_because": person.declined_because,
                "kept_since": person.created_at.isoformat(),
                "contact": [
                    *contact_of(house, person),
                    *filter(None, reach_of(house, person).values()),
                ],
                "large_print": person.large_print,
                "sent": [
                    list(map(str, row)) for row in contacted.of_participant(session, person.id)
                ],
                "calls": [
                    {"at": str(call.at), "result": call.result, "note": note_of(house, call)}
                    for call in calls_of(session, person.id)
                ],
            },
            "response": None if response is None else _told(house, session, response),
            "corrected": [_told(house, session, each) for each in _before(session, response)],
        }
    with act(house, actor, Verb.RESPONSE_ACCESS, territory, f"participant:{person_id}"):
        return told


def person_of(house: House, actor: Actor, wave: str, reference: str, verb: Verb) -> tuple[int, str]:
    """Number and territory of the person with this key. Raises NotFound, NotAllowed."""
    scope = actor.scope(verb)
    if not scope:
        require(house, actor, verb)
    with house.database.read() as session:
        row = wave_by_code(session, actor.programme_id, wave)
        found = None if row is None else person_by_reference(session, row.id, reference, scope)
        if found is None:
            raise NotFound
        return found, session.get_one(Participant, found).territory


def _linked(session: Session, person: Participant, *, lock: bool = False) -> Response | None:
    response = response_of(session, person.id, lock=lock)
    if response is None and person.answered:
        raise Conflict(
            Text.of(
                fr="Le lien entre cette personne et ses réponses a été coupé à l’envoi.",
                en="The link between this person and the answers was cut when they were sent.",
            )
        )
    return response


def _before(session: Session, response: Response | None) -> Iterator[Response]:
    """The keyings of the same sheet in whose place this response stands, the latest first."""
    while response is not None and response.corrects is not None:
        response = session.get_one(Response, response.corrects)
        yield response


def _file(house: House, session: Session, row: Response, told: AnswerFile) -> dict[str, Any]:
    """A file that was given, whole, in letters (base64)."""
    content = content_in(house, session, row, told) or b""
    form = FORMATS[told.format]
    return {"type": form.media_type, "content": b64encode(content).decode()}


def _told(house: House, session: Session, row: Response) -> dict[str, Any]:
    key = key_of(session, row.secret_digest)
    document = unpack(house.database.sealing.open(row.body, key, row.secret_digest))
    asked = compiled(house.database, row.instrument_id)
    places = territories_of_wave(session, session.get_one(Wave, row.wave_id))
    here = [places[code] for code in (NATION, row.territory) if code in places]
    terms = {name: said for place in here for name, said in place.terms.items()}
    times = ("started_at", "saved_at", "consented_at", "submitted_at", "withdrawn_at")
    answers = []
    for item, answer in answers_in(document).items():
        question = asked.question_by_item.get(item)
        question = question and in_local_words(question, terms)
        told = read_file(answer.value) if question and question.kind is Kind.FILE else None
        answers.append(
            {
                "item": item,
                "question": {} if question is None else question.text.as_dict(),
                "options": {}
                if question is None
                else {one.code: both_words(one).as_dict() for one in question.options},
                "answer": answer.value,
                "without_answer": None if answer.why is None else answer.why.value,
                "beside": answer.other,
                "at": answer.at,
                "sitting": answer.sitting,
            }
            | ({} if told is None else {"file": _file(house, session, row, told)})
        )
    return {
        "channel": row.channel,
        "notice": row.notice_version,
        "corrected_because": row.correction,
        **{name: at.isoformat() if (at := getattr(row, name)) else None for name in times},
        "sittings": document["sit"],
        "answers": answers,
    }
