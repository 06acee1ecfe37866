"""The files that an account took away, as it may see them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Row

from app.domain.permissions import Verb
from app.storage import releases
from app.storage.releases import Download, Release
from app.storage.waves import Wave
from app.workflows.acting import Actor, House
from app.workflows.choosing import SUBJECTS
from app.workflows.chosen_summary import FIELD_WORDS
from app.workflows.publishing import require_somewhere
from app.workflows.summary_words import AUDIENCES


def taken(house: House, actor: Actor) -> Sequence[Row[Download, Release, Wave]]:
    """The last hundred files with their release and wave, newest first. Raises NotAllowed."""
    require_somewhere(house, actor, Verb.RELEASE_VIEW)
    with house.database.read() as session:
        return releases.taken_by(session, actor.programme_id, actor.account_id)


def chosen_in_words(
    choice: Mapping[str, Sequence[str]], actor: Actor, language: str
) -> Iterator[str]:
    """What was chosen of a file, field by field: territories, subjects and audiences by name."""
    colon = "\u00a0: " if language == "fr" else ": "
    for field, values in choice.items():
        said = ", ".join(_name(actor, field, value, language) for value in values)
        yield f"{FIELD_WORDS[field].in_(language)}{colon}{said}"


def _name(actor: Actor, field: str, value: str, language: str) -> str:
    if field == "territory" and value in actor.territories:
        return actor.territories[value].name.in_(language)
    if field == "subject" and value in SUBJECTS:
        return SUBJECTS[value][0].in_(language)
    if field == "audience" and value in AUDIENCES:
        return AUDIENCES[value].in_(language)
    return value
