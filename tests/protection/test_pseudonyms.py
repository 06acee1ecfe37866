"""Names of people in extracts: steady within one, unrelated between two."""

from __future__ import annotations

import base64
import hashlib
import hmac
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
    names = pseudonyms(KEY, one)([person, person + 1])
    assert names == pseudonyms(KEY, one)([str(person), str(person + 1)])
    assert all(re.fullmatch("[A-Z2-7]{16}", name) for name in names)
    assert (pseudonyms(KEY, two)([person]) == names[:1]) == (one == two)


def test_people_of_one_extract_have_different_names_that_hang_on_the_secret() -> None:
    ours = pseudonyms(KEY, "extract:1")
    other = pseudonyms(Keys.derive(b"another secret, of another house!").pseudonyms, "extract:1")
    names = set(ours(range(20_000)))
    assert len(names) == 20_000
    assert names.isdisjoint(other(range(20_000)))


def test_names_are_base32_of_a_keyed_hash_and_nobody_has_none() -> None:
    own = hmac.digest(KEY, b"pseudonyms of extract:1", "sha256")
    made = base64.b32encode(hashlib.blake2b(b"7", key=own, digest_size=10).digest()).decode()
    assert pseudonyms(KEY, "extract:1")([7]) == [made]
    assert pseudonyms(KEY, "extract:1")([]) == []


def test_no_purpose_no_names() -> None:
    with pytest.raises(ValueError, match="purpose"):
        pseudonyms(KEY, "")
