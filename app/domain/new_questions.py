"""A new question of each kind, as short as a definition may be; the editor fills the rest."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.answer_files import Medium
from app.domain.plain_documents import Raw
from app.domain.questionnaire import Kind

ORDER = (  # of a question's keys, as files are written
    "code",
    "type",
    "text",
    "hint",
    "why_we_ask",
    "interviewer_note",
    "unit",
    "name",
    "entry",
    "most",
    "proxy",
    "shown_when",
    "options",
    "extra_options",
    "rows",
    "layout",
    "precision",
    "scan",
    "accepts",
    "from",
    "to",
    "labels",
    "limits",
    "ways_out",
    "required",
    "sensitive",
    "status",
    "source",
    "library",
    "questions",
)
USUAL = {  # what a key says where it is left out
    "required": "no",
    "status": "draft",
    "precision": "day",
    "layout": "one_by_one",
    "sensitive": "false",
    "scan": "false",
}


def new_question(kind: Kind, code: str, languages: Sequence[str]) -> Raw:
    """A question of this kind with nothing said yet."""
    return {"code": code, "type": kind.value, "text": blank(languages)} | own_parts(
        kind, code, languages
    )


def blank(languages: Sequence[str]) -> dict[str, str]:
    """A text to be written."""
    return dict.fromkeys(languages, "")


def own_parts(kind: Kind, code: str, languages: Sequence[str]) -> Raw:
    """The parts without which a question of this kind is none."""
    if kind in (Kind.CHOICE, Kind.CHOICES):
        return {"options": new_options(languages)}
    if kind is Kind.RATING:
        return {"from": "0", "to": "10"}
    if kind is Kind.FILE:
        return {"accepts": [Medium.PICTURE.value]}
    if kind is Kind.BATTERY:
        rows = [{"code": f"{code}{sign}"[:32], "text": blank(languages)} for sign in "ab"]
        return {"options": new_options(languages), "rows": rows}
    if kind is Kind.LIST:
        asked = new_question(Kind.CHOICE, f"{code[:30]}1", languages)
        asked["text"] = dict.fromkeys(languages, "{entry}")
        return {"name": blank(languages), "entry": blank(languages), "questions": [asked]}
    return {}


def new_options(languages: Sequence[str]) -> list[Raw]:
    """Two options to be worded."""
    return [{"code": str(number), "text": blank(languages)} for number in (1, 2)]


def in_order(question: Raw) -> Raw:
    """The question with its keys in the order in which files are written."""
    return {key: question[key] for key in ORDER if key in question}
