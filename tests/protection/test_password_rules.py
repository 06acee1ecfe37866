"""Passwords that are refused, and those that are not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protection.password_rules import is_breached, list_fault, weakness

ABOUT = ("Maya Lefèvre", "maya.lefevre@departement-53.example")


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse2026!",
        "MotDePasse!2026",
        "Password1234",
        "P@ssw0rd2026!!",
        "azertyuiop123",
        "qwerty123456",
        "123456789012",
        "9876543210987",
        "abcdefghijklmn",
        "jetaimejetaime",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Bonjour123456",
        "mayenne53000!",
        "Covalue2026!!",
        "admin-admin-1",
        "2026-11-28-2026",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert weakness(password, ABOUT, None) == "common"


@pytest.mark.parametrize("password", ["MayaLefevre2026", "maya.lefevre!53"])
def test_the_own_name_is_no_password(password: str) -> None:
    assert weakness(password, ABOUT, None) == "personal"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "zéphyr mauve tranquille",
        "k8Jq!xVt29Lm",
        "zq 90 17 52 38 64",
        "sept girafes sous la pluie",
        "   trois espaces devant",
        "Δοκιμή για έναν κωδικό",
    ],
)
def test_a_phrase_of_ones_own_is_taken_whatever_its_signs(password: str) -> None:
    assert weakness(password, ABOUT, None) is None


@pytest.mark.parametrize("password", ["k8Jq!xVt29L", "x7" * 101])
def test_length_is_the_first_rule(password: str) -> None:
    assert weakness(password, ABOUT, None) == "length"


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@given(
    st.sets(st.text(min_size=12, max_size=20), min_size=1, max_size=40),
    st.text(min_size=12, max_size=20),
    st.sampled_from([40, 20, 10]),
    st.booleans(),
)
def test_a_file_of_digests_says_exactly_who_is_in_it(
    tmp_path_factory: pytest.TempPathFactory,
    breached: set[str],
    other: str,
    digits: int,
    counted: bool,
) -> None:
    path = tmp_path_factory.mktemp("list") / "breached"
    lines = sorted({sha1(each)[:digits] for each in breached})
    path.write_text("".join(line + (":17" if counted else "") + "\r\n" for line in lines))
    assert list_fault(path) == ""
    assert all(is_breached(each, path) for each in breached)
    assert is_breached(other, path) == (sha1(other)[:digits] in lines)


def test_a_breached_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "breached"
    path.write_text(sha1("correct horse battery staple") + ":384\n")
    assert weakness("correct horse battery staple", ABOUT, path) == "breached"
    assert weakness("sept girafes sous la pluie", ABOUT, path) is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "not SHA-1"),
        ("password\n", "not SHA-1"),
        ("ABCDE\n", "not SHA-1"),
        ("B" * 40 + "\n" + "A" * 40 + "\n", "not sorted"),
    ],
)
def test_a_file_that_is_no_such_list_is_said_at_the_door(
    tmp_path: Path, content: str, fault: str
) -> None:
    path = tmp_path / "breached"
    path.write_text(content)
    assert fault in list_fault(path)
    assert list_fault(tmp_path / "nowhere") == "there is no such file"
