"""The API on a page of ours, made from its own OpenAPI document: no script, no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from apiflask import APIFlask
from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Verb
from app.web.accounts.entry import blueprint
from app.web.entrance import enters

METHODS = ("get", "post", "put", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the API."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, bool], ...]  # name, type, needed
    statuses: tuple[tuple[str, str], ...]


@blueprint.get("/api")
@enters(Verb.TOKEN_MAKE)
def api_reference() -> ResponseReturnValue:
    """Every operation with its parameters and answers."""
    spec = cast(dict[str, Any], cast(APIFlask, current_app).spec)
    return render_template("accounts/api_reference.html", operations=list(_operations(spec)))


def _operations(spec: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in spec["paths"].items():
        for method in METHODS:
            if method in methods:
                yield _operation(path, method, methods[method], methods.get("parameters", []))


def _operation(path: str, method: str, said: dict[str, Any], shared: list[Any]) -> Operation:
    parameters = [*shared, *said.get("parameters", [])]
    return Operation(
        method.upper(),
        path,
        said.get("summary", ""),
        said.get("description", ""),
        tuple(
            (each["name"], str(each.get("schema", {}).get("type", "")), bool(each.get("required")))
            for each in parameters
        ),
        tuple((code, each.get("description", "")) for code, each in said["responses"].items()),
    )
