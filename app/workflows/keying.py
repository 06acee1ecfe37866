"""Keying of a sheet, section by section, until it is finished.

A part of the sheets, drawn by a keyed hash so that nobody can guess which, is keyed again by
another person before it becomes a response. Beginning, finishing and giving up leave an audit
entry; sections do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.domain.double_entry import Keyed, compared, differing
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.keying import Judged, Typed, judge
from app.domain.permissions import Verb
from app.domain.questionnaire import Question, Questionnaire, Section
from app.domain.routing import first_open, on_path, path_through
from app.domain.text import Text
from app.protection.keys import digest
from app.storage import keying as rows
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.keying import KeyedEntry
from app.storage.participants import Participant
from app.storage.waves import Wave
from app.workflows.acting import Actor, House, act
from app.workflows.correcting import supersede
from app.workflows.keyed import Body, keep, packed, require_open, send
from app.workflows.sheets import scope_of, wave_of


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry that this person is keying."""

    entry: KeyedEntry
    reference: str
    questionnaire: Questionnaire
    keyed: Keyed

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that ask something."""
        return tuple(one for one in self.questionnaire.sections if _asks(one))

    @property
    def next_section(self) -> Section | None:
        """The first section with an item on the path that was not keyed."""
        path = path_through(self.questionnaire, self.keyed.answers, self.keyed.role)
        page = first_open(path, self.keyed.answers)
        return None if page is None else self.questionnaire.section_by_page[page.code][1]


def _asks(section: Section) -> bool:
    return any(question.item_codes for question in questions_of(section))


def questions_of(section: Section) -> tuple[Question, ...]:
    """The questions of a section in order."""
    return tuple(question for page in section.pages for question in page.questions)


def open_entry(house: House, actor: Actor, entry_id: int) -> OpenEntry:
    """An entry that this person began and has not finished. Raises ``NotFound``."""
    with house.database.read() as session:
        entry = _own(session, house, actor, entry_id)
        reference = session.get_one(Participant, entry.participant_id).reference
    asked = compiled(house.database, entry.instrument_id)
    return OpenEntry(entry, reference, asked, Body.of(house, entry).keyed)


def _own(
    session: Session, house: House, actor: Actor, entry_id: int, *, lock: bool = False
) -> KeyedEntry:
    entry = rows.entry(session, entry_id, scope_of(house, actor), lock=lock)
    if entry is None or entry.operator != actor.account_id or entry.finished_at is not None:
        raise NotFound
    wave_of(session, actor, entry.wave_id)
    return entry


def key_section(
    house: House, actor: Actor, entry_id: int, section_code: str, typed: Mapping[str, Typed]
) -> Judged:
    """Judge what was typed for a section, and store it unless something has to be mended."""
    found = open_entry(house, actor, entry_id)
    section = next((one for one in found.sections if one.code == section_code), None)
    if section is None:
        raise NotFound
    moment = now()
    at = moment.isoformat(timespec="seconds")
    judged = judge(found.questionnaire, section, typed, found.keyed.answers, found.keyed.role, at)
    if judged.faults:
        return judged
    own = {item for question in questions_of(section) for item in question.item_codes}
    with house.database.write() as session:
        entry = _own(session, house, actor, entry_id, lock=True)
        body = Body.of(house, entry)
        kept = {item: one for item, one in body.keyed.answers.items() if item not in own}
        answers = kept | dict(judged.answers)
        illegible = (body.keyed.illegible - own) | judged.illegible
        keep(house, entry, packed(body.sitting, Keyed(answers, illegible, body.keyed.role)))
        entry.saved_at = moment
    return judged


Outcome = Literal["sent", "second", "differences", "corrected"]


def finish(house: House, actor: Actor, entry_id: int) -> Outcome:
    """Say that the sheet is keyed. What came of it: sent, or waiting for a second keying, or for
    decisions where the two differ, or put in the place of what was keyed wrongly. Raises
    ``Conflict`` while a section is not keyed.
    """
    found = open_entry(house, actor, entry_id)
    if found.next_section is not None:
        raise Conflict
    entry_place = found.entry.territory
    moment = now()
    with act(house, actor, Verb.RESPONSE_KEY, entry_place, f"keyed_entry:{entry_id}") as acted:
        session = acted.session
        entry = _own(session, house, actor, entry_id, lock=True)
        wave = session.get_one(Wave, entry.wave_id)
        require_open(wave)
        entry.finished_at = moment
        keyed = counting(found.questionnaire, Body.of(house, entry).keyed)
        if entry.corrects is not None:
            supersede(house, session, actor, entry, keyed, moment)
            acted.details = {"outcome": "corrected", "turn": entry.turn}
            return "corrected"
        outcome = _outcome(house, session, found, entry, keyed, wave.double_entry)
        if outcome == "sent":
            send(house, session, actor, entry, keyed, moment)
        acted.details = {"outcome": outcome, "turn": entry.turn}
    return outcome


def _outcome(
    house: House,
    session: Session,
    found: OpenEntry,
    entry: KeyedEntry,
    keyed: Keyed,
    rate: int,
) -> Literal["sent", "second", "differences"]:
    if entry.turn == 1:
        entry.again = drawn(house, entry, rate)
        return "second" if entry.again else "sent"
    assert entry.participant_id is not None  # gone only once it has become a response
    first = rows.entries_of(session, entry.wave_id, entry.participant_id)[0]
    other = counting(found.questionnaire, Body.of(house, first).keyed)
    wrong = differing(found.questionnaire, other, keyed)
    entry.compared, entry.differing = compared(other, keyed), len(wrong)
    return "differences" if wrong else "sent"


def counting(questionnaire: Questionnaire, keyed: Keyed) -> Keyed:
    """What counts of a keying: what is on its path."""
    path = path_through(questionnaire, keyed.answers, keyed.role)
    kept = on_path(path, keyed.answers)
    return Keyed(kept, keyed.illegible & kept.keys(), keyed.role, keyed.head)


def drawn(house: House, entry: KeyedEntry, rate: int) -> bool:
    """Whether a sheet is keyed twice: the same answer for ever, and nobody can guess it."""
    bits = digest(house.keys.lookup, f"double entry {entry.wave_id} {entry.participant_id}")
    return int.from_bytes(bits[:8], "big") % 100 < rate


def drop(house: House, actor: Actor, entry_id: int) -> None:
    """Give up a keying that is not finished: nothing of it is kept."""
    with house.database.read() as session:
        place = _own(session, house, actor, entry_id).territory
    with act(house, actor, Verb.RESPONSE_KEY, place, f"keyed_entry:{entry_id}") as acted:
        acted.session.delete(_own(acted.session, house, actor, entry_id, lock=True))
        acted.details = {"outcome": "dropped"}


def set_rate(house: House, actor: Actor, wave_id: int, percent: int) -> None:
    """Say how many of a hundred sheets are keyed twice, from now on. Raises ``BadInput``."""
    if not 0 <= percent <= 100:
        raise BadInput([Fault("rate", *_RATE)])
    with act(house, actor, Verb.WAVE_CREATE, thing=f"wave:{wave_id}") as acted:
        wave = wave_of(acted.session, actor, wave_id)
        wave.double_entry = percent
        acted.details = {"double_entry": percent}


_RATE = (
    Text.of(fr="Ce n’est pas un taux.", en="This is not a rate."),
    Text.of(fr="Écrivez un nombre entre 0 et 100.", en="Write a number from 0 to 100."),
)
