"""Files given as answers: listed for who reviews free text, and handed over one by one.

None is ever shown by this service: each leaves as something to save, in a type that no browser
opens, and with a policy under which nothing in it could run.
"""

from __future__ import annotations

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.answer_files import spoken_file
from app.domain.permissions import Verb
from app.web.entrance import enters
from app.web.officer.entry import blueprint
from app.web.pages import house
from app.workflows import answer_files as acts
from app.workflows.waves import wave

_NOTHING_RUNS = "default-src 'none'; sandbox"


@blueprint.get("/passages/<int:wave_id>/files")
@enters(Verb.PASSAGE_REVIEW)
def given_files(wave_id: int) -> ResponseReturnValue:
    """The files of a wave's sent responses, some at a time."""
    after = min(request.args.get("after", 0, type=int), 2**31)
    found, following = acts.given_files(house(), g.actor, wave_id, after)
    return render_template(
        "officer/given_files.html",
        wave=wave(house(), g.actor, wave_id),
        found=found,
        following=following,
        spoken=spoken_file,
    )


@blueprint.get("/passages/<int:wave_id>/<int:response_id>/<item>/file")
@enters(Verb.PASSAGE_REVIEW)
def given_file(wave_id: int, response_id: int, item: str) -> ResponseReturnValue:
    """One file, to be saved; that it was fetched is in the log."""
    found = acts.hand_out(house(), g.actor, wave_id, response_id, item)
    answer = Response(found.content, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer.headers["Content-Security-Policy"] = _NOTHING_RUNS
    return answer
