"""Recordings of questions and notices, shipped or sent in, played when the person asks for it.

They are named by the fingerprint of what was asked or told, so that none is ever played beside
other words than its own; the visible text is its transcript.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path

from flask import current_app, send_file, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.dossier_fields import EASY
from app.domain.errors import Unavailable
from app.domain.fingerprints import fingerprint
from app.domain.perspective import reworded
from app.domain.piping import pipes_in
from app.domain.questionnaire import Question
from app.domain.sound_names import among, notice_sound, question_sound
from app.interchange.sounds import media_type
from app.storage.recordings import recorded_sound, recording_names
from app.web.pages import house
from app.web.participants.display import voice
from app.web.participants.doors import anyone
from app.web.participants.room import blueprint
from app.web.participants.ways import ways

_FRESH = 60  # seconds
FOLDER = Path(__file__).parents[3] / "surveys" / "recordings"


@cache
def _shipped() -> frozenset[str]:
    """Names of the files; they come with a release and do not change while it runs."""
    return frozenset(path.name for path in FOLDER.glob("*.mp3"))


def recordings_there() -> frozenset[str]:
    """The names of all recordings; those sent in are looked up once a minute."""
    kept = current_app.extensions.setdefault("covalue.recordings", [_shipped(), 0.0])
    if time.monotonic() > kept[1]:
        kept[1] = time.monotonic() + _FRESH
        with suppress(Unavailable), house().database.read() as session:
            kept[0] = _shipped() | recording_names(session)
    found: frozenset[str] = kept[0]
    return found


def recording_of(question: Question, item: str, role: str, language: str) -> str:
    """The address of the recording of this question in this language; empty where there is none."""
    others = role == "proxy" and reworded(question)
    if others or any(pipes_in(wording) for _tag, wording in question.text.wordings):
        return ""
    name = among(question_sound(fingerprint(question, item), language), recordings_there())
    return f"{ways().recordings}{name}" if name else ""


def notice_recordings(fingerprint: str) -> tuple[str, str]:
    """The addresses where a notice is read aloud in the page's language: whole, in easy words."""
    tag, there = voice().tag, recordings_there()
    stems = (notice_sound(fingerprint, tag), notice_sound(fingerprint, f"{EASY}{tag}"))
    names = (among(stem, there) for stem in stems)
    whole, easy = (f"{ways().recordings}{name}" if name else "" for name in names)
    return whole, easy


@blueprint.get("/ecouter/<name>")
@anyone
def listen(name: str) -> ResponseReturnValue:
    """A recording; browsers ask for parts of it."""
    if name in _shipped():
        return send_from_directory(FOLDER, name, mimetype="audio/mpeg", conditional=True)
    with house().database.read() as session:
        sound = recorded_sound(session, name)
    if sound is None:
        raise NotFound
    return send_file(BytesIO(sound), mimetype=media_type(sound), conditional=True)
