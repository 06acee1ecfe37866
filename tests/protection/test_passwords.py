"""Passwords at the cost that a deployment pays."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from app.protection import passwords

TYPED = "four words of a person"


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    hasher = passwords.hasher()
    monkeypatch.setattr(passwords, "_hasher", hasher)
    return hasher


def test_a_hash_is_argon2id_of_nineteen_mebibytes(shipped: PasswordHasher) -> None:
    stored = passwords.hash_password(TYPED)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored != passwords.hash_password(TYPED), "salted"
    assert passwords.password_matches(stored, TYPED)
    assert not passwords.password_matches(stored, TYPED + " ")
    assert not passwords.password_matches(None, TYPED)
    assert not passwords.password_matches("not a hash", TYPED)


def test_a_hash_of_another_cost_is_made_again(shipped: PasswordHasher) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(TYPED)
    assert passwords.password_matches(cheap, TYPED)
    assert passwords.wants_rehash(cheap)
    assert not passwords.wants_rehash(passwords.hash_password(TYPED))
