"""Files that staff brought and that were not taken leave an entry of the audit log.

A file that became work in the background and is refused there leaves the entry of that work.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, Response, current_app, g, request

from app.domain.errors import CovalueError
from app.domain.permissions import Verb
from app.web.entrance import signed_in
from app.web.pages import house
from app.workflows.refusals import record_refused_file

KEPT = "token"  # the field of a form that goes on with a file that was sent before
TOO_LARGE, NOT_TAKEN = 413, 422


def register(app: Flask) -> None:
    """Look at every answer of pages and API that take files."""
    app.after_request(note)


def note(response: Response) -> Response:
    """Leave the entry where a file was refused; the answer stays as it is."""
    if request.method != "POST" or response.status_code not in (TOO_LARGE, NOT_TAKEN):
        return response
    verb = getattr(current_app.view_functions.get(request.endpoint or ""), "entrance", None)
    if isinstance(verb, Verb) and (response.status_code == TOO_LARGE or _brought()):
        actor = g.get("actor") or signed_in()
        wave = (request.view_args or {}).get("wave_id")
        if actor is not None:
            with suppress(CovalueError):  # refused all the same
                thing = "" if wave is None else f"wave:{wave}"
                record_refused_file(house(), actor, verb, thing, request.endpoint or "")
    return response


def _brought() -> bool:
    """Whether a file came, or goes on, or what a program sends in the place of one."""
    chosen = any(file.filename for file in request.files.values())
    return chosen or KEPT in request.form or request.blueprint == "api"
