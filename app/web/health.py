"""What a supervisor or a proxy asks: does this process live, and can it serve people now.

The answers name what is wrong and nothing else. Neither needs an account, a session or a host's
own page, and neither counts for anything.
"""

from __future__ import annotations

import os
from typing import Any

from flask import Blueprint, json
from flask.wrappers import Response

from app.domain.errors import Unavailable
from app.web.pages import house
from app.workflows.acting import House
from app.workflows.uploads import short_of_room

blueprint = Blueprint("health", __name__)


def _anyone(view: Any) -> Any:
    view.entrance = "anyone"  # read by the convention test
    return view


@blueprint.get("/health")
@_anyone
def health() -> Response:
    """This process lives and answers; nothing else is looked at."""
    return _told(200, {"state": "ok"})


@blueprint.get("/ready")
@_anyone
def ready() -> Response:
    """Whether people can be served: 200, or 503 with what is wrong.

    With little room on the disk answers still go in, and so nobody is to be kept out: it is said
    beside, ``short``.
    """
    served = house()
    wrong = faults(served)
    if not wrong:
        short = {"short": ["disk"]} if short_of_room(served.folder) else {}
        return _told(200, {"state": "ok"} | short)
    response = _told(503, {"state": "not ready", "wrong": wrong})
    response.headers["Retry-After"] = "5"
    return response


def faults(served: House) -> list[str]:
    """What keeps this house from serving: ``database``, ``folder``."""
    wrong = []
    try:
        served.database.ping()
    except Unavailable:
        wrong.append("database")
    if not os.access(served.folder, os.W_OK):
        wrong.append("folder")
    return wrong


def _told(status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body) + "\n", status, mimetype="application/json")
