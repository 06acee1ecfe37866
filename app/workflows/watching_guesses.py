"""A burst of wrong codes and passwords, from however many places, is noticed within a minute.

Each source is slowed down by itself (``entering``, ``signing_in``); many sources at once are not,
since nobody who has the right code may be kept out. So the worker adds everything up and tells.
"""

from __future__ import annotations

import logging

from app.domain.deeds import Deed
from app.domain.permissions import Role
from app.domain.text import Text
from app.storage.accounts import holders_of
from app.storage.audit import record
from app.storage.database import now
from app.storage.territories import programmes
from app.storage.throttle import all_attempts
from app.workflows.acting import House
from app.workflows.mail import queue_mail

MINUTES = 10
BURST = 1000  # wrong ones in that time; a typing error in a code is none
log = logging.getLogger("covalue.guesses")


def watch_guesses(house: House) -> int:
    """How many wrong codes and passwords there were lately, where it is a burst; else 0.

    A burst is a line of level CRITICAL, an entry of the audit log and a mail to each operator, once
    an hour. The worker calls it.
    """
    hour = f"{now():%Y-%m-%dT%H}"
    noted = house.folder / "guesses.txt"
    if noted.exists() and noted.read_text("ascii") == hour:
        return 0
    with house.database.read() as session:
        count = all_attempts(session, MINUTES)
    if count < BURST:
        return 0
    log.critical("a burst of wrong codes and passwords")
    with house.database.write() as session:
        record(
            session,
            actor=None,
            origin="job",
            act=Deed.CODE_ENTER,
            outcome="refused",
            details={"why": "burst", "attempts": count, "minutes": MINUTES},
        )
        operators = {
            account.id: account
            for programme in programmes(session)
            for account in holders_of(session, programme.id, Role.OPERATOR)
        }
        for account in operators.values():
            language = account.language or "fr"
            queue_mail(
                session,
                house,
                to=account.email,
                subject=_SUBJECT.in_(language),
                text=_WORDS.in_(language).format(count=count, minutes=MINUTES),
                purpose="guesses",
                key=f"guesses:{hour}:{account.id}",
            )
    noted.write_text(hour, "ascii")
    return count


_SUBJECT = Text.of(
    fr="ALERTE : beaucoup de codes ou de mots de passe faux",
    en="ALERT: many wrong codes or passwords",
)
_WORDS = Text.of(
    fr="{count} codes ou mots de passe faux ont été essayés en {minutes} minutes.\n"
    "Chaque adresse est déjà ralentie, personne n’est exclu.\n"
    "Regardez le journal du proxy, et limitez davantage si cela continue.",
    en="{count} wrong codes or passwords were tried in {minutes} minutes.\n"
    "Each address is slowed down already, nobody is kept out.\n"
    "Look at the proxy, and limit more where it goes on.",
)
