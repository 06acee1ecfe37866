"""Answers without names: asked for, allowed by another, protected, and read by other programs."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from ddi_rules import broken_rules
from evaluated import EVALUATOR, Evaluated
from people import DORA, EVA

from app.domain.errors import BadInput, Conflict, NotAllowed
from app.domain.permissions import Grant, Role
from app.domain.text import Text
from app.evaluation.rarity import BLANK, clear, numbered
from app.evaluation.tables import What
from app.interchange.extract_variables import Variable
from app.storage.audit import AuditEntry
from app.storage.published import Published, published
from app.workflows import accounts, extract_archive, extracting, jobs, own_jobs
from app.workflows.acting import Actor, House
from app.workflows.extract_archive import README
from app.workflows.extract_writing import PLAIN, Wanted
from app.workflows.extracting import New

PURPOSE = "Étudier la coordination entre aidants et professionnels en Mayenne."
DDI = "{ddi:codebook:2_5}"


@pytest.fixture(scope="module")
def own(evaluated: Evaluated, tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    return evaluated.copied(tmp_path_factory.mktemp("extracts") / "own")


@pytest.fixture(scope="module")
def there(own: Evaluated) -> House:
    return own.house()


def member(house: House, name: str, role: Role) -> Actor:
    operator = accounts.operator(house, "DEMO")
    number = accounts.create_account(
        house,
        operator,
        email=f"{name}@example.org",
        name=name,
        password="correct horse battery staple",
        grant=Grant(role, "FR"),
    )
    return replace(operator, grants=(Grant(role, "FR"),), account_id=number, name=name)


@pytest.fixture(scope="module")
def eva(there: House) -> Actor:
    return member(there, EVA.name, Role.EVALUATOR)


@pytest.fixture(scope="module")
def dora(there: House) -> Actor:
    return member(there, DORA.name, Role.DATA_PROTECTION_OFFICER)


@pytest.fixture(scope="module")
def seen(own: Evaluated, there: House) -> Published:
    found = published(there.database, 1, own.release_id)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def held(own: Evaluated, there: House, eva: Actor, dora: Actor) -> dict[str, bytes]:
    """The files of an extract of everything, made once."""
    places, audiences = ("BDX", "MAY", "VAL"), ("elderly", "family", "professional")
    asked = extracting.ask(there, eva, own.release_id, New(places, audiences, PURPOSE, "fr"))
    extracting.decide(there, dora, asked, allowed=True)
    request = extracting.mine(there, eva)[0]
    assert request.state == "making"
    assert jobs.KINDS[extracting.KIND] is extract_archive.extract_job
    assert jobs.run(there, request.row.job_id or 0)
    assert extracting.mine(there, eva)[0].state == "made"
    name, content = own_jobs.take_file(there, eva, request.row.job_id or 0)
    assert "synthetic" in name
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {each.split("/", 1)[1]: archive.read(each) for each in archive.namelist()}


def test_somebody_else_decides_with_a_purpose_recorded(
    own: Evaluated, there: House, eva: Actor, dora: Actor
) -> None:
    new = New(("MAY",), ("elderly",), PURPOSE, "fr")
    with pytest.raises(BadInput):
        extracting.ask(there, eva, own.release_id, replace(new, purpose="Pour voir."))
    with pytest.raises(BadInput):
        extracting.ask(there, eva, own.release_id, replace(new, places=("XXX",)))
    with pytest.raises(NotAllowed):
        extracting.ask(there, dora, own.release_id, new)
    asked = extracting.ask(there, eva, own.release_id, new)
    with pytest.raises(NotAllowed):
        extracting.decide(there, eva, asked, allowed=True)
    both = replace(eva, grants=(*eva.grants, *dora.grants))
    with pytest.raises(Conflict):
        extracting.decide(there, both, asked, allowed=True)
    extracting.decide(there, dora, asked, allowed=False, reason="Trop large.")
    with pytest.raises(Conflict):
        extracting.decide(there, dora, asked, allowed=True)
    found = next(each for each in extracting.mine(there, eva) if each.row.id == asked)
    assert (found.state, found.row.reason, found.row.purpose) == ("refused", "Trop large.", PURPOSE)
    assert found.row.job_id is None
    with there.database.read() as session:
        acts = [each.act for each in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert "extract.ask" in acts
    assert "extract.allow" in acts


def test_an_extract_has_no_number_no_free_word_and_no_rare_combination(
    held: dict[str, bytes], seen: Published
) -> None:
    rows = list(csv.DictReader(io.StringIO(held["answers.csv"].decode())))
    assert len(rows) > 250
    assert {"respondent", "psu", "weight", "E01"} <= set(rows[0])
    assert "number" not in rows[0]
    assert len({row["respondent"] for row in rows}) == len(rows)
    free = {
        i for several in seen.questions.values() for i, q in several.items() if "text" in q.kind
    }
    assert not free & set(rows[0])
    quasi = ("territory", "audience", "language", "channel", "sub_area", "P16b", "P16a")
    together: dict[tuple[str, ...], float] = {}
    for row in rows:
        key = tuple(row[name] for name in quasi)
        together[key] = together.get(key, 0) + max(float(row["weight"]), 1)
    assert min(together.values()) >= seen.table.threshold
    assert "Toutes les réponses sont inventées" in held["README.txt"].decode()
    assert PURPOSE in held["README.txt"].decode()


def test_what_is_asked_of_each_entry_of_a_list_has_its_column_and_names_have_none(
    held: dict[str, bytes],
) -> None:
    rows = [
        row
        for row in csv.DictReader(io.StringIO(held["answers.csv"].decode()))
        if (row["territory"], row["audience"]) == ("MAY", "family")
    ]
    assert {row["QMAY4"] for row in rows} >= {"1", "2", "3"}
    assert any(row["QMAY5_2"] for row in rows)
    assert not {"QMAY4_1", "QMAY4_2"} & set(rows[0])
    labels = {
        each["variable"]: each["label"]
        for each in csv.DictReader(io.StringIO(held["codebook.csv"].decode()))
    }
    assert labels["QMAY5_2"] == "Ce professionnel m’informe au sujet de mon proche. (2)"
    assert labels["QMAY7"] == "Ces professionnels se parlent."


def test_places_are_always_among_what_may_identify(tmp_path: Path) -> None:
    here = Text.of(fr="Où ?", en="Where?")
    variables = tuple(
        Variable(name, here, form) for name, form in (("W1", "place"), ("ESEX", "choice"))
    )
    wanted = Wanted(tmp_path, frozenset(), frozenset(), variables, b"key", "purpose", 11, {})
    assert wanted.quasi == (*PLAIN, "ESEX", "W1")


def test_statistics_programs_read_the_same_answers(held: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("answers.sav", "answers.dta", "answers.csv", "missing.do"):
        (tmp_path / name).write_bytes(held[name])
    cells = pl.read_csv(tmp_path / "answers.csv", infer_schema=False).fill_null("")
    sav, about = pyreadstat.read_sav(tmp_path / "answers.sav", user_missing=True)
    dta, stata = pyreadstat.read_dta(tmp_path / "answers.dta")
    assert len(sav) == len(dta) == len(cells)
    assert list(sav["respondent"]) == list(dta["respondent"]) == cells["respondent"].to_list()
    codebook = list(csv.DictReader(io.StringIO(held["codebook.csv"].decode())))
    for item in ("E01", "P16a", "F01"):
        codes = {
            each["code"]: float(each["number"])
            for each in codebook
            if each["variable"] == item and each["number"] and each["code"]
        }
        words = {each["code"]: each["meaning"] for each in codebook if each["variable"] == item}
        for cell, number, other in zip(cells[item], sav[item], dta[item], strict=True):
            assert number == other
            assert number == codes[cell] if cell else number in (-9994, -9996)
        for code, number in codes.items():
            assert about.variable_value_labels[item][number] == words[code]
        assert stata.variable_value_labels[item][1] == about.variable_value_labels[item][1]
        assert about.missing_ranges[item] == [{"lo": -9996, "hi": -9991}]
    assert about.column_names_to_labels["respondent"].startswith("Pseudonyme")
    assert b"-9991=.a" in held["missing.do"]


def expected(held: dict[str, bytes], item: str) -> list[float | None]:
    """Numbers of an item in the order of the file; None where there is no answer."""
    cells = pl.read_csv(io.BytesIO(held["answers.csv"]), infer_schema=False).fill_null("")
    codes = {
        each["code"]: float(each["number"])
        for each in csv.DictReader(io.StringIO(held["codebook.csv"].decode()))
        if each["variable"] == item and each["code"] and float(each["number"] or -1) >= 0
    }
    return [codes.get(each) for each in cells[item]]


def test_pandas_reads_the_stata_file(held: dict[str, bytes]) -> None:
    with pd.read_stata(io.BytesIO(held["answers.dta"]), iterator=True) as reader:
        frame = reader.read(convert_categoricals=False)
        names, labels = reader.value_labels(), reader.variable_labels()
    for item in ("E01", "P16a", "F01"):
        there = [None if number < 0 else number for number in frame[item]]
        assert there == expected(held, item)
    assert any("accord" in word for each in names.values() for word in each.values())
    assert labels["respondent"].startswith("Pseudonyme")


@pytest.mark.oracle
def test_r_reads_the_extract(held: dict[str, bytes], tmp_path: Path) -> None:
    program = shutil.which("Rscript")
    script = (
        "s <- foreign::read.spss('answers.sav', to.data.frame = TRUE, use.value.labels = FALSE, "
        "use.missings = TRUE); write.csv(s[c('respondent', 'E01', 'P16a', 'weight')], "
        "'again.csv', row.names = FALSE, na = '')"
    )
    here = (
        program
        and not subprocess.run(
            [program, "-e", "library(foreign)"], capture_output=True, check=False
        ).returncode
    )
    if not here:
        pytest.skip("R with its package foreign is not here: the SPSS file was not read by it")
    (tmp_path / "answers.sav").write_bytes(held["answers.sav"])
    subprocess.run([str(program), "-e", script], cwd=tmp_path, capture_output=True, check=True)
    again = pl.read_csv(tmp_path / "again.csv", infer_schema=False).fill_null("")
    cells = pl.read_csv(io.BytesIO(held["answers.csv"]), infer_schema=False)
    assert [each.strip() for each in again["respondent"]] == cells["respondent"].to_list()
    for item in ("E01", "P16a"):
        assert [float(each) if each else None for each in again[item]] == expected(held, item)
    assert [float(each) for each in again["weight"]] == pytest.approx(
        [float(each) for each in cells["weight"]]
    )


def test_the_ddi_codebook_follows_the_rules_of_its_schema(held: dict[str, bytes]) -> None:
    book = ElementTree.fromstring(held["codebook-ddi.xml"])
    assert book.tag == f"{DDI}codeBook"
    assert [each.tag for each in book] == [
        DDI + name for name in ("docDscr", "stdyDscr", "fileDscr", "dataDscr")
    ]
    assert broken_rules(book) == []
    header = held["answers.csv"].decode().split("\r\n", 1)[0].split(",")
    variables = list(book.iter(f"{DDI}var"))
    assert [each.get("name") for each in variables] == header
    rows = next(book.iter(f"{DDI}caseQnty")).text
    assert int(rows or 0) == held["answers.csv"].decode().count("\r\n") - 1


def test_the_figures_are_computed_again_from_the_files(
    held: dict[str, bytes], seen: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from app.cli.evaluate_table import table_of

    for name, content in held.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    words = ["--data", "answers.csv", "--design", "design.yaml", "--out", "result.json"]
    for path in sorted((tmp_path / "frameworks").glob("*.yaml")):
        words += ["--framework", str(path)]
    for path in sorted((tmp_path / "questionnaires").glob("*.yaml")):
        words += ["--questionnaire", str(path)]
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(table_of, words)
    assert ran.exit_code == 0, ran.output
    judged = json.loads((tmp_path / "result.json").read_text())["judgement"]["observations"]
    again = {
        (each["territory"], each["code"], each["audience"]): each
        for each in judged
        if each["what"] == "component"
    }
    compared = 0
    shown = [
        each for each in seen.table.of(What.COMPONENT) if each.shown and each.territory != "FR"
    ]
    for each in shown:
        found = again[each.territory, each.code, each.audience]
        if found["n"] == each.n:  # nobody behind it was left out to protect them
            assert found["value"] == pytest.approx(each.value, abs=1e-9)
            assert found["se"] == pytest.approx(
                each.se, rel=0.01
            )  # whoever was left out was a unit
            compared += 1
    assert compared > 0.8 * len(shown) > 30


def test_both_languages_say_the_same_of_an_extract() -> None:
    names = [
        {name for _, name, _, _ in Formatter().parse(README.in_(language)) if name}
        for language in ("fr", "en")
    ]
    assert names[0] == names[1] >= {"purpose", "restriction", "left_out", "k"}
    for each in (README, extract_archive.TITLE, extract_archive.RESTRICTION):
        assert each.in_("fr") != each.in_("en")
    assert "one line a person" in README.in_("en")


def test_rare_combinations_lose_their_last_values_first() -> None:
    combinations = [("MAY", "fr", "A"), ("MAY", "en", "A"), ("BDX", "fr", "A")]
    keys, rows = numbered(list(zip(*combinations, strict=True))), np.array([12, 3, 4])
    found = clear(keys, rows, rows * 1.0, 11, 1)
    assert found.left_out.tolist() == [False, False, True]
    assert found.people_left_out == 4
    assert found.smallest == 15  # three alone are joined by the twelve others of their place
    assert found.blanked == (0, 15, 15)
    assert (found.keys[:2, 1:] == BLANK).all()
    assert (found.keys[:2, 0] == 0).all()
    heavy = clear(keys, rows, rows * 5.0, 11, 1)
    assert heavy.left_out.sum() == 0
    assert sum(heavy.blanked) == 0


def test_pages_of_extracts(own: Evaluated, held: dict[str, bytes], catalogues: None) -> None:
    browser = own.browser(EVALUATOR)
    page = browser.get(f"/office/results/{own.release_id}/extract")
    assert page.soup.select("textarea[name=purpose]")
    assert browser.get("/office/results/extracts").soup.h1
