"""When a question is asked, as a sentence on paper: conditions with the numbers printed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.answers import Answer, operand_of
from app.domain.conditions import (
    ISO_TIME,
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Counted,
    Includes,
    Known,
    Leaf,
    Not,
    holds,
)
from app.domain.dates import spoken_date
from app.domain.questionnaire import Kind, Question, Questionnaire
from app.domain.text import Text, fill
from app.domain.times import spoken_time
from app.domain.typography import typeset_french

_WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "only": "Répondez seulement si {condition}.",
        "about": "Répondez pour le nom écrit à la ligne {number}, s’il y en a un.",
        "about_if": "Répondez pour le nom écrit à la ligne {number}, seulement si {condition}.",
        "offered": "seulement si {condition}",
        "and": " et ",
        "or": " ou ",
        "not": "il n’est pas vrai que {condition}",
        "ticked": "vous avez coché {options} à la question {number}",
        "unticked": "vous n’avez pas coché {options} à la question {number}",
        "every": "vous avez coché à la fois {options} à la question {number}",
        "answered": "vous avez répondu à la question {number}",
        "one": "{value} nom",
        "several": "{value} noms",
        "unanswered": "vous n’avez pas répondu à la question {number}",
        "written": "vous avez écrit {value} à la question {number}",
        "since": "vous comptez {value} depuis la date de la question {number}",
        "years": "{value} ans",
        "months": "{value} mois",
        "days": "{value} jours",
        "length": "{value} signes",
        "=": "{value}",
        "!=": "autre chose que {value}",
        "<": "moins de {value}",
        "<=": "{value} ou moins",
        ">": "plus de {value}",
        ">=": "{value} ou plus",
        "d=": "{value}",
        "d!=": "une autre date que {value}",
        "d<": "une date avant {value}",
        "d<=": "{value} ou une date avant",
        "d>": "une date après {value}",
        "d>=": "{value} ou une date après",
        "t=": "{value}",
        "t!=": "une autre heure que {value}",
        "t<": "une heure avant {value}",
        "t<=": "{value} ou une heure avant",
        "t>": "une heure après {value}",
        "t>=": "{value} ou une heure après",
        "quoted": "« {words} »",
    },
    "en": {
        "only": "Answer only if {condition}.",
        "about": "Answer for the name on line {number}, if there is one.",
        "about_if": "Answer for the name on line {number}, only if {condition}.",
        "offered": "only if {condition}",
        "and": " and ",
        "or": " or ",
        "not": "it is not true that {condition}",
        "ticked": "you ticked {options} at question {number}",
        "unticked": "you did not tick {options} at question {number}",
        "every": "you ticked {options} together at question {number}",
        "answered": "you answered question {number}",
        "one": "{value} name",
        "several": "{value} names",
        "unanswered": "you did not answer question {number}",
        "written": "you wrote {value} at question {number}",
        "since": "you count {value} since the date of question {number}",
        "years": "{value} years",
        "months": "{value} months",
        "days": "{value} days",
        "length": "{value} signs",
        "=": "{value}",
        "!=": "something other than {value}",
        "<": "less than {value}",
        "<=": "{value} or less",
        ">": "more than {value}",
        ">=": "{value} or more",
        "d=": "{value}",
        "d!=": "another date than {value}",
        "d<": "a date before {value}",
        "d<=": "{value} or a date before",
        "d>": "a date after {value}",
        "d>=": "{value} or a date after",
        "t=": "{value}",
        "t!=": "another time than {value}",
        "t<": "a time before {value}",
        "t<=": "{value} or a time before",
        "t>": "a time after {value}",
        "t>=": "{value} or a time after",
        "quoted": "“{words}”",
    },
}
_PREFIXES = {Kind.DATE: "d", Kind.TIME: "t"}
_CHOSEN = (Kind.CHOICE, Kind.RATING, Kind.BATTERY, Kind.CHOICES)


class Routing:
    """The sentences of one questionnaire in one language."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        numbers: Mapping[str, str],
        language: str,
        terms: Mapping[str, str],
    ) -> None:
        """``numbers``: as printed, by item. ``terms``: local names that the options may hold."""
        self._asked = questionnaire.question_by_item
        self._numbers = numbers
        self._language = language
        self._terms = terms
        self._words = _WORDS[language]

    def only_if(self, condition: Condition) -> str:
        """The whole sentence: ``Répondez seulement si vous avez coché « Oui » à la question 5.``

        What is asked of an entry of a list says of which: the line on which its name stands.
        """
        parts = condition.parts if isinstance(condition, All) else (condition,)
        named, *rest = parts
        if not (isinstance(named, Answered) and self._asked[named.item].is_name):
            return self._typeset(self._words["only"].format(condition=self._said(condition)))
        said = self._words["about_if" if rest else "about"].format(
            number=self._numbers[named.item], condition=self._said(All(tuple(rest)))
        )
        return self._typeset(said)

    def offered_if(self, condition: Condition) -> str:
        """What stands behind an option: ``seulement si vous avez coché « Oui » à la question 5``"""
        return self._typeset(self._words["offered"].format(condition=self._said(condition)))

    def _said(self, condition: Condition, *, inside: bool = False) -> str:
        if isinstance(condition, All | Any):
            word = self._words["and" if isinstance(condition, All) else "or"]
            joined = word.join(self._said(part, inside=True) for part in condition.parts)
            return f"({joined})" if inside and len(condition.parts) > 1 else joined
        if isinstance(condition, Not):
            return self._negated(condition.part)
        return self._leaf(condition)

    def _negated(self, part: Condition) -> str:
        if isinstance(part, Answered):
            return self._words["unanswered"].format(number=self._numbers[part.item])
        codes = None if isinstance(part, All | Any | Not) else self._codes(part)
        if codes is None or (isinstance(part, Includes) and part.every):
            return self._words["not"].format(condition=self._said(part, inside=True))
        return self._ticked("unticked", part.item, codes)  # type: ignore[union-attr] # a leaf

    def _leaf(self, condition: Leaf) -> str:
        number = self._numbers[condition.item]
        if isinstance(condition, Answered):
            return self._words["answered"].format(number=number)
        if isinstance(condition, Counted):
            return self._counted(condition).format(number=number)
        codes = self._codes(condition)
        if codes is not None:
            together = isinstance(condition, Includes) and condition.every and len(codes) > 1
            return self._ticked("every" if together else "ticked", condition.item, codes)
        values = condition.codes if not isinstance(condition, Compare) else (condition.value,)
        relation: str = condition.op if isinstance(condition, Compare) else "="
        written = self._words["or"].join(self._written(condition.item, one) for one in values)
        relation = f"{_PREFIXES.get(self._asked[condition.item].kind, '')}{relation}"
        value = self._words[relation].format(value=written)
        return self._words["written"].format(value=value, number=number)

    def _counted(self, condition: Counted) -> str:
        amount = self._words[condition.unit].format(value=condition.value)
        value = self._words[condition.op].format(value=amount)
        sentence = self._words["written" if condition.unit == "length" else "since"]
        return sentence.replace("{value}", value)

    def _codes(self, condition: Leaf) -> Sequence[str] | None:
        """The options for which it holds; None where the question has none to tick."""
        question = self._asked[condition.item]
        if question.kind not in _CHOSEN:
            return None
        if isinstance(condition, Includes):
            return condition.codes
        return [
            option.code
            for option in question.options
            if not option.closed and holds(condition, _ticking(question, option.code))
        ]

    def _ticked(self, sentence: str, item: str, codes: Sequence[str]) -> str:
        question = self._asked[item]
        named = [
            self._words["quoted"].format(words=self._plain(question.option_by_code[code].text))
            for code in codes
            if code in question.option_by_code
        ]
        word = self._words["and" if sentence == "every" else "or"]
        listed = word.join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
        return self._words[sentence].format(options=listed, number=self._numbers[item])

    def _written(self, item: str, value: str) -> str:
        if self._asked[item].kind is Kind.DATE:
            return spoken_date(value).in_(self._language)
        if self._asked[item].kind is Kind.TIME and ISO_TIME.fullmatch(value):
            return spoken_time(value).in_(self._language)
        if self._asked[item].kind is Kind.LIST:
            return self._words["one" if value in ("0", "1") else "several"].format(value=value)
        return value.replace(".", ",") if self._language == "fr" else value

    def _plain(self, text: Text) -> str:
        return fill(text.in_(self._language), self._terms).replace("*", "")

    def _typeset(self, sentence: str) -> str:
        return typeset_french(sentence) if self._language == "fr" else sentence


def _ticking(question: Question, code: str) -> Known:
    """What a condition would know if this option alone were ticked."""
    value = (code,) if question.kind is Kind.CHOICES else code
    return lambda _item: operand_of(question, Answer(value))
