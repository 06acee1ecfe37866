"""Refusals as ``application/problem+json`` (RFC 9457): status, stable code, what to do."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Response, current_app, g, json, request

from app.domain.errors import BadInput, CovalueError, NotFound
from app.workflows.refusals import record_out_of_reach, status_of

PROBLEM = "application/problem+json"
TITLES = {
    401: "Nobody is signed in",
    403: "This account may not do this here",
    404: "No such thing",
    405: "This address does not take this method",
    409: "The state forbids this",
    413: "This is too large",
    422: "This cannot be taken",
    500: "This failed, and the operator's log says where",
    503: "Not possible right now, try again",
}


def problem(status: int, code: str, detail: str = "", **more: Any) -> Response:
    """A refusal; nothing of what was sent is in it."""
    body = {"type": f"about:blank#{code}", "title": TITLES.get(status, "Refused"), "status": status}
    body |= ({"detail": detail} if detail else {}) | more
    return Response(json.dumps(body), status, mimetype=PROBLEM)


def _faults(error: CovalueError) -> dict[str, Any]:
    """Place, reason and remedy of everything that is wrong in an input."""
    if not isinstance(error, BadInput):
        return {}
    return {
        "faults": [
            {
                "place": each.place,
                "reason": each.reason.in_("en"),
                "remedy": each.remedy.in_("en"),
            }
            for each in error.faults[:100]
        ]
    }


def refused(error: CovalueError) -> Response:
    """A refusal from below. Of what is not there, or not theirs, an entry names the account."""
    actor = g.get("actor")
    if isinstance(error, NotFound) and actor is not None:
        with suppress(CovalueError):  # refused all the same
            record_out_of_reach(current_app.extensions["covalue"], actor, request.endpoint or "")
    status = status_of(error)
    response = problem(status, error.code, error.message.in_("en"), **_faults(error))
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def http_problem(status: int, code: str = "") -> Response:
    """An error of HTTP itself below ``/api``: nothing there, wrong method, too large; a failure."""
    codes = {404: "no_such_address", 405: "wrong_method", 413: "too_large", 500: "failure"}
    return problem(status, code or codes.get(status, "http_error"))


def refuses_with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The document of the API, its refusals with the type that they are sent with."""
    operations = [each for path in document["paths"].values() for each in path.values()]
    for status, response in (pair for each in operations for pair in each["responses"].items()):
        if status >= "400" and "application/json" in response.get("content", {}):
            response["content"] = {PROBLEM: response["content"]["application/json"]}
    return document
