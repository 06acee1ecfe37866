"""Messages that came back: recorded by their identity, so that nobody writes there again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.domain.deeds import Deed
from app.interchange.bounces import bounce_in
from app.storage import outbox
from app.storage.audit import record
from app.storage.database import now
from app.workflows.acting import House


def receive(house: House, messages: Iterable[bytes]) -> Counter[str]:
    """Read reports of failure; how many were final, passing, unknown or no report at all.

    A final one ends the way to this person: the contact plan goes on by letter. Reading the same
    report twice changes nothing. Nothing of a message is kept.
    """
    counted: Counter[str] = Counter()
    for content in messages:
        found = bounce_in(content)
        if found is None:
            counted["no report"] += 1
        elif not found.final:
            counted["passing"] += 1
        else:
            with house.database.write() as session:
                known = outbox.bounced(session, found.identity, now())
            counted["final" if known else "unknown"] += 1
    with house.database.write() as session:
        record(session, actor=None, origin="cli", act=Deed.MAIL_BOUNCES, details=dict(counted))
    return counted
