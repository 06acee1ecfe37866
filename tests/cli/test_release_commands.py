"""``flask release``: verify says what is the same, and refuses in plain words."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from alembic import command
from evaluated import Evaluated
from sqlalchemy.engine import URL

from app.factory import create_app
from app.protection.sealed_files import new_identity
from app.settings import from_environment
from app.storage.database import Database
from app.storage.extract import layout_in, metadata_of, write_parquet
from app.storage.schema import migrations
from app.workflows import backing_up
from app.workflows.acting import House
from app.workflows.rehearsing import recompute


def run(evaluated: Evaluated, *words: str) -> tuple[int, str]:
    app = create_app(from_environment(evaluated.environment), "office")
    with app.app_context():
        found = app.test_cli_runner().invoke(args=["release", *words])
    return found.exit_code, found.output or repr(found.exception)


def test_the_commands_make_and_verify(evaluated: Evaluated) -> None:
    code, said = run(evaluated, "make", "--wave", "V1")
    assert (code, said) == (0, f"data cut 1, release {evaluated.release_id}\n")
    code, said = run(evaluated, "verify", str(evaluated.release_id))
    assert (code, said) == (0, "figures: the same\nfiles: the same\n")


def test_what_is_not_there_is_refused(evaluated: Evaluated) -> None:
    code, said = run(evaluated, "make", "--wave", "V9")
    assert code == 1
    assert "V9" in said
    code, _said = run(evaluated, "verify", "99")
    assert code == 1


def test_a_rehearsed_backup_gives_the_released_figures_again(
    evaluated: Evaluated, tmp_path: Path
) -> None:
    """The answers that came back are those acknowledged, and the release is computed from them."""
    mine = evaluated.copied(tmp_path / "mine")
    house = mine.house()
    command.stamp(migrations(house.database), "head")  # made at once, not step by step
    private, public = new_identity()
    (tmp_path / "key").write_text(private)
    made = backing_up.make(house, tmp_path / "backups", [public], [public])

    def place(name: str) -> House:
        folder = tmp_path / name
        database = Database(URL.create("sqlite", database=str(folder / "covalue.sqlite")))
        return House(database, house.keys, folder / "data")

    good = place("good")
    found = backing_up.drill(house, made, [tmp_path / "key"], good)
    assert not found.receipts.differing
    (again,) = recompute(good)
    assert (again.release, again.same, again.erased) == (mine.release_id, True, 0)
    assert again.figures > 100
    for file in (good.folder / "cuts").rglob("*.parquet"):  # somebody changes what lies there
        frame = pl.read_parquet(file)
        write_parquet(frame.head(len(frame) - 2), file, metadata_of(layout_in(file)))
    (again,) = recompute(good)
    assert not again.good, "and nobody was erased"
    house.database.dispose()
    good.database.dispose()
