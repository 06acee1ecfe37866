"""Pages made once and kept: the same text for everybody, cut where somebody's own values go.

Nine tenths of a page's time went into making the same HTML again. What is kept holds gaps in place
of every value that differs from person to person, never the values; what else a page depends on
(language, look, territory, rights, who else is in the room) is its key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import current_app
from markupsafe import Markup

Gap = tuple[str, ...]
Parts = list[str | Gap]
_SIGN = "\x00"  # never on a page
_MOST = 24_000_000  # characters of all pages together


def pages() -> Kept:
    """The pages kept by this application."""
    found: Kept = current_app.extensions.setdefault("covalue.pages", Kept())
    return found


def gap(*names: str) -> Markup:
    """What a template writes where a value is to be filled in."""
    return Markup(_SIGN + "|".join(names) + _SIGN)


class Kept:
    """Pages by what they depend on; the one that was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Parts] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def filled(self, key: Hashable, make: Callable[[], str], value: Callable[[Gap], str]) -> str:
        """The page of this key, made if need be, with ``value`` in its gaps as it stands."""
        parts = self.found(key)
        if parts is None:
            parts = cut(make())
            self.keep(key, parts)
        return fill(parts, value)

    def found(self, key: Hashable) -> Parts | None:
        """The page of this key with its gaps, if it is kept."""
        with self._lock:
            parts = self._pages.get(key)
            if parts is not None:
                self._pages.move_to_end(key)
        return parts

    def keep(self, key: Hashable, parts: Parts) -> None:
        """Keep a page, and no more of the oldest than there is room for."""
        with self._lock:
            self._size += _length(parts) - _length(self._pages.pop(key, []))
            self._pages[key] = parts
            while self._size > _MOST and len(self._pages) > 1:
                self._size -= _length(self._pages.popitem(last=False)[1])


def cut(made: str) -> Parts:
    """Text and gaps in turn."""
    return [
        tuple(part.split("|")) if place % 2 else part
        for place, part in enumerate(made.split(_SIGN))
    ]


def fill(parts: Parts, value: Callable[[Gap], str]) -> str:
    """The page with ``value`` in its gaps."""
    return "".join([part if isinstance(part, str) else value(part) for part in parts])


def _length(parts: Parts) -> int:
    return sum(len(part) for part in parts if isinstance(part, str))
