"""Nothing of a foreign form is lost without a word: a law over forms made at random."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import generated_forms
import pytest
from generated_forms import Made

from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.questionnaire import Question, Questionnaire
from app.domain.text import Text
from app.interchange.fhir_reading import read_fhir
from app.interchange.import_report import WHOLE, ForeignFault, ImportReport
from app.interchange.lss_reading import read_lss
from app.interchange.xlsform_reading import read_xlsform

Reader = Callable[[bytes, ImportReport], Questionnaire]
FORMATS: dict[str, tuple[Callable[[int], Made], Reader]] = {
    "fhir": (generated_forms.fhir, read_fhir),
    "limesurvey": (generated_forms.lss, read_lss),
    "xlsform": (generated_forms.xlsform, read_xlsform),
}
MANY = int(os.environ.get("FORMS", "80"))  # more of them: FORMS=3000 pytest <this file>


def _questions(found: Questionnaire) -> Iterator[Question]:
    for question in found.questions:
        if not question.of_list:
            yield question
            yield from question.each


def _words(found: Questionnaire) -> str:
    texts: list[Text] = [section.title for section in found.sections]
    for one in _questions(found):
        texts += [one.text, one.hint, one.why_we_ask, one.unit]
        texts += [part.text for part in (*one.options, *one.rows)]
    return "\n".join(words for text in texts for _, words in text.wordings)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_each_question_option_condition_and_language_is_in_or_named(form: str) -> None:
    make, read = FORMATS[form]
    whole = 0
    for seed in range(MANY):
        made, report = make(seed), ImportReport()
        try:
            found = read(made.content, report)
        except ForeignFault:  # it asks nothing
            continue
        whole += 1
        _law(made, found, report, f"{form} {seed}")
        if seed % 5 == 0:
            assert read_questionnaire(write_questionnaire_yaml(found)) == found, seed
    assert whole > MANY // 2


def _title_said(places: set[str], report: ImportReport) -> bool:
    """Whether a question inside says that it has no words in a language of the group's title."""
    lines = (line.place for line in report.lines if line.rule == "title_lost")
    return any(line.startswith(f"{place}.") for line in lines for place in places)


def _law(made: Made, found: Questionnaire, report: ImportReport, which: str) -> None:
    named = {line.place for line in report.lines if line.fate != "in"}
    named |= {value for line in report.lines if line.fate != "in" for _, value in line.fills}
    never = (dict(line.fills)["names"] for line in report.lines if line.rule == "options_never")
    named |= {f"option {code}" for names in never for code in names.split(", ")}
    came: dict[str, list[str]] = {}
    for line in report.lines:
        if line.fate == "in":
            came.setdefault(line.place, []).append(dict(line.fills)["code"])
    asked = {question.code: question for question in _questions(found)}
    words = _words(found)
    for place in made.asked:
        assert place in came or place in named, (which, place)
    for mark, places in made.marks.items():
        assert mark in words or places & named or _title_said(places, report), (which, mark)
    lost = {line.place for line in report.lines if line.about in WHOLE and line.fate != "in"}
    for place in made.conditions & set(came):
        if place not in lost:
            assert any(asked[code].shown_when for code in came[place]), (which, place)
