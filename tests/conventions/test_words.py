"""No text of the interface without its French: every catalogue is complete and certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.web.language import CATALOGUES as LOOKED_UP

ROOT = Path(__file__).parents[2]
WEB = ROOT / "app" / "web"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
HOLES = re.compile(r"%\((\w+)\)[sd]|%\w")
APOSTROPHES = re.compile(r"\w'\w")
SPACES = re.compile(r"(?<=\w)[;!?]|(?<=\w):(?=\s|$)| [:;!?»]|« ")


def catalogue(path: Path) -> Catalog:
    """A catalogue as it stands in its file."""
    with path.open("rb") as file:
        return read_po(file)


CATALOGUES = sorted(WEB.rglob("fr/LC_MESSAGES/messages.po"))


@cache
def used() -> frozenset[tuple[str, str]]:
    """Every text that templates and modules of the web ask a translation for, and where."""
    found = extract_from_dir(WEB, method_map=METHODS, keywords=KEYWORDS)
    return frozenset(
        (place, text)
        for place, _line, message, *_ in found
        for text in ([message] if isinstance(message, str) else [message[0]])
        if text
    )


def translated() -> set[str]:
    """Texts that have a certain French wording in one of the catalogues."""
    return {_single(message.id) for path in CATALOGUES for message in _sure(catalogue(path))}


def _single(text: object) -> str:
    return str(text[0] if isinstance(text, (tuple, list)) else text)


def _sure(messages: Catalog) -> Iterator[object]:
    for message in messages:
        wordings = [message.string] if isinstance(message.string, str) else message.string
        if message.id and not message.fuzzy and all(wordings):
            yield message


def test_every_text_is_translated_and_no_other() -> None:
    found = used()
    assert len(found) > 50
    known = translated()
    missing = sorted(f"{place}: {text}" for place, text in found if text not in known)
    assert not missing
    assert sorted(known - {text for _place, text in found}) == []


def test_every_catalogue_is_looked_up() -> None:
    assert {path.parents[2] for path in CATALOGUES} == set(map(Path, LOOKED_UP.split(";")))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.parents[2].relative_to(WEB)))
def test_french_is_certain_and_well_typed(path: Path) -> None:
    wrong = []
    for message in catalogue(path):
        if not message.id:
            continue
        english, french = _single(message.id), _single(message.string)
        if message.fuzzy:
            wrong.append(f"not certain: {english}")
        if sorted(HOLES.findall(english)) != sorted(HOLES.findall(french)):
            wrong.append(f"other places to fill: {english}")
        if APOSTROPHES.search(french):
            wrong.append(f"straight apostrophe: {french}")
        if SPACES.search(french):
            wrong.append(f"the space before or within is not unbreakable: {french}")
    assert not wrong


def test_one_text_has_one_french_wording_in_every_room() -> None:
    """Catalogues are merged when a page is made: two wordings would fight."""
    wordings: dict[str, set[str]] = {}
    for path in CATALOGUES:
        for message in catalogue(path):
            if message.id:
                wordings.setdefault(_single(message.id), set()).add(_single(message.string))
    assert {text: found for text, found in wordings.items() if len(found) > 1} == {}
