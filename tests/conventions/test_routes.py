"""Every door says who may enter, and the public surface knows nothing of the staff's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.domain.permissions import Verb

ROOT = Path(__file__).parents[2]
STAFF = (
    "app.api",
    "app.cli",
    "app.web.accounts",
    "app.web.coordinators",
    "app.web.evaluators",
    "app.web.officer",
    "app.web.entrance",
    "app.workflows.accounts",
    "app.workflows.design",
    "app.workflows.disseminate",
    "app.workflows.evaluate",
)
OF_THE_FRAMEWORK = {"static", "openapi.spec"}
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def views(app: Flask) -> dict[str, object]:
    """The views of the house by endpoint, without those of the framework."""
    return {name: view for name, view in app.view_functions.items() if name not in OF_THE_FRAMEWORK}


@once
def test_every_route_says_who_may_enter(app: Flask) -> None:
    found = views(app)
    assert len(found) > 20
    silent = [name for name, view in found.items() if not hasattr(view, "entrance")]
    assert not silent


@once
def test_staff_routes_need_an_account_and_participants_routes_none(app: Flask) -> None:
    wrong = []
    for name, view in views(app).items():
        who = getattr(view, "entrance", None)
        room = name.partition(".")[0]
        if room == "participants" and who not in ("anyone", "participant"):
            wrong.append(f"{name}: {who}")
        if room in ("coordinators", "evaluators", "officer") and who not in ("account", *Verb):
            wrong.append(f"{name}: {who}")
    assert not wrong


@once
def test_nothing_is_changed_by_a_get(app: Flask) -> None:
    mixed = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods and {"PUT", "DELETE", "PATCH"} & rule.methods and "GET" in rule.methods
    ]
    assert not mixed


@once
def test_staff_pages_live_below_office(app: Flask) -> None:
    outside = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ("coordinators", "evaluators", "accounts")
        and not rule.rule.startswith("/office")
    ]
    assert not outside


def test_the_public_surface_loads_no_staff_module() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, wsgi; wsgi.public; print(*sys.modules, sep='\\n')"],
        cwd=ROOT,
        env={
            "PATH": "",
            "COVALUE_SECRET": "x" * 40,
            "COVALUE_HOSTS": "localhost",
            "COVALUE_DATABASE": "sqlite:////nowhere/at/all.sqlite",
        },
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    assert "app.web.participants.views" in loaded
    assert [name for name in loaded if name.startswith(STAFF)] == []
