"""Pictures kept without what else they carry: places, devices, times, previews, comments.

JPEG (ITU T.81, Exif 2.3), PNG (W3C, third edition) and WebP (RFC 9649) are sequences of parts with
a name and a length. The parts that make the picture are kept, the others are not, and nothing
behind the end is. A picture is not decoded: its parts are only counted.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

MOST_PIXELS = 120_000_000  # more is no photograph: whoever opened it would run out of memory
MOST_PARTS = 100_000  # none has more: they would be made to keep a machine busy
_MARKER = re.compile(rb"\xff++([\x01-\xcf\xd8-\xfe])")  # not 00, nor the restarts, within a scan
_NEXT = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # the same, one FF of however many before it
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # frames, of which one says the size
_PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"iCCP")
)
_WEBP_KEPT = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP")


def jpeg_in(content: bytes) -> bytes | None:
    """A JPEG with its own parts only, turned as it was; None where it is not whole."""
    kept, sized = [b"\xff\xd8"], False
    for marker, part, picture in _jpeg_parts(content):
        if marker == 0xD9:
            return b"".join((*kept, b"\xff\xd9")) if sized else None
        if marker in _SIZES:
            height, width = struct.unpack(">HH", part[3:7].ljust(4, b"\0"))
            if not _fits(height, width):
                return None
            sized = True
        kept += (_jpeg_part(marker, part), picture)
    return None


def _jpeg_parts(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker and part, and what of the picture itself follows it; up to one that is not whole."""
    at, count = 2, 0
    while (found := _MARKER.match(content, at)) is not None and count < MOST_PARTS:
        marker, at, count = found[1][0], found.end(), count + 1
        if marker == 0xD9:
            yield marker, b"", b""
        if marker in _ALONE:
            continue
        end = at + int.from_bytes(content[at : at + 2], "big")
        if not at + 2 <= end <= len(content):
            return
        part, at = content[at:end], end
        if marker == 0xDA:
            after = _NEXT.search(content, at)
            at = after.start() if after else len(content)
        yield marker, part, content[end:at]


def _jpeg_part(marker: int, part: bytes) -> bytes:
    """A part as it is kept; nothing where it goes."""
    own = marker < 0xE0 and marker != 0xFE
    own |= marker == 0xE0 and part[2:7] == b"JFIF\0" and len(part) == 16  # without a preview
    colours = (marker == 0xEE and part[2:7] == b"Adobe") or (
        marker == 0xE2 and part[2:14] == b"ICC_PROFILE\0"
    )
    if own or colours:
        return bytes((0xFF, marker)) + part
    turned = _turned(part[8:]) if marker == 0xE1 and part[2:8] == b"Exif\0\0" else 0
    return _exif(turned) if turned else b""


def _turned(tiff: bytes) -> int:
    """How a camera says that its picture is to be turned, 2 to 8; 0 where it does not."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return 0
    at = struct.unpack(f"{order}I", tiff[4:8])[0]
    entries = struct.unpack(f"{order}H", tiff[at : at + 2].ljust(2, b"\0"))[0]
    for entry in range(min(entries, 200)):
        said = tiff[at + 2 + 12 * entry : at + 14 + 12 * entry]
        if len(said) == 12 and struct.unpack(f"{order}H", said[:2])[0] == 0x0112:
            turned: int = struct.unpack(f"{order}H", said[8:10])[0]
            return turned if 2 <= turned <= 8 else 0
    return 0


def _exif(turned: int) -> bytes:
    """A part that says how the picture is to be turned, and nothing else."""
    tiff = struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, 0x0112, 3, 1, turned, 0, 0)
    return struct.pack(">BBH", 0xFF, 0xE1, len(tiff) + 8) + b"Exif\0\0" + tiff


def png_in(content: bytes) -> bytes | None:
    """A PNG with its own parts only; None where it is not whole."""
    kept: list[bytes] = [content[:8]]
    at = 8
    while at + 12 <= len(content) and len(kept) < MOST_PARTS:
        length, name = struct.unpack(">I4s", content[at : at + 8])
        part = content[at : at + 12 + length]
        whole = len(part) == 12 + length and _checked(part)
        first = len(kept) == 1
        if not whole or first != (name == b"IHDR") or (first and not _png_fits(part)):
            return None
        if name in _PNG_KEPT:
            kept.append(part)
        at += len(part)
        if name == b"IEND":
            return b"".join(kept)
    return None


def _checked(part: bytes) -> bool:
    return zlib.crc32(part[4:-4]) == int.from_bytes(part[-4:], "big")


def _png_fits(part: bytes) -> bool:
    return len(part) == 25 and _fits(*struct.unpack(">II", part[8:16]))


def _fits(width: int, height: int) -> bool:
    return 0 < width * height <= MOST_PIXELS


def webp_in(content: bytes) -> bytes | None:
    """A WebP with its own parts only; None where it is not whole."""
    kept: list[bytes] = []
    for name, part in riff_parts(content):
        if name == b"VP8X":
            if len(part) != 10 or not _fits(_three(part[4:7]) + 1, _three(part[7:10]) + 1):
                return None
            # Neither Exif (8) nor XMP (4) comes with it.
            kept.append(_riff_part(name, bytes((part[0] & ~0x0C,)) + part[1:]))
        elif name in _WEBP_SIZES and not _fits(*_WEBP_SIZES[name](part)):
            return None
        elif name in _WEBP_KEPT:
            kept.append(_riff_part(name, part))
    made = b"".join(kept)
    shown = any(part[:4] in (b"VP8 ", b"VP8L", b"ANMF") for part in kept)
    return b"RIFF" + struct.pack("<I", len(made) + 4) + b"WEBP" + made if shown else None


def _lossy_size(part: bytes) -> tuple[int, int]:
    """Width and height of a VP8 picture (RFC 6386, 9.1), fourteen bits each."""
    width, height = struct.unpack("<HH", part[6:10].ljust(4, b"\0"))
    return width & 0x3FFF, height & 0x3FFF


def _lossless_size(part: bytes) -> tuple[int, int]:
    """Width and height of a VP8L picture (RFC 9649, 3.4), fourteen bits each, less one."""
    bits = int.from_bytes(part[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_WEBP_SIZES = {b"VP8 ": _lossy_size, b"VP8L": _lossless_size}


def riff_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a RIFF file within the length that it says, up to one that is not whole."""
    end = min(len(content), int.from_bytes(content[4:8], "little") + 8)
    at, count = 12, 0
    while at + 8 <= end and count < MOST_PARTS:
        count += 1
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            return
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _riff_part(name: bytes, part: bytes) -> bytes:
    return name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2)


def _three(part: bytes) -> int:
    return int.from_bytes(part, "little")
