"""French sentences on participants' pages have at most 15 words, but for those named here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from app.definitions.dossier_reading import read_dossier
from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Questionnaire
from app.domain.text import Text

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted(
    (ROOT / "app/web/participants").glob("*translations/fr/LC_MESSAGES/messages.po")
)
LONGEST = 15
END = re.compile(r"(?<=[.!?…;:])[\s\u00a0]+|\n")
WORD = re.compile(r"[\w’'-]*\w[\w’'%°-]*")
# Begins so: why it may be longer.
EXCEPTIONS = {
    "%(who)s s’engage": "imposed by the model of the accessibility statement",
    "Ce service est partiellement conforme": "as above",
    "Ce service est non conforme": "as above",
    "vous avez signalé un défaut": "as above",
}


def sentences(wording: str) -> Iterator[str]:
    """The sentences of a text; a clause after a colon or a semicolon is read as one."""
    yield from (each.strip() for each in END.split(wording) if each.strip())


def too_long(wording: str) -> list[str]:
    """Its sentences that are longer than allowed."""
    return [
        f"{len(WORD.findall(each))}: {each}"
        for each in sentences(wording)
        if len(WORD.findall(each)) > LONGEST
    ]


def told(asked: Questionnaire) -> Iterator[str]:
    """Every French text of a questionnaire."""
    texts: list[Text] = [asked.title, asked.introduction]
    texts += [section.title for section in asked.sections]
    for question in asked.questions:
        texts += [question.text, question.hint, question.why_we_ask, question.proxy_text]
        texts += [option.text for option in question.options]
        texts += [text for row in question.rows for text in (row.text, row.proxy_text)]
    yield from (text.in_("fr") for text in texts)


def test_the_rule_counts_words() -> None:
    assert too_long("un " * 15 + ".") == []
    assert len(too_long("un " * 16 + ". Deux.")) == 1


def test_the_interface_speaks_in_short_sentences() -> None:
    wordings = []
    for catalogue in CATALOGUES:
        with catalogue.open("rb") as file:
            wordings += [str(message.string) for message in read_po(file) if message.id]
    assert len(CATALOGUES) == 3
    assert len(wordings) > 300
    found = [each for wording in wordings for each in too_long(wording)]
    excused = {
        start for start in EXCEPTIONS for each in found if each.partition(": ")[2].startswith(start)
    }
    assert [e for e in found if not e.partition(": ")[2].startswith(tuple(EXCEPTIONS))] == []
    assert excused == set(EXCEPTIONS), "an exception that nothing needs"


def test_what_is_told_in_easy_words_is_easier_still() -> None:
    told = read_dossier((ROOT / "config" / "dossier.yaml").read_text("utf-8")).notices
    easy = [notice["easy_fr"].replace("**", "") for notice in told.values()]
    counts = [len(WORD.findall(each)) for notice in easy for each in sentences(notice)]
    assert len(counts) > 15
    assert max(counts) <= 10


def test_the_questions_for_elderly_people_are_short_sentences() -> None:
    asked = read_questionnaire((ROOT / "surveys/elderly/core.yaml").read_text("utf-8"))
    assert [each for wording in told(asked) for each in too_long(wording)] == []
