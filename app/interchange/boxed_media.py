"""Films and sounds in boxes (ISO/IEC 14496-12: MP4, QuickTime, 3GP, M4A), without what they tell.

A telephone writes where and when a film was taken, and with what. Such boxes are emptied where they
stand, so that what is seen and heard keeps its place in the file; tracks that are neither pictures
nor sound (positions, movements) are emptied with all their samples.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_KEPT = {  # what stays at each level; everything else there is emptied
    b"": (b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"mfra"),
    b"moov": (b"mvhd", b"trak", b"mvex", b"iods"),
    b"trak": (b"tkhd", b"edts", b"mdia", b"tref", b"tapt", b"clip", b"matt"),
    b"mdia": (b"mdhd", b"hdlr", b"minf", b"elng"),
}
_DATED = (b"mvhd", b"tkhd", b"mdhd")
_MOST_BOXES = 40_000  # of a file; a box is looked at up to four times
_MOST_TRACKS = 64  # a telephone writes five or six; each is looked through by itself
_MOST_SAMPLES = (
    200_000  # in the tables of what is neither seen nor heard: an hour of thirty a second
)


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    start: int
    inner: int  # where its content begins
    end: int


class _Broken(Exception):
    """The boxes do not fit into each other."""


def media_in(content: bytes) -> tuple[str, bytes, str] | None:
    """Format (``mp4`` with pictures, ``m4a`` without), content and trouble; None: not whole.

    Pictures in boxes (HEIC, AVIF) are of another kind: that is their trouble.
    """
    emptied = _Emptied(bytearray(content))
    try:
        boxes = emptied.boxes(0, len(content))
        if not any(box.name == b"moov" for box in boxes):
            return ("", b"", "file_kind")
        emptied.level(b"", boxes)
    except (_Broken, struct.error):
        return None
    if not emptied.tracks & {b"vide", b"soun"}:
        return None
    form = "mp4" if b"vide" in emptied.tracks else "m4a"
    return form, bytes(emptied.content[: boxes[-1].end]), ""


def _boxes(content: bytearray, start: int, end: int) -> Iterator[_Box]:
    at = start
    while at + 8 <= end:
        size, name = struct.unpack(">I4s", content[at : at + 8])
        inner = at + 8
        if size == 1:
            size, inner = struct.unpack(">Q", content[at + 8 : at + 16])[0], at + 16
        elif size == 0:
            size = end - at
        if size < inner - at or at + size > end:
            raise _Broken
        yield _Box(name, at, inner, at + size)
        at += size


class _Emptied:
    """The content while what it tells is taken out; ``tracks``: what the tracks are that stay."""

    def __init__(self, content: bytearray) -> None:
        self.content = content
        self.tracks: set[bytes] = set()
        self._left = _MOST_BOXES
        self._samples_left = _MOST_SAMPLES

    def boxes(self, start: int, end: int) -> list[_Box]:
        """The boxes between two places."""
        found = list(islice(_boxes(self.content, start, end), self._left + 1))
        self._left -= len(found)
        if self._left < 0:
            raise _Broken
        return found

    def level(self, name: bytes, boxes: list[_Box]) -> None:
        if sum(box.name == b"trak" for box in boxes) > _MOST_TRACKS:
            raise _Broken
        for box in boxes:
            if box.name not in _KEPT[name]:
                self._empty(box)
            elif box.name == b"trak":
                self._track(box)
            elif box.name in _KEPT:
                self.level(box.name, self._in(box))
            elif box.name in _DATED:
                long = self.content[box.inner : box.inner + 1] == b"\1"
                self._blank(box.inner + 4, min(box.end, box.inner + (20 if long else 12)))

    def _in(self, box: _Box) -> list[_Box]:
        return self.boxes(box.inner, box.end)

    def _track(self, track: _Box) -> None:
        media = self._named(self._in(track), b"mdia")
        parts = self._in(media) if media else []
        handler = self._named(parts, b"hdlr")
        kind = bytes(self.content[handler.inner + 8 : handler.inner + 12]) if handler else b""
        if kind in (b"vide", b"soun"):
            self.tracks.add(kind)
            self.level(b"trak", self._in(track))
            return
        inner = self._named(parts, b"minf")
        table = self._named(self._in(inner), b"stbl") if inner else None
        for start, end in self._samples(self._in(table)) if table else ():
            self._blank(start, min(end, len(self.content)))
        self._empty(track)

    def _named(self, boxes: list[_Box], name: bytes) -> _Box | None:
        return next((box for box in boxes if box.name == name), None)

    def _samples(self, table: list[_Box]) -> Iterator[tuple[int, int]]:
        """Where the samples of a track stand, chunk by chunk."""
        (same, sizes), runs = self._sizes(table), self._numbers(table, b"stsc", 4, 3)
        wide = self._named(table, b"co64") is not None
        chunks = self._numbers(table, b"co64" if wide else b"stco", 8 if wide else 4, 1)
        at, run, total = 0, 0, 0
        for number, (start,) in enumerate(chunks, 1):
            while run + 1 < len(runs) and runs[run + 1][0] <= number:
                run += 1
            count = runs[run][1] if runs else 0
            size = same * count + sum(sizes[at : at + count])
            at += count
            total += size
            if total > len(self.content):
                raise _Broken
            yield start, start + size

    def _sizes(self, table: list[_Box]) -> tuple[int, list[int]]:
        """The size that all samples have, or 0 and that of each."""
        box = self._named(table, b"stsz")
        if box is None:
            return 0, []
        (same,) = struct.unpack(">I", self.content[box.inner + 4 : box.inner + 8])
        sizes = () if same else self._numbers(table, b"stsz", 4, 1, skip=4)
        return same, [size for (size,) in sizes]

    def _numbers(
        self, table: list[_Box], name: bytes, width: int, each: int, skip: int = 0
    ) -> list[tuple[int, ...]]:
        """The entries of a table: its count stands after version and flags (and ``skip``)."""
        box = self._named(table, name)
        if box is None:
            return []
        at = box.inner + 4 + skip
        count = struct.unpack(">I", self.content[at : at + 4])[0]
        form = struct.Struct(">" + ("Q" if width == 8 else "I") * each)
        self._samples_left -= count
        if at + 4 + count * form.size > box.end or self._samples_left < 0:
            raise _Broken
        return list(form.iter_unpack(self.content[at + 4 : at + 4 + count * form.size]))

    def _empty(self, box: _Box) -> None:
        self.content[box.start + 4 : box.start + 8] = b"free"
        self._blank(box.inner, box.end)

    def _blank(self, start: int, end: int) -> None:
        if end > start:
            self.content[start:end] = bytes(end - start)
