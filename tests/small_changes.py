"""The small changes that a module of ours takes, each made in its tree and taken back."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

PAIRS = (
    *((ast.Eq, ast.NotEq), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)),
    *((ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
)
OTHER = dict(PAIRS) | {other: one for one, other in PAIRS}
NOT_RUN = {"decorator_list", "annotation", "returns"}
# What these are given says how quick or readable something is, or what SQL makes of a column.
NO_BEHAVIOUR = {"mapped_column", "Index", "field", "dataclass", "lru_cache"}
Where = tuple[ast.AST, str, Any]  # what is changed, which of its fields, and what stands there then


Function = tuple[str, int]  # qualified name, first line (of its decorators, where it has some)


class Change(NamedTuple):
    """A change in words that stay while lines move; and in which function's body it lies, if any.

    A part of an inner function or comprehension lies in the outermost one that is defined.
    """

    words: str
    function: Function | None


class _Node(NamedTuple):
    node: ast.AST
    place: tuple[str, ...]
    function: Function | None


def changes(tree: ast.Module) -> Iterator[Change]:
    """Each change that a module takes; it stands in the tree until the next is asked for."""
    met: Counter[str] = Counter()
    for found in _nodes(_Node(tree, (), None)):
        within = _inside(found, "body")
        for words, (owner, name, value) in _of(found.node):
            words = f"{'.'.join(within.place) or 'module'}: {words}"
            met[words] += 1
            before = getattr(owner, name)
            setattr(owner, name, value)
            yield Change(words + f" ({met[words]})" * (met[words] > 1), within.function)
            setattr(owner, name, before)


def _nodes(found: _Node) -> Iterator[_Node]:
    """Every part of the tree that runs, with the names of the classes and functions around it."""
    node = found.node
    if isinstance(node, ast.Call) and _name(node.func) in NO_BEHAVIOUR:
        return
    yield found
    for name, value in ast.iter_fields(node):
        if name in NOT_RUN:
            continue
        within = _inside(found, name)
        for each in value[: _taken(node)] if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from _nodes(within._replace(node=each))


def _inside(found: _Node, field: str) -> _Node:
    """Where a field of a part lies: the body of a class or function is a place of its own."""
    node = found.node
    if not isinstance(node, ast.ClassDef | ast.FunctionDef) or field != "body":
        return found
    place = (*found.place, node.name)
    if found.function or isinstance(node, ast.ClassDef):
        return _Node(node, place, found.function)
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return _Node(node, place, (".".join(place), first))


def _taken(node: ast.AST) -> int | None:
    """How many parts are gone into: one of a row of numbers, which are all alike; else all."""
    row = isinstance(node, ast.Tuple) and all(isinstance(each, ast.Constant) for each in node.elts)
    return 1 if row else None


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _of(node: ast.AST) -> Iterator[tuple[str, Where]]:
    """The changes of one part, in words."""
    for kind in (_decided, _valued, _left_out):
        yield from kind(node)


def _decided(node: ast.AST) -> Iterator[tuple[str, Where]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        ops = [OTHER[type(node.ops[0])](), *node.ops[1:]]
        yield f"other comparison in {_short(node)}", (node, "ops", ops)
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"other and/or in {_short(node)}", (node, "op", other)
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not _is_opposed(node.test):
        yield f"not {_short(node.test)}", (node, "test", ast.UnaryOp(ast.Not(), node.test))


def _valued(node: ast.AST) -> Iterator[tuple[str, Where]]:
    if isinstance(node, ast.Constant) and type(node.value) in (int, bool):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{value} for {_short(node)}", (node, "value", value)
    if isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant | None):
        yield f"None for {_short(node)}", (node, "value", ast.Constant(None))


def _left_out(node: ast.AST) -> Iterator[tuple[str, Where]]:
    if isinstance(node, ast.Set) and len(node.elts) > 1:
        for at, one in enumerate(node.elts):
            rest = node.elts[:at] + node.elts[at + 1 :]
            yield f"without {_short(one)} in a set", (node, "elts", rest)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        for at, one in enumerate(block if isinstance(block, list) else ()):
            if isinstance(one, ast.Raise) or _calls(one):
                rest = [*block[:at], ast.Pass(), *block[at + 1 :]]  # type: ignore[index] # a list
                yield f"without {_short(one)}", (node, name, rest)


def _is_opposed(test: ast.AST) -> bool:
    """Whether the other comparison of a condition is its opposite, so that one change is enough."""
    return isinstance(test, ast.Compare) and type(test.ops[0]) in (
        *(ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot),
    )


def _calls(statement: ast.AST) -> bool:
    """Whether it is a call whose answer nobody takes."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _short(node: ast.AST) -> str:
    """The source of a part, on one line, its beginning."""
    words = " ".join(ast.unparse(node).split()) if not isinstance(node, ast.Module) else ""
    return words if len(words) <= 60 else words[:57] + "..."
