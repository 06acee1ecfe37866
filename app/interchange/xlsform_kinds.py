"""Rows of an XLSForm that become another kind of question, or several: ranges, moments, lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.domain.questionnaire import Kind, Limits, Option
from app.interchange.accepted_files import DRAWN, TYPES, by_media
from app.interchange.foreign_ranks import after, unplaced
from app.interchange.xlsform_sheets import Row
from app.interchange.xlsform_survey import SurveyReader
from app.interchange.xlsform_words import PHONE

MOST_RATING = 21


def moment(reader: SurveyReader, row: Row) -> None:
    """A day and a time of day: a question for each."""
    reader.report.approximated(row.place, "look", "as_date_and_time", type=row.get("type"))
    reader.simple(row, Kind.DATE, "date")
    reader.add(row, Kind.TIME, suffix="_time")


def shape(reader: SurveyReader, row: Row) -> None:
    """A line or an area: its points, in words."""
    reader.report.approximated(row.place, "type", "as_text", type=row.get("type"))
    reader.add(row, Kind.LONG_TEXT)


def file(reader: SurveyReader, row: Row) -> None:
    """A picture, a sound, a film, or whatever else is a file."""
    written = row.get("type").casefold()
    media = re.split(r"[\s,]+", row.get("body::accept").casefold())
    accepts = TYPES[written] if written != "file" else by_media(filter(None, media))
    if DRAWN.intersection(row.get("appearance").casefold().split()):
        drawn = f"{written} {row.get('appearance')}"
        reader.report.approximated(row.place, "type", "as_picture", type=drawn)
    reader.add(row, Kind.FILE, accepts=accepts)


def scale(reader: SurveyReader, row: Row) -> None:
    """A range: a rating where its steps are few and whole, else a number."""
    given = dict(re.findall(r"(\w+)\s*=\s*(-?[\d.]+)", row.get("parameters")))
    try:
        low, high = float(given.get("start", 0)), float(given.get("end", 10))
        step = float(given.get("step", 1))
    except ValueError:
        low, high, step = 0.0, 10.0, 1.0
    steps = low.is_integer() and high.is_integer() and step == 1
    if steps and 1 <= high - low < MOST_RATING and low >= -100 and high <= 100:
        numbers = [str(number) for number in range(int(low), int(high) + 1)]
        options = tuple(Option(n, reader.words({}, n), float(n)) for n in numbers)
        reader.add(row, Kind.RATING, options=options, codes={n: n for n in numbers})
        return
    if step != 1:
        reader.report.approximated(row.place, "limits", "constraint", expression=f"step={step:g}")
    whole = all(number.is_integer() for number in (low, high, step))
    limits = Limits(min(low, high), max(low, high), decimals=0 if whole else 6)
    reader.add(row, Kind.NUMBER, limits=limits)


def acknowledge(reader: SurveyReader, row: Row) -> None:
    """One box to tick."""
    options = (Option("OK", reader.words({"fr": "Oui", "es": "Sí"}, "OK")),)
    reader.report.approximated(row.place, "look", "one_option")
    reader.add(row, Kind.CHOICES, options=options, codes={"OK": "OK"})


def phone(reader: SurveyReader, row: Row) -> None:
    """A phone number: digits alone."""
    reader.add(row, Kind.TEXT, limits=Limits(pattern="[0-9]*"))


def shared(reader: SurveyReader, row: Row) -> None:
    """A row of a block whose rows share one list of options, or a rank among them."""
    group = reader.groups[-1] if reader.groups else None
    listed = reader.lists.get(group.listed) if group else None
    if group is None or listed is None:
        reader.report.unsupported(row.place, "type", "not_taken", type=row.get("type"))
        return
    reader.used.add(group.listed)
    options, own = listed.options, None
    if row.get("type").casefold() == "rank__level":
        reader.report.approximated(row.place, "look", "as_ranks", type="rank")
        options, own = unplaced(options, group.ranks), after(group.ranks)
    reader.about_options(row, listed)
    code = reader.add(row, Kind.CHOICE, options=options, codes=dict(listed.codes), own=own)
    group.ranks.append(code)


KINDS: Mapping[str, Callable[[SurveyReader, Row], None]] = {
    "range": scale,
    **dict.fromkeys(("score__row", "rank__level"), shared),
    **dict.fromkeys(("geotrace", "geoshape"), shape),
    **dict.fromkeys(TYPES, file),
    **dict.fromkeys(PHONE, phone),
    **dict.fromkeys(("acknowledge", "trigger"), acknowledge),
    **dict.fromkeys(("datetime", "date_time", "date time"), moment),
}
