"""``flask wave``, ``flask responses`` and ``flask worker``, from planning to the closing."""

from __future__ import annotations

from pathlib import Path

import collection
import programme
import pytest
from click.testing import Result
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import func, select

from app.storage.audit import AuditEntry
from app.storage.participants import AccessCode, Participant
from app.storage.responses import Response
from app.workflows import waves
from app.workflows.acting import House
from app.workflows.letters import start_letters

ROOT = Path(__file__).parents[2]
PLAN = (
    *("wave", "create", "V1", "--title-fr", "Une vague", "--title-en", "A wave"),
    *("--frame", "all_75", "--period", "2026-01-01", "2026-06-30"),
    *("--opens", "2026-01-05T09:00", "--closes", "2099-01-05T18:00"),
)
ANSWERS = "reference;territory;audience;E01;E02;E02_MAY\nA-1;MAY;elderly;yes;no;yes\n"


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    """What ``flask`` does with these arguments."""
    flask = FlaskGroup(create_app=lambda: app, add_default_commands=False, load_dotenv=False)
    return app.test_cli_runner().invoke(flask, list(arguments), input=typed)


def good(app: Flask, *arguments: str, typed: str = "") -> str:
    result = run(app, *arguments, typed=typed)
    assert result.exit_code == 0, result.output
    return result.output


def count(house: House, table: type) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def planned(app: Flask, *more: str) -> str:
    """Plan the wave with these options and take the shipped dossier; what planning said."""
    said = good(app, *PLAN, *more)
    dossier = str(ROOT / "config" / "dossier.yaml")
    assert good(app, "wave", "dossier", "V1", "--file", dossier, "--approve").endswith("kept.\n")
    return said


def brought(house: House) -> list[str]:
    """What files were brought for that a command refused, as the audit log has it."""
    refused = select(AuditEntry.act).where(AuditEntry.outcome == "refused")
    with house.database.read() as session:
        return list(session.scalars(refused.where(AuditEntry.origin == "cli")))


@pytest.fixture
def loaded(house: House, tmp_path: Path) -> Path:
    programme.loaded(house, tmp_path / "files")
    (tmp_path / "sample.csv").write_text(collection.SAMPLE, "utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, "utf-8")
    return tmp_path


def test_a_whole_round(app: Flask, house: House, loaded: Path) -> None:
    sample, answers = str(loaded / "sample.csv"), str(loaded / "answers.csv")
    assert planned(app) == "Wave V1 is planned.\n"
    assert good(app, "wave", "list") == "V1\tplanned\tA wave\n"
    assert good(app, "wave", "sample", "V1", sample, "--dry-run").startswith("3 new, 0 there")
    assert count(house, Participant) == 0
    assert good(app, "wave", "sample", "V1", sample) == "3 new, 0 there already.\n"
    assert good(app, "wave", "sample", "V1", sample) == "0 new, 3 there already.\n"
    assert good(app, "wave", "codes", "V1") == "3 codes created.\n"
    assert count(house, AccessCode) == 3
    assert good(app, "wave", "open", "V1") == "Wave V1 is open.\n"
    arrive = ("responses", "import", answers, "--wave", "V1")
    assert good(app, *arrive, "--dry-run") == "1 read, 1 would be new, 0 there already.\n"
    assert count(house, Response) == 0
    assert good(app, *arrive) == "1 read, 1 new, 0 there already.\n"
    assert good(app, *arrive) == "1 read, 0 new, 1 there already.\n"
    start_letters(house, collection.operator(house), 1, "MAY")
    assert good(app, "worker", "--once").splitlines()[-1] == "1"
    assert run(app, "wave", "close", "V1", typed="n\n").exit_code == 1
    assert good(app, "wave", "close", "V1", "--yes") == "Wave V1 is closed.\n"
    assert good(app, "wave", "list") == "V1\tclosed\tA wave\n"


def test_versions_are_chosen_at_planning_and_at_opening(
    app: Flask, house: House, loaded: Path
) -> None:
    planned(app, "--core", "BDX.elderly=not_asked", "--framework", "MAY=none")
    actor = collection.operator(house)
    assert waves.planned_versions(house, actor, 1)[2].places == (("MAY", "elderly"),)
    good(app, "wave", "open", "V1", "--core-alone", "MAY.elderly", "--framework", "FR=1")
    assert waves.wave(house, actor, 1).plan == {
        "core.BDX.elderly": "not_asked",
        "module.MAY.elderly": "none",
        "framework.MAY": "none",
        "framework.FR": "1",
    }


def test_drafts_are_decided_at_opening(app: Flask, house: House, tmp_path: Path) -> None:
    draft = programme.CORE.replace("        status: tested\n", "", 1)
    programme.loaded(house, tmp_path / "files", {"surveys/elderly/core.yaml": draft})
    planned(app)
    good(app, "wave", "open", "V1", "--draft-decision", "Pilot, decided by A. Durand")
    wave_row = waves.wave(house, collection.operator(house), 1)
    assert wave_row.draft_wordings_accepted == "Pilot, decided by A. Durand"


def test_what_will_not_do_is_said(app: Flask, house: House, loaded: Path) -> None:
    bad = run(app, *PLAN, "--core", "MAY.elderly=9")
    assert (bad.exit_code, "core.MAY.elderly: This version does not exist" in bad.output) == (
        1,
        True,
    )
    assert run(app, *PLAN, "--core", "MAY.elderly").exit_code == 2
    assert run(app, *PLAN, "--core-alone", "MAY").exit_code == 2
    assert "There is no wave" in run(app, "wave", "open", "V1").output
    good(app, *PLAN, "--core", "FR.elderly=not_asked")
    assert "This wave has no questionnaire" in run(app, "wave", "open", "V1").output
    (loaded / "bad.csv").write_text("reference;territory;audience\nA;XXX;elderly\n")
    said = run(app, "wave", "sample", "V1", str(loaded / "bad.csv"))
    assert (said.exit_code, "2 territory: This territory is unknown" in said.output) == (1, True)
    assert brought(house) == ["sample.import"]
    early = run(app, "responses", "import", str(loaded / "answers.csv"), "--wave", "V1")
    assert (early.exit_code, "into an open wave" in early.output) == (1, True)
    assert count(house, Participant) == count(house, Response) == 0
    assert brought(house) == ["sample.import"], "that the wave is not open is no fault of a file"


def test_an_item_that_nobody_is_asked_is_said_at_opening(
    app: Flask, house: House, loaded: Path
) -> None:
    planned(app)
    said = run(app, "wave", "open", "V1", "--core-alone", "MAY.elderly")
    assert "framework MAY: Framework MAY reads answers" in said.stderr
    assert said.stdout == "Wave V1 is open.\n"
