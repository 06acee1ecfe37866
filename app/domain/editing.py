"""Edits of a questionnaire or a module: each a function from a plain document to the next one.

What refers to a code follows where it is renamed (``domain.renaming``), so that logic never
breaks. Whether the result is good is the checker's matter; only what cannot be is refused here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from app.domain.errors import BadInput, Fault, NotFound
from app.domain.plain_documents import (
    Path,
    Raw,
    Spot,
    at,
    codes,
    homes,
    spot,
    with_entry,
    with_value,
    without,
)
from app.domain.renaming import renamed
from app.domain.text import Text


def free_code(document: Raw, wish: str, taken: Collection[str] = ()) -> str:
    """The wish, or the wish with the first number that nothing has yet."""
    used = codes(document) | set(taken)
    number, code = 1, wish
    while code in used:
        number += 1
        code = f"{wish[:28]}_{number}"
    return code


def added(document: Raw, home: str, question: Raw, after: str = "") -> Raw:
    """The document with a question more: after another one, else at the end of its home.

    A slot that the module does not fill yet begins to be filled. Raises NotFound, BadInput.
    """
    refuse_taken(document, question["code"])
    if after:
        found = _entry_path(document, spot(document, after))
        return with_entry(document, found[:-1], int(found[-1]) + 1, question)
    if home not in {each.code for each in homes(document)}:
        if "slots" not in document:
            raise NotFound
        return with_value(document, ("slots", home), [question])
    path = next(each.path for each in homes(document) if each.code == home)
    return with_entry(document, path, len(at(document, path)), question)


def added_to_list(document: Raw, listed: str, question: Raw) -> Raw:
    """The document with one more question about each entry of a list."""
    refuse_taken(document, question["code"])
    path = (*spot(document, listed).path, "questions")
    return with_entry(document, path, len(at(document, path)), question)


def changed(document: Raw, code: str, question: Raw) -> Raw:
    """The document with the question said otherwise; a new code, of it or of its rows, follows."""
    found = spot(document, code)
    names = _new_names(found.question, question)
    for new in names.values():
        refuse_taken(document, new)
    return renamed(with_value(document, found.path, question), names)


def _new_names(before: Raw, after: Raw) -> dict[str, str]:
    """New code by old: of the question, and of rows that stand where they stood."""
    names = {before["code"]: after["code"]}
    rows, others = before.get("rows", ()), after.get("rows", ())
    if len(rows) == len(others):
        names |= {row["code"]: other["code"] for row, other in zip(rows, others, strict=True)}
    known = {row["code"] for row in rows}
    return {
        old: new for old, new in names.items() if old != new and not (new in known and old in known)
    }


def duplicated(document: Raw, code: str, taken: Collection[str] = ()) -> tuple[Raw, str]:
    """The document with the question once more, below, under a free code; and that code."""
    found = spot(document, code)
    copy = copied(document, found.question, free_code(document, code, taken), "_2", taken)
    path = found.path if found.of_list else _entry_path(document, found)
    return with_entry(document, path[:-1], int(path[-1]) + 1, copy), copy["code"]


def copied(
    document: Raw, question: Raw, code: str, suffix: str, taken: Collection[str] = ()
) -> Raw:
    """The question under another code, its rows or what it asks of each entry under free ones that
    end with the suffix; what it says of itself follows."""
    inner: dict[str, str] = {}
    copy = {**question, "code": code}
    for part in ("rows", "questions"):
        for each in question.get(part, ()):
            wish = f"{each['code'][: 29 - len(suffix)]}{suffix}"
            inner[each["code"]] = free_code(document, wish, {*taken, code, *inner.values()})
        if part in question:
            copy[part] = [{**each, "code": inner[each["code"]]} for each in question[part]]
    alone: Raw = {"slots": {"": [copy]}}
    result: Raw = renamed(alone, {question["code"]: code} | inner)["slots"][""][0]
    return result


def removed(document: Raw, code: str) -> Raw:
    """The document without the question; a page or a slot that is left empty goes with it.

    Raises BadInput for the last question of a module or of a list: they cannot be empty.
    """
    found = spot(document, code)
    siblings = at(document, found.path[:-1])
    if len(siblings) > 1:
        return without(document, found.path)
    if found.of_list or (found.path[0] == "slots" and len(document["slots"]) == 1):
        raise BadInput([Fault(code, *_LAST)])
    if "page" in found.path:
        return without(document, _entry_path(document, found))
    return without(document, found.path[:-1] if found.path[0] == "slots" else found.path)


def moved(document: Raw, code: str, step: int) -> Raw:
    """The document with the question one place earlier (-1) or later (+1).

    At the end of its section it goes into the next one; nowhere to go changes nothing.
    """
    found = spot(document, code)
    if found.of_list or (len(at(document, found.path[:-1])) > 1 and "page" in found.path):
        return swapped(document, found.path, step)
    path = _entry_path(document, found)
    beside = int(path[-1]) + step
    if 0 <= beside < len(at(document, path[:-1])):
        return swapped(document, path, step)
    return _to_next_home(document, path, step)


def swapped(document: Raw, path: Path, step: int) -> Raw:
    """The document with what stands at the path one place earlier (-1) or later (+1)."""
    siblings = [*at(document, path[:-1])]
    here = int(path[-1])
    there = here + step
    if 0 <= there < len(siblings):
        siblings[here], siblings[there] = siblings[there], siblings[here]
    return with_value(document, path[:-1], siblings)


def _to_next_home(document: Raw, path: Path, step: int) -> Raw:
    every = [each.path for each in homes(document)]
    there = every.index(path[:-1]) + step
    if path[0] == "slots" or not 0 <= there < len(every):
        return document
    entry = at(document, path)
    left = without(document, path)
    index = 0 if step > 0 else len(at(left, every[there]))
    return with_entry(left, every[there], index, entry)


def put_into(document: Raw, code: str, home: str) -> Raw:
    """The document with the question at the end of another section or slot."""
    found = spot(document, code)
    if found.home == home:
        return document
    path = _entry_path(document, found)
    entry = at(document, path)
    if home not in {each.code for each in homes(document)}:
        if "slots" not in document:
            raise NotFound
        document = with_value(document, ("slots", home), [])
    target = next(each.path for each in homes(document) if each.code == home)
    document = with_entry(document, target, len(at(document, target)), entry)
    left = at(document, path[:-1])
    empty_slot = path[0] == "slots" and len(left) == 1
    return without(document, path[:-1] if empty_slot else path)


def nearest_slot(core: Raw, code: str) -> str:
    """The first slot of a core behind this question; the last one where none is behind it; empty
    where there is no slot."""
    last: str = ""
    passed = False
    for home in homes(core):
        for entry in home.entries:
            if "slot" in entry:
                last = str(entry["slot"]["code"])
                if passed:
                    return last
            else:
                asked = entry["page"]["questions"] if "page" in entry else [entry]
                passed = passed or any(each["code"] == code for each in asked)
    return last


def _entry_path(document: Raw, found: Spot) -> Path:
    """The path of the entry that the question is, or stands in."""
    home = next(each.path for each in homes(document) if each.code == found.home)
    return found.path[: len(home) + 1]


def said_at_head(document: Raw, parts: dict[str, Any]) -> Raw:
    """The document with other words at its head; an empty part is left out."""
    changed = {key: value for key, value in document.items() if key not in parts}
    known = [*document, *(key for key in parts if key not in document)]
    merged = changed | {key: value for key, value in parts.items() if value}
    body = [key for key in known if key in merged and key not in ("sections", "slots")]
    tail = [key for key in ("sections", "slots") if key in merged]
    return {key: merged[key] for key in (*body, *tail)}


def with_list(document: Raw, name: str, options: list[Raw]) -> Raw:
    """The document with a named list of options, new or said otherwise; without it where empty."""
    lists = {**document.get("option_lists", {}), name: options}
    return said_at_head(document, {"option_lists": {k: v for k, v in lists.items() if v}})


def refuse_taken(document: Raw, code: str) -> None:
    """Raises BadInput where something of the document has this code already."""
    if code in codes(document):
        raise BadInput([Fault("code", *_TAKEN)])


_TAKEN = (
    Text.of(fr="Ce code est déjà pris.", en="This code is taken already."),
    Text.of(fr="Donnez un autre code.", en="Give another code."),
)
_LAST = (
    Text.of(
        fr="C’est la dernière question : il en faut au moins une.",
        en="This is the last question: there must be one.",
    ),
    Text.of(
        fr="Ajoutez-en d’abord une autre, ou jetez le brouillon.",
        en="Add another one first, or discard the draft.",
    ),
)
