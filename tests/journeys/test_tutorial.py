"""The tutorial: its files are sound, its commands run as written, its figures are those of R."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import people
import pytest
from browser import Browser

from app.definitions.checking import Shelf, check_file
from app.domain.errors import BadInput
from app.domain.text import Text
from app.evaluation.tables import What
from app.storage.database import now
from app.storage.published import Published, published
from app.workflows import accounts, evaluate, waves
from app.workflows.acting import Actor, House
from app.workflows.arrivals import import_responses
from app.workflows.dossiers import load_dossier
from app.workflows.programmes import load_programme

ROOT = Path(__file__).parents[2]
EFC = ROOT / "examples" / "efc"
TUTORIAL = ROOT / "docs" / "tutorial.md"
DOSSIER = ROOT / "config" / "dossier.yaml"
ORACLE = Path(__file__).parent / "efc_oracle.R"
RESPONSES = 908
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_definitions_are_without_fault() -> None:
    texts = {path.name: path.read_text("utf-8") for path in sorted(EFC.rglob("*.yaml"))}
    shelf = Shelf()
    for text in texts.values():
        shelf.put(text)
    found = {
        (name, each.rule)
        for name, text in texts.items()
        for each in check_file(text, shelf.companions())
    }
    assert len(texts) == 6
    assert found == {("core.yaml", "draft_wordings"), ("core.yaml", "two_in_one")}


def test_every_file_says_that_territories_are_made_up() -> None:
    paths = (TUTORIAL, EFC / "README.md", EFC / "convert.R", *EFC.rglob("*.yaml"))
    silent = [
        path.name
        for path in paths
        if not re.search("fictitious|[Mm]ade-up", path.read_text("utf-8"))
    ]
    assert not silent


def test_the_programme_loads_once(house: House) -> None:
    first = load_programme(house, EFC, synthetic=False)
    again = load_programme(house, EFC, synthetic=False)
    assert [entry.state for entry in first.files] == ["loaded", *["published"] * 5]
    assert {entry.state for entry in again.files[1:]} == {"unchanged"}
    assert set(accounts.operator(house, "EFC").territories) == {"FR", "A", "B", "C"}


def r(*arguments: str | Path) -> str:
    """What R prints when it runs a script."""
    done = subprocess.run(
        ["Rscript", *map(str, arguments)], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


@pytest.fixture(scope="session")
def with_r() -> None:
    """R with the package that holds the survey; without: skipped loudly, in CI a failure."""
    there = shutil.which("Rscript") is not None and r(
        "-e", 'cat(nzchar(system.file(package = "sjmisc")))'
    )
    if there != "TRUE":
        if os.environ.get("CI") == "true":
            pytest.fail("no R with sjmisc: .ci/run has to install r-base-core and r-cran-sjmisc")
        pytest.skip("NO R WITH THE PACKAGE sjmisc: the tutorial did not run; install r-cran-sjmisc")


@pytest.fixture(scope="session")
def converted(with_r: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The survey as our CSV, made by the converter that is shipped."""
    path = tmp_path_factory.mktemp("efc") / "efc.csv"
    assert r(EFC / "convert.R", path).startswith(f"{RESPONSES} responses, 19 items")
    return path


@pytest.mark.oracle
def test_the_converter_writes_the_same_file_again(converted: Path, tmp_path: Path) -> None:
    r(EFC / "convert.R", tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == converted.read_bytes()
    with converted.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["reference"] for row in rows}) == RESPONSES
    assert {row["territory"] for row in rows} == {"A", "B", "C"}
    assert {(row["audience"], row["weight"]) for row in rows} == {("family", "1")}
    assert "NA" not in {cell for row in rows for cell in row.values()}


def opened(house: House) -> tuple[Actor, int]:
    """The operator, and a wave of the loaded programme that is open."""
    load_programme(house, EFC, synthetic=False)
    actor = accounts.operator(house, "EFC")
    wave = waves.create_wave(
        house,
        actor,
        waves.NewWave(
            code="EFC1",
            title=Text.of(fr="Enquête efc", en="efc survey"),
            frame="linked_cases",
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
            opens_at=now(),
            closes_at=now() + timedelta(days=1),
            draft_decision="Answers were given to other words; these describe the variables.",
        ),
    )
    load_dossier(house, actor, wave, DOSSIER.read_text("utf-8"), approve=True)
    waves.open_wave(house, actor, wave)
    return actor, wave


