"""Questions of LimeSurvey with options: single, several, arrays, rankings."""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.conditions import Includes
from app.domain.questionnaire import (
    Kind,
    Limits,
    Option,
    Question,
    Row,
)
from app.domain.text import Text
from app.interchange.foreign_expressions import Binary, Literal, Name
from app.interchange.foreign_form import Source
from app.interchange.foreign_leaves import Formula, Item, Meaning, Ticked
from app.interchange.foreign_names import Names, plain_code
from app.interchange.foreign_ranks import MOST_RANKS, after, unplaced
from app.interchange.foreign_text import beside
from app.interchange.lss_survey import Asked, LssSurvey, of_part
from app.interchange.lss_words import FIXED, NAMES


def single(reader: LssSurvey, asked: Asked) -> None:
    """One option of a list, with a comment or not."""
    kind = asked.row["type"]
    options, codes = reader.fixed(kind) if kind in FIXED else reader.options(asked)
    reader.with_other(asked, options, codes)
    if not options:
        reader.report.unsupported(asked.place, "options", "options_missing", name=asked.title)
    rating = kind == "5"
    form = Kind.RATING if rating else Kind.CHOICE if options else Kind.TEXT
    question = Question(reader.code(asked), form, asked.text, asked.hint, options=tuple(options))
    names: list[tuple[str, Meaning]] = reader.item(asked, question, codes)
    if "-oth-" in codes:
        other = Formula(Binary("=", Name(asked.title), Literal("-oth-")))
        names += [(name, other) for name in reader.named(asked, "other")]
    reader.add(asked, question, names)
    if kind == "O":
        code = reader.code(asked, "comment")
        reader.report.approximated(asked.place, "look", "comment_apart", code=code)
        comment = Question(code, Kind.LONG_TEXT, reader.words("comment"))
        reader.add(asked, comment, reader.item(asked, comment, {}, "comment"))


def several(reader: LssSurvey, asked: Asked) -> None:
    """Several options, with comments or not."""
    names, codes = Names(options=True), dict[str, str]()
    alone = set(re.split(r"[;,\s]+", asked.attribute("exclude_all_others")))
    options: list[Option] = []
    parts: dict[str, tuple[Source, ...]] = {}
    for part in asked.parts["0"]:
        title = part.get("title", "")
        if title in codes:
            reader.report.approximated(asked.place, "options", "option_twice", name=title)
            continue
        codes[title] = names.code(title)
        text, when = reader.part_text(asked.place, part), reader.filtered(asked, title)
        options.append(Option(codes[title], text, exclusive=title in alone, shown_when=when))
        parts[codes[title]] = of_part(asked, part)
    reader.with_other(asked, options, codes)
    if not options:
        reader.report.unsupported(asked.place, "type", "not_taken", type="M")
        return
    limits = Limits(
        min_choices=_count(reader, asked, "min_answers", len(options)),
        max_choices=_count(reader, asked, "max_answers", len(options)),
    )
    code = reader.code(asked)
    question = Question(
        code, Kind.CHOICES, asked.text, asked.hint, options=tuple(options), limits=limits
    )
    names_of: list[tuple[str, Meaning]] = reader.item(asked, question, codes)
    for name, option in codes.items():
        suffix = "other" if name == "-oth-" else name
        names_of += [(n, Ticked(code, option)) for n in reader.named(asked, suffix)]
    reader.add(asked, question, names_of, parts=parts)
    if asked.row["type"] == "P":
        _comments(reader, asked, question, codes)


def _comments(reader: LssSurvey, asked: Asked, question: Question, codes: dict[str, str]) -> None:
    names = {code: "other" if name == "-oth-" else name for name, code in codes.items()}
    for option in question.options:
        code = reader.code(asked, f"{option.code}comment")
        reader.report.approximated(asked.place, "look", "comment_apart", code=code)
        ticked = Includes(question.code, (option.code,), every=False)
        comment = Question(code, Kind.TEXT, option.text)
        meant = reader.item(asked, comment, {}, f"{names[option.code]}comment")
        reader.add(asked, comment, meant, own=ticked)


