"""Recordings as WAV: plain samples of 16 bits on one channel, as the builder's recorder makes them.

RIFF/WAVE, format 1 (linear PCM). What is kept is a header of our own and the samples.
"""

from __future__ import annotations

import struct

_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
_FEWEST_SAMPLES = 800


def is_wav(content: bytes) -> bool:
    """Whether the file says that it is one."""
    return content[:4] == b"RIFF" and content[8:12] == b"WAVE"


def samples_in(content: bytes) -> tuple[bytes, float] | None:
    """The samples behind a header of their own, and seconds; None where there are none to hear."""
    chunks = _chunks(content)
    form, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < 16:
        return None
    kind, channels, rate, _bytes, _block, bits = struct.unpack("<HHIIHH", form[:16])
    samples = samples[: len(samples) // 2 * 2]
    if (kind, channels, bits) != (1, 1, 16) or rate not in _RATES:
        return None
    if len(samples) < 2 * _FEWEST_SAMPLES:
        return None
    size = len(samples)
    sizes = (b"RIFF", size + 36, b"WAVE", b"fmt ", 16)
    head = _HEAD.pack(*sizes, 1, 1, rate, rate * 2, 2, 16, b"data", size)
    return head + samples, size / 2 / rate


def waves_in(content: bytes) -> bytes | None:
    """A sound of whatever rate and channels, its form and its samples only; None: not whole."""
    chunks = _chunks(content)
    form, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < 16 or not samples:
        return None
    named = ((b"fmt ", form), (b"data", samples))
    made = b"".join(
        name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for name, part in named
    )
    return b"RIFF" + struct.pack("<I", len(made) + 4) + b"WAVE" + made


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The first form and the first samples, up to a chunk that is not whole."""
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content) and len(found) < 2:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + size > len(content):
            break
        if content[at : at + 4] in (b"fmt ", b"data"):
            found.setdefault(content[at : at + 4], content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found
