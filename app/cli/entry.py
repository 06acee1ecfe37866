"""What every command does at its door: find the house, and say refusals in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import click
from flask import current_app

from app.domain.errors import BadDefinition, BadInput, CovalueError
from app.domain.permissions import Verb
from app.settings import Settings
from app.storage.row_security import EVERYTHING
from app.storage.territories import programmes
from app.workflows.accounts import operator
from app.workflows.acting import Actor, House
from app.workflows.refusals import record_refused_file

LANGUAGE = "en"  # commands speak English, like their names


def served() -> House:
    """The house that the application of this command serves, with its connections.

    A command that needs none works without any setting; this says which one is missing.
    """
    _complain()
    return cast(House, current_app.extensions["covalue"])


def house() -> House:
    """The same house, whole."""
    return served().seen_by(EVERYTHING)


def settings() -> Settings:
    """The settings that the service was made with."""
    _complain()
    return cast(Settings, current_app.extensions["covalue.settings"])


def _complain() -> None:
    if missing := current_app.extensions.get("covalue.missing"):
        raise click.ClickException(missing)


@contextmanager
def refusals(brings: Verb | None = None) -> Iterator[None]:
    """Turn a refusal into an error message and exit status 1.

    ``brings``: the act of a command that takes a file, which leaves an entry where it is refused.
    """
    try:
        yield
    except CovalueError as error:
        if brings and isinstance(error, (BadInput, BadDefinition)):
            record_refused_file(house(), None, brings, "")
        raise click.ClickException("\n".join(said(error))) from error


def said(error: CovalueError) -> list[str]:
    """The lines that explain a refusal: what, where, and what to do."""
    if isinstance(error, BadInput):
        return [
            f"{fault.place}: {fault.reason.in_(LANGUAGE)} {fault.remedy.in_(LANGUAGE)}"
            for fault in error.faults
        ]
    if isinstance(error, BadDefinition):
        return [
            f"{finding.place}: {finding.message.in_(LANGUAGE)} {finding.remedy.in_(LANGUAGE)}"
            for finding in error.findings
        ]
    return [error.message.in_(LANGUAGE) or error.code]


def acting_operator(house: House, programme: str | None) -> Actor:
    """The operator in the programme named, or in the only one that there is."""
    if programme is None:
        with house.database.read() as session:
            known = [row.code for row in programmes(session)]
        if len(known) != 1:
            listed = ", ".join(known) or "none is loaded"
            raise click.UsageError(f"Name the programme with --programme ({listed}).")
        programme = known[0]
    return operator(house, programme)
