"""Every route, by every role, at things of the own and of another territory: nothing is told.

Two territories hold the same kinds of rows. Each text in a row of the foreign one is a canary: a
word that stands nowhere else. Every answer, body and headers, is searched for them; and after all
the forms were sent, the foreign rows are as they were. The token of forms is switched off, so that
every act is really tried.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import collection
import participants
import people
import postgres
from browser import Browser
from every_route import Call, calls
from flask import Flask
from flask.testing import FlaskClient
from people import Person
from psycopg import sql
from sqlalchemy import select, true
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.domain.permissions import Role
from app.factory import create_app
from app.protection.sealing import unseal
from app.settings import Settings
from app.storage import demonstration as stored
from app.storage.accounts import Account
from app.storage.database import Database, now
from app.storage.frameworks import FrameworkVersion
from app.storage.participants import Participant
from app.storage.responses import Response, pack
from app.storage.schema import TABLES
from app.storage.series import SeriesRow
from app.storage.surveys import QuestionnaireVersion
from app.storage.territories import ProgrammeRow
from app.storage.waves import WaveInstrument
from app.workflows import assisting, evaluate, sheets
from app.workflows.acting import Actor, House
from app.workflows.letters import start_letters
from app.workflows.sample import code_place, issue_codes
from app.workflows.sheets import NewEntry

OWN, FOREIGN = "MAY", "BDX"
HERE, ELSEWHERE = "DEMO", "OTHER"
ROLES: tuple[str, ...] = (*(role.value for role in Role), "anonymous", "participant")
OVER = ("Votre session est terminée", "Your session is over")
PUBLIC = ("anonymous", "participant")
# Kinds that row-level security does not hide: accounts are read before it is known who asks, and
# only the filter of their pages narrows them (``storage.row_security.SHARED``).
SHARED_KINDS = frozenset({"staff"})
KINDS = ("reference", "name", "address", "answer", "batch", "draft", "framework", "series", "staff")


@dataclass
class Place:
    """What stands in one territory: its canaries by kind, and the numbers of its rows."""

    canaries: dict[str, str]
    numbers: dict[str, Any] = field(default_factory=dict)


@dataclass
class Ground:
    """A house with two territories full of rows."""

    house: House
    settings: Settings
    wave: int
    places: dict[str, Place]
    code: str = ""  # of a participant of the own territory


@dataclass
class Found:
    """What a run came to."""

    requests: int = 0
    leaks: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # kinds of canaries that were found


def word(kind: str, territory: str, seed: int) -> str:
    """A canary: letters and digits alone, so that no page writes it in another way."""
    chance = random.Random(f"{kind} {territory} {seed}")
    return f"{territory.lower()}{kind}" + "".join(chance.choices("bcdfghjkmnpqrstvwxz2345", k=12))


def build(house: House, settings: Settings, folder: Path, seed: int) -> Ground:
    """The small programme with an open wave, and the same kinds of rows in both territories."""
    places = {at: Place({kind: word(kind, at, seed) for kind in KINDS}) for at in (OWN, FOREIGN)}
    wave = collection.opened(house, folder)
    rows = [
        f"{place.canaries['reference']};{at};elderly;;1;fr;{place.canaries['name']};"
        f"{place.canaries['address']};53000 LAVAL"
        for at, place in places.items()
    ]
    more = [f"{at}-{number};{at};elderly;;1;fr;;;" for at in places for number in (2, 3)]
    collection.with_sample(house, wave, "\n".join([collection.HEADER, *rows, *more]) + "\n")
    issue_codes(house, collection.operator(house), wave)
    people.settle(house, people.ALICE)
    alice = people.acting(house, people.ALICE)
    for at, place in places.items():
        _fill(house, alice, wave, at, place)
    operator = collection.operator(house)
    release = evaluate.make_release(house, operator, evaluate.make_cut(house, operator, wave))
    for place in places.values():
        place.numbers["release_id"] = release
    return Ground(house, settings, wave, places, _code(house, wave))


def _fill(house: House, alice: Actor, wave: int, at: str, place: Place) -> None:
    words, numbers = place.canaries, place.numbers
    with house.database.read() as session:
        persons = session.scalars(
            select(Participant).where(Participant.territory == at).order_by(Participant.id)
        ).all()
        instrument = session.scalars(
            select(WaveInstrument.instrument_id).where(WaveInstrument.territory == at)
        ).first()
    person, keyed, answering = persons[0], persons[1], persons[2]
    numbers |= {"person": person.id, "wave_id": wave, "asked": f"E02_{at}"}
    numbers["entry_id"] = sheets.begin(house, alice, wave, keyed.id, NewEntry(words["batch"], True))
    numbers["job_id"] = start_letters(house, alice, wave, at)
    numbers["number"] = assisting.issue_visit_code(
        house, alice, wave, person.reference, now().date() + timedelta(days=1)
    )
    staff = Person(words["staff"], Role.TERRITORY_COORDINATOR, at)
    people.settle(house, staff)
    with house.database.write() as session:
        numbers["account_id"] = session.scalars(
            select(Account.id).where(Account.name == words["staff"])
        ).one()
        for row, name in _rows(session, alice, wave, at, words, answering.id, instrument or 0):
            session.add(row)
            session.flush()
            numbers[name] = row.id


def _rows(
    session: Session,
    alice: Actor,
    wave: int,
    at: str,
    words: Mapping[str, str],
    person: int,
    instrument: int,
) -> Iterator[tuple[Any, str]]:
    moment, programme_id = now(), alice.programme_id
    yield _draft(session, QuestionnaireVersion, at, words["draft"]), "questionnaire_draft"
    yield _draft(session, FrameworkVersion, at, words["framework"]), "framework_draft"
    yield (
        SeriesRow(
            programme_id=programme_id,
            code="STAYS",
            territory=at,
            period_start=date(2026, 1, 1),
            period_end=date(2026, 6, 30),
            numerator=5.0,
            denominator=100.0,
            source=words["series"],
            entered_at=moment,
        ),
        "row_id",
    )
    yield (
        Response(
            wave_id=wave,
            participant_id=person,
            territory=at,
            audience="elderly",
            instrument_id=instrument,
            secret_digest=words["answer"].encode().ljust(32, b"."),
            body=pack({"a": {"E01": {"v": "yes", "o": words["answer"]}}, "sit": [], "v": 1}),
            started_at=moment,
            saved_at=moment,
        ),
        "response",
    )


def _draft(session: Session, table: Any, at: str, canary: str) -> Any:
    """A draft made from what the own territory has published, its titles a canary."""
    model = session.scalars(select(table).where(table.territory == OWN, table.number == 1)).one()
    written = json.dumps(model.document, ensure_ascii=False)
    for title in ("Cadre de la Mayenne", "Mayenne framework", "Mayenne"):
        written = written.replace(title, canary)
    kept = {
        column.name: getattr(model, column.name)
        for column in table.__table__.columns
        if column.name not in ("id", "number", "published_at", "published_by")
    }
    changed = {
        "territory": at,
        "document": json.loads(written.replace(f'"{OWN}"', f'"{at}"')),
        "source": model.source.replace("Mayenne", canary).replace(OWN, at),
        "checksum": canary,
        "note": canary,
    }
    return table(**(kept | changed))


def _code(house: House, wave: int) -> str:
    with house.database.read() as session:
        for _audience, row in stored.unused_codes(session, wave, OWN):
            place = code_place(row.participant_id, row.generation)
            return unseal(house.keys.sealing, row.sealed or b"", place)
    raise AssertionError("no code")


def copied(ground: Ground, folder: Path) -> Ground:
    """The same ground on a copy of its SQLite file, to be walked over."""
    folder.mkdir()
    source = Path(str(ground.house.database.url.database))
    target = folder / "covalue.sqlite"
    ground.house.database.dispose()
    shutil.copyfile(source, target)
    url = URL.create("sqlite", database=str(target))
    settings = replace(ground.settings, database=str(url), folder=folder)
    house = replace(ground.house, database=Database(url), folder=folder)
    return replace(ground, settings=settings, house=house)


def without_filter(patch: Any) -> None:
    """Put a condition that always holds in the place of the filter, wherever it was imported."""
    for module in [found for name, found in sys.modules.items() if name.startswith("app.storage")]:
        if hasattr(module, "in_scope"):
            patch.setattr(module, "in_scope", lambda _column, _territories: true())


@contextmanager
def under_row_security(ground: Ground, server: postgres.Server) -> Iterator[dict[str, Flask]]:
    """Both surfaces on the ground's PostgreSQL, each signed in as a member of its own role."""
    made = {}
    for surface in ("office", "public"):
        login = sql.Identifier(f"walks_{surface}")
        server.execute(
            sql.SQL("DROP ROLE IF EXISTS {}").format(login),
            sql.SQL("CREATE ROLE {} LOGIN").format(login),
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(f"covalue_{surface}"), login),
        )
        name = str(ground.house.database.url.database)
        place = server.url(name, f"walks_{surface}").render_as_string(hide_password=False)
        made[surface] = create_app(replace(ground.settings, database=place), surface)
        made[surface].config["WTF_CSRF_ENABLED"] = False
    try:
        yield made
    finally:
        for app in made.values():
            app.extensions["covalue"].database.dispose()


