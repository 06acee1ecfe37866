"""The measure of forms in a folder: what it counts, and what it leaves out."""

from __future__ import annotations

from pathlib import Path

import foreign_files
import measured_forms


def test_forms_are_counted_by_format_with_what_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(foreign_files.xlsform())
    (tmp_path / "b.lss").write_bytes(foreign_files.lss())
    (tmp_path / "c.json").write_text('{"resourceType": "Patient"}')
    lines = list(measured_forms.table(tmp_path))
    assert "| a.xlsx | 9 | 8 | 0 | 1 | 1 not_taken |" in lines
    assert not any("c.json" in line for line in lines)
    assert any(line.startswith("| **limesurvey**: 1 forms, 0 refused | ") for line in lines)
