"""What somebody sends is a value of a statement, never a part of it: on every route, everywhere.

Each route is asked with what attackers put into addresses, query strings, forms and JSON, under
every name that the code reads. The text of no statement may hold any of it, the answer is of the
class of that to a plain word, and the same statements run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from every_route import Call, calls
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, literal_column, select
from sqlalchemy.engine import Engine

from app.domain.permissions import Grant, Role
from app.domain.territories import NATION
from app.storage.accounts import Account
from app.workflows import accounts
from app.workflows.acting import House

ROOT = Path(__file__).parents[2]
MARK = "zqsql"
PLAIN = MARK
HOSTILE = tuple(
    text.format(MARK)
    for text in (
        "{}'",
        '{}"',
        "{}' OR '1'='1",
        "{}') OR ('1'='1' --",
        "{}; DROP TABLE wave; --",
        "{}' UNION SELECT null, null, null --",
        "{}' AND 1=(SELECT count(*) FROM account) --",
        "{}'||(SELECT 1)||'",
        "(CASE WHEN 1=1 THEN {} ELSE code END)",
        "{} DESC, (SELECT password_hash FROM account)",
        "{}%' ESCAPE '!",
        "{}\\'; SELECT pg_sleep(9) --",
        '{}" OR 1=1 #',
        "1/*{}*/OR/**/1=1",
        "{}$$; SELECT 1; $$",
        "{}:name %(name)s ? $1",
    )
)
READ = re.compile(
    r"(?:request\.(?:args|form|values)|form|sent)(?:\.get(?:list)?\(|\[)\s*\"([\w.-]+)\""
)
EACH = 2  # hostile texts for each route and method
ENDS = {  # nothing more would be answered behind them
    *("accounts.sign_out", "accounts.person_end_sessions"),
    *("coordinators.interview_leave", "participants.finish"),
}


def names_read() -> set[str]:
    """Every name that the code reads from a query string or a form."""
    rooms = (ROOT / "app/web", ROOT / "app/api")
    files = [path for room in rooms for path in room.rglob("*.py")]
    return {name for path in files for name in READ.findall(path.read_text("utf-8"))}


@contextmanager
def statements() -> Iterator[list[str]]:
    """The texts of all statements that run meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        found.append(text)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    """An open wave, and somebody with every right."""
    made = collection.opened(house, tmp_path)
    collection.with_sample(house, made)
    people.settle(house, people.ALICE)
    operator = collection.operator(house)
    with house.database.write() as session:
        account = session.query(Account).one()
        others = [role for role in Role if role is not people.ALICE.role]
        session.add_all(
            accounts.grant_row(operator, account.id, Grant(role, NATION)) for role in others
        )
    return made


def asked(client: FlaskClient, call: Call, names: set[str], text: str, token: str) -> int:
    fields = dict.fromkeys(names, text) | {"csrf_token": token}
    more: Mapping[str, Any] = {"query_string": fields}
    if call.method != "GET" and call.address.startswith("/api/"):
        more = {"json": fields, "headers": {"X-CSRFToken": token}}
    elif call.method != "GET":
        more = {"data": fields}
    answer = client.open(call.address, method=call.method, **more)
    answer.close()
    return answer.status_code


def filled(app: Flask, wave: int, text: str) -> list[Call]:
    """Every route with this text wherever its address takes one."""
    values: dict[str, Any] = {
        f"{rule.endpoint} {name}": text
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if type(converter).__name__ in ("UnicodeConverter", "PathConverter")
    }
    every = calls(app, values | {"wave_id": wave})
    return [call for call in every if call.endpoint not in ENDS]


def test_nothing_that_is_sent_is_a_part_of_a_statement(app: Flask, house: House, wave: int) -> None:
    names = names_read()
    assert len(names) > 80
    with statements() as run, house.database.read() as session:
        session.execute(select(literal_column(f"'{MARK}'")))
    assert MARK in run[-1], "what would be a part of a statement is seen"
    client = app.test_client()
    people.sign_in(client, house, people.ALICE)
    page = client.get("/office/account").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    texts = cycle(HOSTILE)
    tried, wrong = 0, []
    by_text = {text: filled(app, wave, text.replace("/", "")) for text in (PLAIN, *HOSTILE)}
    for at, plain in enumerate(by_text[PLAIN]):
        usual = asked(client, plain, names, PLAIN, token)
        for text in (next(texts) for _ in range(EACH)):
            call = by_text[text][at]
            with statements() as run:
                status = asked(client, call, names, text, token)
            tried += 1
            if any(MARK in each for each in run):
                wrong.append(f"{call.method} {call.endpoint}: a part of a statement: {text}")
            if status // 100 != usual // 100 or status >= 500:
                wrong.append(f"{call.method} {call.endpoint}: {status} for {usual}: {text}")
    assert not wrong, "\n".join(wrong)
    assert tried > 600
    assert client.get("/office/account").status_code == 200, "somebody was there to the end"
