"""A notice read aloud by somebody: kept with the version whose words are heard, or taken away."""

from __future__ import annotations

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.sound_names import notice_sound
from app.domain.territories import NATION
from app.interchange.sounds import ending, sound_of
from app.storage import dossiers
from app.storage.database import now
from app.storage.recordings import Recording, remove_recording
from app.workflows.acting import Actor, House, act

SECONDS = 1800  # a notice may have twenty thousand signs


def keep_notice_recording(
    house: House, actor: Actor, notice_id: int, tag: str, content: bytes | None
) -> None:
    """Keep the sound for one text of a notice, in place of an earlier one; None: take it away.

    ``tag``: the language, or ``easy_`` and the language. Raises
    NotFound where the version has no such text, NotAllowed, and BadInput where it is no sound, too
    large or too long.
    """
    sound = None if content is None else sound_of(content, SECONDS)
    with act(house, actor, Verb.DOSSIER_WRITE, thing=f"notice:{notice_id}") as acted:
        row = dossiers.notice_by_id(acted.session, actor.programme_id, notice_id)
        if row is None or tag not in row.document:
            raise NotFound
        stem = notice_sound(row.checksum, tag)
        remove_recording(acted.session, actor.programme_id, stem)
        if sound is not None:
            acted.session.add(
                Recording(
                    programme_id=actor.programme_id,
                    territory=NATION,
                    name=stem + ending(sound),
                    sound=sound,
                    made_by=actor.account_id,
                    made_at=now(),
                )
            )
        did = "recording removed" if sound is None else "recording"
        acted.details = {"did": did, "text": tag}
