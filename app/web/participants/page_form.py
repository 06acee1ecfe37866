"""The form of a question page: names of fields, one form class per page, what it sent.

A class is made once per page of an instrument and kept. Fields are named after item codes with a
hyphen, which no code contains: ``q-E01``, ``q-E01-other``, ``q-E01-out``, ``q-E01-day``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, StringField

from app.domain.acceptance import Submitted
from app.domain.answers import Answers
from app.domain.questionnaire import Kind, Page
from app.storage.instruments import Frozen
from app.workflows.collect import Sent
from app.workflows.standing import mark

WAY = "~"  # stands before a way out among the values of an item; no option code begins so
WRITTEN = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE, Kind.LIST})
_NONE = ("",)
DATE_PARTS = ("day", "month", "year")


class Given(Field):  # type: ignore[misc] # WTForms has no types
    """What was typed and ticked for every item of a page, shown or not, for ``domain.acceptance``.

    One field for all: a field for each name took longer to make than all else on the way in.
    """

    data: dict[str, Submitted]

    def __init__(self, kinds: Mapping[str, Kind], **options: Any) -> None:
        super().__init__(**options)
        self.kinds = kinds

    def process(self, formdata: MultiDict[str, str], *_: object, **__: object) -> None:
        """Keep everything as text: what it may be is decided in one place, below the web."""
        sent = dict(formdata.lists())
        self.data = {item: _submitted(sent, kind, item) for item, kind in self.kinds.items()}


class Hidden(Form):  # type: ignore[misc] # as above
    """What every question page sends beside the answers."""

    key = StringField(name="form-key")
    seen = StringField(name="form-seen")
    reminded = StringField(name="form-reminded")
    to_check = StringField(name="form-check")
    frame = StringField(name="form-frame")
    go = StringField(name="go")
    answers: Given  # of the page


@lru_cache(maxsize=4096)
def _form_class(_instrument: str, _page: str, items: tuple[tuple[str, Kind], ...]) -> type[Hidden]:
    return type("PageForm", (Hidden,), {"answers": Given(dict(items))})


def form_of(frozen: Frozen, page: Page, sent: MultiDict[str, str]) -> Hidden:
    """The page's form with what was sent; every item of the page, whether shown or not."""
    items = tuple(
        (item, question.kind) for question in page.questions for item in question.item_codes
    )
    return _form_class(frozen.checksum, page.code, items)(sent)


def _submitted(sent: Mapping[str, Sequence[str]], kind: Kind, item: str) -> Submitted:
    name = f"q-{item}"
    ways = [way.removeprefix(WAY) for way in sent.get(f"{name}-out", ())]
    if kind is Kind.DATE:
        day, month, year = (sent.get(f"{name}-{part}", _NONE)[0] for part in DATE_PARTS)
        return Submitted(why=ways[0] if ways else "", day=day, month=month, year=year)
    values = sent.get(name, ())
    if kind not in WRITTEN:
        ways += [value[1:] for value in values if value.startswith(WAY)]
        values = [value for value in values if not value.startswith(WAY)]
    other = sent.get(f"{name}-other", _NONE)[0]
    return Submitted(tuple(values), other, ways[0] if ways else "")


def submitted(form: Hidden, page: Page) -> dict[str, Submitted]:
    """What was typed and ticked, by item, for ``domain.acceptance``."""
    return {
        item: form.answers.data[item] for question in page.questions for item in question.item_codes
    }


def sent_by(form: Hidden) -> Sent:
    """The form as the workflow takes it."""
    return Sent(
        form.answers.data,
        _read_marks(form.seen.data or ""),
        (form.key.data or "")[:40] or new_key(),
        reminded=form.reminded.data == "1",
        to_check=form.to_check.data == "1",
        adding=form.go.data == "add",
    )


def new_key() -> str:
    """A new idempotency key."""
    return secrets.token_urlsafe(12)


def marks(items: Iterable[str], answers: Answers) -> str:
    """What the form is rendered from: every item shown, with the mark of its stored answer."""
    return " ".join(f"{item}={mark(answers.get(item))}" for item in items)


def _read_marks(written: str) -> Mapping[str, str]:
    pairs = (pair.partition("=") for pair in written[:4000].split())
    return {item: found for item, _, found in pairs}


def items_in(written: str) -> frozenset[str]:
    """The items that a form showed."""
    return frozenset(_read_marks(written))
