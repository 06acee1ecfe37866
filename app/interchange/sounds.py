"""Recordings that are sent in: MP3 or plain WAV, looked through, and kept without what else a file
carries. Labels beside the sound (ID3, APE, LIST) can hold names, places and pictures.
"""

from __future__ import annotations

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.interchange.mp3 import frames_in
from app.interchange.wav import is_wav, samples_in

MOST_BYTES = 4_000_000
MOST_SECONDS = 300


def sound_of(content: bytes, most: int = MOST_SECONDS) -> bytes:
    """The sound of a recording, without its labels. Raises BadInput where it is neither MP3 nor
    plain WAV, longer than ``most`` seconds, or larger than 4 MB."""
    if len(content) > MOST_BYTES:
        raise BadInput([Fault("file", *_TOO_LARGE)])
    found = samples_in(content) if is_wav(content) else frames_in(content)
    if found is None:
        raise BadInput([Fault("file", *_NO_SOUND)])
    sound, seconds = found
    if seconds > most:
        raise BadInput([Fault("file", _longer(most // 60), _SHORTER)])
    return sound


def ending(sound: bytes) -> str:
    """How the name of a kept recording ends."""
    return ".wav" if is_wav(sound) else ".mp3"


def media_type(sound: bytes) -> str:
    """What a browser is told that a kept recording is."""
    return "audio/wav" if is_wav(sound) else "audio/mpeg"


def _longer(minutes: int) -> Text:
    return Text.of(
        fr=f"Cet enregistrement dure plus de {minutes} minutes.",
        en=f"It lasts over {minutes} minutes.",
    )


_TOO_LARGE = (
    Text.of(fr="Ce fichier dépasse 4 Mo.", en="This file is larger than 4 MB."),
    Text.of(
        fr="Enregistrez la voix en MP3 mono, à 32 kbit/s\u00a0: cela suffit.",
        en="Record the voice as MP3, mono, at 32 kbit/s: that is enough.",
    ),
)
_SHORTER = Text.of(
    fr="Lisez un seul texte par fichier, ou un peu plus vite.",
    en="Read one text in each file, or a little quicker.",
)
_NO_SOUND = (
    Text.of(
        fr="Ce fichier n’est ni du son MP3, ni du son WAV simple.",
        en="This file is neither MP3 nor plain WAV sound.",
    ),
    Text.of(
        fr="Exportez l’enregistrement au format MP3, puis envoyez-le.",
        en="Export the recording as MP3, then send it.",
    ),
)