@pytest.mark.oracle
def test_a_broken_row_is_refused_with_its_place_and_nothing_is_stored(
    house: House, converted: Path
) -> None:
    actor, wave = opened(house)
    lines = converted.read_text("utf-8").splitlines(keepends=True)
    at = lines[0].split(",").index("c161sex")
    cells = lines[2].split(",")
    broken = [*lines[:2], ",".join([*cells[:at], "7", *cells[at + 1 :]]), *lines[3:]]
    with pytest.raises(BadInput) as refusal:
        import_responses(house, actor, wave, io.BytesIO("".join(broken).encode()))
    assert [fault.place for fault in refusal.value.faults] == ["3 c161sex"]
    good = import_responses(house, actor, wave, io.BytesIO(converted.read_bytes()))
    assert (good.read, good.new, good.same, good.dropped) == (RESPONSES, RESPONSES, 0, 0)
    again = import_responses(house, actor, wave, io.BytesIO(converted.read_bytes()))
    assert (again.new, again.same) == (0, RESPONSES)


@once
@pytest.mark.oracle
def test_means_and_scores_are_those_that_r_computes(house: House, converted: Path) -> None:
    actor, wave = opened(house)
    import_responses(house, actor, wave, io.BytesIO(converted.read_bytes()))
    release = evaluate.make_release(house, actor, evaluate.make_cut(house, actor, wave))
    seen = published(house.database, actor.programme_id, release)
    assert seen is not None
    expected = {
        (territory, code): float(value)
        for territory, code, value in map(str.split, r(ORACLE, converted).splitlines())
    }
    assert len(expected) == 3 * 12
    ours = {key: _ours(seen, *key) for key in expected}
    assert ours == pytest.approx(expected, abs=1e-8, rel=0)


@once
@pytest.mark.oracle
def test_an_evaluator_reads_the_pages_and_downloads(
    house: House, browser: Browser, converted: Path
) -> None:
    actor, wave = opened(house)
    import_responses(house, actor, wave, io.BytesIO(converted.read_bytes()))
    release = evaluate.make_release(house, actor, evaluate.make_cut(house, actor, wave))
    people.settle(house, people.EVA, programme="EFC")
    people.sign_in(browser.client, house, people.EVA)
    for page in ("", "/territories/B", "/compare", "/indicators", "/indicators/BUR2", "/downloads"):
        shown = browser.get(f"/office/results/{release}{page}")
        assert "fictif" in shown.words or page == "/downloads"
    content = browser.client.get(f"/office/results/{release}/downloads/en/csv")
    kept = next((house.folder / "releases").glob("*/efc-efc1-*-1-en.csv"))
    assert content.data == kept.read_bytes()


def _ours(seen: Published, territory: str, code: str) -> float | None:
    trees = {"national_score": "NAT", "own_score": territory}
    if code in trees:
        found = seen.table.one(territory, trees[code], What.TOTAL, "")
    else:
        what = What.LEDGER if code in ("MANY_HOURS", "BARTHEL60") else What.INDICATOR
        found = seen.table.one(territory, None, what, code)
    return None if found is None else found.value


@dataclass(frozen=True)
class Step:
    """A block of commands in the tutorial, whether it is refused, and what it is said to print."""

    commands: str
    refused: bool
    output: str | None


BLOCK = re.compile(
    r"^```sh(?P<refused> refused)?\n(?P<commands>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?",
    re.M | re.S,
)


def steps() -> list[Step]:
    """What the tutorial tells the reader to type, in order. Blocks "sh by-hand" are left out."""
    return [
        Step(found["commands"], bool(found["refused"]), found["output"])
        for found in BLOCK.finditer(TUTORIAL.read_text("utf-8"))
    ]


def typed(commands: list[Step], folder: Path) -> Iterator[tuple[int, str]]:
    """Type everything into one shell; exit status and output of each step."""
    script = "".join(
        f"{step.commands}status=$?; printf '\\036%s\\036' $status\n" for step in commands
    )
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("COVALUE_", "FLASK"))
    }
    environment |= {
        "COVALUE_FOLDER": str(folder),
        "COVALUE_RESERVE": "0",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    pieces = done.stdout.split("\x1e")
    yield from zip(map(int, pieces[1::2]), pieces[0::2], strict=False)


def pattern_of(output: str, folder: Path) -> str:
    """What may be printed: the tutorial's text, where … stands for anything."""
    said = re.escape(output.replace("var/efc", str(folder)))
    return said.replace("…", "(?s:.*?)")


@pytest.mark.oracle
@pytest.mark.full
def test_the_tutorial_runs_as_it_is_written(with_r: None, tmp_path: Path) -> None:
    written = steps()
    assert len(written) > 8
    done = list(typed(written, tmp_path / "efc"))
    for step, (status, output) in zip(written, done, strict=True):
        assert (status != 0) == step.refused, f"{step.commands}\n{output}"
        if step.output is not None:
            expected = pattern_of(step.output, tmp_path / "efc")
            assert re.fullmatch(expected, output), f"{step.commands}\n{output}"
