"""The one way in which the service writes to people by mail: queued by an act, sent by the worker.

An act that has something to say calls ``queue_mail`` inside its own transaction: the message exists
exactly when the act does. What it is about is its key: queued once, whatever is repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.domain.addresses import mail_address
from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.interchange.mail import Mail
from app.protection.keys import digest
from app.protection.sealing import seal, unseal
from app.storage import outbox
from app.storage.database import now
from app.storage.outbox import OutgoingMessage
from app.workflows.acting import House

# Purposes whose messages are asked about once more right before they leave: by purpose, whether
# the message with this key is still wanted.
WANTED: dict[str, Callable[[Session, str], bool]] = {}


def queue_mail(
    session: Session,
    house: House,
    *,
    to: str,
    subject: str,
    text: str,
    purpose: str,
    key: str,
    unsubscribe: str = "",
    not_before: datetime | None = None,
) -> bool:
    """Queue one message in the act's transaction; whether it is new and will be sent.

    ``purpose``: one plain word, shown to the operator. ``key``: what the message is about, for
    instance ``invitation:17``; a second message with the same key is none, and queues nothing. The
    key stands in the open: no name, no address, no code in it. ``unsubscribe``: an address of the
    web that ends such messages. Where no mail server is set nothing is queued. Raises ``BadInput``
    for an address that is none or a subject of more than one line.
    """
    address = mail_address(to)
    if address is None or not subject.isprintable():
        raise BadInput([_NO_ADDRESS if address is None else _ONE_LINE])
    if house.mail is None or outbox.known(session, [key]):
        return False
    content = {"to": address, "subject": subject, "text": text, "unsubscribe": unsubscribe}
    outbox.add(session, [row(house, "mail", purpose, key, content, not_before)])
    return True


def row(
    house: House,
    channel: str,
    purpose: str,
    key: str,
    content: dict[str, Any],
    not_before: datetime | None = None,
) -> dict[str, Any]:
    """A message as ``outbox.add`` takes it, its content sealed. For many at once."""
    at = now()
    return {
        "key": key,
        "channel": channel,
        "purpose": purpose,
        "identity": digest(house.keys.lookup, f"message {key}").hex()[:40],
        "sealed": seal(house.keys.sealing, orjson.dumps(content).decode(), _place(key)),
        "queued_at": at,
        "next_at": not_before or at,
        "attempts": 0,
    }


def content_of(house: House, message: OutgoingMessage) -> dict[str, Any]:
    """What a message says and to whom, unsealed."""
    assert message.sealed is not None  # it waits: its text is there
    found: dict[str, Any] = orjson.loads(
        unseal(house.keys.sealing, message.sealed, _place(message.key))
    )
    return found


def mail_of(house: House, message: OutgoingMessage) -> Mail:
    """A queued message of mail, ready to be handed over."""
    return Mail(identity=message.identity, **content_of(house, message))


def message_place(message: OutgoingMessage) -> str:
    """Where the sealed content of a message is bound to."""
    return _place(message.key)


def _place(key: str) -> str:
    return f"outgoing_message:{key}"


_NO_ADDRESS = Fault(
    "to",
    Text.of(fr="Ce n’est pas une adresse électronique.", en="This is not an address of e-mail."),
    Text.of(fr="Écrivez par exemple nom@exemple.fr.", en="Write for instance name@example.org."),
)
_ONE_LINE = Fault(
    "subject",
    Text.of(fr="L’objet tient sur une ligne.", en="The subject is one line."),
    Text.of(fr="Retirez les retours à la ligne.", en="Take the line breaks out."),
)
