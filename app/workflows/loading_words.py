"""What keeps a file of a programme from being loaded, in words."""

from __future__ import annotations

from pathlib import Path

from app.domain.checks import Finding, Level
from app.domain.errors import Fault
from app.domain.text import Text


def no_territories_file(place: Path) -> Fault:
    """The file without which nothing can be loaded."""
    return Fault(
        str(place),
        Text.of(fr="Ce fichier manque.", en="This file is missing."),
        Text.of(
            fr="Indiquez avec --root le dossier qui contient config/ et surveys/.",
            en="Name with --root the folder that holds config/ and surveys/.",
        ),
    )


def twice_file() -> Finding:
    """Two files that describe the same thing."""
    return Finding(
        "file_twice",
        Level.ERROR,
        "-",
        Text.of(
            fr="Un autre fichier décrit déjà la même chose.",
            en="Another file describes the same thing already.",
        ),
        Text.of(fr="Gardez l’un des deux.", en="Keep one of the two."),
    )


def diverged_file(number: int) -> Finding:
    """A file that does not follow from what is published."""
    return Finding(
        "diverged",
        Level.WARNING,
        "-",
        Text.of(
            fr=f"La version {number} a été faite dans les pages, pas depuis ce fichier.",
            en=f"Version {number} was made in the pages, not from this file.",
        ),
        Text.of(
            fr=f"Téléchargez la version {number}, reportez-y vos changements, déposez le fichier.",
            en=f"Download version {number}, carry your changes over to it, upload that file.",
        ),
    )
