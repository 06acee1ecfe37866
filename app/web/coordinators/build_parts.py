"""What a form about sections, slots or option lists asks for, as one edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain import editing, section_editing
from app.domain.errors import Conflict, NotFound
from app.domain.new_questions import new_options
from app.domain.plain_documents import Raw, digest
from app.web.coordinators.build_form import entries, option_after
from app.web.coordinators.build_sent import Sent

Change = Callable[[Raw], Raw]


def change_of(form: MultiDict[str, str], languages: Sequence[str]) -> tuple[str, Change]:
    """The place and the edit that the pressed button stands for. Raises NotFound."""
    sent = Sent(form, languages)
    place, action = sent.word("place"), sent.word("go").partition("-")[0]
    changes: dict[str, Change] = {
        "add": lambda d: section_editing.with_section(d, sent.word("code"), _said(sent)),
        "save": lambda d: section_editing.section_changed(
            _unchanged(sent, d, _title(d, place)), place, sent.word("code"), _said(sent)
        ),
        "up": lambda d: section_editing.section_moved(d, place, -1),
        "down": lambda d: section_editing.section_moved(d, place, 1),
        "remove": lambda d: section_editing.section_removed(d, place),
        "slot": lambda d: section_editing.with_slot(
            d, place, sent.word("code"), sent.word("minutes")
        ),
        "unslot": lambda d: section_editing.slot_removed(d, place),
        "list": lambda d: editing.with_list(d, sent.word("name"), new_options(languages)),
    }
    if form.get("what") == "options":
        return place, lambda d: editing.with_list(d, place, _options(sent, d, place))
    if action not in changes:
        raise NotFound
    return place or sent.word("code") or sent.word("name"), changes[action]


def _options(sent: Sent, document: Raw, place: str) -> list[Raw]:
    """The options of a list as the form says them."""
    stored = document.get("option_lists", {}).get(place, [])
    _unchanged(sent, document, stored)
    return entries(sent, "o", option_after(stored))


def _said(sent: Sent) -> Raw:
    """A title as typed; one to be written still has its languages."""
    return sent.worded("title") or sent.text("title")


def _title(document: Raw, section: str) -> Any:
    return next((each["title"] for each in document["sections"] if each["code"] == section), None)


def _unchanged(sent: Sent, document: Raw, stored: Any) -> Raw:
    """The document, if the part still is what the form was made from. Raises Conflict."""
    if digest(stored) != sent.word("seen"):
        raise Conflict
    return document
