"""What a part of a FHIRPath expression is: a tree, a path to an item, values, something sure."""

from __future__ import annotations

from dataclasses import dataclass

from app.interchange.foreign_counts import BEFORE
from app.interchange.foreign_expressions import Call, Expression, Literal, Unreadable

TODAY = Call("today", ())


@dataclass(frozen=True, slots=True)
class Place:
    """A path: to the item with this link, or to no item yet."""

    link: str = ""


@dataclass(frozen=True, slots=True)
class Several:
    """Values with | between them."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sure:
    """What holds or does not, whatever is answered: ``exists`` and what is made of such."""

    holds: Expression


Node = Expression | Place | Several | Sure


def given(name: Expression) -> Expression:
    """That the item is answered."""
    return Call("boolean", (name,))


def dated(node: Node) -> bool:
    """Whether it is today, or so long before."""
    return isinstance(node, Call) and node.function in ("today", BEFORE)


def values(node: Node) -> tuple[str, ...]:
    """The values that it says. Raises ``Unreadable``."""
    if isinstance(node, Several):
        return node.values
    if isinstance(node, Literal):
        return (node.value,)
    raise Unreadable
