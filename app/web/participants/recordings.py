"""Recordings of questions that come with the questionnaires, played when the person asks for it.

Files are named by the fingerprint of what was asked, so that a recording is never played beside
other words than its own; the visible text is its transcript.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.fingerprints import fingerprint
from app.domain.piping import pipes_in
from app.domain.questionnaire import Proxy, Question
from app.web.participants.doors import anyone
from app.web.participants.room import blueprint

FOLDER = Path(__file__).parents[3] / "surveys" / "recordings"


@cache
def _there() -> frozenset[str]:
    """Names of the files; they come with a release and do not change while it runs."""
    return frozenset(path.name for path in FOLDER.glob("*.mp3"))


def recording_of(question: Question, item: str, role: str, language: str) -> str:
    """The address of the recording of this question in this language; empty where there is none."""
    reworded = role == "proxy" and question.proxy is Proxy.REWORDED
    if reworded or any(pipes_in(wording) for _tag, wording in question.text.wordings):
        return ""
    name = f"{fingerprint(question, item)}.{language}.mp3"
    return f"/ecouter/{name}" if name in _there() else ""


@blueprint.get("/ecouter/<name>")
@anyone
def listen(name: str) -> ResponseReturnValue:
    """A recording; browsers ask for parts of it."""
    if name not in _there():
        raise NotFound
    return send_from_directory(FOLDER, name, mimetype="audio/mpeg", conditional=True)
