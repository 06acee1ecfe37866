"""The columns of an extract of a release: its fixed ones, then every item that was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.perspective import both_words
from app.domain.questionnaire import Audience, Question
from app.domain.text import Text, without_answers
from app.interchange.extract_variables import FIXED, Form, Variable
from app.storage.item_layout import FORMS
from app.storage.published import Published

FORM_OF: Mapping[str, Form] = {
    "choice": "choice",
    "choices": "choices",
    "number": "number",
    "written": "written",
    "place": "place",
    "file": "written",
}


def variables_of(seen: Published, audiences: Iterable[str]) -> tuple[Variable, ...]:
    """Free words are not among them: they never leave the place where they were written."""
    found = list(FIXED)
    for audience in (each for each in Audience if each in set(audiences)):
        for item, question in seen.questions.get(audience, {}).items():
            form = FORM_OF.get(FORMS[question.kind])
            if form is not None:
                found.append(_variable(item, question, form, audience))
    return tuple(found)


def _variable(item: str, question: Question, form: Form, audience: str) -> Variable:
    options = question.options if form in ("choice", "choices") else ()
    return Variable(
        item,
        _label(item, question),
        form,
        tuple(option.code for option in options),
        tuple(both_words(option) for option in options),
        audience,
    )


def _label(item: str, question: Question) -> Text:
    """The question; of a battery with the row that the item is, of a list with the place."""
    asked = without_answers(question.text)
    if question.of_list:
        return Text(tuple((tag, f"{said} ({question.place})") for tag, said in asked.wordings))
    row = next((row for row in question.rows if row.code == item), None)
    if row is None:
        return asked
    words = without_answers(row.text)
    return Text.of(
        {
            language: f"{asked.in_(language)} – {words.in_(language)}".strip(" –")
            for language, _ in asked.wordings or words.wordings
        }
    )
