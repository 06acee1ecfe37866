"""What is installed is pinned by hash, few, listed with a reason, and told (SBOM)."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MOST = 30
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.M)


def named(requirement: str) -> str:
    """The name of a requirement, as an index compares it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def test_direct_requirements_are_at_most_thirty_each_with_a_reason() -> None:
    direct = PROJECT["dependencies"]
    assert len(direct) <= MOST
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = text.partition("dependencies = [\n")[2].partition("\n]")[0].splitlines()
    assert [line for line in block if "#" not in line] == []
    reasons = (ROOT / "docs" / "decisions" / "0002-parts.md").read_text("utf-8").lower()
    assert [each for each in direct if named(each).partition("[")[0] not in reasons] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_requirement_is_pinned_by_hash(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = [part for part in re.split(r"\n(?=[A-Za-z0-9])", text) if PINNED.match(part)]
    assert len(entries) > 30
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "http://" not in text.replace("# ", "")
    assert "git+" not in text


def test_extras_can_be_installed_from_the_folder_of_the_service() -> None:
    """Without this setuptools refuses a folder of several packages, and pip the extras with it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert settings["setuptools"]["packages"] == []
    written = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    assert [
        name for name in PROJECT["optional-dependencies"] if f"'.[{name}]'" not in written
    ] == []


def test_direct_requirements_are_in_the_pinned_list() -> None:
    pinned = {named(name) for name, _ in PINNED.findall((ROOT / "requirements.txt").read_text())}
    assert [each for each in PROJECT["dependencies"] if named(each) not in pinned] == []


def test_the_bill_of_materials_names_everything_with_its_hashes(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    subprocess.run([sys.executable, ROOT / "config" / "sbom.py", target], check=True, cwd=ROOT)
    told = json.loads(target.read_text("utf-8"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    listed = {(part["name"], part["version"]) for part in told["components"]}
    pinned = PINNED.findall((ROOT / "requirements.txt").read_text("utf-8"))
    assert listed == {(named(name), version) for name, version in pinned}
    assert all(
        part["hashes"] and part["purl"].startswith("pkg:pypi/") for part in told["components"]
    )
    direct = {named(each) for each in PROJECT["dependencies"]}
    needed = next(
        d for d in told["dependencies"] if d["ref"] == told["metadata"]["component"]["bom-ref"]
    )
    assert {ref.partition("@")[0].rpartition("/")[2] for ref in needed["dependsOn"]} == direct
    again = tmp_path / "again.json"
    subprocess.run([sys.executable, ROOT / "config" / "sbom.py", again], check=True, cwd=ROOT)
    assert again.read_bytes() == target.read_bytes()


@pytest.fixture
def audit() -> Any:
    """``config/audit.py``, which is no package."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "config" / "audit.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


DAY = date(2026, 3, 1)
HOLE = {
    "id": "CVE-1",
    "part": "x",
    "seen": DAY,
    "last_day": DAY + timedelta(days=5),
    "reached": True,
    "because": "No release mends it yet; the function is not called.",
}


def test_the_audit_says_so_where_nobody_could_be_asked(
    audit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    part = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"]}]}
    found = json.dumps({"dependencies": [{"name": "y", "version": "2", "vulns": []}, part]})
    clean = json.dumps({"dependencies": []})
    assert audit.told("a", clean, "", [], DAY) == audit.NONE_KNOWN
    assert audit.told("b", found, "", [], DAY) == audit.SOME_KNOWN
    assert audit.told("c", "", "ConnectionError: no route", [], DAY) == audit.NOT_ASKED
    said = capsys.readouterr().out
    assert "NOT ASKED" in said
    assert "no route" in said
    assert "PYSEC-1, KNOWN AND OPEN" in said
    assert audit.told("d", found, "", [HOLE], DAY + timedelta(days=5)) == audit.NONE_KNOWN
    assert audit.told("e", found, "", [HOLE], DAY + timedelta(days=6)) == audit.SOME_KNOWN


def test_no_known_hole_is_open_for_longer_than_it_may_be(audit: Any) -> None:
    today = datetime.now(UTC).date()
    assert [hole["id"] for hole in audit.holes() if audit.breached(hole, today)] == []
    assert all(set(hole) == set(HOLE) for hole in audit.holes())
    late = HOLE | {"last_day": DAY + timedelta(days=90)}
    assert audit.breached(late, DAY + timedelta(days=8)), "a week, whatever was written"
    assert not audit.breached(late | {"reached": False}, DAY + timedelta(days=30))
    assert audit.breached(late | {"reached": False}, DAY + timedelta(days=31))
