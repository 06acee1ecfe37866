"""Words by which comparability and indices say that a figure is undefined are documented."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"(?:Undefined|NotComputable|_figure)\([^)\"]*\"(\w+)\"")
REFUSAL = re.compile(r"^    \"(\w+)\": \($", re.MULTILINE)
MODULES = (
    "reliability",
    "one_factor",
    "dif",
    "mantel",
    "mantel_haenszel",
    "logistic_dif",
    "ordinal_logit",
    "gower",
    "ranking",
    "normalisation",
    "index_tables",
    "index_report",
    "indicator_weights",
    "correlation_ratio",
    "influence",
    "method_choices",
)


def test_words_are_documented_all_and_no_other() -> None:
    sources = [ROOT / "app" / "evaluation" / f"{name}.py" for name in MODULES]
    used = {word for path in sources for word in WORD.findall(path.read_text("utf-8"))}
    refusals = (ROOT / "app" / "evaluation" / "index_refusals.py").read_text("utf-8")
    used |= set(REFUSAL.findall(refusals))
    page = (ROOT / "docs" / "methods-comparability.md").read_text("utf-8")
    section = page.split("## Words of undefined figures")[1].split("##")[0]
    assert set(re.findall(r"`(\w+)`", section)) == used
