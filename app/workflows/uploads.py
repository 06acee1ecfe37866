"""A file between its preview and its import: sealed, on disk for an hour at most.

Sealed piece by piece, so that its size does not matter; the last piece says that it is the last.
"""

from __future__ import annotations

import io
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import Conflict, Unavailable
from app.domain.text import Text
from app.protection.sealing import seal, unseal
from app.workflows.acting import Actor, House

FOLDER = "uploads"
SECONDS = 3600
PIECE = 1 << 20  # bytes
SPARE = 200 * 1024 * 1024  # bytes of the disk that are left to answers: nothing else begins below
NO_ROOM = Text.of(
    fr="Le disque du serveur est presque plein : seules les réponses y entrent encore. "
    "Prévenez l’exploitant, puis recommencez.",
    en="The disk of the server is almost full: only answers still go in. Tell the operator, then "
    "try again.",
)
_TOKEN = re.compile(r"[0-9a-f]{32}")


def short_of_room(folder: Path) -> bool:
    """Whether less than ``SPARE`` is left on the disk of this folder."""
    return folder.exists() and shutil.disk_usage(folder).free < SPARE


def keep(house: House, actor: Actor, purpose: str, content: bytes | BinaryIO) -> str:
    """Keep the file for this account and purpose; the token that takes it back.

    Raises ``Unavailable`` where the disk is almost full.
    """
    forget_old(house)
    if short_of_room(house.folder):
        raise Unavailable(NO_ROOM)
    token = secrets.token_hex(16)
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    folder = house.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / token
    path.touch(mode=0o600)
    with path.open("wb") as kept:
        number, piece = 0, stream.read(PIECE)
        while True:
            following = stream.read(PIECE)
            where = _place(actor, purpose, token, number, last=not following)
            sealed = seal(house.keys.sealing, piece.decode("latin-1"), where)
            kept.write(len(sealed).to_bytes(4) + sealed)
            if not following:
                return token
            number, piece = number + 1, following


def take(house: House, actor: Actor, purpose: str, token: str) -> bytes:
    """The file kept under the token. Raises ``Conflict`` where there is none any more."""
    return b"".join(_pieces(house, actor, purpose, token))


@contextmanager
def opened(house: House, actor: Actor, purpose: str, token: str) -> Iterator[BinaryIO]:
    """The file to be read from its beginning, as a file without a name in the house's folder.

    Raises ``Conflict`` where there is none any more.
    """
    with tempfile.TemporaryFile(dir=house.folder) as plain:
        for piece in _pieces(house, actor, purpose, token):
            plain.write(piece)
        plain.seek(0)
        yield plain


def _pieces(house: House, actor: Actor, purpose: str, token: str) -> Iterator[bytes]:
    try:
        if not _TOKEN.fullmatch(token):
            raise ValueError("no token")
        with (house.folder / FOLDER / token).open("rb") as kept:
            number, head = 0, kept.read(4)
            while head:
                sealed = kept.read(int.from_bytes(head))
                head = kept.read(4)
                where = _place(actor, purpose, token, number, last=not head)
                yield unseal(house.keys.sealing, sealed, where).encode("latin-1")
                number += 1
    except (OSError, ValueError) as error:
        raise Conflict(
            Text.of(
                fr="L’aperçu a expiré. Choisissez à nouveau le fichier.",
                en="The preview has expired. Choose the file again.",
            )
        ) from error


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


def _place(actor: Actor, purpose: str, token: str, number: int, *, last: bool) -> str:
    end = " end" if last else ""
    return f"upload:{actor.account_id}:{purpose}:{token}:{number}{end}"
