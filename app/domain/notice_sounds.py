"""Under which name a notice read aloud is kept: that of its very words, in one language."""

from __future__ import annotations

FINGERPRINT = 16  # hexadecimal digits of a notice's checksum


def notice_sound(checksum: str, tag: str) -> str:
    """The name for a version of a notice and one of its texts (``fr``, or ``easy_fr``)."""
    return f"notice-{checksum[:FINGERPRINT]}.{tag}.mp3"
