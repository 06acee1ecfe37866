"""Domain objects to JSON-ready documents and back, driven by the dataclasses' own types.

Fields that equal their default are left out. Texts become mappings by language, or a line that is
the same in each; conditions the form of files, fractions ``"a/b"``, dates ISO. Where a field may
hold one of several classes, the key ``is`` names which. ``load(cls, dump(thing)) == thing`` for
every frozen domain object.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from app.definitions.conditions import parse_condition, write_condition
from app.domain.conditions import Condition
from app.domain.text import Text

T = TypeVar("T")
Turn = Callable[[Any], Any]
Plan = tuple[tuple[str, Any, Turn, Turn], ...]
_PLANS: dict[Any, Plan] = {}
_ABSENT = object()
_CONDITIONS = frozenset(get_args(Condition))


def dump(thing: Any) -> dict[str, Any]:
    """The document of a domain dataclass."""
    return {
        name: None if value is None else out(value)
        for name, default, out, _ in _plan(type(thing))
        if (value := getattr(thing, name)) != default
    }


def load(cls: type[T], document: Mapping[str, Any]) -> T:
    """The object that ``dump`` made the document of; KeyError, TypeError or ValueError else."""
    values = {
        name: None if document[name] is None else into(document[name])
        for name, _, _, into in _plan(cls)
        if name in document
    }
    return cls(**values)


def _plan(cls: Any) -> Plan:
    """Per field: name, default, how to write it, how to read it; worked out once per class."""
    if cls not in _PLANS:
        hints = get_type_hints(cls)
        _PLANS[cls] = tuple(
            (field.name, _default(field), *_turns(hints[field.name]))
            for field in dataclasses.fields(cls)
        )
    return _PLANS[cls]


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return _ABSENT


def _same(value: Any) -> Any:
    return value


def _write_number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read_number(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)


def _write_fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


_TURNS: dict[object, tuple[Turn, Turn]] = {
    str: (_same, _same),
    bool: (_same, _same),
    int: (_same, _same),
    float: (_write_number, _read_number),
    Fraction: (_write_fraction, Fraction),
    Text: (Text.as_written, Text.written),
    date: (date.isoformat, date.fromisoformat),
}


def _turns(hint: Any) -> tuple[Turn, Turn]:
    if hint in _TURNS:
        return _TURNS[hint]
    origin = get_origin(hint)
    if origin in (UnionType, Union):
        return _union(tuple(part for part in get_args(hint) if part is not NoneType))
    if origin is Literal:
        return _same, _same
    if origin is tuple:
        return _tuple(get_args(hint))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        out, into = _turns(get_args(hint)[1])
        return (
            lambda value: {key: out(inner) for key, inner in value.items()},
            lambda value: {key: into(inner) for key, inner in value.items()},
        )
    if issubclass(hint, Enum):
        return (lambda value: value.value), hint
    return dump, lambda value: load(hint, value)


def _tuple(parts: tuple[Any, ...]) -> tuple[Turn, Turn]:
    if parts[-1] is Ellipsis:
        out, into = _turns(parts[0])
        return (
            lambda value: [out(inner) for inner in value],
            lambda value: tuple([into(inner) for inner in value]),
        )
    turns = [_turns(part) for part in parts]
    return (
        lambda value: [turn[0](inner) for turn, inner in zip(turns, value, strict=True)],
        lambda value: tuple(turn[1](inner) for turn, inner in zip(turns, value, strict=True)),
    )


def _union(parts: tuple[Any, ...]) -> tuple[Turn, Turn]:
    if len(parts) == 1:
        return _turns(parts[0])
    if set(parts) == _CONDITIONS:
        return write_condition, parse_condition
    if set(parts) == {float, str}:
        return _write_number, _read_number
    classes = {part.__name__.lower(): part for part in parts}

    def out(value: Any) -> Any:
        return {"is": type(value).__name__.lower(), **dump(value)}

    def into(document: Any) -> Any:
        return load(classes[document["is"]], document)

    return out, into
