"""Earlier answers in texts: only where they may stand, of earlier pages, of kinds that speak."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.piping import COUNTED, SPOKEN, Pipe, pipes_in
from app.domain.questionnaire import Page, Question, Questionnaire
from app.domain.text import PIPE, Text

PIPED_PARTS = ("text", "hint", "why_we_ask", "proxy", "proxy_hint", "proxy_why_we_ask")
_NAME = re.compile(r"\{[a-z][a-z0-9_]*\}")
_BRACES = re.compile(r"\{[^{}]*\}?|\}")


def check_braces(code: str, part: str, text: Text, *, piped: bool) -> Iterator[Finding]:
    """Brackets that name nothing, and earlier answers in parts that are the same for everybody.

    ``piped``: whether earlier answers may stand in this part.
    """
    for _language, wording in text.wordings:
        if not piped and PIPE.search(wording):
            yield finding("pipe_part", code, part=part)
        left = _BRACES.search(_NAME.sub("", PIPE.sub("", wording)))
        if left:
            yield finding("pipe_form", code, written=left.group())


def check_pipes(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Every earlier answer named is asked on an earlier page, and can be said."""
    asked = questionnaire.question_by_item
    earlier: set[str] = set()
    for page in questionnaire.pages:
        for place, pipe in _pipes(page):
            question = asked.get(pipe.item)
            if question is None or pipe.item not in earlier:
                yield finding("pipe_item", place, item=pipe.item)
            elif question.kind not in (COUNTED if pipe.what == "count" else SPOKEN):
                yield finding("pipe_kind", place, item=pipe.item)
        earlier.update(code for question in page.questions for code in question.item_codes)


def _pipes(page: Page) -> Iterator[tuple[str, Pipe]]:
    for _language, wording in (*page.title.wordings, *page.proxy_title.wordings):
        yield from ((page.code, pipe) for pipe in pipes_in(wording))
    for question in page.questions:
        for text in _texts(question):
            for _language, wording in text.wordings:
                yield from ((question.written_code, pipe) for pipe in pipes_in(wording))


def _texts(question: Question) -> tuple[Text, ...]:
    rows = (text for row in question.rows for text in (row.text, row.proxy_text))
    own = (question.text, question.hint, question.why_we_ask)
    instead = (question.proxy_text, question.proxy_hint, question.proxy_why_we_ask)
    return (*own, *instead, *rows)
