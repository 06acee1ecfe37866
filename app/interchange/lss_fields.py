"""Questions of LimeSurvey that are written: texts, numbers, dates, tables of fields."""

from __future__ import annotations

import re

from app.domain.conditions import Condition, as_number
from app.domain.patterns import compiled
from app.domain.questionnaire import (
    Kind,
    Limits,
    Option,
    Question,
)
from app.domain.text import NO_TEXT, Text
from app.interchange.accepted_files import by_ending
from app.interchange.foreign_form import Source
from app.interchange.foreign_leaves import Meaning, Ticked
from app.interchange.foreign_names import Names
from app.interchange.foreign_text import at_what_time, beside
from app.interchange.lss_survey import Asked, LssSurvey, of_part
from app.interchange.lss_tables import Record

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def parts_asked(reader: LssSurvey, asked: Asked) -> None:
    """Several short answers, each of which becomes a question."""
    kind = Kind.NUMBER if asked.row["type"] == "K" or asked.attribute("numbers_only") else None
    for part in asked.parts["0"]:
        title = part.get("title", "")
        text = beside(asked.text, reader.part_text(asked.place, part))
        question = _field(reader, asked, reader.code(asked, title), text, kind or Kind.TEXT)
        meant, when = reader.item(asked, question, {}, title), reader.filtered(asked, title)
        reader.add(asked, question, meant, when, of_part(asked, part))
    if not asked.parts["0"]:
        reader.report.unsupported(asked.place, "type", "not_taken", type=asked.row["type"])


def cells(reader: LssSurvey, asked: Asked) -> None:
    """A table of fields: a question for each cell."""
    ticks = asked.row["type"] == ":" and bool(asked.attribute("multiflexible_checkbox"))
    kind = Kind.NUMBER if asked.row["type"] == ":" else Kind.TEXT
    for line in asked.parts["0"]:
        above = beside(asked.text, reader.part_text(asked.place, line))
        when, own = reader.filtered(asked, line.get("title", "")), of_part(asked, line)
        if ticks:
            _ticked_line(reader, asked, line, above, when)
            continue
        for column in asked.parts["1"]:
            suffix = f"{line.get('title', '')}_{column.get('title', '')}"
            text = beside(above, reader.part_text(asked.place, column))
            question = _field(reader, asked, reader.code(asked, suffix), text, kind)
            meant = reader.item(asked, question, {}, suffix)
            reader.add(asked, question, meant, when, (*own, *of_part(asked, column)))
    if not asked.parts["0"] or not asked.parts["1"]:
        reader.report.unsupported(asked.place, "type", "not_taken", type=asked.row["type"])


def _ticked_line(
    reader: LssSurvey, asked: Asked, line: Record, above: Text, when: Condition | None
) -> None:
    names, codes = Names(options=True), dict[str, str]()
    parts: dict[str, tuple[Source, ...]] = {}
    options: list[Option] = []
    for column in asked.parts["1"]:
        title = column.get("title", "")
        codes[title] = names.code(title)
        options.append(Option(codes[title], reader.part_text(asked.place, column)))
        parts[codes[title]] = of_part(asked, column)
    title = line.get("title", "")
    code = reader.code(asked, title)
    question = Question(code, Kind.CHOICES, above, asked.hint, options=tuple(options))
    named: list[tuple[str, Meaning]] = []
    for name, option in codes.items():
        named += [(n, Ticked(code, option)) for n in reader.named(asked, f"{title}_{name}")]
    reader.add(asked, question, named, when, of_part(asked, line), parts)


def written(reader: LssSurvey, asked: Asked) -> None:
    """A text or a number."""
    kind = Kind.TEXT if asked.row["type"] == "S" else Kind.LONG_TEXT
    if asked.row["type"] == "N" or asked.attribute("numbers_only"):
        kind = Kind.NUMBER
    elif kind is Kind.TEXT and asked.attribute("location_mapservice"):
        kind = Kind.PLACE
    question = _field(reader, asked, reader.code(asked), asked.text, kind)
    reader.add(asked, question, reader.item(asked, question, {}))


def _field(reader: LssSurvey, asked: Asked, code: str, text: Text, kind: Kind) -> Question:
    unit = NO_TEXT
    suffix = {c: v for c, v in asked.attributes.get("suffix", {}).items() if v}
    if kind is Kind.NUMBER and suffix:
        unit = reader.text(asked.place, suffix, filled=False)
    elif suffix:
        value = next(iter(suffix.values()))
        reader.report.unsupported(asked.place, "look", "attribute", name="suffix", value=value)
    if kind is Kind.PLACE:
        return Question(code, kind, text, asked.hint)
    limits = _number_limits(reader, asked) if kind is Kind.NUMBER else _text_limits(reader, asked)
    return Question(code, kind, text, asked.hint, limits=limits, unit=unit)


