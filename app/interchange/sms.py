"""Short messages out, through one HTTP gateway that the settings name. See docs/contact.md.

``POST`` of JSON ``{"id", "to", "text"}`` with ``Authorization: Bearer …``. 2xx: taken. 408, 429 and
5xx: to be tried again. Anything else, a redirect too: refused. No other host is ever spoken to.
"""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.interchange.mail import BadServer, InDoubt, NotTaken, of_this_machine

PATIENCE = 20.0  # seconds
AGAIN = (408, 429)


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where short messages are handed over; ``rate``: how many a minute at most."""

    address: str
    token: str = field(repr=False)
    rate: int = 30


def read_gateway(address: str, token: str, hosts: str) -> Gateway | None:
    """The gateway of the settings; None where none is set. Raises ``BadServer``.

    ``hosts``: names that the address may have, commas between: a slip in one of the two settings
    sends no telephone number elsewhere.
    """
    if not address and not token and not hosts:
        return None
    try:
        parts = urlsplit(address)
        name, _port = parts.hostname or "", parts.port
    except ValueError:
        name = ""
    if not name or not (
        parts.scheme == "https" or (parts.scheme == "http" and of_this_machine(name))
    ):
        raise BadServer("COVALUE_SMS", "not an address of TLS", "Begin it with https://")
    if name not in hosts.split(","):
        raise BadServer(
            "COVALUE_SMS_HOSTS",
            "the gateway's host is not in it",
            "Write the name of the host of COVALUE_SMS",
        )
    if not token:
        raise BadServer("COVALUE_SMS_TOKEN", "is missing", "Write what the gateway gave you")
    return Gateway(address, token)


def hand_over_sms(gateway: Gateway, identity: str, to: str, text: str) -> None:
    """Give one message to the gateway. Raises ``NotTaken`` or ``InDoubt``."""
    parts = urlsplit(gateway.address)
    assert parts.hostname is not None  # checked when the settings were read
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        trusted = ssl.create_default_context()
        line = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=PATIENCE, context=trusted
        )
    else:
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        _posted(line, gateway, parts.path or "/", {"id": identity, "to": to, "text": text})
    finally:
        line.close()


def _posted(
    line: http.client.HTTPConnection, gateway: Gateway, path: str, message: dict[str, Any]
) -> None:
    try:
        line.connect()
    except OSError as error:
        raise NotTaken(final=False) from error
    headers = {
        "Authorization": f"Bearer {gateway.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": message["id"],
    }
    try:
        line.request("POST", path, orjson.dumps(message), headers)
        status = line.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise InDoubt from error
    if status // 100 != 2:
        raise NotTaken(final=status < 500 and status not in AGAIN)
