"""Files that answer a question, looked through by their content: the name is not asked.

What is kept is what is seen or heard. Where and with what a picture was taken, labels, previews,
and what hangs behind the end of a file are left out, so that a file that is a page as well, or an
archive, is none any more.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.answer_files import SentFile
from app.interchange.boxed_media import media_in
from app.interchange.mp3 import frames_in
from app.interchange.pictures import jpeg_in, png_in, webp_in
from app.interchange.wav import is_wav, waves_in

EMPTY = SentFile(trouble="file_empty")
LARGE = SentFile(trouble="file_large")
NO_ROOM = SentFile(trouble="file_no_room")
_OTHER = SentFile(trouble="file_kind")
_UNREADABLE = SentFile(trouble="file_unreadable")
Reader = Callable[[bytes], bytes | None]


def sent_file(content: bytes, most: int) -> SentFile:
    """The file with this content, of at most so many bytes, or what keeps it from being taken."""
    if not content:
        return EMPTY
    if len(content) > most:
        return LARGE
    if content[4:8] == b"ftyp":
        found = media_in(content)
        return SentFile(*found) if found else _UNREADABLE
    for form, begins, read in _FORMATS:
        if begins(content):
            kept = read(content)
            return _UNREADABLE if kept is None else SentFile(form, kept)
    return _OTHER


def _sound(content: bytes) -> bytes | None:
    found = frames_in(content)
    return found[0] if found else None


def _document(content: bytes) -> bytes | None:
    """A whole PDF, as it is: what it says in it (an author, a title) stays."""
    return content if b"%%EOF" in content[-1024:] else None


_FORMATS: tuple[tuple[str, Callable[[bytes], bool], Reader], ...] = (
    ("jpeg", lambda content: content[:3] == b"\xff\xd8\xff", jpeg_in),
    ("png", lambda content: content[:8] == b"\x89PNG\r\n\x1a\n", png_in),
    ("webp", lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP", webp_in),
    ("wav", is_wav, waves_in),
    ("pdf", lambda content: content[:5] == b"%PDF-", _document),
    ("mp3", lambda content: content[:3] == b"ID3" or frames_in(content) is not None, _sound),
)
