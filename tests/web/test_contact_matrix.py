"""Who reads contact data, where: every route by every role, canaries of two territories.

One name is worth more than a table of rights: the canaries are looked for in all that comes back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from every_route import calls
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.domain.permissions import MAY, Role, Verb
from app.interchange.sample_csv import CONTACT
from app.protection.codes import code_place
from app.protection.sealing import unseal
from app.storage.audit import AuditEntry
from app.storage.jobs import Job
from app.storage.participants import AccessCode, Participant
from app.storage.responses import Response
from app.workflows import calls as calling
from app.workflows import entering, help_desk, letters
from app.workflows.acting import House
from app.workflows.fieldwork import record_disposition
from app.workflows.sample import issue_codes
from app.workflows.sample_job import start_sample

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OWN, FOREIGN = "Zqmay", "Zqbdx"
SAMPLE = "reference;territory;audience;case;name;address1;email;phone\n" + "".join(
    f"{place}-{n};{place};{who};{place}-C;M. {canary} {n};1 {canary}rue;{canary}{n}@x.example;"
    f"{phone}\n"
    for place, canary, phone in (("MAY", OWN, "0611223344"), ("BDX", FOREIGN, "0699887766"))
    for n, who in ((1, "elderly"), (2, "family"), (3, "professional"))
)
SEEN = (OWN, OWN.lower(), "611223344")
HIDDEN = (FOREIGN, FOREIGN.lower(), "699887766")
STAFF = {role: people.Person(role.name.title().replace("_", ""), role, "MAY") for role in Role}
# The whole of it: who of the territory may see a name, an address or a number, and where.
LEADING = {Role.NATIONAL_OWNER, Role.TERRITORY_COORDINATOR}
READ = {
    "coordinators.wave_calls": LEADING | {Role.FIELD_WORKER},  # those given to the worker
    "coordinators.help_person": LEADING,
    "coordinators.help_search": LEADING,
}


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    """An open wave; everybody has a code, the people of Mayenne are given to its field worker."""
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id, SAMPLE)
    operator = collection.operator(house)
    issue_codes(house, operator, wave_id)
    people.settle(house, *STAFF.values())
    worker = people.acting(house, STAFF[Role.FIELD_WORKER])
    calling.assign(house, operator, wave_id, "MAY", worker.account_id)
    return wave_id


def asked(app: Flask, role: Role, wave_id: int) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Every route that the role may enter: endpoint, method, address, what is sent."""
    for reference in ("MAY-1", "BDX-1"):
        values = {"wave_id": wave_id, "reference": reference, "code": "W1", "territory": "MAY"}
        for call in calls(app, values):
            verb = getattr(app.view_functions[call.endpoint], "entrance", None)
            may = verb in MAY[role] if isinstance(verb, Verb) else verb == "account"
            if call.endpoint.startswith("evaluators."):
                continue  # pages of releases, and there is none
            if call.method == "GET" and may and (reference in call.address or reference == "MAY-1"):
                yield call.endpoint, "GET", call.address, {}
    if Verb.DISPOSITION_RECORD in MAY[role]:
        for words in ("MAY-1", OWN, "BDX-1", FOREIGN):
            address = f"/office/waves/{wave_id}/desk"
            yield "coordinators.help_search", "POST", address, {"words": words}


def sent(client: FlaskClient, method: str, address: str, form: dict[str, str]) -> Any:
    if method == "POST":
        page = client.get(address).get_data(as_text=True)
        form = form | {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}
    return client.open(address, method=method, data=form or None)


def looks(house: House) -> int:
    """How many looks at people's names, addresses and numbers the log tells."""
    with house.database.read() as session:
        found = select(func.count()).where(AuditEntry.act == "contact.see")
        return session.scalar(found) or 0


def test_contact_is_read_where_the_matrix_says_and_nowhere_else(
    app: Flask, house: House, wave: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found: dict[str, set[Role]] = {}
    leaks, visited = [], 0
    for role, person in STAFF.items():
        client = app.test_client()
        people.sign_in(client, house, person)
        people.say_why(client, wave)
        for endpoint, method, address, form in asked(app, role, wave):
            entries = looks(house)
            answer = sent(client, method, address, form)
            visited += 1
            content = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
            answer.close()
            if any(canary in content for canary in SEEN):
                found.setdefault(endpoint, set()).add(role)
                assert looks(house) == entries + 1, "each page that shows a person is one entry"
            if method == "POST":  # what was typed stands in its box again
                content = content.replace(f'value="{FOREIGN}"', "")
            if any(canary in content for canary in HIDDEN):
                leaks.append((role, endpoint))
    assert visited > 150
    assert leaks == []
    assert found == READ
    with house.database.read() as session:
        audit = [repr((e.thing, e.details)) for e in session.scalars(select(AuditEntry))]
    for canary in (*SEEN, *HIDDEN):
        assert canary not in caplog.text
        assert not [each for each in audit if canary in each]
    assert looks(house) >= len(LEADING) * 2


def test_no_file_that_a_role_is_not_given_holds_contact(
    app: Flask, house: House, wave: int, client: FlaskClient
) -> None:
    """Letters are for who prints them; a sample sent by a program lies sealed until it is read."""
    maya = people.acting(house, STAFF[Role.TERRITORY_COORDINATOR])
    letters.start_letters(house, maya, wave, "MAY", None)
    start_sample(house, maya, wave, SAMPLE.encode(), {}, dry_run=True)
    with house.database.read() as session:
        arguments = [repr(job.arguments) for job in session.scalars(select(Job))]
    written = b"".join(each.read_bytes() for each in house.folder.rglob("*") if each.is_file())
    for canary in (*SEEN, *HIDDEN):
        assert canary.encode() not in written
        assert not [each for each in arguments if canary in each]
    others = [role for role in Role if Verb.LETTERS_PRINT not in MAY[role]]
    for role in others:
        visitor = app.test_client()
        people.sign_in(visitor, house, STAFF[role])
        assert visitor.get("/office/jobs/1").status_code in (403, 404)
    with house.database.read() as session:
        columns = [column.name for column in Response.__table__.columns]
    assert not set(columns) & {*CONTACT, "email", "phone", "sealed_contact", "sealed_reach"}


def test_members_of_a_case_learn_nothing_of_each_other(house: House, wave: int) -> None:
    maya = people.with_reason(people.acting(house, STAFF[Role.TERRITORY_COORDINATOR]), wave)
    code = code_of(house, "MAY-2")
    before = help_desk.seen(house, maya, wave, "MAY-2"), entering.enter(house, code, "192.0.2.1")
    record_disposition(house, maya, wave, "MAY-1", "refused")
    with house.database.write() as session:
        person = session.scalars(select(Participant).where(Participant.reference == "MAY-1")).one()
        person.answered = True
    after = help_desk.seen(house, maya, wave, "MAY-2"), entering.enter(house, code, "192.0.2.1")
    assert after == before
    assert "MAY-1" not in repr(after)
    assert "MAY-C" not in repr(after)


def code_of(house: House, reference: str) -> str:
    with house.database.read() as session:
        person, code = session.execute(
            select(Participant, AccessCode)
            .join(AccessCode, AccessCode.participant_id == Participant.id)
            .where(Participant.reference == reference)
        ).one()
        assert code.sealed is not None
        return unseal(house.keys.sealing, code.sealed, code_place(person.id, code.generation))
