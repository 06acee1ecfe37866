"""Core and module make an instrument, or a refusal."""

from __future__ import annotations

import pytest
from tiny import module, survey, text_of

from app.definitions.composition import compose
from app.definitions.files import read_module
from app.domain.errors import BadDefinition
from app.domain.questionnaire import Slot


def test_the_module_goes_into_the_slots() -> None:
    instrument = compose(survey("slots"), module())
    assert [page.code for page in instrument.pages] == ["A1", "A1_BDX", "A2", "Z_BDX"]
    assert instrument.modules == ("BDX",)
    entries = [entry for section in instrument.sections for entry in section.entries]
    assert not any(isinstance(entry, Slot) for entry in entries)


def test_without_a_module_only_the_slots_go() -> None:
    instrument = compose(survey("slots"), None)
    assert instrument.questions == survey("slots").questions
    assert instrument.modules == ()


def test_the_core_lends_its_option_lists() -> None:
    (question,) = module().pages_by_slot["after_A1"][0].questions
    assert [option.code for option in question.options] == ["yes", "no"]
    with pytest.raises(BadDefinition) as refused:
        read_module(text_of("slots_module"), None)
    assert [found.rule for found in refused.value.findings] == ["unknown_list"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("after_A1:", "nowhere:", "unknown_slot"),
        ("code: A1_BDX", "code: A2", "code_taken"),
        ("A1 = yes", "A2 = yes", "later_item"),
        ("A1 = yes", "A7 = yes", "unknown_item"),
    ],
)
def test_what_does_not_fit_is_refused(old: str, new: str, rule: str) -> None:
    other = read_module(text_of("slots_module").replace(old, new), survey("slots"))
    with pytest.raises(BadDefinition) as refused:
        compose(survey("slots"), other)
    assert [found.rule for found in refused.value.findings] == [rule]
