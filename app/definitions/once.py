"""What is read again and again and never changes, kept in the process by a key that names it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """The last ``most`` things read, by key; equal keys must mean equal content."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[str, T] = {}
        self._lock = Lock()

    def __call__(self, key: str, read: Callable[[], T]) -> T:
        """What is kept under the key, else what ``read`` gives, which is then kept."""
        with self._lock:
            if key in self._kept:
                self._kept[key] = self._kept.pop(key)  # the last one used goes last
                return self._kept[key]
        found = read()
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return found
