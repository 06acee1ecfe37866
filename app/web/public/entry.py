"""The door of the public pages: everybody enters, and what is shown may be kept for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

blueprint = Blueprint("public", __name__, url_prefix="/results", template_folder="templates")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
KEPT = "public, max-age=300"


def anyone(view: View) -> View:
    """Open to everybody."""
    view.entrance = "anyone"  # type: ignore[attr-defined] # read by the convention test
    return view