def walk(
    ground: Ground,
    who: str,
    seed: int,
    *,
    at: str = OWN,
    app: Flask | None = None,
    not_hidden: frozenset[str] = frozenset(),
    programme: str = HERE,
) -> Found:
    """All routes and methods by one role in ``at``, once at own things and once at foreign ones.

    ``app``: the one to be walked over (else one of its own, with both surfaces). ``not_hidden``:
    kinds of canaries that it need not hide. ``programme``: whose staff walks; in another one
    everything is foreign, also where its territories have the same codes.
    """
    found, chance = Found(), random.Random(f"{who} {seed}")
    own_app = app is None
    if app is None:
        app = create_app(ground.settings, "both")
        app.config["WTF_CSRF_ENABLED"] = False
    others = [place for place in (OWN, FOREIGN) if place != at or programme != HERE]
    guarded = [
        (kind, text)
        for place in others
        for kind, text in ground.places[place].canaries.items()
        if kind not in not_hidden
    ]
    before = [foreign_rows(ground, place) for place in others]
    client = enter(app, ground, who, at, programme)
    for place in (OWN, FOREIGN):
        numbers = ground.places[place].numbers
        todo = sorted(calls(app, numbers), key=lambda call: (call.method != "GET", call.address))
        for call in todo:
            call = _at_drafts(call, numbers)
            answer = _ask(client, call, ground.places[place], place, chance)
            found.requests += 1
            _search(found, call, who, answer, guarded)
            if _is_out(answer) and who not in ROLES[-2:]:  # asked once more, by who is signed in
                client = enter(app, ground, who, at, programme)
                answer = _ask(client, call, ground.places[place], place, chance)
                _search(found, call, who, answer, guarded)
    if who != "anonymous" and [foreign_rows(ground, place) for place in others] != before:
        found.leaks.append(f"{who}: rows of {' or '.join(others)} were changed")
    if own_app:
        app.extensions["covalue"].database.dispose()
    return found


