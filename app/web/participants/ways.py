"""Where the links of the participants' pages lead."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the links of a page lead: to the participants' own addresses, else those of a trial."""

    questions: str = "/r/"  # before the code of a page
    query: str = ""  # behind it
    recordings: str = "/ecouter/"
    service: str = ""  # before help, legal notice and the like


OWN = Ways()


def ways() -> Ways:
    """The ways of this request's pages."""
    found: Ways = g.get("ways", OWN)
    return found
