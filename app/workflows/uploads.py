"""A file between its preview and its import: sealed, on disk for an hour at most."""

from __future__ import annotations

import re
import secrets
import time

from app.domain.errors import Conflict
from app.domain.text import Text
from app.protection.sealing import seal, unseal
from app.workflows.acting import Actor, House

FOLDER = "uploads"
SECONDS = 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep(house: House, actor: Actor, purpose: str, content: bytes) -> str:
    """Keep the file for this account and purpose; the token that takes it back."""
    forget_old(house)
    token = secrets.token_hex(16)
    sealed = seal(house.keys.sealing, content.decode("latin-1"), _place(actor, purpose, token))
    folder = house.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / token
    path.touch(mode=0o600)
    path.write_bytes(sealed)
    return token


def take(house: House, actor: Actor, purpose: str, token: str) -> bytes:
    """The file kept under the token. Raises ``Conflict`` where there is none any more."""
    try:
        if not _TOKEN.fullmatch(token):
            raise ValueError
        sealed = (house.folder / FOLDER / token).read_bytes()
        text = unseal(house.keys.sealing, sealed, _place(actor, purpose, token))
    except (OSError, ValueError) as error:
        raise Conflict(
            Text.of(
                fr="L’aperçu a expiré. Choisissez à nouveau le fichier.",
                en="The preview has expired. Choose the file again.",
            )
        ) from error
    return text.encode("latin-1")


def forget(house: House, token: str) -> None:
    """Remove a file that was imported."""
    if _TOKEN.fullmatch(token):
        (house.folder / FOLDER / token).unlink(missing_ok=True)


def forget_old(house: House) -> None:
    """Remove what nobody imported within the hour."""
    folder = house.folder / FOLDER
    if folder.is_dir():
        for path in folder.iterdir():
            if time.time() - path.stat().st_mtime > SECONDS:
                path.unlink(missing_ok=True)


def _place(actor: Actor, purpose: str, token: str) -> str:
    return f"upload:{actor.account_id}:{purpose}:{token}"
