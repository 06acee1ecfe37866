"""Edits of what a framework's plain document measures: its dimensions, values and indicators.

A territory's document says only what it changes: an indicator adapted stands in its change, one of
its own in what it adds. What is shown and never scored stands in the ledger of either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import BadInput, Fault, NotFound
from app.domain.plain_documents import Path, Raw, at, with_value, without
from app.domain.text import Text

Standing = Literal["national", "adapted", "added", "ledger"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an indicator stands. ``path`` leads to it, ``entry`` to what holds its reason."""

    standing: Standing
    path: Path
    entry: Path
    indicator: Raw
    dimension: str = ""
    value: str = ""

    @property
    def code(self) -> str:
        """The indicator's code."""
        return str(self.indicator["code"])


def places(document: Raw) -> Iterator[Place]:
    """Every indicator that the document itself says, in order."""
    for d, dimension in enumerate(document.get("dimensions", ())):
        for v, value in enumerate(dimension["values"]):
            for i, indicator in enumerate(value["indicators"]):
                path: Path = ("dimensions", d, "values", v, "indicators", i)
                yield Place("national", path, path, indicator, dimension["code"], value["code"])
    for i, change in enumerate(document.get("changes", ())):
        if "as" in change:
            yield Place("adapted", ("changes", i, "as"), ("changes", i), change["as"])
    for i, entry in enumerate(document.get("added", ())):
        path = ("added", i)
        yield Place("added", (*path, "indicator"), path, entry["indicator"], entry["dimension"])
    for i, indicator in enumerate(document.get("ledger", ())):
        yield Place("ledger", ("ledger", i), ("ledger", i), indicator)


def place(document: Raw, code: str) -> Place:
    """Where the indicator with this code stands. Raises NotFound."""
    found = next((each for each in places(document) if each.code == code), None)
    if found is None:
        raise NotFound
    return found


def indicator_said(document: Raw, code: str, indicator: Raw, said: Raw) -> Raw:
    """The document with an indicator said otherwise; ``said``: reason, evidence, source, where
    its change or addition holds them."""
    found = place(document, code)
    _free(document, indicator["code"], but=code)
    if found.path == found.entry:
        return with_value(document, found.path, indicator)
    entry = {key: value for key, value in at(document, found.entry).items() if key not in said}
    inner = str(found.path[-1])
    entry |= {key: value for key, value in said.items() if value} | {inner: indicator}
    return with_value(document, found.entry, entry)


def value_extended(document: Raw, dimension: str, value: Raw, indicator: Raw) -> Raw:
    """A national document with one more indicator in a value; a new value where it has no such.

    ``value``: ``code`` and ``title``, the title of a new one only. Raises NotFound, BadInput.
    """
    _free(document, indicator["code"])
    d = _index(document["dimensions"], dimension)
    values = document["dimensions"][d]["values"]
    path: Path = ("dimensions", d, "values")
    known = [each["code"] for each in values]
    if value["code"] in known:
        path = (*path, known.index(value["code"]), "indicators")
        return with_value(document, path, [*at(document, path), indicator])
    _free(document, value["code"])
    return with_value(document, path, [*values, {**value, "indicators": [indicator]}])


def dimension_added(document: Raw, dimension: Raw, value: Raw, indicator: Raw) -> Raw:
    """A national document with one more dimension, begun by its first value and indicator."""
    for code in (dimension["code"], value["code"], indicator["code"]):
        _free(document, code)
    made = {**dimension, "values": [{**value, "indicators": [indicator]}]}
    return {**document, "dimensions": [*document["dimensions"], made]}


def own_added(document: Raw, entry: Raw, share: str) -> Raw:
    """A territory's document with one more indicator of its own; ``share``: percent for them."""
    _free(document, entry["indicator"]["code"])
    made = {**document, "added": [*document.get("added", ()), entry]}
    return {**made, "added_share": share} if share else made


def ledger_added(document: Raw, indicator: Raw) -> Raw:
    """The document with one more figure that is shown and never scored."""
    _free(document, indicator["code"])
    return {**document, "ledger": [*document.get("ledger", ()), indicator]}


