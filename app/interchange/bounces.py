"""Reports of failure that come back by mail (RFC 3464): which message, and whether for good."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from pathlib import Path

LARGEST = 2 * 1024 * 1024  # bytes of one message
_IDENTITY = re.compile(r"<([0-9a-f]{40})@")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message of ours that came back; ``final``: nobody is there (status 5)."""

    identity: str
    final: bool


def bounce_in(content: bytes) -> Bounce | None:
    """What a message reports; None where it is no report about a message of ours."""
    message = message_from_bytes(content[:LARGEST], policy=compat32)
    if message.get_content_type() != "multipart/report":
        return None
    status, identity = "", ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _status(part)
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            found = _IDENTITY.search(part.as_string())
            identity = identity or (found[1] if found else "")
    if not identity or not status:
        return None
    return Bounce(identity, status.startswith("5"))


def _status(part: Message) -> str:
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            return str(block.get("Status", "")).strip()
    return ""


def messages_in(path: Path) -> Iterator[bytes]:
    """Every message of a Maildir folder, an mbox file or a single message's file."""
    if path.is_dir():
        box = mailbox.Maildir(str(path), create=False)
        for key in box.iterkeys():
            yield box.get_bytes(key)
        return
    with path.open("rb") as file:
        begins = file.read(5)
    if begins == b"From ":
        mbox = mailbox.mbox(str(path), create=False)
        for key in mbox.iterkeys():
            yield mbox.get_bytes(key)
        mbox.close()
    else:
        yield path.read_bytes()
