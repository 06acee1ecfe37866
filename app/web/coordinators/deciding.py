"""The page on which a coordinator decides what counts where two people keyed differently."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.double_entry import HEAD, Keyed
from app.domain.errors import BadInput
from app.domain.paper import numbers
from app.domain.permissions import Verb
from app.domain.questionnaire import Kind, Question
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor
from app.web.coordinators.keyed_words import said, terms_of
from app.web.entrance import enters
from app.web.language import LANGUAGES
from app.web.pages import house, in_language, problems_of
from app.web.sitting_words import INSTEAD_WORDS, RELATION_WORDS, ROLE_WORDS
from app.workflows import deciding as acts
from app.workflows.deciding import Differences


@dataclass(frozen=True, slots=True)
class DifferingItem:
    """One item with what each of the two keyed."""

    code: str
    number: str
    words: str
    first: str
    second: str
    readable: bool  # whether "cannot be read" may be the decision


@blueprint.get("/keying/<int:entry_id>/differences")
@enters(Verb.RESPONSE_DECIDE)
def keying_differences(entry_id: int) -> ResponseReturnValue:
    """What differs, item by item."""
    return _page(acts.differences(house(), actor(), entry_id), {})


def _page(found: Differences, problems: dict[str, str]) -> str:
    return render_template(
        "coordinators/keying_differences.html",
        found=found,
        items=[_item(found, code) for code in found.items],
        problems=problems,
        sent=request.form,
    )


def _item(found: Differences, code: str) -> DifferingItem:
    if code == HEAD:
        first, second = (_head(keyed) for keyed in (found.first, found.second))
        return DifferingItem(code, "", _("The head of the sheet"), first, second, False)
    question = found.questionnaire.question_by_item[code]
    terms = terms_of(actor(), found.territory)
    return DifferingItem(
        code,
        numbers(found.questionnaire)[code],
        _asked(question, code, terms),
        said(question, found.first, code, terms),
        said(question, found.second, code, terms),
        True,
    )


def _head(keyed: Keyed) -> str:
    """Who answered, what is said of the person, language and notice, in words."""
    said = keyed.head
    known = [("relation", RELATION_WORDS), *((name, words) for name, _q, words in INSTEAD_WORDS)]
    parts = [ROLE_WORDS[keyed.role], *(words[said[name]] for name, words in known if name in said)]
    parts += [LANGUAGES[said["lang"]]] if "lang" in said else []
    parts += [_("notice %(number)s", number=said["notice"])] if "notice" in said else []
    return " – ".join(map(str, parts))


def _asked(question: Question, code: str, terms: dict[str, str]) -> str:
    words = in_language(question.text, terms)
    if question.kind is Kind.BATTERY:
        row = next(row for row in question.rows if row.code == code)
        words = f"{words} {in_language(row.text, terms)}"
    return words.replace("*", "")


@blueprint.post("/keying/<int:entry_id>/differences")
@enters(Verb.RESPONSE_DECIDE)
def keying_decide(entry_id: int) -> ResponseReturnValue:
    """Take the decisions; the result is the response."""
    found = acts.differences(house(), actor(), entry_id)
    sent = {item: request.form.get(f"d-{item}", "") for item in found.items}
    try:
        acts.decide(house(), actor(), entry_id, sent)
    except BadInput as refusal:
        problems = {f"d-{item}": words for item, words in problems_of(refusal).items()}
        return _page(found, problems), 422
    return redirect(url_for("coordinators.wave_keying", wave_id=found.wave_id, done="decided"), 303)
