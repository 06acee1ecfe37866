"""Times of day as people write them: ``14 h 30``, ``14:30``, ``2:30 pm``; kept as ``14:30``."""

from __future__ import annotations

import re

from app.domain.text import Text

LONGEST = 40  # signs: the pattern below looks at a longer one for ever
_WRITTEN = re.compile(
    r"(?P<hour>[0-9]{1,2})\s*(?:(?:h|:|\.|heures?)\s*(?P<minute>[0-9]{2})?)?\s*(?:min)?\s*"
    r"(?P<half>[ap]\.?\s?m\.?)?",
    re.IGNORECASE,
)


def iso_time(written: str) -> str | None:
    """The time of day as ``HH:MM``; None where there is none such. Seconds are not asked for."""
    plain = written.strip()
    if len(plain) > LONGEST:
        return None
    found = _WRITTEN.fullmatch(plain.replace("\u00a0", " ").replace("\u202f", " "))
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "")[:1].casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def spoken_time(time: str) -> Text:
    """``14:30`` as « 14 h 30 » and “14:30”."""
    hour, _, minute = time.partition(":")
    return Text.of(fr=f"{int(hour)}\u00a0h\u00a0{minute}", en=f"{int(hour)}:{minute}")
