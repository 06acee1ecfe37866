"""Files in forms: those of answers go to memory, and no further than the largest that is kept.

A disk would hold what people answered, unsealed. What is too large is read to its end and counted,
so that the page can be shown again with its reason; past the bound of the whole form it is refused.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Request, current_app
from werkzeug.datastructures import FileStorage

from app.domain.answer_files import MEGABYTE, SentFile
from app.interchange.sent_files import NO_ROOM, sent_file
from app.workflows.uploads import short_of_room

ANSWERS = frozenset({"participants.answer", "trial.answer", "gallery.judge", "preview.judge"})
MOST_OF_A_FORM = 32 * 1024 * 1024  # as the proxy's files have it: more than any file may have


class _Counted(BytesIO):
    """Keeps one byte more than is taken: enough to say that it is too much."""

    def write(self, content: Any, /) -> int:
        free = largest() + 1 - self.tell()
        super().write(content[: max(0, free)])
        return len(content)


class FormRequest(Request):
    """A request whose files go where they may."""

    @property
    def max_content_length(self) -> int | None:
        """How many bytes of a form are read at all."""
        if self.endpoint in ANSWERS and self.mimetype == "multipart/form-data":
            return MOST_OF_A_FORM
        return super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        Request.max_content_length.fset(self, value)  # type: ignore[attr-defined] # a property

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.endpoint in ANSWERS:
            return _Counted()
        return super()._get_file_stream(
            total_content_length, content_type, filename, content_length
        )


def largest() -> int:
    """The most bytes that a file given as an answer may have."""
    megabytes: int = current_app.extensions["covalue.settings"].file_megabytes
    return megabytes * MEGABYTE


def read_sent(found: FileStorage | None) -> SentFile | None:
    """The file in a field of a form, looked through; None where none was chosen.

    On a disk with little room it is not taken: what people write still goes in.
    """
    if found is None or not found.filename:
        return None
    if short_of_room(current_app.extensions["covalue"].folder):
        return NO_ROOM
    return sent_file(found.stream.read(), largest())