def adapted(document: Raw, change: Raw) -> Raw:
    """A territory's document in which a national indicator is measured otherwise."""
    _free(document, change["as"]["code"])
    rest = [
        each for each in document.get("changes", ()) if each["indicator"] != change["indicator"]
    ]
    return {**document, "changes": [*rest, change]}


def indicator_removed(document: Raw, code: str) -> Raw:
    """The document without the indicator, nor a value or dimension that it leaves empty.

    Of a territory: an adapted one is the nation's again. Raises BadInput for the very last.
    """
    found = place(document, code)
    path = found.entry
    while len(path) > 1 and len(at(document, path[:-1])) == 1:
        # the list would be empty: what holds it goes instead
        path = path[:-1] if len(path) == 2 else path[:-2]
    if path == ("dimensions",):
        raise BadInput([Fault(code, *_LAST)])
    return without(document, path)


def indicator_moved(document: Raw, code: str, step: int) -> Raw:
    """The document with the indicator one place earlier (-1) or later (+1) beside its own kind."""
    path = place(document, code).entry
    siblings = [*at(document, path[:-1])]
    here, there = int(path[-1]), int(path[-1]) + step
    if 0 <= there < len(siblings):
        siblings[here], siblings[there] = siblings[there], siblings[here]
    return with_value(document, path[:-1], siblings)


def named_nodes(document: Raw) -> Iterator[Raw]:
    """The framework itself, its dimensions and their values: what has a title of its own."""
    yield document
    for dimension in document.get("dimensions", ()):
        yield dimension
        yield from dimension["values"]


def named(document: Raw, titles: dict[str, Raw]) -> Raw:
    """The document with other titles and descriptions; ``titles``: of a dimension or a value, by
    code, of the framework itself under its own code."""
    if document["code"] in titles:
        document = _titled(document, titles[document["code"]])
    for d, dimension in enumerate(document.get("dimensions", ())):
        inner = [
            _titled(value, titles[value["code"]]) if value["code"] in titles else value
            for value in dimension["values"]
        ]
        changed = {**dimension, "values": inner}
        if dimension["code"] in titles:
            changed = _titled(changed, titles[dimension["code"]])
        document = with_value(document, ("dimensions", d), changed)
    return document


def _titled(node: Raw, said: Raw) -> Raw:
    kept = {key: value for key, value in node.items() if key not in said}
    named_keys = [key for key in (*node, *said) if key in kept or said.get(key)]
    merged = kept | {key: value for key, value in said.items() if value}
    return {key: merged[key] for key in dict.fromkeys(named_keys)}


def ruled(document: Raw, rules: Raw) -> Raw:
    """The document with other rules (aggregation, availability, margin); an empty one is left
    out, which says the usual, or what the nation says."""
    return _titled(document, rules)


def codes_in(document: Raw) -> set[str]:
    """Every code that the document gives to a dimension, a value or an indicator."""
    found = {each.code for each in places(document)}
    for dimension in document.get("dimensions", ()):
        found |= {dimension["code"], *(value["code"] for value in dimension["values"])}
    return found


def _index(nodes: list[Raw], code: str) -> int:
    for index, node in enumerate(nodes):
        if node["code"] == code:
            return index
    raise NotFound


def _free(document: Raw, code: str, but: str = "") -> None:
    if code != but and code in codes_in(document):
        raise BadInput([Fault("code", *_TAKEN)])


_TAKEN = (
    Text.of(fr="Ce code est déjà pris.", en="This code is taken already."),
    Text.of(fr="Donnez un autre code.", en="Give another code."),
)
_LAST = (
    Text.of(
        fr="C’est le dernier indicateur\u00a0: il en faut au moins un.",
        en="This is the last indicator: there must be one.",
    ),
    Text.of(
        fr="Ajoutez-en d’abord un autre, ou jetez le brouillon.",
        en="Add another one first, or discard the draft.",
    ),
)
