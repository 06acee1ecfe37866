"""What is installed is pinned by hash, few, listed with a reason, and told (SBOM)."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

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


def test_the_audit_says_so_where_nobody_could_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "config" / "audit.py")
    assert spec
    assert spec.loader
    audit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(audit)
    assert audit.told("a", 0, "", "") == audit.NONE_KNOWN
    assert audit.told("b", 1, "Name Version ID\nx 1 CVE-1", "") == audit.SOME_KNOWN
    assert audit.told("c", 1, "", "ConnectionError: no route") == audit.NOT_ASKED
    said = capsys.readouterr().out
    assert "NOT ASKED" in said
    assert "no route" in said
