"""``flask survey import`` and ``export``: files in, files out, a report between."""

from __future__ import annotations

from pathlib import Path

import foreign_files
from click.testing import CliRunner

from app.cli.survey import survey
from app.definitions.files import read_questionnaire

ROOT = Path(__file__).parents[2]


def test_a_form_is_written_as_our_file_with_a_line_for_each_part(tmp_path: Path) -> None:
    form, ours = tmp_path / "form.lss", tmp_path / "ours.yaml"
    form.write_bytes(foreign_files.lss())
    typed = ["import", str(form), str(ours), "--audience", "family", "--language", "fr"]
    result = CliRunner().invoke(survey, typed)
    assert result.exit_code == 0, result.output
    assert "quota: unsupported element" in result.output
    assert "questions[Q8]: in came" in result.output
    assert read_questionnaire(ours.read_text("utf-8")).audience == "family"


def test_a_refused_form_writes_nothing(tmp_path: Path) -> None:
    form, ours = tmp_path / "form.json", tmp_path / "ours.yaml"
    form.write_text('{"resourceType": "Patient"}')
    result = CliRunner().invoke(survey, ["import", str(form), str(ours), "--audience", "family"])
    assert result.exit_code == 1
    assert "holds no questionnaire" in result.output
    assert not ours.exists()


def test_our_file_goes_out_and_says_what_is_lost(tmp_path: Path) -> None:
    core, out = ROOT / "surveys/elderly/core.yaml", tmp_path / "form.xlsx"
    typed = ["export", str(core), str(out), "--format", "xlsform"]
    result = CliRunner().invoke(survey, typed)
    assert result.exit_code == 0, result.output
    assert out.read_bytes().startswith(b"PK")
    assert "unsupported out_lost" in result.output
