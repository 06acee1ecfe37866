"""Electronic mail out: plain text through one SMTP server, always encrypted but on this machine.

A message has an identity that follows from what it is about, so that a mailbox that gets one twice
can tell, and a report of failure says which it was (RFC 5322, 3.6.4; RFC 3464).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from typing import Literal
from urllib.parse import unquote, urlsplit

from app.domain.addresses import mail_address

PATIENCE = 30.0  # seconds that the server may take for one step
Encryption = Literal["from the start", "after hello", "none"]
_PORTS = {"smtps": 465, "smtp": 587}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name; ``rate``: messages a minute at most."""

    host: str
    port: int
    encryption: Encryption
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    rate: int = 60


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """One message of plain text; ``unsubscribe`` is an address of the web, or empty."""

    to: str
    subject: str
    text: str
    identity: str  # left of the @ in its Message-ID
    unsubscribe: str = ""


class NotTaken(Exception):
    """The server did not take the message; ``final``: nor will it later."""

    def __init__(self, *, final: bool) -> None:
        super().__init__("refused" if final else "put off")
        self.final = final


class LineBroken(NotTaken):
    """The line is gone before the message was handed over: it is still ours."""

    def __init__(self) -> None:
        super().__init__(final=False)


class InDoubt(Exception):
    """The line broke while the message was handed over: nobody knows whether it was taken."""


class BadServer(ValueError):
    """A setting that will not do: its name, the reason, the remedy; never its value."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.told = (name, reason, remedy)


def read_server(address: str, sender: str, rate: int = 60) -> MailServer:
    """``smtps://user:password@host:465`` (TLS) or ``smtp://…:587`` (STARTTLS, owed).

    A server of this machine may be spoken to without encryption. Raises ``BadServer``.
    """
    name = mail_address(sender)
    if name is None:
        raise BadServer(
            "COVALUE_MAIL_FROM",
            "not an address of e-mail",
            "Write the address that people may answer to, such as enquete@example.fr",
        )
    if rate < 1:
        raise BadServer("COVALUE_MAIL_RATE", "nothing would be sent", "Write 1 or more")
    host, port, scheme, user, password = _parts(address)
    encryption: Encryption = "from the start" if scheme == "smtps" else "after hello"
    if scheme == "smtp" and of_this_machine(host):
        encryption = "none"
    return MailServer(host, port, encryption, name, user, password, rate)


def _parts(address: str) -> tuple[str, int, str, str, str]:
    bad = BadServer(
        "COVALUE_SMTP",
        "not an address of a mail server",
        "Write smtps://user:password@host:465, or smtp:// with port 587 for STARTTLS",
    )
    parts = urlsplit(address)
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise bad from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise bad
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return parts.hostname, port, parts.scheme, user, password


def of_this_machine(host: str) -> bool:
    """Whether a host is the one that we run on: what goes there crosses no network."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """An open line to the server, signed in. Raises ``NotTaken`` where it cannot be had."""
    try:
        line = _opened(server)
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(final=False) from error
    try:
        yield line
    finally:
        with suppress(OSError, smtplib.SMTPException):
            line.quit()


def _opened(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    line: smtplib.SMTP
    if server.encryption == "from the start":
        line = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=trusted)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.encryption == "after hello":
            line.starttls(context=trusted)
        if server.user:
            line.login(server.user, server.password)
        line.ehlo_or_helo_if_needed()
    except BaseException:
        line.close()
        raise
    return line


def hand_over(line: smtplib.SMTP, server: MailServer, mail: Mail, at: datetime) -> None:
    """Give one message to the server; once this returns it is the server's.

    Raises ``NotTaken`` where it certainly is not, ``InDoubt`` where the line broke in between.
    """
    written = compose(server, mail, at).as_bytes()
    try:
        _answered(*line.mail(server.sender))
        _answered(*line.rcpt(mail.to))
    except (OSError, smtplib.SMTPException) as error:
        raise LineBroken from error
    try:
        _answered(*line.data(written))
    except smtplib.SMTPDataError as error:
        raise NotTaken(final=error.smtp_code >= 500) from error
    except (OSError, smtplib.SMTPException) as error:
        raise InDoubt from error


def _answered(code: int, _words: bytes) -> None:
    if code >= 400:
        raise NotTaken(final=code >= 500)


def compose(server: MailServer, mail: Mail, at: datetime) -> EmailMessage:
    """The message as it travels. Raises ``ValueError`` where a header holds a line break."""
    message = EmailMessage(policy=SMTP)
    message["From"] = server.sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.identity}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(mail.text, cte="quoted-printable")
    return message
