"""``flask privacy breach``: whom and what some hours touched, and the draft in French."""

from __future__ import annotations

from pathlib import Path

import collection
import pytest
from flask import Flask
from flask.cli import FlaskGroup

from app.workflows.acting import House


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_hours_are_told_and_the_draft_written(app: Flask, house: House, tmp_path: Path) -> None:
    collection.with_sample(house, collection.opened(house, tmp_path))
    flask = FlaskGroup(create_app=lambda: app, add_default_commands=False, load_dotenv=False)
    out = tmp_path / "notice.txt"

    def breach(*more: str) -> str:
        window = ("--since", "2020-01-01", "--until", "2099-01-01T00:00")
        done = app.test_cli_runner().invoke(flask, ["privacy", "breach", *window, *more])
        return f"{done.exit_code} {done.output}"

    said = breach("--out", str(out))
    assert said.startswith("0 ")
    assert "at most 3 persons of the samples" in said
    assert "\nsample.import\t" in said
    draft = out.read_text("utf-8")
    assert "RGPD, article 33" in draft
    assert "au plus 3 des échantillons" in draft
    assert "identité, adresse, code d’accès" in draft
    assert breach("--account", "nobody@example.org").startswith("1 ")
