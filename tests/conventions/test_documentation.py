"""What can be set, typed or called is documented."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest
from flask import Flask

from app.protection import passwords
from app.web.form_files import MOST_OF_A_FORM
from app.workflows import (
    invitations,
    leaving,
    proving,
    signing_in,
    staff_sessions,
    standing,
    throttling,
)

ROOT = Path(__file__).parents[2]
SETTING = re.compile(r"\bCOVALUE_[A-Z_]+\b")
OF_THE_FRAMEWORK = {"run", "routes", "shell", "spec"}
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def settings_read() -> set[str]:
    """Every variable of the environment that the service looks at."""
    places = [ROOT / "app" / "settings.py", ROOT / "config" / "gunicorn.py"]
    return {name for path in places for name in SETTING.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("place", ["config/environment.example", "docs/deployment.md"])
def test_settings_are_explained_all_and_no_other(place: str) -> None:
    explained = set(SETTING.findall((ROOT / place).read_text("utf-8")))
    assert settings_read() == explained


def pages() -> str:
    """Everything written for readers."""
    written = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(path.read_text("utf-8") for path in written if path.exists())


def spoken(group: click.Group, before: str) -> Iterator[str]:
    """Every command as it is typed."""
    with click.Context(group) as context:
        commands = [
            (name, group.get_command(context, name)) for name in group.list_commands(context)
        ]
    for name, command in commands:
        if isinstance(command, click.Group):
            yield from spoken(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


@once
def test_commands_are_documented_and_say_what_they_do(app: Flask) -> None:
    typed = [line for line in spoken(app.cli, "flask") if line.split()[1] not in OF_THE_FRAMEWORK]
    assert len(typed) > 5
    documented = pages()
    assert [line for line in typed if line not in documented] == []


@once
def test_routes_of_the_api_are_documented(app: Flask) -> None:
    documented = pages()
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert rules
    assert sorted(rule for rule in rules if rule not in documented) == []


def test_limits_are_written_as_they_are() -> None:
    """How guessing is slowed down, how long sessions last, how much is taken."""
    written = (ROOT / "docs" / "security.md").read_text("utf-8").partition("## Limits")[2]
    table = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", written.partition("\n## ")[0], re.M))
    assert table.pop("what") == "limit"
    wait, codes = signing_in.WINDOW, throttling
    hours, minutes = timedelta(hours=1), timedelta(minutes=1)
    sessions = (staff_sessions.IDLE, staff_sessions.LONGEST)
    assert table == {
        "wrong passwords": f"{signing_in.TRIES_PER_EMAIL} of one account, "
        f"{signing_in.TRIES_PER_ADDRESS} of one source, in {wait} minutes",
        "wrong proofs of the second step": f"{proving.TRIES} of one account in {wait} minutes",
        "wrong codes of participants": f"{codes.MOST_WRONG} of one source in {codes.MINUTES} "
        f"minutes; {codes.LEAST} while all sources together were wrong {codes.BUSY} times",
        "wrong return words": f"{leaving.MOST_WRONG} of one response in "
        f"{leaving.MINUTES // 60} hours",
        "a session of staff": f"{sessions[0] // hours} hours idle, {sessions[1] // hours} at most; "
        f"{staff_sessions.HALF_OPEN // minutes} minutes without the second step; a proof again "
        f"after {staff_sessions.CONFIRMED_FOR // minutes} minutes",
        "a session of a participant": f"{standing.OWN_DEVICE // hours} hours on an own device, "
        f"{standing.SHARED_DEVICE // minutes} minutes on a lent one",
        "a link of an invitation": f"{invitations.GOOD_FOR.days} days, once",
        "a form": "1 MB of fields, 2,000 of them; with files 1 MB at the participants’ door, "
        f"{MOST_OF_A_FORM // 2**20} MB elsewhere and for files given as answers",
        "passwords checked at once": f"{passwords._one_at_a_time._initial_value}, in each process",
    }


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text("utf-8") if page.exists() else ""
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if not re.match(r"[a-z]+:", target) and not os.path.exists(page.parent / target):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken


def test_the_first_page_leads_to_every_page() -> None:
    first = (ROOT / "README.md").read_text("utf-8")
    pages = [str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")]
    assert [page for page in pages if f"]({page})" not in first] == []


def test_modules_and_files_that_pages_name_are_there() -> None:
    """``room/module`` is a place in ``app/``; what begins with another folder, in the project."""
    rooms = {path.name for path in (ROOT / "app").iterdir() if path.is_dir()}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"build"}  # made by runs
    gone = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for named in re.findall(r"`([\w.]+/[\w./-]+)`", page.read_text("utf-8")):
            first = named.partition("/")[0]
            place = ROOT / "app" / named if first in rooms else ROOT / named
            known = first in rooms | folders
            if known and not place.exists() and not place.with_suffix(".py").exists():
                gone.append(f"{page.relative_to(ROOT)}: {named}")
    assert not gone


def test_targets_of_make_say_what_they_do() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    declared = set(" ".join(re.findall(r"^\.PHONY: (.*)$", text, re.M)).split())
    assert declared == set(re.findall(r"^([a-z]+):.*## ", text, re.M))


def test_each_benchmark_and_no_other_is_listed() -> None:
    folder = ROOT / "tests" / "benchmarks"
    listed = re.findall(r"^\| `(\w+_bench\.py)`", (folder / "README.md").read_text("utf-8"), re.M)
    assert sorted(listed) == sorted(path.name for path in folder.glob("*_bench.py"))
