"""What was typed or ticked for one item, turned into a value or a fault, kind by kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.answer_files import SentFile, file_of, formats_for, names_of
from app.domain.answers import Answer, Value
from app.domain.dates import PARTS, iso_date, split_date, spoken_date
from app.domain.errors import Fault
from app.domain.patterns import fits
from app.domain.places import LONGEST, degrees, parts_of, point_of
from app.domain.questionnaire import Kind, Option, Question
from app.domain.refusals import refuse
from app.domain.text import Text
from app.domain.times import iso_time, spoken_time

TEXT_LENGTH = 250
LONG_TEXT_LENGTH = 4_000
OTHER_LENGTH = 250
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHORT_YEAR = re.compile(r"\d{1,3}", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_NUMBER = re.compile(r"[+-]?(\d{1,15})(?:[.,](\d{1,12}))?", re.ASCII)
_WANTED = {
    "day": ("le jour, le mois et l’année", "the day, the month and the year"),
    "month": ("le mois et l’année", "the month and the year"),
    "year": ("l’année, en quatre chiffres", "the year, in four digits"),
}
_EXAMPLES = {
    "day": ("14 juillet 1938", "14 July 1938"),
    "month": ("juillet 1938", "July 1938"),
    "year": ("1938", "1938"),
}


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came in for one item, as text: from a form, the API, a file or a keyed paper sheet.

    ``values``: option codes, or one written text. A date comes as one text or as three parts; a
    place as one text, or as latitude, longitude and what a device told of altitude and accuracy.
    ``why``: a way out, by its value. ``other``: what was written beside an option.
    ``file``: a file that came with the form; ``removed``: the one there was is to go.
    """

    values: tuple[str, ...] = ()
    other: str = ""
    why: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    file: SentFile | None = None
    removed: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was given as a value, of whatever kind."""
        written = (*self.values, self.day, self.month, self.year)
        return self.file is None and not any(part.strip() for part in written)


Parsed = Answer | Fault
Parser = Callable[[Question, str, Submitted, Answer | None], Parsed]


def is_empty(question: Question, given: Submitted) -> bool:
    """Whether nothing was given as a value of this kind of question."""
    if question.kind is Kind.FILE and given.file is not None:
        return False
    dated = (given.day, given.month, given.year) if question.kind is Kind.DATE else ()
    return not any(part.strip() for part in (*given.values, *dated))


def parse(question: Question, item: str, given: Submitted, stored: Answer | None) -> Parsed:
    """The answer in ``given``, or what keeps it from being taken."""
    if is_empty(question, given):
        return refuse("missing", item)
    return _PARSERS[question.kind](question, item, given, stored)


def _choice(question: Question, item: str, given: Submitted, stored: Answer | None) -> Parsed:
    codes = tuple(dict.fromkeys(code for code in given.values if code.strip()))
    if len(codes) > 1:
        return refuse("several", item)
    if fault := _refused_option(question, item, codes, stored):
        return fault
    return _with_other(item, codes[0], [question.option_by_code[codes[0]]], given)


def _choices(question: Question, item: str, given: Submitted, stored: Answer | None) -> Parsed:
    ticked = frozenset(code for code in given.values if code.strip())
    if fault := _refused_option(question, item, tuple(ticked), stored):
        return fault
    options = [option for option in question.options if option.code in ticked]
    exclusive = next((option for option in options if option.exclusive), None)
    if exclusive is not None and len(options) > 1:
        return refuse("exclusive", item, exclusive.text)
    limits = question.limits
    if exclusive is None and limits.min_choices and len(options) < limits.min_choices:
        return refuse("too_few", item, limit=limits.min_choices)
    if limits.max_choices and len(options) > limits.max_choices:
        return refuse("too_many", item, limit=limits.max_choices)
    return _with_other(item, tuple(option.code for option in options), options, given)


def _refused_option(
    question: Question, item: str, codes: tuple[str, ...], stored: Answer | None
) -> Fault | None:
    kept = stored.value if stored else None
    for code in codes:
        option = question.option_by_code.get(code)
        if option is None:
            return refuse("unknown_option", item)
        was_given = code == kept or (isinstance(kept, tuple) and code in kept)
        if option.closed and not was_given:
            return refuse("closed_option", item)
    return None


def _with_other(item: str, value: Value, options: list[Option], given: Submitted) -> Parsed:
    """The chosen value with the text beside it, which counts only with its option."""
    if not any(option.specify for option in options):
        return Answer(value)
    other = clean(given.other, lines=False)
    if other is None:
        return refuse("control", item)
    if len(other) > OTHER_LENGTH:
        return refuse("too_long", item, limit=OTHER_LENGTH, length=len(other))
    return Answer(value, other=other or None)


def clean(written: str, *, lines: bool) -> str | None:
    """The text stripped, with plain line ends or none; None where it holds control characters."""
    text = written.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    text = text.strip()
    return None if _CONTROL.search(text) else text


def longest_text(question: Question) -> int:
    """How many signs an answer in words may have."""
    usual = LONG_TEXT_LENGTH if question.kind is Kind.LONG_TEXT else TEXT_LENGTH
    return question.limits.max_length or usual


def _text(question: Question, item: str, given: Submitted, _: Answer | None) -> Parsed:
    if len(given.values) > 1:
        return refuse("several", item)
    text = clean(given.values[0], lines=question.kind is Kind.LONG_TEXT)
    if text is None:
        return refuse("control", item)
    limits = question.limits
    most = longest_text(question)
    if len(text) > most:
        return refuse("too_long", item, limit=most, length=len(text))
    if limits.min_length and len(text) < limits.min_length:
        return refuse("too_short", item, limit=limits.min_length)
    if limits.pattern is not None and not fits(limits.pattern, text):
        fault = refuse("pattern", item)
        wanted = limits.pattern_text
        return Fault(item, fault.reason, wanted) if wanted.wordings else fault
    return Answer(text)


def _number(question: Question, item: str, given: Submitted, _: Answer | None) -> Parsed:
    if len(given.values) > 1:
        return refuse("several", item)
    written = _SPACES.sub("", given.values[0]).replace("−", "-")
    found = _NUMBER.fullmatch(written)
    limits = question.limits
    if found is None:
        return refuse("not_a_number", item, example="2,5" if limits.decimals else "12")
    decimals = len((found[2] or "").rstrip("0"))
    if decimals > limits.decimals:
        rule = "decimals" if limits.decimals else "whole_only"
        return refuse(rule, item, limit=limits.decimals)
    value = float(written.replace(",", ".")) + 0.0  # + 0.0: minus zero is zero
    if isinstance(limits.minimum, int | float) and value < limits.minimum:
        return refuse("too_low", item, _spoken_number(limits.minimum))
    if isinstance(limits.maximum, int | float) and value > limits.maximum:
        return refuse("too_high", item, _spoken_number(limits.maximum))
    return Answer(value if limits.decimals else int(value))


def plain_number(value: float) -> str:
    """A number without needless decimals or exponent."""
    written = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _spoken_number(value: float) -> Text:
    written = plain_number(value)
    return Text.of(fr=written.replace(".", ","), en=written)


def _date(question: Question, item: str, given: Submitted, _: Answer | None) -> Parsed:
    precision = question.precision
    parts = (given.day, given.month, given.year)
    written = [value.strip() for value in given.values if value.strip()]
    if written:
        parts = split_date(written[0], precision)
    elif len(filled := [part.strip() for part in parts if part.strip()]) == 1:
        whole = split_date(filled[0], precision)  # all of it in one box
        parts = whole if any(whole) else parts
    wanted_fr, wanted_en = _WANTED[precision]
    if not all(part.strip() for part in parts[3 - PARTS[precision] :]):
        return refuse("date_part", item, wanted_fr=wanted_fr, wanted_en=wanted_en)
    if _SHORT_YEAR.fullmatch(parts[2].strip()):
        return refuse("short_year", item)
    value = iso_date(*parts, precision)
    if value is None:
        fr, en = _EXAMPLES[precision]
        return refuse(
            "no_such_date",
            item,
            wanted_fr=wanted_fr,
            wanted_en=wanted_en,
            example_fr=fr,
            example_en=en,
        )
    limits = question.limits
    if limits.minimum is not None and value < str(limits.minimum):
        return refuse("too_early", item, spoken_date(str(limits.minimum)))
    if limits.maximum is not None and value > str(limits.maximum):
        return refuse("too_late", item, spoken_date(str(limits.maximum)))
    return Answer(value)


def _time(question: Question, item: str, given: Submitted, _: Answer | None) -> Parsed:
    if len(given.values) > 1:
        return refuse("several", item)
    value = iso_time(given.values[0])
    if value is None:
        return refuse("no_such_time", item)
    limits = question.limits
    if limits.minimum is not None and value < str(limits.minimum):
        return refuse("time_too_early", item, spoken_time(str(limits.minimum)))
    if limits.maximum is not None and value > str(limits.maximum):
        return refuse("time_too_late", item, spoken_time(str(limits.maximum)))
    return Answer(value)


def _place(_question: Question, item: str, given: Submitted, _: Answer | None) -> Parsed:
    if sum(map(len, given.values)) > LONGEST:
        return refuse("no_such_place", item)
    written = tuple(value.strip() for value in given.values)
    if len(written) == 1:
        found = point_of(parts_of(written[0]))
        return refuse("no_such_place", item) if found is None else Answer(found.written)
    if not (written[0] and written[1]):
        return refuse("place_half", item)
    if degrees(written[0], "latitude") is None:
        return refuse("no_such_latitude", item)
    if degrees(written[1], "longitude") is None:
        return refuse("no_such_longitude", item)
    found = point_of((*written[:2], *" ".join(written[2:]).split()))
    return refuse("no_such_place", item) if found is None else Answer(found.written)


def _file(question: Question, item: str, given: Submitted, stored: Answer | None) -> Parsed:
    """A file that came in, or the one that is there; its name and its like are never typed."""
    sent = given.file
    if sent is None:
        kept = stored is not None and given.values == (stored.value,)
        return Answer(given.values[0]) if kept else refuse("file_typed", item)
    formats = names_of(question.accepts)
    if sent.trouble:
        return refuse(sent.trouble, item, formats=formats)
    if sent.format not in formats_for(question.accepts):
        return refuse("file_kind", item, formats=formats)
    return Answer(file_of(sent).value)


_PARSERS: dict[Kind, Parser] = {
    Kind.CHOICE: _choice,
    Kind.RATING: _choice,
    Kind.BATTERY: _choice,
    Kind.CHOICES: _choices,
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.LIST: _number,  # how many entries it has
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.PLACE: _place,
    Kind.FILE: _file,
}
