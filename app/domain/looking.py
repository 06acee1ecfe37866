"""Why somebody of staff opens names, addresses, telephones: asked before, kept with each look."""

from __future__ import annotations

import re
from datetime import timedelta

from app.domain.calls import speaks_of_health

OTHER = "other"
REASONS = ("inviting", "asked", "undelivered", "rights", "checking", OTHER)
OF_ONE_PERSON = frozenset({"asked", "rights"})  # another person needs to be asked about anew
OF_MANY = tuple(why for why in REASONS if why not in OF_ONE_PERSON)
HOLDS = timedelta(hours=1)
SHORTEST, LONGEST = 10, 120  # signs of a reason in words
_TELLS = re.compile(r"(?:\d[\s.\-]*){4}|@")  # a number, an address


def tells_too_much(words: str) -> bool:
    """Whether words meant to say why seem to say who: a telephone, an address, health."""
    return _TELLS.search(words) is not None or speaks_of_health(words)
