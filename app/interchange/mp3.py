"""Recordings as MP3: looked through frame by frame, and kept without what else a file carries.

MPEG audio, layer III (ISO/IEC 11172-3 and 13818-3, with the half rates of "2.5"). Labels before and
behind the sound (ID3, APE) can hold names, places and pictures: they are left out.
"""

from __future__ import annotations

from app.domain.errors import BadInput, Fault
from app.domain.text import Text

MOST_BYTES = 4_000_000
MOST_SECONDS = 300
_FEWEST_FRAMES = 4
_KBITS = {  # by whether it is MPEG 1
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def sound_of(content: bytes) -> bytes:
    """The frames of a recording, without its labels. Raises BadInput where it is no MP3, longer
    than five minutes, or larger than 4 MB."""
    if len(content) > MOST_BYTES:
        raise BadInput([Fault("file", *_TOO_LARGE)])
    start, end = _between_labels(content)
    at, frames, seconds = start, 0, 0.0
    while at < end:
        found = _frame(content, at)
        if found is None or at + found[0] > end:
            break
        at, frames, seconds = at + found[0], frames + 1, seconds + found[1]
    # The last frame may be cut off; anything else behind the frames is no sound.
    if frames < _FEWEST_FRAMES or end - at > 2000:
        raise BadInput([Fault("file", *_NO_SOUND)])
    if seconds > MOST_SECONDS:
        raise BadInput([Fault("file", *_TOO_LONG)])
    return content[start:at]


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


_TOO_LARGE = (
    Text.of(fr="Ce fichier dépasse 4 Mo.", en="This file is larger than 4 MB."),
    Text.of(
        fr="Enregistrez la voix en MP3 mono, à 32 kbit/s\u00a0: cela suffit.",
        en="Record the voice as MP3, mono, at 32 kbit/s: that is enough.",
    ),
)
_TOO_LONG = (
    Text.of(fr="Cet enregistrement dure plus de cinq minutes.", en="It lasts over five minutes."),
    Text.of(fr="Lisez une seule question par fichier.", en="Read one question in each file."),
)
_NO_SOUND = (
    Text.of(fr="Ce fichier n’est pas du son MP3.", en="This file is no MP3 sound."),
    Text.of(
        fr="Exportez l’enregistrement au format MP3, puis envoyez-le.",
        en="Export the recording as MP3, then send it.",
    ),
)
