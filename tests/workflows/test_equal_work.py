"""Known and unknown people cost the same work, counted: hashes, and every statement in order.

No clock is read here: a machine under load tells nothing in so few trials.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import people
import programme
import pytest
from builders import world
from participants import EVERY_KIND
from people import ALICE, MAYA, OSCAR, PASSWORD
from sqlalchemy import delete, event, update

from app.protection import codes, passwords
from app.protection.keys import digest
from app.storage.accounts import Account, GrantRow, account_by_email
from app.storage.database import now
from app.storage.participants import AccessCode
from app.storage.prepared import Driver
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.entering import Door, enter
from app.workflows.signing_in import TRIES_PER_EMAIL, sign_in
from app.workflows.throttling import MOST_WRONG


@dataclass
class Work:
    """What was done: runs of Argon2, and every statement in order, writing ones among them."""

    hashes: int = 0
    statements: list[str] = field(default_factory=list)


class Counting:
    """The hasher of passwords, with its runs counted."""

    def __init__(self, work: Work) -> None:
        self._work, self._hasher = work, passwords._hasher

    def verify(self, stored: str, password: str) -> bool:
        self._work.hashes += 1
        return bool(self._hasher.verify(stored, password))


@contextmanager
def counted(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count what is done in here; everything is done all the same."""
    work, execute, engine = Work(), Driver.execute, house.database.engine

    def by_driver(self: Driver, sql: str, values: Any) -> Any:
        work.statements.append(sql)
        return execute(self, sql, values)

    def by_session(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        work.statements.append(statement)

    event.listen(engine, "before_cursor_execute", by_session)
    with monkeypatch.context() as within:
        within.setattr(passwords, "_hasher", Counting(work))
        within.setattr(Driver, "execute", by_driver)
        try:
            yield work
        finally:
            event.remove(engine, "before_cursor_execute", by_session)


def test_signing_in_does_not_tell_whether_there_is_an_account(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA, OSCAR)
    with house.database.write() as session:
        disabled, without = (account_by_email(session, each.email) for each in (ALICE, OSCAR))
        assert disabled is not None
        assert without is not None
        session.execute(update(Account).where(Account.id == disabled.id).values(disabled_at=now()))
        session.execute(delete(GrantRow).where(GrantRow.account_id == without.id))

    def work(email: str, password: str, expected: str) -> Work:
        with counted(house, monkeypatch) as found:
            assert sign_in(house, email, password, "192.0.2.7").outcome == expected
        return found

    work("nobody@example.org", PASSWORD, "wrong")  # whatever is only done once is done
    known = work(MAYA.email, "not the password", "wrong")
    assert known.hashes == 1
    assert sum("INSERT" in each for each in known.statements) == 3  # two counters, one entry
    assert work("nobody@example.org", PASSWORD, "wrong") == known
    assert work(ALICE.email, PASSWORD, "wrong") == known  # disabled, with the right password
    assert work(OSCAR.email, PASSWORD, "wrong") == known  # no right any more

    for email in (MAYA.email, "nobody@example.org"):
        for _ in range(TRIES_PER_EMAIL):
            sign_in(house, email, "x" * 12, f"198.51.100.{TRIES_PER_EMAIL}")
    waiting = work(MAYA.email, PASSWORD, "throttled")
    assert waiting.hashes == 0
    assert work("nobody@example.org", PASSWORD, "throttled") == waiting


def test_the_door_does_not_tell_whether_there_is_such_a_code(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = world(house, EVERY_KIND, people=3)

    def work(code: str, expected: Door) -> Work:
        with counted(house, monkeypatch) as found:
            assert enter(house, code, "192.0.2.7").door is expected
        return found

    work(codes.new_code(), Door.UNKNOWN)
    known = work(invited.codes[0], Door.OPEN)
    assert known.statements
    assert work(codes.new_code(), Door.UNKNOWN) == known
    revoked = digest(house.keys.lookup, invited.codes[1])
    with house.database.write() as session:
        session.execute(
            update(AccessCode).where(AccessCode.digest == revoked).values(revoked_at=now())
        )
    assert work(invited.codes[1], Door.REPLACED) == known
    with house.database.write() as session:
        session.execute(update(Wave).values(closed_at=now()))
    assert work(invited.codes[0], Door.CLOSED) == known
    for _ in range(MOST_WRONG):
        enter(house, codes.new_code(), "192.0.2.7")
    waiting = work(invited.codes[0], Door.THROTTLED)
    assert work(codes.new_code(), Door.THROTTLED) == waiting
