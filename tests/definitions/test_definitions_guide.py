"""The examples of docs/definitions.md are read by the readers and pass the checks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.definitions.checking import Shelf, check_file
from app.definitions.conditions import parse_condition
from app.definitions.nodes import read_document
from app.domain.checks import Level

GUIDE = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
FILES = [example for example in EXAMPLES if example.startswith("format:")]


def test_there_is_an_example_of_each() -> None:
    assert len(EXAMPLES) == 6
    formats = [example.splitlines()[0].rsplit("/")[1] for example in FILES]
    assert formats == ["questionnaire", "module", "framework", "framework", "territories"]


@pytest.mark.parametrize("example", FILES, ids=lambda text: text.splitlines()[1])
def test_files(example: str) -> None:
    shelf = Shelf()
    for other in FILES:
        shelf.put(other)
    found = check_file(example, shelf.companions())
    assert [one for one in found if one.level is Level.ERROR] == []


def test_conditions() -> None:
    (example,) = [example for example in EXAMPLES if example not in FILES]
    listed = read_document("conditions:\n" + example).data["conditions"]
    assert isinstance(listed, list)
    assert len([parse_condition(written) for written in listed]) == 9
