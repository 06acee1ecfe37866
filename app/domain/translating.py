"""Every text of a definition beside its translation, and how the translation stands.

``missing``: no wording. ``stale``: since the last publication the source changed and the
translation did not. ``to_review``: new or changed since the last publication. Else ``done``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.plain_documents import Path, Raw, at, with_value

State = Literal["missing", "stale", "to_review", "done"]
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,8})?")


@dataclass(frozen=True, slots=True)
class Wording:
    """One text: its name (``E01.options.yes.text``), where it stands, both wordings."""

    name: str
    home: str  # section or slot; empty: the head
    path: Path
    source: str
    target: str
    state: State


def wordings(document: Raw, source: str, target: str, before: Raw | None) -> list[Wording]:
    """Every text in order, with its state. ``before``: the last published version."""
    earlier = {name: text for name, _, _, text in _texts(before)} if before else {}
    return [
        Wording(
            name,
            home,
            path,
            text.get(source, ""),
            text.get(target, ""),
            _state(text, earlier.get(name, {}), source, target),
        )
        for name, home, path, text in _texts(document)
        if text.get(source, "").strip() or text.get(target, "").strip()
    ]


def _state(text: Mapping[str, str], before: Mapping[str, str], source: str, target: str) -> State:
    if not text.get(target, "").strip():
        return "missing"
    same_source = text.get(source) == before.get(source)
    same_target = text.get(target) == before.get(target)
    if same_target and not same_source:
        return "stale"
    return "done" if same_target else "to_review"


def _texts(document: Raw) -> Iterator[tuple[str, str, Path, Mapping[str, str]]]:
    for key, value in document.items():
        if key not in ("sections", "slots"):
            yield from _under(value, (key,), key, "")
    for index, section in enumerate(document.get("sections", ())):
        home = section["code"]
        path: Path = ("sections", index)
        yield from _under(section["title"], (*path, "title"), f"sections.{home}.title", home)
        yield from _under(section["items"], (*path, "items"), "", home)
    for slot, entries in document.get("slots", {}).items():
        yield from _under(entries, ("slots", slot), "", slot)


def _under(
    value: Any, path: Path, name: str, home: str
) -> Iterator[tuple[str, str, Path, Mapping[str, str]]]:
    if isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict):
                code = inner.get("code", "")
                yield from _under(inner, (*path, index), f"{name}.{code}".strip("."), home)
        return
    if not isinstance(value, dict):
        return
    if value and all(_LANGUAGE.fullmatch(k) and isinstance(v, str) for k, v in value.items()):
        yield name, home, path, value
        return
    for key, inner in value.items():
        if key != "shown_when":
            part = "" if key == "questions" else f"{name}.{key}".strip(".")
            part = inner["code"] if key == "page" else part
            yield from _under(inner, (*path, key), part, home)


def translated(document: Raw, target: str, said: Mapping[str, str]) -> Raw:
    """The document with these wordings in a language; ``said``: by name. Unknown names: nothing."""
    for name, _home, path, text in list(_texts(document)):
        if name in said and text.get(target, "") != said[name]:
            document = with_value(document, path, {**at(document, path), target: said[name]})
    return document
