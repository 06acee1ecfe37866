"""A small evaluated programme for tests: three territories of the shipped content, one release.

Made once per run through the product's own acts, on SQLite; tests copy it. In VAL few family
carers are invited, so that figures are withheld there and elsewhere.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import people
import yaml
from browser import Browser
from builders import sealing_house
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.engine import URL

from app.factory import create_app
from app.settings import from_environment
from app.storage.database import Database
from app.storage.published import Published, published
from app.storage.schema import TABLES
from app.workflows import demonstration
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.evaluate import make_cut, make_release
from app.workflows.programmes import load_programme

ROOT = Path(__file__).parents[1]
EVALUATOR = "evaluation@exemple.invalid"
COORDINATOR = "mayenne@exemple.invalid"  # of MAY
PLACES = ("BDX", "MAY", "VAL")
INVITED = {
    "default": {"elderly": 90, "family": 70, "professional": 70},
    "VAL": {"family": 9},
    "BDX": {"professional": 40},
}


@dataclass(frozen=True)
class Evaluated:
    """The folder with the database and the files, and the sign-ins of its staff by e-mail."""

    folder: Path
    release_id: int
    passwords: dict[str, str]

    secret: bytes
    moved_to: str = ""  # the address of another database, where it was moved

    @property
    def environment(self) -> dict[str, str]:
        """What a deployment on this folder would set."""
        return {
            "COVALUE_SECRET": self.secret.decode(),
            "COVALUE_FOLDER": str(self.folder),
            "COVALUE_RESERVE": "0",
            "COVALUE_DATABASE": self.database,
            "COVALUE_HOSTS": "localhost",
            "COVALUE_PUBLIC_URL": "http://localhost",
        }

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.moved_to or f"sqlite:///{self.folder / 'covalue.sqlite'}"

    def house(self) -> House:
        """The house on this folder."""
        return sealing_house(self.database, self.secret, self.folder)

    def seen(self) -> Published:
        """The release as pages and files read it."""
        found = published(self.house().database, 1, self.release_id)
        assert found is not None
        return found

    def browser(self, email: str, language: str = "fr", app: Flask | None = None) -> Browser:
        """A browser in which this member of staff is signed in, at a server of its own or here."""
        app = app or create_app(from_environment(self.environment), "both")
        browser = Browser(app.test_client(), language)
        browser.get("/office/sign-in")
        code = people.second_factor(app.extensions["covalue"], email)
        browser.submit({"email": email, "password": self.passwords[email]})
        browser.submit({"code": code}, form="")
        return browser

    def copied(self, folder: Path) -> Evaluated:
        """The same in another folder, to be changed."""
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def moved(self, to: URL) -> Evaluated:
        """Its rows in an empty database of PostgreSQL; files stay where they are."""
        there = Database(to, pool_size=1)
        with self.house().database.read() as before, there.write() as session:
            for table in TABLES.sorted_tables:
                rows = [dict(row) for row in before.execute(select(table)).mappings()]
                if rows:
                    session.execute(insert(table), rows)
                if rows and table.autoincrement_column is not None:
                    counter = func.pg_get_serial_sequence(table.fullname, "id")
                    session.execute(
                        select(func.setval(counter, select(func.max(table.c.id)).scalar_subquery()))
                    )
        there.dispose()
        return replace(self, moved_to=to.render_as_string(hide_password=False))


def small_root(folder: Path) -> Path:
    """The shipped content of three territories, and a small plan of synthetic people."""
    root = folder / "root"
    for kept in ("config/frameworks", "surveys"):
        shutil.copytree(ROOT / kept, root / kept)
    shutil.copyfile(ROOT / "config/dossier.yaml", root / "config/dossier.yaml")
    for found in (*root.glob("config/frameworks/*.yaml"), *root.glob("surveys/*/modules/*.yaml")):
        if found.stem not in ("national", *PLACES):
            found.unlink()
    places = yaml.safe_load((ROOT / "config/territories.yaml").read_text(encoding="utf-8"))
    places["territories"] = [
        each for each in places["territories"] if each["code"] in ("FR", *PLACES)
    ]
    plan = yaml.safe_load((ROOT / "config/demonstration.yaml").read_text(encoding="utf-8"))
    plan["invited"] = INVITED
    plan["effects"] = {code: plan["effects"][code] for code in PLACES if code in plan["effects"]}
    for name, content in (("territories", places), ("demonstration", plan)):
        written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (root / f"config/{name}.yaml").write_text(written, encoding="utf-8")
    return root


def evaluate(empty: Path, folder: Path, secret: bytes) -> Evaluated:
    """Fill a copy of the empty database, cut its first wave, release the figures."""
    shutil.copyfile(empty, folder / "covalue.sqlite")
    house = sealing_house(f"sqlite:///{folder / 'covalue.sqlite'}", secret, folder)
    root = small_root(folder)
    load_programme(house, root, synthetic=True)
    shown = demonstration.fill(house, root)
    actor = operator(house, "DEMO")
    release = make_release(house, actor, make_cut(house, actor, 1))
    house.database.dispose()
    words = {email: word for _name, email, word in shown.staff}
    return Evaluated(folder, release, words, secret)
