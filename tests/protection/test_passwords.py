"""Passwords at the cost that a deployment pays."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest
from argon2 import PasswordHasher

from app.domain.errors import Unavailable
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


class Held(PasswordHasher):
    """Takes until it may go on, and knows how many were at it at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.at_it, self.most, self.all, self.lock = 0, 0, 0, threading.Lock()
        self.go = threading.Event()

    def verify(self, hash: Any, password: Any) -> Any:
        with self.lock:
            self.at_it, self.all = self.at_it + 1, self.all + 1
            self.most = max(self.most, self.at_it)
        assert self.go.wait(60)
        with self.lock:
            self.at_it -= 1
        return super().verify(hash, password)


def test_of_a_flood_of_sign_ins_one_is_at_it_one_waits_and_the_rest_hold_no_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = Held()
    monkeypatch.setattr(passwords, "_hasher", held)
    stored = passwords.hash_password(TYPED)
    with ThreadPoolExecutor(12) as pool:
        flood = [pool.submit(passwords.password_matches, stored, TYPED) for _ in range(12)]
        refused = list(islice(as_completed(flood, 60), 10))  # while two still are there
        assert all(isinstance(each.exception(), Unavailable) for each in refused)
        held.go.set()
    assert [each.result() for each in flood if each not in refused] == [True] * 2
    assert (held.all, held.most) == (2, 1)
    assert passwords.password_matches(stored, TYPED), "then there is room again"
