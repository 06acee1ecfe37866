"""Sets of response numbers as small bytes: which people stand behind a figure, no answer in it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def pack_numbers(numbers: Sequence[int] | NDArray[Any]) -> bytes:
    """A bitmap over response numbers, compressed; equal sets give equal bytes."""
    found = np.asarray(numbers, dtype=np.int64)
    if not found.size:
        return zlib.compress(b"", 9)
    if found.min() < 0:
        raise ValueError("response numbers are not negative")
    bits = np.zeros(int(found.max()) + 1, dtype=bool)
    bits[found] = True
    return zlib.compress(np.packbits(bits, bitorder="little").tobytes(), 9)


def unpack_numbers(bitmap: bytes) -> NDArray[np.int64]:
    """The response numbers in a bitmap, ascending."""
    packed = np.frombuffer(zlib.decompress(bitmap), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little")).astype(np.int64)
