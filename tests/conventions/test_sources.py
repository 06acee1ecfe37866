"""Rules of the sources: size, docstrings, floors, words that must not stand in the project."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "app").rglob("*.py"))
LONGEST = 300
NAMES_REFUSED = {"utils", "helpers", "common", "base", "manager", "misc"}
PATHS = re.compile(r"/(root|work|home|Users)/[a-z]+")
BINARY = {".png", ".pdf", ".xlsx", ".woff2", ".ico", ".mo", ".gz"}


def tracked() -> list[Path]:
    """Files of the repository, without those that are not text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    found = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in found if path.suffix not in BINARY and path.is_file()]


def test_no_link_is_part_of_the_tree() -> None:
    """A link to a folder of one machine would take that folder's place wherever it is fetched."""
    listed = subprocess.run(
        ["git", "ls-files", "--stage"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    assert [line for line in listed.splitlines() if line.startswith("120000")] == []


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 50
    assert len(tracked()) > 100


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(source)), "no docstring"
    assert source.count("\n") <= LONGEST, "ask which two things it is"
    assert path.stem not in NAMES_REFUSED


def test_modules_of_tests_have_names_of_their_own() -> None:
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    twice = {name for name, number in names.items() if number > 1}
    assert not twice  # pytest would collect neither of two


def test_no_place_of_one_machine_stands_in_the_project() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path != Path(__file__)
        for match in PATHS.finditer(path.read_text("utf-8", errors="replace"))
    ]
    assert not found


def test_floors_of_the_house() -> None:
    checked = subprocess.run(
        ["lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        env={"PATH": _path(), "LC_ALL": "C.UTF-8"},
    )
    assert checked.returncode == 0, checked.stdout


def _path() -> str:
    import os
    import sys

    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if "storage" not in p.parts and "workflows" not in p.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_sql_is_written_in_storage(path: Path) -> None:
    imported = {
        name for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in _imported(node)
    }
    assert not imported & {"sqlalchemy", "sqlite3", "psycopg"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module.split(".")[0]]
    return []
