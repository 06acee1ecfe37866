"""The people of the tests: each with a name, one fixed right, and the same way to sign in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask.testing import FlaskClient

from app.domain.permissions import Grant, Role
from app.protection.second_factors import new_recovery_code, spelled_recovery_code
from app.storage.accounts import account_by_email
from app.storage.database import now
from app.storage.factors import SecondFactor, factors_of, replace_recovery_codes
from app.workflows import accounts, proving, signing_in, staff_sessions
from app.workflows.acting import Actor, House
from app.workflows.proving import recovery_digest

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with one role in one place."""

    name: str
    role: Role
    territory: str

    @property
    def email(self) -> str:
        """Where the person signs in."""
        return f"{self.name.lower()}@example.org"


ALICE = Person("Alice", Role.NATIONAL_OWNER, "FR")
ANNA = Person("Anna", Role.NATIONAL_OWNER, "FR")  # the second one, who approves
MAYA = Person("Maya", Role.TERRITORY_COORDINATOR, "MAY")
BASILE = Person("Basile", Role.TERRITORY_COORDINATOR, "BDX")
EVA = Person("Eva", Role.EVALUATOR, "FR")
DORA = Person("Dora", Role.DATA_PROTECTION_OFFICER, "FR")
OSCAR = Person("Oscar", Role.OPERATOR, "FR")
FELIX = Person("Felix", Role.FIELD_WORKER, "MAY")
EVERYONE = (ALICE, ANNA, MAYA, BASILE, EVA, DORA, OSCAR, FELIX)


def settle(house: House, *people: Person, programme: str = "DEMO") -> None:
    """Give each of these people (or everyone) an account in the programme."""
    operator = accounts.operator(house, programme)
    for person in people or EVERYONE:
        accounts.create_account(
            house,
            operator,
            email=person.email,
            name=person.name,
            password=PASSWORD,
            grant=Grant(person.role, person.territory),
        )


def second_factor(house: House, email: str) -> str:
    """A code that opens the second step once; gives the account its first factor where needed."""
    code = new_recovery_code()
    with house.database.write() as session:
        account = account_by_email(session, email)
        assert account is not None
        if not factors_of(session, account.id):
            session.add(
                SecondFactor(account_id=account.id, kind="passkey", label="", made_at=now())
            )
        digest = recovery_digest(house, account.id, spelled_recovery_code(code))
        replace_recovery_codes(session, account.id, [digest], now())
    return code


def session_of(house: House, email: str, password: str = PASSWORD) -> str:
    """The secret of a session of this account, both steps done."""
    code = second_factor(house, email)
    signed = signing_in.sign_in(house, email, password, "192.0.2.1")
    held = staff_sessions.holder(house, signed.secret)
    assert held is not None
    return proving.prove(house, held, proving.Typed(code)).secret


def acting(house: House, person: Person) -> Actor:
    """The actor that the person is after signing in."""
    actor = accounts.actor_from_session(house, session_of(house, person.email))
    assert actor is not None
    return actor


def sign_in(client: FlaskClient, house: House, person: Person) -> Actor:
    """Put a session of the person into the client's cookies, without the form; the actor."""
    secret = session_of(house, person.email)
    client.set_cookie("staff", secret)
    actor = accounts.actor_from_session(house, secret)
    assert actor is not None
    return actor


def with_reason(actor: Actor, wave_id: int, why: str = "inviting") -> Actor:
    """The actor, who has said why contacts of the wave are opened."""
    told = {"why": why, "words": "", "since": now().isoformat()}
    return replace(actor, reasons={f"wave:{wave_id}": told})


def say_why(client: FlaskClient, wave_id: int, why: str = "inviting") -> None:
    """Say on its page why contacts of the wave are opened, where the client may."""
    address = f"/office/waves/{wave_id}/reason"
    page = client.get(address).get_data(as_text=True)
    if 'name="why"' in page:
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        sent = client.post(address, data={"csrf_token": token, "why": why})
        assert sent.status_code == 303


def type_in(page: Any, house: House, person: Person) -> None:
    """Sign in with the keyboard, on the sign-in page of a real browser, through both steps."""
    code = second_factor(house, person.email)
    page.fill("input[name=email]", person.email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "second-step" in address)
    page.fill("input[name=code]", code)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "second-step" not in address)
