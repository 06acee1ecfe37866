"""No table is forgotten: not by the migrations, not by the privileges."""

from __future__ import annotations

import re
from pathlib import Path

from app.storage.schema import ROOT, TABLES


def test_every_table_class_is_known() -> None:
    written = {
        name
        for path in Path(ROOT / "app" / "storage").glob("*.py")
        for name in re.findall(r'__tablename__ = "(\w+)"', path.read_text())
    }
    assert written == {table.name for table in TABLES.sorted_tables}
