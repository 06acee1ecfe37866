"""The commands of ``flask``: every one that a module of this room declares."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import click
from flask import Flask

from app import cli


def register(app: Flask) -> None:
    """Add every command to ``flask``; a new module in this room needs no other line."""
    for found in pkgutil.iter_modules(cli.__path__, "app.cli."):
        for command in declared(importlib.import_module(found.name)):
            app.cli.add_command(command)


def declared(module: ModuleType) -> Iterator[click.Command]:
    """The commands and groups of a module that stand in no group of the same module."""
    commands = [thing for thing in vars(module).values() if isinstance(thing, click.Command)]
    groups = [command for command in commands if isinstance(command, click.Group)]
    inside = {id(command) for group in groups for command in group.commands.values()}
    return (command for command in commands if id(command) not in inside)
