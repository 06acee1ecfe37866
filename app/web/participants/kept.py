"""Pages made once and kept: the same text for everybody, cut where somebody's own values go.

Nine tenths of a page's time went into making the same HTML again. What is kept holds gaps in place
of every value that differs from person to person, never the values; what else a page depends on
(language, look, territory, who else is in the room) is its key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import current_app
from markupsafe import Markup

Gap = tuple[str, ...]
_SIGN = "\x00"  # never on a page
_MOST = 1500  # pages of about 15 kB


def pages() -> Kept:
    """The pages kept by this application."""
    found: Kept = current_app.extensions.setdefault("covalue.pages", Kept())
    return found


def gap(*names: str) -> Markup:
    """What a template writes where a value is to be filled in."""
    return Markup(_SIGN + "|".join(names) + _SIGN)


class Kept:
    """Pages by what they depend on; the oldest goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, list[str | Gap]] = OrderedDict()

    def filled(self, key: Hashable, make: Callable[[], str], value: Callable[[Gap], str]) -> str:
        """The page of this key, made if need be, with ``value`` in its gaps as it stands."""
        parts = self._pages.get(key)
        if parts is None:
            parts = _cut(make())
            self._pages[key] = parts
            if len(self._pages) > _MOST:
                self._pages.popitem(last=False)
        return "".join([part if isinstance(part, str) else value(part) for part in parts])


def _cut(made: str) -> list[str | Gap]:
    """Text and gaps in turn."""
    return [
        tuple(part.split("|")) if place % 2 else part
        for place, part in enumerate(made.split(_SIGN))
    ]
