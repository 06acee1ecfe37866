"""Whether somebody may answer for a person: the person's own word, then who represents them.

After article L.1122-2 of the public health code, taken as the floor for every survey: a person's
refusal is never overridden; under a guardianship the representative is informed and authorises,
under a curatorship the person decides, assisted. Nobody else consents for anybody.
"""

from __future__ import annotations

from typing import Literal, get_args

Measure = Literal[
    "none", "unknown", "safeguard", "curatorship", "guardianship", "family", "mandate"
]
Representative = Literal["is_me", "agrees", "not_informed", "refuses"]
Outcome = Literal["go", "ask_first", "stop"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
REPRESENTATIVES: tuple[Representative, ...] = get_args(Representative)
REPRESENTED = frozenset({"guardianship", "family", "mandate"})  # somebody authorises
ASSISTED = frozenset({"curatorship"})  # the person decides, somebody is informed


def outcome(agrees: str, measure: str, representative: str) -> Outcome:
    """Go on, ask somebody first, or stop for good.

    ``agrees``: what the person says (``domain.sittings``); the other two as above, or empty.
    """
    if agrees == "no":
        return "stop"
    if measure in REPRESENTED:
        if representative == "refuses":
            return "stop"
        return "go" if representative in ("is_me", "agrees") else "ask_first"
    if measure in ASSISTED:
        informed = representative in ("is_me", "agrees", "refuses")
        return "go" if informed and agrees == "yes" else "ask_first"
    return "go"
