"""Exchange items: who, by chance, is asked what only another territory asks of everyone."""

from __future__ import annotations

import hashlib


def is_drawn(seed: str, unit: str, percent: int) -> bool:
    """Whether a case, or a person without one, is in the part of a sample that exchanges items.

    Each with the chance ``percent`` / 100, independently; the same seed and unit always give the
    same: the first 64 bits of SHA-256 over both, as a fraction of 1.
    """
    drawn = hashlib.sha256(f"{seed}\x1f{unit}".encode()).digest()
    return int.from_bytes(drawn[:8]) * 100 < percent << 64
