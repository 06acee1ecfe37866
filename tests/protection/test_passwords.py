"""Passwords at the cost that a deployment pays."""

from __future__ import annotations

import threading
import time
from typing import Any

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


class Counting(PasswordHasher):
    """Takes a moment, and knows how many were at it at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.at_it, self.most, self.all, self.lock = 0, 0, 0, threading.Lock()

    def verify(self, hash: Any, password: Any) -> Any:
        with self.lock:
            self.at_it, self.all = self.at_it + 1, self.all + 1
            self.most = max(self.most, self.at_it)
        time.sleep(0.02)
        with self.lock:
            self.at_it -= 1
        return super().verify(hash, password)


def test_a_flood_of_sign_ins_is_worked_off_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", counting)
    stored = passwords.hash_password(TYPED)
    flood = [
        threading.Thread(target=passwords.password_matches, args=(stored, TYPED)) for _ in range(12)
    ]
    for each in flood:
        each.start()
    for each in flood:
        each.join()
    assert (counting.all, counting.most) == (12, 2)
