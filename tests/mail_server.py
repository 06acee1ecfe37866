"""A real mail server for tests, on a socket of this machine: it keeps what it takes.

What an address begins with decides how it is treated: ``busy`` is put off, ``gone`` refused, and
on ``broken`` the line is cut once the message has arrived and before anybody is told so.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "covalue", "p@ss word"


@dataclass
class Received:
    """What the server took, and what it did when a message arrived (``on_data``)."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    on_data: Callable[[int], None] = lambda _count: None

    @property
    def to(self) -> list[str]:
        """Whom the messages were for, in the order of their arrival."""
        return [str(mail["To"]) for mail in self.mails]

    async def handle_RCPT(  # noqa: N802 - the names are the server's
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("busy"):
            return "450 4.2.1 come back later"
        if address.startswith("gone"):
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.on_data(len(self.mails))
        if envelope.rcpt_tos[0].startswith("broken"):
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


class _Signed:
    def __call__(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> Any:
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def running(tls: SSLContext | None = None) -> Iterator[Received]:
    """A server that takes mail; with ``tls`` only after STARTTLS and a sign-in."""
    received = Received()
    options: dict[str, Any] = {}
    if tls is not None:
        options = {
            "tls_context": tls,
            "require_starttls": True,
            "authenticator": _Signed(),
            "auth_required": True,
        }
    controller = Controller(received, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    received.port = controller.port
    try:
        yield received
    finally:
        controller.stop()


def certificate(folder: Path, name: str) -> tuple[SSLContext, Path]:
    """A server's context with a certificate of its own for ``name``, and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "mail.crt", folder / "mail.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
