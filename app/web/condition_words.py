"""Conditions as sentences that somebody who has not written them can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain.conditions import (
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Counted,
    Leaf,
    Not,
    OneOf,
)
from app.domain.questionnaire import Question, Questionnaire
from app.web.language import gettext as _
from app.web.pages import in_language

Asked = Callable[[str], Question | None]


def asked_in(questionnaires: Iterable[Questionnaire]) -> Asked:
    """A look-up of questions by item code through several questionnaires."""
    found: dict[str, Question] = {}
    for questionnaire in questionnaires:
        found.update(questionnaire.question_by_item)
    return found.get


def condition_words(condition: Condition, asked: Asked, *, inside: bool = False) -> str:
    """The condition in words, with the options' wordings; ``inside`` another: in brackets."""
    if isinstance(condition, All | Any):
        word = _(" and ") if isinstance(condition, All) else _(" or ")
        joined = word.join(condition_words(part, asked, inside=True) for part in condition.parts)
        return f"({joined})" if inside and len(condition.parts) > 1 else joined
    if isinstance(condition, Not):
        return _(
            "it is not true that %(what)s", what=condition_words(condition.part, asked, inside=True)
        )
    return _leaf_words(condition, asked)


def _leaf_words(condition: Leaf, asked: Asked) -> str:
    item = condition.item
    if isinstance(condition, Answered):
        return _("%(item)s has an answer", item=item)
    if isinstance(condition, Counted):
        return _counted_words(condition)
    if isinstance(condition, Compare):
        return _compare_words(condition, asked)
    if isinstance(condition, OneOf) and len(condition.codes) == 1:
        return _compare_words(Compare(item, "=", condition.codes[0]), asked)
    options = ", ".join(option_words(asked(item), code) for code in condition.codes)
    if isinstance(condition, OneOf):
        return _("%(item)s is one of %(options)s", item=item, options=options)
    if len(condition.codes) == 1:
        return _("%(item)s includes %(options)s", item=item, options=options)
    if condition.every:
        return _("%(item)s includes all of %(options)s", item=item, options=options)
    return _("%(item)s includes at least one of %(options)s", item=item, options=options)


def _compare_words(condition: Compare, asked: Asked) -> str:
    value = option_words(asked(condition.item), condition.value)
    sentences = {
        "=": _("%(item)s is %(value)s", item=condition.item, value=value),
        "!=": _("%(item)s is other than %(value)s", item=condition.item, value=value),
        "<": _("%(item)s is below %(value)s", item=condition.item, value=condition.value),
        "<=": _("%(item)s is at most %(value)s", item=condition.item, value=condition.value),
        ">": _("%(item)s is above %(value)s", item=condition.item, value=condition.value),
        ">=": _("%(item)s is at least %(value)s", item=condition.item, value=condition.value),
    }
    return sentences[condition.op]


def _counted_words(condition: Counted) -> str:
    number, item = condition.value, condition.item
    amount = {
        "years": _("%(number)s years", number=number),
        "months": _("%(number)s months", number=number),
        "days": _("%(number)s days", number=number),
        "length": _("%(number)s signs", number=number),
    }[condition.unit]
    if condition.unit == "length":
        sentences = {
            "=": _("%(item)s has exactly %(amount)s", item=item, amount=amount),
            "!=": _("%(item)s has another length than %(amount)s", item=item, amount=amount),
            "<": _("%(item)s has less than %(amount)s", item=item, amount=amount),
            "<=": _("%(item)s has %(amount)s at most", item=item, amount=amount),
            ">": _("%(item)s has more than %(amount)s", item=item, amount=amount),
            ">=": _("%(item)s has %(amount)s or more", item=item, amount=amount),
        }
        return sentences[condition.op]
    sentences = {
        "=": _("%(item)s is exactly %(amount)s ago", item=item, amount=amount),
        "!=": _("%(item)s is not %(amount)s ago", item=item, amount=amount),
        "<": _("%(item)s is less than %(amount)s ago", item=item, amount=amount),
        "<=": _("%(item)s is %(amount)s ago at most", item=item, amount=amount),
        ">": _("%(item)s is more than %(amount)s ago", item=item, amount=amount),
        ">=": _("%(item)s is %(amount)s ago or more", item=item, amount=amount),
    }
    return sentences[condition.op]


def option_words(question: Question | None, code: str) -> str:
    """The option's wording in quotation marks, or its code where it is none."""
    option = question.option_by_code.get(code) if question else None
    return _("“%(words)s”", words=in_language(option.text)) if option else code
