"""Recordings as MP3: looked through frame by frame, and kept without what else a file carries.

MPEG audio, layer III (ISO/IEC 11172-3 and 13818-3, with the half rates of "2.5"). Labels before and
behind the sound (ID3, APE) can hold names, places and pictures: they are left out.
"""

from __future__ import annotations

_FEWEST_FRAMES = 4
_KBITS = {  # by whether it is MPEG 1
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def frames_in(content: bytes) -> tuple[bytes, float] | None:
    """The frames of a recording, without its labels, and seconds; None where it is no MP3."""
    start, end = _between_labels(content)
    at, frames, seconds = start, 0, 0.0
    while at < end:
        found = _frame(content, at)
        if found is None or at + found[0] > end:
            break
        at, frames, seconds = at + found[0], frames + 1, seconds + found[1]
    # The last frame may be cut off; anything else behind the frames is no sound.
    if frames < _FEWEST_FRAMES or end - at > 2000:
        return None
    return content[start:at], seconds


def _between_labels(content: bytes) -> tuple[int, int]:
    start, end = 0, len(content)
    while content[start : start + 3] == b"ID3":
        size = 0
        for byte in content[start + 6 : start + 10]:  # seven bits of each
            size = size << 7 | byte & 0x7F
        start += 10 + size
    if content[-128:-125] == b"TAG":
        end -= 128
    return min(start, end), end


def _frame(content: bytes, at: int) -> tuple[int, float] | None:
    """Bytes and seconds of the frame that begins here; None where none does."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bits in (0, 15) or rate == 3:
        return None
    first = version == 3
    samples, hertz = 1152 if first else 576, _RATES[version][rate]
    padding = head[2] >> 1 & 1
    return samples // 8 * _KBITS[first][bits] * 1000 // hertz + padding, samples / hertz
