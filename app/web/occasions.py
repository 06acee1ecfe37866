"""Each request has a number, for the entries of the audit log and the lines of the log."""

from __future__ import annotations

import secrets

from flask import Flask, Response

from app.storage.audit import Occasion, during


def register(app: Flask) -> None:
    """Number every request anew, whatever the browser sends, and say the number in a header."""

    @app.before_request
    def begin() -> None:
        during(Occasion(request=secrets.token_hex(8)))

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers["X-Request-Id"] = during().request
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        during(Occasion())
