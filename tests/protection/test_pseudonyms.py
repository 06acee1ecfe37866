"""Names of people in extracts: steady within one, unrelated between two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protection.keys import Keys
from app.protection.pseudonyms import pseudonyms

KEY = Keys.derive(b"a secret that is only good for tests").pseudonyms


@given(st.integers(0, 10**9), st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_a_person_has_one_name_in_an_extract_and_another_in_the_next(
    person: int, one: str, two: str
) -> None:
    name = pseudonyms(KEY, one)(person)
    assert name == pseudonyms(KEY, one)(str(person))
    assert re.fullmatch("[A-Z2-7]{16}", name)
    assert (pseudonyms(KEY, two)(person) == name) == (one == two)


def test_people_of_one_extract_have_different_names_that_hang_on_the_secret() -> None:
    ours = pseudonyms(KEY, "extract:1")
    other = pseudonyms(Keys.derive(b"another secret, of another house!").pseudonyms, "extract:1")
    names = {ours(person) for person in range(20_000)}
    assert len(names) == 20_000
    assert names.isdisjoint({other(person) for person in range(20_000)})


def test_no_purpose_no_names() -> None:
    with pytest.raises(ValueError, match="purpose"):
        pseudonyms(KEY, "")
