"""What differs from person to person on a question page: filled in at once, or left as gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from markupsafe import escape

from app.domain.acceptance import Submitted
from app.domain.piping import Pipe
from app.web.kept import Gap, gap
from app.web.participants.display import Words
from app.web.participants.page_form import WAY

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # never shown again
_IN_VALUES = {"value": 0, "longitude": 1, "device": 2}  # the latter two of a place
_NOTHING = Submitted()


class Filling(Protocol):
    """What differs from person to person."""

    def hidden(self, name: str) -> str:
        """The value of a hidden field, or the page that the back link leads to."""
        ...

    def checked(self, item: str, code: str) -> str:
        """The attribute ``checked``, or nothing."""
        ...

    def written(self, item: str, part: str) -> str:
        """What was written: ``value``, ``longitude``, ``other``, ``day`` …"""
        ...

    def piped(self, pipe: Pipe) -> str:
        """What an earlier answer says in a text."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """Fills in at once."""

    fields: Mapping[str, str]
    values: Mapping[str, Submitted]
    piped: Words

    def hidden(self, name: str) -> str:
        return self.fields[name]

    def checked(self, item: str, code: str) -> str:
        given = self.values.get(item, _NOTHING)
        ticked = given.why == code[1:] if code.startswith(WAY) else code in given.values
        return " checked" if ticked else ""

    def written(self, item: str, part: str) -> str:
        given = self.values.get(item, _NOTHING)
        if part in _IN_VALUES:
            found = "".join(given.values[_IN_VALUES[part] : _IN_VALUES[part] + 1])
        else:
            found = getattr(given, part)
        return _UNSEEN.sub("", found)

    def fill(self, gap: Gap) -> str:
        """What belongs in this gap of ``Gaps``."""
        if gap[0] == "checked":
            return self.checked(gap[1], gap[2])
        if gap[0] == "piped":
            return escape(self.piped(_pipe_in(gap)))
        return escape(self.hidden(gap[1]) if gap[0] == "hidden" else self.written(gap[1], gap[2]))


@dataclass(frozen=True, slots=True)
class Gaps:
    """Leaves gaps to be filled in later; none for answers where there is no answer yet."""

    answers: bool

    def hidden(self, name: str) -> str:
        return gap("hidden", name)

    def checked(self, item: str, code: str) -> str:
        return gap("checked", item, code) if self.answers else ""

    def written(self, item: str, part: str) -> str:
        return gap("written", item, part) if self.answers else ""

    def piped(self, pipe: Pipe) -> str:
        return gap("piped", pipe.what, pipe.item, pipe.otherwise.encode().hex())


def _pipe_in(gap: Gap) -> Pipe:
    otherwise = bytes.fromhex(gap[3]).decode()
    return Pipe("count" if gap[1] == "count" else "answer", gap[2], otherwise)