def _is_out(answer: Any) -> bool:
    """Whether the session of who asks is over, as after "Sign out"."""
    to_sign_in = "/sign-in" in answer.headers.get("Location", "")
    return to_sign_in or (answer.status_code == 403 and any(each in answer.text for each in OVER))


def _at_drafts(call: Call, numbers: Mapping[str, Any]) -> Call:
    kind = "framework" if "/frameworks/" in call.address else "questionnaire"
    address = call.address.replace("/drafts/1", f"/drafts/{numbers[f'{kind}_draft']}")
    for pattern in ("/office/preview/1/x", "/build/q/x"):  # a question of the draft itself
        address = address.replace(pattern, pattern.replace("/x", f"/{numbers['asked']}"))
    address = address.replace("/preview/1/", f"/preview/{numbers['questionnaire_draft']}/")
    if call.endpoint in ("coordinators.framework", "coordinators.questionnaire"):
        address = f"/office/{kind}s/{numbers[f'{kind}_draft']}"
    return replace(call, address=address)


def _ask(
    client: FlaskClient, call: Call, place: Place, territory: str, chance: random.Random
) -> Any:
    fields = {
        "territory": territory,
        "audience": "elderly",
        "reference": f"{territory}-3",  # no canary: pages may say again what was sent
        "person": place.numbers["person"],
        "language": "fr",
        "disposition": "refused",
        "role": "reviewer",
        "day": (now().date() + timedelta(days=2)).isoformat(),
        "note": "n",
        "batch": "1",
    }
    sent = {name: value for name, value in fields.items() if chance.random() < 0.8}
    if call.method == "GET":
        return client.get(call.address, query_string=sent)
    return client.open(call.address, method=call.method, data=sent)


def _search(
    found: Found, call: Call, who: str, answer: Any, guarded: Sequence[tuple[str, str]]
) -> None:
    told = answer.get_data() + str(answer.headers).encode()
    answer.close()
    for kind, canary in guarded:
        if canary.encode() in told:
            found.seen.add(kind)
            found.leaks.append(f"{who}: {call.method} {call.address} tells {kind}")
    if answer.status_code >= 500 and not call.endpoint.startswith("health."):
        found.failures.append(f"{who}: {call.method} {call.address}: {answer.status_code}")


def enter(app: Flask, ground: Ground, who: str, at: str, programme: str = HERE) -> FlaskClient:
    """A browser of somebody with this role in the territory."""
    client = app.test_client()
    if who == "participant":
        participants.begin(Browser(client), ground.code)
    elif who != "anonymous":
        person = Person(f"Walker{who}{at}{programme}", Role(who), at)
        with ground.house.database.read() as session:
            known = session.scalar(select(Account.id).where(Account.name == person.name))
        if known is None:
            people.settle(ground.house, person, programme=programme)
        client.set_cookie("staff", people.session_of(ground.house, person.email))
    return client


def foreign_rows(ground: Ground, territory: str) -> dict[str, list[str]]:
    """Every row of the programme that names the territory, but for grants and the audit."""
    found = {}
    with ground.house.database.read() as session:
        here = session.scalars(select(ProgrammeRow.id).where(ProgrammeRow.code == HERE)).one()
        for table in TABLES.sorted_tables:
            if "territory" in table.columns and table.name not in ("account_grant", "audit_entry"):
                rows = select(table).where(table.c.territory == territory)
                if "programme_id" in table.columns:
                    rows = rows.where(table.c.programme_id == here)
                found[table.name] = sorted(map(repr, session.execute(rows).all()))
    return found
