"""At which page of the questionnaire people leave, and who of a sample is there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from app.domain.errors import NotFound
from app.domain.leaving import LeftAt, told
from app.domain.permissions import Verb
from app.domain.questionnaire import Questionnaire
from app.domain.text import NO_TEXT, Text
from app.storage import field_signals
from app.storage.database import now
from app.storage.instruments import compiled
from app.storage.waves import wave_by_id, waves_of
from app.workflows.acting import Actor, House, require

RESTING = timedelta(days=1)  # who was here within the day may still come back
MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class LeftPage:
    """A page at which people left: section and first question; both empty: several pages."""

    section: Text
    question: Text
    code: str
    people: int


def left(house: House, actor: Actor, wave_id: int) -> dict[str, list[LeftPage]]:
    """By audience, over all of the actor's territories: where answers begun were left.

    Told together and for no single territory, so that no two views differ by a few people. Raises
    ``NotFound``, ``NotAllowed``.
    """
    scope = _scope(house, actor, wave_id, Verb.FIELDWORK_VIEW)
    with house.database.read() as session:
        rows = field_signals.left_at(session, wave_id, scope, now() - RESTING)
    counted: dict[str, Counter[str]] = {}
    asked: dict[str, dict[str, Questionnaire]] = {}
    for audience, instrument, page, people in rows:
        questionnaire = compiled(house.database, instrument)
        code = page or questionnaire.pages[0].code
        counted.setdefault(audience, Counter())[code] += people
        asked.setdefault(audience, {}).setdefault(code, questionnaire)
    return {
        audience: [_page(asked[audience].get(each.page), each) for each in told(pages)]
        for audience, pages in counted.items()
    }


def _page(questionnaire: Questionnaire | None, found: LeftAt) -> LeftPage:
    page = questionnaire.page_by_code.get(found.page) if questionnaire else None
    if questionnaire is None or page is None:
        return LeftPage(NO_TEXT, NO_TEXT, found.page, found.people)
    _, section = questionnaire.section_by_page[page.code]
    question = page.questions[0].text if page.questions else NO_TEXT
    return LeftPage(section.title, question, page.code, found.people)


@dataclass(frozen=True, slots=True)
class Twice:
    """People of a sample with one name and address: their references, territories, audiences."""

    people: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Who is there twice, and how many, by territory, are in another wave too (by its code)."""

    within: tuple[Twice, ...]
    between: tuple[tuple[str, str, int], ...]


def duplicates(house: House, actor: Actor, wave_id: int) -> Duplicates:
    """Of the actor's territories; at most 200 groups. Raises ``NotFound``, ``NotAllowed``."""
    scope = _scope(house, actor, wave_id, Verb.SAMPLE_IMPORT)
    with house.database.read() as session:
        rows = field_signals.there_twice(session, wave_id, scope, MOST_PAIRS)
        before = field_signals.there_before(session, wave_id, scope)
        codes = {wave.id: wave.code for wave in waves_of(session, actor.programme_id)}
    within = [
        Twice(tuple((row[1], row[2], row[3]) for row in group))
        for _, group in groupby(rows, key=lambda row: bytes(row[0]))
    ]
    between = [(codes[wave], territory, count) for wave, territory, count in _known(before, codes)]
    return Duplicates(tuple(within), tuple(between))


def _known(
    rows: Sequence[tuple[int, str, int]], codes: dict[int, str]
) -> list[tuple[int, str, int]]:
    return [(wave, territory, count) for wave, territory, count in rows if wave in codes]


def _scope(house: House, actor: Actor, wave_id: int, verb: Verb) -> frozenset[str]:
    scope = actor.scope(verb)
    if not scope:
        require(house, actor, verb)
    with house.database.read() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
    return scope
