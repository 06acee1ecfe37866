"""The trust report says what the results of the campaigns say."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_report_is_made_from_the_results(tmp_path: Path) -> None:
    report = ROOT / "docs" / "trust-report.md"
    kept = tmp_path / "report"
    shutil.copyfile(report, kept)
    subprocess.run([sys.executable, "tests/campaigns/run.py", "--report"], cwd=ROOT, check=True)
    made = report.read_text("utf-8")
    shutil.copyfile(kept, report)
    assert made == kept.read_text("utf-8"), "make campaigns writes it again"
