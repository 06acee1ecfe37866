"""Files given as answers: kept beside the response in the save that speaks of them, and fetched.

Whoever reviews free text may fetch a file: nobody else of staff, and no evaluator. A file is never
shown, only handed over, and each handing over is an entry of the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.domain.answer_files import FORMATS, AnswerFile, read_file
from app.domain.answers import Answer
from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Kind, Questionnaire
from app.domain.text import Text
from app.domain.values import Submitted
from app.storage import answer_files as stored
from app.storage.collecting import Held, NewFiles
from app.storage.instruments import Frozen, compiled
from app.storage.response_keys import key_of
from app.storage.responses import Response, answers_in, unpack
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, act, require

AT_ONCE = 20  # responses of which the files are listed on a page


def marks_in(frozen: Frozen, cells: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The marks of the files that these stored answers speak of."""
    told = (read_file(cells[item].get("v")) for item in frozen.file_items if item in cells)
    return frozenset(one.mark for one in told if one is not None)


def contents(submitted: Mapping[str, Submitted], given: Mapping[str, Answer]) -> dict[str, bytes]:
    """What came with a form and was taken, by the marks of its answers."""
    found: dict[str, bytes] = {}
    for item, answer in given.items():
        sent, told = submitted.get(item, Submitted()).file, read_file(answer.value)
        if sent is not None and told is not None:
            found[told.mark] = sent.content
    return found


def to_keep(
    house: House,
    held: Held,
    frozen: Frozen,
    cells: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, bytes],
) -> NewFiles | None:
    """What a save does with the files of a response; None where its questionnaire asks for none."""
    if not frozen.file_items:
        return None
    sealing = house.database.sealing
    sealed = {
        mark: sealing.close_file(content, held.sealed_key, held.own, mark)
        for mark, content in new.items()
    }
    return NewFiles(marks_in(frozen, cells), sealed)


@dataclass(frozen=True, slots=True)
class Given:
    """A file that a response speaks of."""

    response_id: int
    item: str
    question: Text
    told: str  # the answer
    at: str


def given_files(
    house: House, actor: Actor, wave_id: int, after: int = 0
) -> tuple[list[Given], int]:
    """The files of a wave's sent responses, from after this response on, and where to go on.

    Zero: there are no more. Raises NotFound, NotAllowed.
    """
    scope = _scope(house, actor)
    with house.database.read() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
        rows = stored.with_files(session, wave_id, scope, after, AT_ONCE + 1)
        found = [each for row in rows[:AT_ONCE] for each in _files_in(house, session, row)]
        return found, rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else 0


def _scope(house: House, actor: Actor) -> frozenset[str]:
    scope = actor.scope(Verb.PASSAGE_REVIEW)
    if not scope:
        require(house, actor, Verb.PASSAGE_REVIEW)
    return scope


def _files_in(house: House, session: Session, row: Response) -> Iterator[Given]:
    asked, answers = _answers(house, session, row)
    for item, answer in answers.items():
        question = asked.question_by_item.get(item)
        if question is not None and question.kind is Kind.FILE and read_file(answer.value):
            yield Given(row.id, item, question.text, str(answer.value), answer.at)


def _answers(
    house: House, session: Session, row: Response
) -> tuple[Questionnaire, dict[str, Answer]]:
    key = key_of(session, row.secret_digest)
    document = unpack(house.database.sealing.open(row.body, key, row.secret_digest))
    return compiled(house.database, row.instrument_id), answers_in(document)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file on its way to who asked for it; the name says the response and the question."""

    name: str
    content: bytes = field(repr=False)


def hand_out(house: House, actor: Actor, wave_id: int, response_id: int, item: str) -> HandedOut:
    """One file, to be kept apart from browsers that would show it. Raises NotFound, NotAllowed."""
    scope = _scope(house, actor)
    with house.database.read() as session:
        row = stored.response_with_files(session, wave_id, scope, response_id)
        if row is None or wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
        told = read_file(_answers(house, session, row)[1].get(item, Answer()).value)
        content = content_in(house, session, row, told) if told else None
        if told is None or content is None:
            raise NotFound
    with act(house, actor, Verb.PASSAGE_REVIEW, row.territory, f"response:{row.id}") as acted:
        acted.details = {"item": item, "file": told.format, "size": told.size}
    return HandedOut(f"{response_id}-{item}{FORMATS[told.format].endings[0]}", content)


def content_in(house: House, session: Session, row: Response, told: AnswerFile) -> bytes | None:
    """The content that an answer of this response speaks of; None where it is not there."""
    kept = stored.content_of(session, row.id, told.mark)
    if kept is None:
        return None
    own = row.secret_digest
    return house.database.sealing.open_file(kept, key_of(session, own), own, told.mark)