def _number_limits(reader: LssSurvey, asked: Asked) -> Limits:
    bounds: dict[str, float | None] = {}
    for end, names in (
        ("minimum", ("min_num_value_n", "multiflexible_min", "slider_min")),
        ("maximum", ("max_num_value_n", "multiflexible_max", "slider_max")),
    ):
        written = next((w for w in map(asked.attribute, names) if w), "")
        bounds[end] = as_number(written) if written else None
        if written and bounds[end] is None:
            told = f"{end} {written}"
            reader.report.unsupported(asked.place, "limits", "constraint", expression=told)
    low, high = bounds["minimum"], bounds["maximum"]
    if low is not None and high is not None and low > high:
        low = high = None
    return Limits(low, high, decimals=0 if asked.attribute("num_value_int_only") else 6)


def _text_limits(reader: LssSurvey, asked: Asked) -> Limits:
    written = asked.attribute("maximum_chars")
    longest = int(written) if written.isdecimal() and 1 <= int(written[:6]) <= 20_000 else None
    preg = asked.row.get("preg", "").strip()
    found = re.fullmatch(r"/\^?(.*?)\$?/[a-zA-Z]*", preg, re.DOTALL)
    pattern = found[1] if found and compiled(found[1]) is not None else None
    if preg and not pattern:
        reader.report.unsupported(asked.place, "limits", "constraint", expression=preg)
    return Limits(max_length=longest, pattern=pattern or None)


def file(reader: LssSurvey, asked: Asked) -> None:
    """A file; of several, one."""
    most = asked.attribute("max_num_of_files") or "1"
    if most != "1":
        reader.report.approximated(asked.place, "limits", "one_file", most=most)
    endings = re.findall(r"\w+", asked.attribute("allowed_filetypes").casefold())
    question = Question(
        reader.code(asked), Kind.FILE, asked.text, asked.hint, accepts=by_ending(endings)
    )
    reader.add(asked, question, reader.item(asked, question, {}))


def moment(reader: LssSurvey, asked: Asked) -> None:
    """A date, to the day, the month or the year."""
    written = asked.attribute("date_format").casefold()
    parts = set(re.findall(r"[a-z]", written))
    timed = bool(parts & {"h", "i"})
    if timed and not parts & {"d", "m", "y"}:
        _time(reader, asked, reader.code(asked), asked.text, "")
        return
    if timed:
        reader.report.approximated(asked.place, "look", "as_date_and_time", type=written)
    precision = "day" if not parts or "d" in parts else "month" if "m" in parts else "year"
    bounds = {}
    for end, name in (("minimum", "date_min"), ("maximum", "date_max")):
        value = asked.attribute(name)
        if _ISO.fullmatch(value) and precision == "day":
            bounds[end] = value
        elif value:
            told = f"{name}={value}"
            reader.report.unsupported(asked.place, "limits", "constraint", expression=told)
    question = Question(
        reader.code(asked),
        Kind.DATE,
        asked.text,
        asked.hint,
        limits=Limits(bounds.get("minimum"), bounds.get("maximum")),
        precision=precision,  # type: ignore[arg-type]
    )
    reader.add(asked, question, reader.item(asked, question, {}))
    if timed:
        words = Text.of({tag: at_what_time(tag) for tag in reader.form.languages})
        _time(reader, asked, reader.code(asked, "time"), beside(asked.text, words), "time")


def _time(reader: LssSurvey, asked: Asked, code: str, text: Text, suffix: str) -> None:
    question = Question(code, Kind.TIME, text, asked.hint)
    reader.add(asked, question, reader.item(asked, question, {}, suffix))


def told(reader: LssSurvey, asked: Asked) -> None:
    """A text that asks nothing."""
    reader.add(asked, Question(reader.code(asked), Kind.INFORMATION, asked.text, asked.hint))


def equation(reader: LssSurvey, asked: Asked) -> None:
    """A calculated value."""
    written = asked.attribute("equation")
    if not written:
        by_language = reader.tables.written("questions", asked.row.get("qid", ""), "question")
        written = next(iter(by_language.values()), "")
    reader.report.unsupported(asked.place, "form", "calculation", name=asked.title)
    inside = re.fullmatch(r"\s*(?:<[^>]*>\s*)*\{(.*)\}\s*(?:</[^>]*>\s*)*", written, re.DOTALL)
    for name in reader.named(asked):
        reader.form.calculated(name, inside[1] if inside else written)
