"""Loading a programme: once, again, changed, diverged, refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import people
import programme
import pytest
from sqlalchemy import func, select

from app.domain.errors import BadInput
from app.storage.audit import AuditEntry
from app.storage.frameworks import FrameworkVersion, latest_framework
from app.storage.surveys import QuestionnaireVersion, latest_questionnaire
from app.workflows import accounts
from app.workflows.acting import House
from app.workflows.programmes import load_programme


def rows(house: House) -> tuple[int, int, int]:
    with house.database.read() as session:
        counted = [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (QuestionnaireVersion, FrameworkVersion, AuditEntry)
        ]
    return (counted[0], counted[1], counted[2])


def test_a_new_programme_is_published_as_version_one(house: House, tmp_path: Path) -> None:
    report = programme.loaded(house, tmp_path)
    assert {entry.state for entry in report.files[1:]} == {"published"}
    actor = accounts.operator(house, "DEMO")
    assert actor.synthetic
    assert set(actor.territories) == {"FR", "MAY", "BDX"}
    with house.database.read() as session:
        core = latest_questionnaire(session, actor.programme_id, "elderly")
        module = latest_questionnaire(session, actor.programme_id, "elderly", "MAY")
        own = latest_framework(session, actor.programme_id, "MAY")
        national = latest_framework(session, actor.programme_id)
    assert core is not None
    assert module is not None
    assert own is not None
    assert national is not None
    assert (core.number, module.core_id, own.national_id) == (1, core.id, national.id)
    assert core.source == programme.CORE


def test_loading_again_changes_nothing_but_the_audit(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    before = rows(house)
    report = programme.loaded(house, tmp_path)
    assert {entry.state for entry in report.files[1:]} == {"unchanged"}
    assert rows(house) == (before[0], before[1], before[2] + 1)


def test_comments_and_order_of_keys_are_no_change(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    same = programme.CORE.replace(
        "code: elderly\naudience: elderly\n", "audience: elderly\ncode: elderly # same\n"
    )
    report = programme.loaded(house, tmp_path, {"surveys/elderly/core.yaml": same})
    assert {entry.state for entry in report.files[1:]} == {"unchanged"}


def test_a_changed_file_becomes_a_draft_once(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    changed = {
        "surveys/elderly/core.yaml": programme.CORE.replace("Êtes-vous bien", "Vivez-vous bien")
    }
    first = programme.loaded(house, tmp_path, changed)
    again = programme.loaded(house, tmp_path, changed)
    assert [entry.state for entry in first.files].count("draft") == 1
    assert [entry.state for entry in again.files].count("draft") == 0
    with house.database.read() as session:
        drafts = session.scalars(
            select(QuestionnaireVersion).where(QuestionnaireVersion.number.is_(None))
        ).all()
    assert [draft.based_on for draft in drafts] == [1]


def test_a_file_that_fits_only_a_draft_of_the_same_load_is_a_draft_too(
    house: House, tmp_path: Path
) -> None:
    changed = {
        "surveys/elderly/modules/MAY.yaml": programme.MODULE.replace("E02_MAY", "E03_MAY"),
        "config/frameworks/MAY.yaml": programme.OWN.replace("E02_MAY", "E03_MAY"),
    }
    programme.loaded(house, tmp_path)
    report = programme.loaded(house, tmp_path, changed)
    assert {
        entry.file: entry.state for entry in report.files if entry.file in changed
    } == dict.fromkeys(changed, "draft")
    again = programme.loaded(house, tmp_path, changed)
    assert {entry.state for entry in again.files[1:]} == {"unchanged"}
    own = {
        **changed,
        "config/frameworks/MAY.yaml": changed["config/frameworks/MAY.yaml"].replace(
            "Plan écrit", "Un plan"
        ),
    }
    report = programme.loaded(house, tmp_path, own)
    assert [entry.state for entry in report.files].count("draft") == 1


def test_a_first_version_that_fits_only_a_draft_waits_as_a_draft(
    house: House, tmp_path: Path
) -> None:
    without = tmp_path / "config" / "frameworks" / "MAY.yaml"
    programme.written(tmp_path)
    without.unlink()
    load_programme(house, tmp_path, synthetic=True)
    changed = {
        "surveys/elderly/modules/MAY.yaml": programme.MODULE.replace("E02_MAY", "E03_MAY"),
        "config/frameworks/MAY.yaml": programme.OWN.replace("E02_MAY", "E03_MAY"),
    }
    report = programme.loaded(house, tmp_path, changed)
    assert not report.refused
    assert {entry.file for entry in report.files if entry.state == "draft"} == set(changed)


def test_a_file_that_does_not_follow_the_last_version_has_diverged(
    house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, people.ALICE)
    with house.database.write() as session:  # as if Alice had made version 1 in the pages
        row = latest_questionnaire(session, 1, "elderly")
        assert row is not None
        row.created_by = 1
    changed = {"surveys/elderly/core.yaml": programme.CORE.replace("Êtes-vous", "Vivez-vous")}
    before = rows(house)
    report = programme.loaded(house, tmp_path, changed)
    entry = next(entry for entry in report.files if entry.state == "diverged")
    assert entry.file == "surveys/elderly/core.yaml"
    assert entry.findings[0].rule == "diverged"
    assert not report.refused
    assert rows(house)[:2] == before[:2]


def test_one_refused_file_refuses_everything(house: House, tmp_path: Path) -> None:
    wrong = {"surveys/elderly/modules/MAY.yaml": programme.MODULE.replace("after_E02", "nowhere")}
    report = programme.loaded(house, tmp_path, wrong)
    assert report.refused
    refused = {entry.file: entry.findings for entry in report.files if entry.state == "refused"}
    (finding,) = refused["surveys/elderly/modules/MAY.yaml"]
    assert finding.rule == "unknown_slot"
    assert rows(house) == (0, 0, 0)


def test_findings_carry_the_line_of_the_code_they_name(house: House, tmp_path: Path) -> None:
    wrong = {
        "surveys/elderly/core.yaml": programme.CORE.replace("shown_when: E01", "shown_when: E99")
    }
    report = programme.loaded(house, tmp_path, wrong)
    core = next(entry for entry in report.files if entry.file == "surveys/elderly/core.yaml")
    line = programme.CORE.splitlines().index("      - code: E02") + 1
    assert [(finding.place, finding.line) for finding in core.findings][:1] == [("E02", line)]


def test_two_files_for_the_same_thing_are_refused(house: House, tmp_path: Path) -> None:
    twice = {"surveys/elderly/copy.yaml": programme.CORE}
    report = programme.loaded(house, tmp_path, twice)
    assert report.refused
    assert "file_twice" in {finding.rule for entry in report.files for finding in entry.findings}


def test_a_framework_with_the_code_of_another_territory_is_refused(
    house: House, tmp_path: Path
) -> None:
    other = programme.OWN.replace("territory: MAY", "territory: BDX").replace("E02_MAY", "E02")
    report = programme.loaded(house, tmp_path, {"config/frameworks/BDX.yaml": other})
    rules = {finding.rule for entry in report.files for finding in entry.findings}
    assert "framework_code_taken" in rules


def test_territories_are_brought_up_to_date(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    renamed = {
        "config/territories.yaml": programme.TERRITORIES.replace("Bordeaux", "Bordeaux ville")
    }
    programme.loaded(house, tmp_path, renamed)
    actor = accounts.operator(house, "DEMO")
    assert actor.territories["BDX"].name.in_("fr") == "Bordeaux ville"
    assert (
        replace(actor.territories["BDX"], name=actor.territories["MAY"].name, code="MAY")
        == (actor.territories["MAY"])
    )


def test_a_folder_without_territories_is_refused(house: House, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        load_programme(house, tmp_path, synthetic=False)
    assert refusal.value.faults[0].place.endswith("config/territories.yaml")
    assert rows(house) == (0, 0, 0)


def test_the_audit_entry_counts_what_was_loaded(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    with house.database.read() as session:
        (entry,) = session.scalars(select(AuditEntry)).all()
    assert (entry.act, entry.origin, entry.details) == (
        "programme.load",
        "cli",
        {"territories": 3, "published": 4, "drafts": 0},
    )


def test_a_file_that_is_no_text_is_refused_with_its_name(house: House, tmp_path: Path) -> None:
    programme.written(tmp_path)
    (tmp_path / "surveys" / "elderly" / "core.yaml").write_bytes(b"\xff\xfe\x00")
    report = load_programme(house, tmp_path, synthetic=True)
    refused = {entry.file for entry in report.files if entry.state == "refused"}
    assert "surveys/elderly/core.yaml" in refused
    assert rows(house) == (0, 0, 0)
