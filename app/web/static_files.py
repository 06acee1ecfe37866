"""Style sheets and scripts: their addresses name their content, so that a browser keeps them.

Without it every page asks again whether the style sheet is still the same: one round trip for each.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

KEPT = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Stamp every address of a static file; what is asked for with its stamp may be kept."""
    stamps: dict[str, str] = {}

    @app.url_defaults
    def stamp(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            name = str(values.get("filename", ""))
            if name not in stamps:
                stamps[name] = _stamp(Path(str(app.static_folder)) / name)
            values.setdefault("v", stamps[name])

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and request.query_string and response.status_code == 200:
            response.headers["Cache-Control"] = KEPT
        return response


def _stamp(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
