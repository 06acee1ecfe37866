"""Under which name something read aloud is kept: that of its very words, in one language."""

from __future__ import annotations

from collections.abc import Container

FINGERPRINT = 16  # hexadecimal digits of a notice's checksum
ENDINGS = (".mp3", ".wav")


def question_sound(fingerprint: str, language: str) -> str:
    """The name, without its ending, for a question as it is worded."""
    return f"{fingerprint}.{language}"


def notice_sound(checksum: str, tag: str) -> str:
    """The name, without its ending, for a version of a notice and one of its texts (``fr``, or
    ``easy_fr``)."""
    return f"notice-{checksum[:FINGERPRINT]}.{tag}"


def among(stem: str, there: Container[str]) -> str:
    """The whole name under which these words are kept; empty where they are not."""
    return next((name for ending in ENDINGS if (name := stem + ending) in there), "")
