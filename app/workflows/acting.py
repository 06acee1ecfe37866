"""Who acts, on what house, and the one way an act is allowed, carried out and recorded."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed
from app.domain.permissions import Grant, Verb, may, reach
from app.domain.territories import NATION, Territory, ancestry, within
from app.domain.text import NO_TEXT, Text
from app.interchange.mail import MailServer
from app.interchange.sms import Gateway
from app.protection.keys import Keys
from app.protection.sign_on import Provider
from app.storage.audit import record
from app.storage.database import Database, now
from app.storage.reserve import NO_RESERVE, Reserve
from app.storage.row_security import Reach
from app.workflows.refusals import Seldom


@dataclass(frozen=True)
class House:
    """What every act needs: the database, the keys and the folder for other data."""

    database: Database
    keys: Keys
    folder: Path
    public_url: str = ""
    office_url: str = ""
    demonstration: bool = False
    audit_copy: Path | None = None  # folder of the audit log's second copy
    breached_passwords: Path | None = None  # a file of SHA-1 digests, sorted
    engine: str = "polars"  # adds up the answers; or spark, whose master is at ``spark``
    spark: str = ""
    sign_on: Provider | None = None  # the institution's identity provider
    mail: MailServer | None = None  # None: no mail is sent
    sms: Gateway | None = None  # None: no short message is sent
    reserve: Reserve = NO_RESERVE  # of room on the disk, for answers
    seldom: Seldom = field(default_factory=Seldom, compare=False)

    def seen_by(self, reach: Reach) -> House:
        """The same house, whose database shows these territories only."""
        return replace(self, database=self.database.seen_by(reach))


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with its grants in one programme, or a command of the operator."""

    programme_id: int
    territories: Mapping[str, Territory]
    grants: tuple[Grant, ...] = ()
    account_id: int | None = None
    name: str = ""
    language: str = "fr"
    programme_title: Text = NO_TEXT
    synthetic: bool = False  # the programme's answers are made up, and every page and file says so
    origin: str = "web"  # web, api, cli, job
    only: frozenset[Verb] | None = None  # what a token narrows these rights to
    confirmed_at: datetime | None = None  # when the person last proved to sit there
    sitting: str = ""  # names the session in the audit log, and opens nothing
    seat: bytes = field(default=b"", repr=False)  # digest of the session
    reasons: Mapping[str, Any] = field(default_factory=dict)  # by wave: ``looking``

    def may(self, verb: Verb, territory: str = NATION) -> bool:
        """Whether this actor may do the act in the territory (the nation: in all of it)."""
        if self.only is not None and verb not in self.only:
            return False
        return may(self.grants, verb, ancestry(self.territories, territory), now().date())

    def scope(self, verb: Verb) -> frozenset[str]:
        """Codes of every territory in which this actor may do the act."""
        if self.only is not None and verb not in self.only:
            return frozenset()
        tops = reach(self.grants, verb, now().date())
        places = self.territories.values()
        return frozenset(code for top in tops for code in within(places, top))

    @cached_property
    def reach(self) -> Reach:
        """What the database may show this actor at all: wherever some grant of theirs holds."""
        day, places = now().date(), self.territories.values()
        tops = {grant.territory for grant in self.grants if grant.holds_on(day)}
        return Reach(
            self.programme_id, frozenset(code for top in tops for code in within(places, top))
        )

    @cached_property
    def rights(self) -> Hashable:
        """What this actor may do where, without who it is: two with the same read the same pages
        of a release."""
        day = now().date()
        return (
            self.programme_id,
            self.programme_title,
            self.synthetic,
            self.only,
            frozenset(
                (grant.role, grant.territory, grant.only_viewing)
                for grant in self.grants
                if grant.holds_on(day)
            ),
            tuple((code, place.parent) for code, place in self.territories.items()),
        )


@dataclass
class Acted:
    """The open transaction of an act; ``thing`` and ``details`` go to the audit entry."""

    session: Session
    thing: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def require(house: House, actor: Actor, verb: Verb, territory: str = NATION) -> None:
    """Raise ``NotAllowed``, with an audit entry of its own, unless the act is allowed."""
    if actor.may(verb, territory):
        return
    with house.database.write() as session:
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=verb,
            outcome="refused",
            programme_id=actor.programme_id,
            territory=territory if territory in actor.territories else None,
        )
    raise NotAllowed


@contextmanager
def act(
    house: House, actor: Actor, verb: Verb, territory: str = NATION, thing: str = ""
) -> Iterator[Acted]:
    """Carry out one act: permission, one short write transaction, its audit entry, commit.

    Do slow work before. Leaving by an exception rolls everything back, the entry included.
    """
    require(house, actor, verb, territory)
    with house.database.write() as session:
        acted = Acted(session, thing)
        yield acted
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=verb,
            programme_id=actor.programme_id,
            territory=territory,
            thing=acted.thing,
            details=acted.details,
        )
