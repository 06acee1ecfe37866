"""Recordings of a draft's questions: sent in for one language, and taken away."""

from __future__ import annotations

from app.domain.errors import NotFound
from app.domain.fingerprints import fingerprint
from app.domain.permissions import Verb
from app.domain.sound_names import question_sound
from app.interchange.sounds import ending, sound_of
from app.storage.database import now
from app.storage.recordings import Recording, remove_recording
from app.workflows.acting import Actor, House, act
from app.workflows.trying import Tried, tried


def recording_stem(found: Tried, item: str, language: str) -> str:
    """The name, without its ending, of a question of the draft as it is worded now.

    Raises NotFound where it asks no such item, or has no such language.
    """
    question = found.whole.question_by_item.get(item)
    if question is None or language not in found.whole.languages:
        raise NotFound
    return question_sound(fingerprint(question, item), language)


def keep_recording(
    house: House, actor: Actor, draft_id: int, item: str, language: str, content: bytes
) -> str:
    """Keep the sound for these very words, in place of an earlier one; its whole name.

    Raises NotFound, NotAllowed, and BadInput where it is no sound or too large.
    """
    sound = sound_of(content)
    return _changed(house, actor, draft_id, item, language, sound) + ending(sound)


def drop_recording(house: House, actor: Actor, draft_id: int, item: str, language: str) -> None:
    """Take a recording away; the device's own voice reads again. Raises NotFound, NotAllowed."""
    _changed(house, actor, draft_id, item, language, None)


def _changed(
    house: House, actor: Actor, draft_id: int, item: str, language: str, sound: bytes | None
) -> str:
    with house.database.read() as session:
        found = tried(session, actor, draft_id)
    stem = recording_stem(found, item, language)
    thing = f"questionnaire:{draft_id}"
    with act(house, actor, Verb.QUESTIONNAIRE_DRAFT, found.territory, thing) as acted:
        remove_recording(acted.session, actor.programme_id, stem)
        if sound is not None:
            acted.session.add(
                Recording(
                    programme_id=actor.programme_id,
                    territory=found.territory,
                    name=stem + ending(sound),
                    sound=sound,
                    made_by=actor.account_id,
                    made_at=now(),
                )
            )
        did = "recording removed" if sound is None else "recording"
        acted.details = {"did": did, "place": item, "language": language}
    return stem
