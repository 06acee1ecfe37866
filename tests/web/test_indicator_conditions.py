"""A condition that a form sends and that no definition can hold is refused before it is shown."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.errors import BadInput
from app.web.coordinators.condition_form import condition_sent


@pytest.mark.parametrize(("item", "value"), [("E01", '"><b>'), ("E 01", "1"), ("E01", "1" * 6000)])
def test_a_condition_that_no_definition_holds_is_refused(item: str, value: str) -> None:
    """Before a page shows it again: no row could."""
    rows = {"c-count": "1", "c0-item": item, "c0-was": item, "c0-relation": "is"}
    with pytest.raises(BadInput) as refusal:
        condition_sent(MultiDict([*rows.items(), ("c0-value", value)]), "c")
    assert [fault.place for fault in refusal.value.faults] == ["c"]
