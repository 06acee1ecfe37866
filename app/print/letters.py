"""Invitation letters as tagged PDF: Typst sets them, their content is data and never markup."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import orjson
import segno

from app.print.setting import set_pdf

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
TEMPLATE = Path(__file__).with_name("letter.typ")


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """What differs from one letter to the next; ``code`` is written as it is printed."""

    code: str
    language: str  # fr or en
    address: tuple[str, ...]
    place: str  # the territory's name
    team: str  # who runs it there
    phone: str
    until: str
    sheet: str  # the reference, by which a returned letter is recorded
    link: str  # what the square opens: the person's own way in
    words: str = ""  # in place of the first paragraph
    large: bool = False  # larger type
    minutes: str = ""  # what answering takes, where that is known
    hours: str = ""  # when somebody answers at the telephone


def letters_pdf(
    letters: Sequence[Letter],
    *,
    programme: Mapping[str, str],
    title: Mapping[str, str],
    address: str,
    synthetic: bool,
    made_at: datetime,
) -> tuple[bytes, frozenset[str]]:
    """One tagged PDF with a page for each letter, and the signs that no font here could show.

    ``programme``, ``title``: in fr and en. ``address``: where to answer, as it is printed: it opens
    nothing without the code. Raises ``CannotBeSet``.
    """
    data = {
        "letters": [asdict(letter) | {"qr": qr_svg(letter.link)} for letter in letters],
        "programme": dict(programme),
        "title": title[_spoken(letters)],
        "address": address.removeprefix("https://"),
        "synthetic": synthetic,
    }
    inputs = {"letters": orjson.dumps(data).decode()}
    return set_pdf(TEMPLATE, inputs, made_at)


def _spoken(letters: Sequence[Letter]) -> str:
    """The one language of all letters; French where they are in both."""
    languages = {letter.language for letter in letters}
    return "en" if languages == {"en"} else "fr"


def qr_svg(address: str) -> str:
    """The address as a QR code in SVG, with its quiet border; error correction M."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=4, scale=4)
    return out.getvalue().decode()


def written_date(day: date, language: str) -> str:
    """The day in words: ``1er octobre 2026``, ``1 October 2026``."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {MONTHS[language].split()[day.month - 1]} {day.year}"
