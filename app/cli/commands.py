"""The commands of ``flask``: every one that a module of this room declares.

Command ``x`` stands in module ``x``, and modules ``x_…`` add to it. They are imported when the
command is called: the whole service takes seconds to import, and most commands need little of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import click
from flask import Flask
from flask.cli import AppGroup

from app import cli
from app.settings import Settings
from app.workflows.housing import house_of


class Commands(AppGroup):
    """Those of the application, and those of this room; a new module needs no other line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, which takes importing all of them."""
        for module in _modules():
            self._import(module)
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, and what stands in it; None if there is none."""
        for module in _modules():
            if module == cmd_name or module.startswith(f"{cmd_name}_"):
                self._import(module)
        return super().get_command(ctx, cmd_name)

    def _import(self, module: str) -> None:
        for command in declared(importlib.import_module(f"app.cli.{module}")):
            self.add_command(command)


def without_pages(settings: Settings) -> Flask:
    """An application for commands alone: the house and its settings, no route."""
    app = Flask("app.web")
    app.extensions["covalue"] = house_of(settings, "both")
    app.extensions["covalue.settings"] = settings
    register(app)
    return app


def without_settings(missing: str) -> Flask:
    """The commands alone, for work on files; what needs the service says ``missing``."""
    app = Flask("app.web")
    app.extensions["covalue.missing"] = missing
    app.before_request(lambda: (missing, 503, {"Content-Type": "text/plain; charset=utf-8"}))
    register(app)
    return app


def register(app: Flask) -> None:
    """Give ``flask`` the commands of this room beside its own."""
    app.cli = Commands(app.name, commands=app.cli.commands)


def declared(module: ModuleType) -> Iterator[click.Command]:
    """The commands and groups of a module that stand in no group of the same module."""
    commands = [thing for thing in vars(module).values() if isinstance(thing, click.Command)]
    groups = [command for command in commands if isinstance(command, click.Group)]
    inside = {id(command) for group in groups for command in group.commands.values()}
    return (command for command in commands if id(command) not in inside)


def _modules() -> list[str]:
    return [found.name for found in pkgutil.iter_modules(cli.__path__)]
