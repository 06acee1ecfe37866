"""``flask survey check`` names file, line, rule and remedy, and fails on errors only."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from frameworks_at_hand import ASKED, NATIONAL, OWN
from tiny import text_of

from app.cli.survey import survey


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(survey, [str(argument) for argument in arguments])


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_an_error_has_its_line_and_fails(tmp_path: Path) -> None:
    more = "      - {code: Z, type: text, text: {fr: x, en: x}, shown_when: NOWHERE = 1}\n"
    path = write(tmp_path / "core.yaml", text_of("choice") + more)
    result = run("check", path)
    assert result.exit_code == 1
    line = len(path.read_text(encoding="utf-8").splitlines())
    assert f"{path}:{line}: error unknown_item Z: The condition reads “NOWHERE”" in result.output
    assert "add the question on an earlier page." in result.output
    assert "Errors: 1." in result.output


def test_advice_does_not_fail_and_french_is_spoken(tmp_path: Path) -> None:
    path = write(tmp_path / "core.yaml", text_of("choice"))
    result = run("check", "--language", "fr", path)
    assert result.exit_code == 0
    assert f"{path}:2: advice draft_wordings choice: " in result.output
    assert "Essayez-les" in result.output
    assert "Erreurs : 0." in result.output


def test_companions_are_found_among_the_files_given(tmp_path: Path) -> None:
    core = write(tmp_path / "a.yaml", text_of("slots"))
    module = write(tmp_path / "b.yaml", text_of("slots_module"))
    alone = run("check", module)
    assert alone.exit_code == 1
    assert run("check", module, core).exit_code == 0


def test_companions_are_found_by_the_layout(tmp_path: Path) -> None:
    write(tmp_path / "surveys/elderly/core.yaml", ASKED)
    write(tmp_path / "config/frameworks/national.yaml", NATIONAL)
    own = write(tmp_path / "config/frameworks/BDX.yaml", OWN)
    assert run("check", own).exit_code == 0
    broken = write(own, OWN.replace("of: E1 >= 3", "of: E8 >= 3"))
    result = run("check", broken)
    assert result.exit_code == 1
    line = next(n for n, text in enumerate(OWN.splitlines(), 1) if "code: SQ1_BDX" in text)
    assert f"{own}:{line}: error item_not_asked SQ1_BDX:" in result.output


def test_files_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    result = run("check", path)
    assert result.exit_code == 1
    assert f"{path}:1: error not_utf8 -:" in result.output
    path.write_bytes(b"a: " + "é".encode() * 2_000_000)
    assert "error too_large" in run("check", path).output


def test_territories(tmp_path: Path) -> None:
    text = (
        "format: covalue/territories/1\n"
        "programme: {code: P, title: {fr: P, en: P}}\n"
        "territories:\n"
        "  - {code: FR, name: {fr: France, en: France}}\n"
        "  - {code: BDX, parent: FR, name: {fr: B, en: B}, terms: {team: {fr: x, en: x}}}\n"
        "  - {code: NAN, parent: XXX, name: {fr: N, en: N}}\n"
    )
    path = write(tmp_path / "territories.yaml", text)
    result = run("check", path)
    assert f"{path}:6: error not_in_nation NAN:" in result.output
    assert f"{path}:6: warning term_missing NAN:" in result.output
    assert "Errors: 1. Warnings: 1." in result.output
