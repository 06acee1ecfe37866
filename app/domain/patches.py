"""What an edit changed in a plain document, small enough to keep, and good both ways.

``apply(before, patch) == after`` and ``apply(after, inverse(patch)) == before``, the order of keys
included: so every edit can be undone, and done again, from its stored row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.plain_documents import Path, Raw, at, with_value

Change = dict[str, Any]
Patch = list[Change]


def patch(before: Any, after: Any) -> Patch:
    """The changes that lead from one document to the other; JSON-ready."""
    return list(_changes(before, after, ()))


def _changes(before: Any, after: Any, path: Path) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_mappings(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    elif before != after:
        yield {"at": list(path), "was": before, "is": after}


def _of_mappings(before: dict[str, Any], after: dict[str, Any], path: Path) -> Iterator[Change]:
    if before is after:
        return
    if list(before) != list(after):
        kept = {key: before[key] for key in before if key in after}
        gone = {key: before[key] for key in before if key not in after}
        come = {key: after[key] for key in after if key not in before}
        yield {
            "at": list(path),
            "keys": [list(before), list(after)],
            "was": gone,
            "is": come,
        }
    else:
        kept = before
    for key in kept:
        yield from _changes(before[key], after[key], (*path, key))


def _of_lists(before: list[Any], after: list[Any], path: Path) -> Iterator[Change]:
    if before is after:
        return
    if len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changes(old, new, (*path, index))
        return
    start = 0
    while start < min(len(before), len(after)) and _same(before[start], after[start]):
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and _same(before[-1 - end], after[-1 - end]):
        end += 1
    yield {
        "at": list(path),
        "from": start,
        "was": before[start : len(before) - end],
        "is": after[start : len(after) - end],
    }


def _same(one: Any, other: Any) -> bool:
    """Equal, the order of keys included."""
    return one is other or not list(_changes(one, other, ()))


def inverse(changes: Patch) -> Patch:
    """The changes that lead back."""
    return [
        {
            **change,
            "was": change["is"],
            "is": change["was"],
            **({"keys": change["keys"][::-1]} if "keys" in change else {}),
        }
        for change in reversed(changes)
    ]


def apply(document: Raw, changes: Patch) -> Raw:
    """The document after the changes; of the very document that they were made from."""
    for change in changes:
        path = tuple(change["at"])
        document = with_value(document, path, _after(at(document, path), change))
    return document


def _after(value: Any, change: Change) -> Any:
    if "keys" in change:
        merged = {**value, **change["is"]}
        return {key: merged[key] for key in change["keys"][1]}
    if "from" in change:
        start = change["from"]
        return [*value[:start], *change["is"], *value[start + len(change["was"]) :]]
    return change["is"]