def _count(reader: LssSurvey, asked: Asked, name: str, most: int) -> int | None:
    written = asked.attribute(name)
    if not written:
        return None
    if written.isdecimal() and 1 <= int(written[:5]) <= most:
        return int(written)
    reader.report.unsupported(asked.place, "limits", "constraint", expression=f"{name}={written}")
    return None


def array(reader: LssSurvey, asked: Asked) -> None:
    """Rows that share options."""
    kind = asked.row["type"]
    options, codes = reader.fixed(kind) if kind in FIXED else reader.options(asked)
    if kind == "H":
        reader.report.approximated(asked.place, "look", "transposed")
    _battery(reader, asked, options, codes, "")


def dual(reader: LssSurvey, asked: Asked) -> None:
    """Rows with two lists of options."""
    for scale in ("0", "1"):
        options, codes = reader.options(asked, scale)
        _battery(reader, asked, options, codes, f"_{scale}", scale)


def _battery(
    reader: LssSurvey,
    asked: Asked,
    options: list[Option],
    codes: dict[str, str],
    suffix: str,
    scale: str = "",
) -> None:
    rows, named = list[Row](), list[tuple[str, Meaning]]()
    parts: dict[str, tuple[Source, ...]] = {}
    for part in asked.parts["0"]:
        title = part.get("title", "")
        wanted = f"{title}{suffix}"
        code = reader.code(asked, wanted)
        text = reader.part_text(asked.place, part)
        rows.append(Row(code, text, reader.filtered(asked, title)))
        parts[code] = of_part(asked, part)
        meaning = Item(code, Kind.CHOICE, codes)
        named.append((f"{asked.title}_{wanted}", meaning))
        named.append((f"{reader.named(asked)[1]}{title}{'#' if scale else ''}{scale}", meaning))
    if not rows or not options:
        reader.report.unsupported(asked.place, "type", "not_taken", type=asked.row["type"])
        return
    header = _header(reader, asked, scale)
    question = Question(
        reader.code(asked, f"a{suffix}" if suffix else "a"),
        Kind.BATTERY,
        header,
        asked.hint,
        options=tuple(options),
        rows=tuple(rows),
    )
    reader.add(asked, question, named, parts=parts)


def _header(reader: LssSurvey, asked: Asked, scale: str) -> Text:
    name = {"0": "dualscale_headerA", "1": "dualscale_headerB"}.get(scale)
    written = {c: v for c, v in asked.attributes.get(name or "", {}).items() if v}
    if not written:
        return asked.text
    return beside(asked.text, reader.text(asked.place, written))


def ranks(reader: LssSurvey, asked: Asked) -> None:
    """A ranking: one question for each rank."""
    parts: dict[str, tuple[Source, ...]] = {}
    options, codes = reader.options(asked)
    if not options:
        for part in asked.parts["0"]:
            codes[part.get("title", "")] = plain_code(part.get("title", ""), "o")
            text = reader.part_text(asked.place, part)
            options.append(Option(codes[part.get("title", "")], text))
            parts[codes[part.get("title", "")]] = of_part(asked, part)
    options = [
        replace(option, shown_when=reader.filtered(asked, title))
        for title, option in zip(codes, options, strict=True)
    ]
    most = _count(reader, asked, "max_answers", len(options)) or len(options)
    reader.report.approximated(asked.place, "look", "as_ranks", type=NAMES["R"])
    if most > MOST_RANKS:
        reader.report.approximated(asked.place, "type", "ranks_kept", most=MOST_RANKS, number=most)
    earlier: list[str] = []
    for rank in range(1, min(most, MOST_RANKS) + 1):
        words = Text(tuple((tag, f"{w} {rank}") for tag, w in reader.words("rank").wordings))
        question = Question(
            reader.code(asked, str(rank)),
            Kind.CHOICE,
            beside(asked.text, words),
            asked.hint,
            options=unplaced(options, earlier),
        )
        meant = reader.item(asked, question, codes, str(rank))
        reader.add(asked, question, meant, after(earlier), parts=parts)
        earlier.append(question.code)
    if not options:
        reader.report.unsupported(asked.place, "type", "not_taken", type=NAMES["R"])
