"""Files encrypted for somebody elsewhere (the age format): the key that opens is not here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyrage
from pyrage import x25519


class CannotOpen(Exception):
    """Not for this key, cut off, or changed since."""


def recipient(written: str) -> x25519.Recipient:
    """A public key as it is written, ``age1…``. Raises ValueError."""
    try:
        return x25519.Recipient.from_str(written)
    except pyrage.RecipientError as error:
        raise ValueError("not a public key of age") from error


def identity(path: Path) -> x25519.Identity:
    """The private key in a file as ``age-keygen`` writes it. Raises ValueError."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    if len(found) != 1:
        raise ValueError("not one private key of age")
    try:
        return x25519.Identity.from_str(found[0])
    except pyrage.IdentityError as error:
        raise ValueError("not a private key of age") from error


def new_identity() -> tuple[str, str]:
    """A new private key and its public key, as they are written."""
    made = x25519.Identity.generate()
    return str(made), str(made.to_public())


def seal_file(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Encrypt a file, piece by piece, for every one of the recipients. Raises ValueError."""
    keys = [recipient(written) for written in recipients]
    with source.open("rb") as reader, target.open("wb") as writer:
        pyrage.encrypt_io(reader, writer, keys)


def open_file(source: Path, target: Path, keys: Sequence[x25519.Identity]) -> None:
    """Decrypt a file, whole or not at all, with whichever key fits. Raises ``CannotOpen``."""
    try:
        with source.open("rb") as reader, target.open("wb") as writer:
            pyrage.decrypt_io(reader, writer, keys)
    except (pyrage.DecryptError, OSError) as error:
        target.unlink(missing_ok=True)
        raise CannotOpen from error
