"""Everything that can be refused, as one tree.

CovalueError
├── BadDefinition      a file or draft with findings that block
├── NotAllowed         the account lacks the permission (or the territory)
├── NotFound           no such thing, or none that this account may see
├── Conflict           somebody changed it meanwhile, or the state forbids the act
├── BadInput           a value that cannot be taken: place, reason, remedy
└── Unavailable        the database or the disk cannot commit now; try again
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.text import Text

if TYPE_CHECKING:
    from app.domain.checks import Finding


class CovalueError(Exception):
    """Root of all refusals; ``code`` is stable and safe to show."""

    code = "error"

    def __init__(self, message: Text | None = None) -> None:
        self.message = message or Text(())
        super().__init__(self.message.in_("en") or self.code)


class NotAllowed(CovalueError):
    """The account lacks the permission, here or at all."""

    code = "not_allowed"


class NotFound(CovalueError):
    """No such thing, or none within reach of this account: the two look the same."""

    code = "not_found"


class Conflict(CovalueError):
    """The thing changed meanwhile, or its state forbids the act."""

    code = "conflict"


class Unavailable(CovalueError):
    """Nothing could be committed; the same request may be sent again."""

    code = "unavailable"


class RoomMade(Unavailable):
    """The disk was full, and what was kept for this was given up: it may work at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in an input: where, why, and what to do."""

    place: str
    reason: Text
    remedy: Text


class BadInput(CovalueError):
    """Input that cannot be taken; nothing was changed."""

    code = "bad_input"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].reason if self.faults else None)


class BadDefinition(CovalueError):
    """A definition whose findings forbid the act; nothing was changed."""

    code = "bad_definition"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings[0].message if self.findings else None)
