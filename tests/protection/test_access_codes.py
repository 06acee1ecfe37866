"""Access codes: the check digit finds what people mistype; other ways to write one are forgiven."""

from __future__ import annotations

import pytest

from app.protection.codes import LENGTH, check_digit, new_code, printed, typed
from app.protection.letter_links import code_in, link_token
from app.protection.pseudonyms import pseudonyms
from app.protection.return_words import return_words
from app.protection.short_codes import new_short_code, typed_short
from app.protection.withdrawal_codes import sheet_code, withdrawal_code, withdrawal_digest
from app.protection.withdrawal_codes import typed as typed_withdrawal

CODES = [new_code() for _ in range(200)]


def test_every_single_wrong_digit_is_found() -> None:
    for code in CODES:
        for place in range(LENGTH):
            for digit in "0123456789".replace(code[place], ""):
                assert typed(code[:place] + digit + code[place + 1 :]) is None


def test_every_swap_of_neighbours_is_found() -> None:
    for code in CODES:
        for place in range(LENGTH - 1):
            one, other = code[place], code[place + 1]
            swapped = code[:place] + other + one + code[place + 2 :]
            assert typed(swapped) == (code if one == other else None)


def test_the_check_digit_is_that_of_the_published_table() -> None:
    assert check_digit("572") == 4  # the example of Damm's thesis


@pytest.mark.parametrize("between", [" ", ".", "-", "_", "/", "\u00a0", "\u202f", ""])
def test_what_stands_between_the_digits_does_not_count(between: str) -> None:
    for code in CODES:
        assert typed(between.join(code)) == code
        assert typed(f" {printed(code).replace(' ', between)} ") == code


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    for code in CODES:
        for one in "IlL":
            assert typed(code.replace("1", one).replace("0", "O")) == code


@pytest.mark.parametrize("text", ["", "1234", "1" * 13, "１" * 12, "abcdefghijkl", "1" * 5000])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert typed(text) is None


def test_a_short_code_has_eight_digits_of_which_the_last_is_a_check() -> None:
    for _ in range(500):
        code = new_short_code()
        assert len(code) == 8
        assert typed_short(f"{code[:4]} {code[4:]}") == code
        assert typed_short(code[:-1] + str((int(code[-1]) + 1) % 10)) is None


def test_what_was_printed_and_told_before_a_release_opens_after_it() -> None:
    """Derived from the secret each time, and stored nowhere: they may never be made otherwise."""
    key = b"k" * 32
    assert return_words(key, 7) == "pomme potager"
    assert withdrawal_code(key, 7, 1) == "027842544135"
    assert sheet_code(key, 7) == "467303339901"
    assert (
        typed_withdrawal("r 0278-4254-4135 ") == typed_withdrawal("R027842544135") == "027842544135"
    )
    assert (
        withdrawal_digest(key, "027842544135").hex()
        == "edc0e1ffc6aa41494cd07be2e7400525ed8fc57e72f751d2be5b4ca0f9a9a3a6"
    )
    letter = "000000123459"
    assert link_token(key, letter) == "CZGKKTv9TIk01z9G8bS3jM3CBYHw"
    assert code_in(key, link_token(key, letter)) == letter, "with the zeros before it"
    assert pseudonyms(key, "extract:1")([7]) == ["Q4RLY6SZTB6U6FLV"]
