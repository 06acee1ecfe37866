"""The table of security requirements names tests that exist, and sixty of the gate."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.M)
GATE, BEYOND = (ROOT / "docs" / "asvs.md").read_text("utf-8").split("## Accounts and sessions")


def test_the_gate_has_sixty_requirements_once_each() -> None:
    numbers = [row[0] for row in ROW.findall(GATE)]
    assert len(numbers) == len(set(numbers)) == 60


def test_the_gate_is_met_whole() -> None:
    assert not [row[0] for row in ROW.findall(GATE) if not row[2].startswith(("met", "as "))]


def test_all_113_stand_there_once() -> None:
    """Two more than asked are kept: 7.4.3 and 7.5.2."""
    numbers = [row[0] for row in ROW.findall(GATE + BEYOND)]
    assert len(numbers) == len(set(numbers)) == 115


def collected(name: str) -> set[str]:
    """The tests of a file as pytest collects them, without the word they all begin with."""
    path = ROOT / name
    if not path.exists() or not path.name.startswith("test_"):
        return set()
    found = (each for each in ast.parse(path.read_text("utf-8")).body)
    named = {each.name for each in found if isinstance(each, ast.FunctionDef)}
    return {each.removeprefix("test_") for each in named if each.startswith("test_")}


def test_what_is_met_names_tests_that_exist() -> None:
    wrong = []
    for number, _words, state, proof in ROW.findall(GATE + BEYOND):
        if not state.startswith(("met", "partly", "as ")):
            wrong.append(f"{number}: {state}")
        places = re.findall(r"`(tests/[^`]+)`: ((?:`\w+`(?:, )?)+)", proof)
        rest = re.sub(r"`(tests/[^`]+)`: ((?:`\w+`(?:, )?)+)", "", proof)
        if not places or rest.strip("; "):
            wrong.append(f"{number}: {proof}")
        for name, named in places:
            missing = set(re.findall(r"`(\w+)`", named)) - collected(name)
            wrong += [f"{number}: {name}: {each}" for each in missing]
    assert not wrong
