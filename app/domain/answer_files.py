"""Files that answer a question: which formats are taken, and what the answer says of its file.

The answer is a line of its own, ``jpeg 1258291 9f3a5c0d12ab34cd``: format, size in bytes, mark.
The content is kept beside the response under that mark; the name that it had is kept nowhere.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.text import Text

MOST_MEGABYTES = 20  # whatever an installation allows; the proxy's files hold to it too
MEGABYTE = 1_000_000
_ANSWER = re.compile(r"([a-z0-9]{2,5}) ([1-9][0-9]{0,8}) ([0-9a-f]{16})")


class Medium(StrEnum):
    """What a question may ask for."""

    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format that is taken: its kind, its name for people, its media type, its ending."""

    kind: Medium
    name: str
    media_type: str
    endings: tuple[str, ...]


FORMATS: dict[str, FileFormat] = {
    "jpeg": FileFormat(Medium.PICTURE, "JPEG", "image/jpeg", (".jpg", ".jpeg")),
    "png": FileFormat(Medium.PICTURE, "PNG", "image/png", (".png",)),
    "webp": FileFormat(Medium.PICTURE, "WebP", "image/webp", (".webp",)),
    "mp3": FileFormat(Medium.SOUND, "MP3", "audio/mpeg", (".mp3",)),
    "m4a": FileFormat(Medium.SOUND, "M4A", "audio/mp4", (".m4a",)),
    "wav": FileFormat(Medium.SOUND, "WAV", "audio/wav", (".wav",)),
    "mp4": FileFormat(Medium.FILM, "MP4", "video/mp4", (".mp4", ".mov", ".3gp")),
    "pdf": FileFormat(Medium.DOCUMENT, "PDF", "application/pdf", (".pdf",)),
}
# A document may come as a picture of it: what most people have at hand is a telephone.
_ALSO = {Medium.DOCUMENT: (Medium.PICTURE,)}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came in, looked through.

    ``format``: a key of FORMATS. ``content``: what would be kept, without what else it carried.
    ``trouble``: why it cannot be: ``file_empty``, ``file_large``, ``file_kind``,
    ``file_unreadable``, ``file_no_room``; empty where it can.
    """

    format: str = ""
    content: bytes = field(default=b"", repr=False)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What an answer says of its file."""

    format: str
    size: int  # bytes
    mark: str  # 16 hexadecimal digits over the content: the same file is the same answer

    @property
    def value(self) -> str:
        """The answer as it is stored."""
        return f"{self.format} {self.size} {self.mark}"

    @property
    def kind(self) -> Medium:
        """What kind of file it is."""
        return FORMATS[self.format].kind


def file_of(sent: SentFile) -> AnswerFile:
    """What the answer says of a file that can be kept."""
    mark = hashlib.blake2b(sent.content, digest_size=8).hexdigest()
    return AnswerFile(sent.format, len(sent.content), mark)


def read_file(value: object) -> AnswerFile | None:
    """The file that a stored answer speaks of; None where it speaks of none."""
    found = _ANSWER.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[1] not in FORMATS:
        return None
    return AnswerFile(found[1], int(found[2]), found[3])


def formats_for(accepts: tuple[Medium, ...]) -> dict[str, FileFormat]:
    """The formats that a question takes which accepts these kinds."""
    kinds = {*accepts, *(also for kind in accepts for also in _ALSO.get(kind, ()))}
    return {code: form for code, form in FORMATS.items() if form.kind in kinds}


def names_of(accepts: tuple[Medium, ...]) -> str:
    """The names of these formats: ``JPEG, PNG, WebP``."""
    return ", ".join(form.name for form in formats_for(accepts).values())


_KINDS = {
    Medium.PICTURE: ("image", "picture"),
    Medium.SOUND: ("son", "sound"),
    Medium.FILM: ("film", "film"),
    Medium.DOCUMENT: ("document", "document"),
}


def spoken_file(value: object) -> Text:
    """An answer's file in words: ``image JPEG, 1,2 Mo``; no words where it speaks of none."""
    found = read_file(value)
    if found is None:
        return Text.of(fr="", en="")
    name, (fr, en) = FORMATS[found.format].name, _KINDS[found.kind]
    size = spoken_size(found.size)
    return Text.of(fr=f"{fr} {name}, {size.in_('fr')}", en=f"{name} {en}, {size.in_('en')}")


def spoken_size(size: int) -> Text:
    """A size in bytes in words, thousand by thousand: ``34 Ko``, ``1,2 Mo``."""
    if size < MEGABYTE:
        thousands = max(1, round(size / 1000))
        return Text.of(fr=f"{thousands}\u00a0Ko", en=f"{thousands}\u00a0kB")
    millions = f"{size / MEGABYTE:.1f}".removesuffix(".0")
    return Text.of(fr=f"{millions.replace('.', ',')}\u00a0Mo", en=f"{millions}\u00a0MB")
