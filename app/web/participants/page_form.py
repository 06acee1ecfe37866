"""The form of a question page: names of fields, and what was sent in them.

Fields are named after item codes with a hyphen, which no code contains: ``q-E01``,
``q-E01-other``, ``q-E01-out``, ``q-E01-day``, ``q-E01-file``, ``q-E01-remove``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from app.domain.acceptance import Submitted
from app.domain.answers import Answers
from app.domain.questionnaire import Kind, Page
from app.web.form_files import read_sent
from app.workflows.collect import Sent
from app.workflows.standing import mark

WAY = "~"  # stands before a way out among the values of an item; no option code begins so
WRITTEN = frozenset(
    {Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.PLACE, Kind.LIST}
)
_NONE = ("",)
Files = Mapping[str, FileStorage]
NO_FILES: Files = {}
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Given:
    """What a question page sent: its answers as text, and its hidden fields."""

    answers: dict[str, Submitted]
    key: str
    seen: str
    reminded: bool
    to_check: bool
    adding: bool  # another entry of a list


def given(page: Page, form: MultiDict[str, str], files: Files = NO_FILES) -> Given:
    """What was sent for every item of the page, whether shown or not.

    Everything stays text: what it may be is decided in one place, ``domain.acceptance``. There is
    no form class here: a field for each name took longer to make than all else on the way in.
    """
    sent = dict(form.lists())

    def hidden(name: str) -> str:
        return sent.get(f"form-{name}", _NONE)[0]

    return Given(
        {
            item: _submitted(sent, question.kind, item, files)
            for question in page.questions
            for item in question.item_codes
        },
        hidden("key")[:40],
        hidden("seen")[:4000],
        hidden("reminded") == "1",
        hidden("check") == "1",
        sent.get("go", _NONE)[0] == "add",
    )


def _submitted(sent: Mapping[str, Sequence[str]], kind: Kind, item: str, files: Files) -> Submitted:
    name = f"q-{item}"
    ways = [way.removeprefix(WAY) for way in sent.get(f"{name}-out", ())]
    if kind is Kind.DATE:
        day, month, year = (sent.get(f"{name}-{part}", _NONE)[0] for part in DATE_PARTS)
        return Submitted(why=ways[0] if ways else "", day=day, month=month, year=year)
    if kind is Kind.PLACE:
        parts = (name, f"{name}-longitude", f"{name}-device")
        latitude, longitude, device = (sent.get(part, _NONE)[0] for part in parts)
        written = (latitude, longitude, device) if (latitude + longitude).strip() else ()
        return Submitted(written, why=ways[0] if ways else "")
    if kind is Kind.FILE:  # the name that it came with is not looked at
        file, removed = read_sent(files.get(f"{name}-file")), f"{name}-remove" in sent
        return Submitted(why=ways[0] if ways else "", file=file, removed=removed)
    values = sent.get(name, ())
    if kind not in WRITTEN:
        ways += [value[1:] for value in values if value.startswith(WAY)]
        values = [value for value in values if not value.startswith(WAY)]
    other = sent.get(f"{name}-other", _NONE)[0]
    return Submitted(tuple(values), other, ways[0] if ways else "")


def sent_by(form: Given) -> Sent:
    """The form as the workflow takes it."""
    return Sent(
        form.answers,
        _read_marks(form.seen),
        form.key or new_key(),
        reminded=form.reminded,
        to_check=form.to_check,
        adding=form.adding,
    )


def new_key() -> str:
    """A new idempotency key."""
    return secrets.token_urlsafe(12)


def marks(items: Iterable[str], answers: Answers) -> str:
    """What the form is rendered from: every item shown, with the mark of its stored answer."""
    return written({item: mark(answers.get(item)) for item in items})


def written(found: Mapping[str, str]) -> str:
    """Marks by item, as the form holds them."""
    return " ".join(f"{item}={one}" for item, one in found.items())


def _read_marks(written: str) -> Mapping[str, str]:
    pairs = (pair.partition("=") for pair in written.split())
    return {item: found for item, _, found in pairs}


def items_in(written: str) -> frozenset[str]:
    """The items that a form showed."""
    return frozenset(_read_marks(written))
