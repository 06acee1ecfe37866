"""``flask programme`` and ``flask account``: what they do and what they say."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from click.testing import Result
from flask import Flask

from app.cli import account
from app.cli import programme as programme_commands
from app.workflows import signing_in
from app.workflows.acting import House


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    group = {"account": account.group, "programme": programme_commands.group}[arguments[0]]
    runner = app.test_cli_runner()
    return runner.invoke(group, list(arguments[1:]), input=typed)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return programme.written(tmp_path / "files")


def test_a_programme_is_loaded_and_loaded_again(app: Flask, root: Path) -> None:
    first = run(app, "programme", "load", "--root", str(root), "--synthetic")
    assert first.exit_code == 0
    assert "published  surveys/elderly/core.yaml (version 1)" in first.output
    assert first.output.endswith("Programme DEMO: 4 published.\n")
    again = run(app, "programme", "load", "--root", str(root))
    assert again.output.endswith("Programme DEMO: 4 unchanged.\n")


def test_a_refused_programme_is_explained(app: Flask, root: Path) -> None:
    file = root / "surveys" / "elderly" / "core.yaml"
    file.write_text(programme.CORE.replace("E01 = yes", "E99 = yes"), "utf-8")
    result = run(app, "programme", "load", "--root", str(root))
    line = programme.CORE.splitlines().index("      - code: E02") + 1
    assert result.exit_code == 1
    assert f"error:{line} E02:" in result.output
    assert "Nothing was changed." in result.output


def test_an_account_is_made_listed_extended_and_disabled(
    app: Flask, house: House, root: Path
) -> None:
    run(app, "programme", "load", "--root", str(root))
    who = ["--email", "maya@example.org"]
    made = run(
        app,
        *("account", "create", *who, "--name", "Maya", "--role", "territory_coordinator"),
        *("--territory", "MAY", "--until", "2999-12-31", "--password-from-stdin"),
        typed=f"{people.PASSWORD}\n",
    )
    assert made.exit_code == 0, made.output
    assert people.PASSWORD not in made.output
    assert signing_in.sign_in(house, who[1], people.PASSWORD, "192.0.2.1").outcome == "half"
    run(app, "account", "grant", *who, "--role", "reviewer", "--territory", "BDX")
    listed = run(app, "account", "list").output
    assert "territory_coordinator in MAY until 2999-12-31; reviewer in BDX" in listed
    run(app, "account", "disable", *who)
    assert "disabled" in run(app, "account", "list").output
    assert signing_in.sign_in(house, who[1], people.PASSWORD, "192.0.2.1").outcome == "wrong"


def test_the_password_is_asked_twice_and_not_shown(app: Flask, root: Path) -> None:
    run(app, "programme", "load", "--root", str(root))
    arguments = ["--email", "eva@example.org", "--name", "Eva", "--role", "evaluator"]
    made = run(
        app,
        *("account", "create", *arguments),
        typed=f"{people.PASSWORD}\n{people.PASSWORD}\n",
    )
    assert made.exit_code == 0, made.output
    assert people.PASSWORD not in made.output


def test_refusals_say_what_to_do(app: Flask, root: Path) -> None:
    without = run(app, "account", "list")
    assert (without.exit_code, "none is loaded" in without.output) == (2, True)
    run(app, "programme", "load", "--root", str(root))
    short = run(
        app,
        *("account", "create", "--email", "x", "--name", "X", "--role", "evaluator"),
        *("--territory", "XXX", "--password-from-stdin"),
        typed="short\n",
    )
    assert short.exit_code == 1
    assert "password: It takes 12 to 200 characters." in short.output
    assert "Choose one of: FR, MAY, BDX." in short.output
    unknown = run(app, "account", "disable", "--email", "nobody@example.org")
    assert "No account of this programme has this address." in unknown.output
