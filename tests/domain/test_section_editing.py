"""Slots for territories are put into a section and taken out of it again."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput, NotFound
from app.domain.plain_documents import Raw
from app.domain.section_editing import section_removed, slot_removed, with_slot

QUESTION: Raw = {"code": "A", "type": "text", "text": {"fr": "a"}}
CORE: Raw = {
    "sections": [
        {"code": "one", "title": {"fr": "Un"}, "items": [QUESTION]},
        {"code": "two", "title": {"fr": "Deux"}, "items": []},
    ]
}


def test_a_slot_goes_and_everything_else_stays() -> None:
    both = with_slot(with_slot(CORE, "one", "early", "3"), "two", "late", "")
    assert slot_removed(both, "early") == with_slot(CORE, "two", "late", "")
    assert slot_removed(slot_removed(both, "late"), "early") == CORE


def test_a_section_whose_slot_is_gone_is_empty_and_can_go() -> None:
    kept = with_slot(CORE, "two", "late", "")
    with pytest.raises(BadInput):
        section_removed(kept, "two")
    assert section_removed(slot_removed(kept, "late"), "two") == {"sections": CORE["sections"][:1]}


def test_a_question_is_no_slot() -> None:
    with pytest.raises(NotFound):
        slot_removed(CORE, "A")
