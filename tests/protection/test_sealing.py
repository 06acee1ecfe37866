"""Seals notice any change and any other place; secrets are long, codes are drawn evenly."""

from __future__ import annotations

import io
from collections import Counter

import pytest

from app.protection.codes import check_digit, new_code
from app.protection.keys import new_secret
from app.protection.sealing import AnswerSealing, Ring, is_sealed_draft, seal, unseal
from app.workflows.spool import Spool

RING = Ring(b"k" * 32)
REFUSED = "sealed (by|with)|was destroyed"


def test_a_changed_byte_another_place_or_another_key_opens_nothing() -> None:
    sealed = seal(RING, "words", "row:1")
    assert unseal(RING, sealed, "row:1") == "words"
    for at in range(len(sealed)):
        with pytest.raises(ValueError, match=REFUSED):
            unseal(RING, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], "row:1")
    for ring, place in ((RING, "row:2"), (Ring(b"o" * 32), "row:1")):
        with pytest.raises(ValueError, match=REFUSED):
            unseal(ring, sealed, place)


def test_answers_open_with_their_own_key_alone_and_in_their_own_row() -> None:
    sealing = AnswerSealing(RING, on=True)
    mine, other = sealing.new_key(b"mine"), sealing.new_key(b"other")
    body = sealing.close(b"answers", mine, b"mine")
    assert sealing.open(body, mine, b"mine") == b"answers"
    for key, own in ((other, b"other"), (other, b"mine"), (mine, b"other"), (None, b"mine")):
        with pytest.raises(ValueError, match=REFUSED):
            sealing.open(body, key, own)
    for at in range(1, len(body)):
        with pytest.raises(ValueError, match=REFUSED):
            sealing.open(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :], mine, b"mine")


@pytest.mark.parametrize("on", [True, False])
def test_a_file_and_a_draft_come_back_as_they_were(on: bool) -> None:
    sealing, own = AnswerSealing(RING, on=on), b"mine"
    key, content, body = sealing.new_key(own), b"\x00\x01 a picture", b"\x01{}"
    kept = sealing.close_file(content, key, own, "K9:1")
    assert sealing.open_file(kept, key, own, "K9:1") == content
    assert (content in kept) is not on
    draft = sealing.close_draft(body, "row:1")
    assert sealing.open_draft(draft, "row:1") == body
    assert (body in draft) is not on
    assert is_sealed_draft(draft) is on
    if on:
        for other in ((None, own, "K9:1"), (key, b"other", "K9:1"), (key, own, "K9:2")):
            with pytest.raises(ValueError, match=REFUSED):
                sealing.open_file(kept, *other)
        with pytest.raises(ValueError, match=REFUSED):
            sealing.open_draft(draft, "row:2")


def test_a_secret_has_256_bits_and_is_never_the_same() -> None:
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(each) for each in made} == {43}  # 32 bytes in base 64


def test_codes_are_drawn_evenly() -> None:
    """Each digit at each place within six standard deviations: wrong once in ten million runs."""
    codes = [new_code() for _ in range(5000)]
    assert all(str(check_digit(code[:-1])) == code[-1] for code in codes)
    assert len(set(codes)) == len(codes)
    expected, deviation = 500, (5000 * 0.1 * 0.9) ** 0.5
    for place in range(12):
        counts = Counter(code[place] for code in codes)
        assert len(counts) == 10
        assert all(abs(each - expected) < 6 * deviation for each in counts.values())


def test_what_an_import_keeps_opens_for_its_own_run_alone() -> None:
    file = io.BytesIO()
    kept: Spool[str] = Spool(file)
    kept.put(["Marguerite", "Yves"])
    kept.put(["Odette"])
    assert b"Marguerite" not in file.getvalue()
    assert list(kept.batches()) == [["Marguerite", "Yves"], ["Odette"]]
    file.seek(20)
    file.write(b"another")
    with pytest.raises(ValueError, match="another key"):
        list(kept.batches())
