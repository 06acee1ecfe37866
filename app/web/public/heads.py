"""The signed heads of the audit log, for everybody: whoever keeps one proves a later rewriting.

No entry, no name, no act: a day, how many entries there were until then, a hash, a signature.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.protection.audit_chain import Head, head_line, public_key, public_pem
from app.storage.audit_chain import heads
from app.web.pages import house
from app.web.public.entry import KEPT, anyone

blueprint = Blueprint("heads", __name__, url_prefix="/journal", template_folder="templates")
SHOWN = 31  # days on the page; the file has all


@blueprint.get("")
@anyone
def page() -> ResponseReturnValue:
    """The heads of the last days, newest first, and how to check them."""
    found = _heads()[-SHOWN:][::-1]
    key = public_key(house().keys.heads).hex()
    return render_template("public/heads.html", found=found, key=key)


@blueprint.get("/heads.txt")
@anyone
def file() -> ResponseReturnValue:
    """Every head, a line each, as ``flask audit verify --anchor`` takes them; with the key."""
    seed = house().keys.heads
    pem = (f"# {line}" for line in public_pem(seed).splitlines())
    lines = [f"# public key {public_key(seed).hex()}", *pem, *map(head_line, _heads())]
    response = Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = KEPT
    response.add_etag()
    return response.make_conditional(request)


def _heads() -> list[Head]:
    with house().database.read() as session:
        return heads(session)
