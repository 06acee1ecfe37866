"""The table of security requirements names tests that exist, and sixty of the gate."""

from __future__ import annotations

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


def test_what_is_met_names_a_test_that_exists() -> None:
    wrong = []
    for number, _words, state, proof in ROW.findall(GATE + BEYOND):
        files = re.findall(r"`(tests/[^`]+)`", proof)
        if not state.startswith(("met", "partly", "as ")):
            wrong.append(f"{number}: {state}")
        if not files:
            wrong.append(f"{number}: no test")
        wrong += [f"{number}: {name}" for name in files if not (ROOT / name).exists()]
    assert not wrong
