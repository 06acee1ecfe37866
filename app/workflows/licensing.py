"""Who publishes figures, and under which licence they may be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.definitions.legal_reading import Institution, read_institution
from app.domain.text import Text

INSTITUTION = Path(__file__).parents[2] / "config" / "institution.yaml"
SAID = {
    "licence": Text.of(
        fr="{publisher} diffuse ces données sous {licence} : {url}",
        en="{publisher} publishes these data under {licence}: {url}",
    ),
    "none": Text.of(
        fr="{publisher} n’a pas choisi de licence pour ces données. Demandez avant de les "
        "réutiliser : {email}",
        en="{publisher} has chosen no licence for these data. Ask before you use them again: "
        "{email}",
    ),
}


def institution() -> Institution:
    """Who publishes, as the file of the deployment says."""
    return read_institution(INSTITUTION.read_text("utf-8"))


def publisher() -> dict[str, Any]:
    """Name and address of who publishes, and the licence of figures (``None``: not chosen), as a
    release keeps them."""
    who = institution()
    return {
        "name": who.publisher["name"],
        "email": who.publisher["email"],
        "licence": who.data_licence,
    }


def licence(language: str) -> str:
    """Under which licence the data may be used, in one sentence."""
    return licence_of(publisher(), language) + "\n"


def licence_of(who: dict[str, Any], language: str) -> str:
    """The same of what ``publisher`` said once."""
    chosen = who["licence"] or {}
    return (
        (SAID["licence"] if chosen else SAID["none"])
        .in_(language)
        .format(
            publisher=who["name"],
            email=who["email"],
            licence=chosen.get("name", ""),
            url=chosen.get("url", ""),
        )
    )
