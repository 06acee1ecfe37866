"""The shipped definitions, read once through the product's own reader."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.definitions.composition import compose
from app.definitions.files import (
    read_framework,
    read_module,
    read_questionnaire,
    read_territories,
)
from app.domain.frameworks import Framework
from app.domain.questionnaire import Module, Questionnaire
from app.domain.territories import Programme

ROOT = Path(__file__).resolve().parents[2]
TERRITORIES = ("BDX", "I37", "PAR", "COR", "NAN", "HPY", "MAY", "VAL", "BOU")
AUDIENCES = ("elderly", "family", "professional")
ROLES = (
    "gp",
    "nurse",
    "pharmacist",
    "home_help",
    "social_worker",
    "support_team",
    "hospital",
    "nursing_home",
)


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def programme() -> Programme:
    return read_territories(_text("config/territories.yaml"))


@cache
def core(audience: str) -> Questionnaire:
    return read_questionnaire(_text(f"surveys/{audience}/core.yaml"))


@cache
def modules(audience: str) -> dict[str, Module]:
    folder = ROOT / "surveys" / audience / "modules"
    return {
        path.stem: read_module(path.read_text(encoding="utf-8"), core(audience))
        for path in sorted(folder.glob("*.yaml"))
    }


def instrument(audience: str, territory: str) -> Questionnaire:
    """What a person of this audience answers there."""
    return compose(core(audience), modules(audience).get(territory))


@cache
def national() -> Framework:
    return read_framework(_text("config/frameworks/national.yaml"))


@cache
def own(territory: str) -> Framework:
    return read_framework(_text(f"config/frameworks/{territory}.yaml"), national())
