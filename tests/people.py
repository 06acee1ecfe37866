"""The people of the tests: each with a name, one fixed right, and the same way to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from flask.testing import FlaskClient

from app.domain.permissions import Grant, Role
from app.workflows import accounts, signing_in
from app.workflows.acting import Actor, House

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


def acting(house: House, person: Person) -> Actor:
    """The actor that the person is after signing in."""
    signed = signing_in.sign_in(house, person.email, PASSWORD, "192.0.2.1")
    actor = accounts.actor_from_session(house, signed.secret)
    assert actor is not None
    return actor


def sign_in(client: FlaskClient, house: House, person: Person) -> Actor:
    """Put a session of the person into the client's cookies, without the form; the actor."""
    signed = signing_in.sign_in(house, person.email, PASSWORD, "192.0.2.1")
    client.set_cookie("staff", signed.secret)
    actor = accounts.actor_from_session(house, signed.secret)
    assert actor is not None
    return actor
