"""Write the next migration from what the tables say: ``make migration NAME="what it adds"``.

It compares with a throw-away PostgreSQL (the tests' own), since only there the schemas exist.
Read the file that it makes before you commit it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import postgres  # noqa: E402 - the tests' own server
from alembic import command  # noqa: E402

from app.storage.database import Database  # noqa: E402
from app.storage.schema import migrations  # noqa: E402


def main(name: str) -> None:
    """Write ``migrations/versions/<next number>_<name>.py``, formatted."""
    number = len(list((ROOT / "migrations" / "versions").glob("[0-9]*.py"))) + 1
    with postgres.running() as server:
        database = Database(server.create("compared"), pool_size=1)
        try:
            config = migrations(database)
            command.upgrade(config, "head")
            command.revision(config, name, autogenerate=True, rev_id=f"{number:04}")
        finally:
            database.dispose()
    for order in (["format", "-q"], ["check", "--fix", "-q"], ["format", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *order, ROOT / "migrations"], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
