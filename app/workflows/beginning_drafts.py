"""Drafts begun on the screens: from a version, empty, or as a territory's module."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.definitions.plain_source import document_in
from app.domain.errors import NotFound
from app.domain.new_questions import new_question
from app.domain.permissions import Verb
from app.domain.plain_documents import codes
from app.domain.questionnaire import Kind, Questionnaire, Slot
from app.domain.territories import NATION
from app.storage.surveys import QuestionnaireVersion, latest_questionnaires
from app.workflows.acting import Actor, House
from app.workflows.edit_act import Desk, begun
from app.workflows.reach import Family, version
from app.workflows.surroundings import surroundings

_FAMILY: Family = "questionnaire"


def begin_from(house: House, actor: Actor, family: Family, version_id: int) -> int:
    """A draft that begins as this version, or goes on with this draft; its id."""
    with house.database.read() as session:
        row = version(session, actor, family, version_id)
        if row.number is None:
            return row.id
        document = document_in(row.source).data
    return begun(house, actor, family, document)


def begin_core(
    house: House, actor: Actor, audience: str, languages: tuple[str, ...], title: dict[str, str]
) -> int:
    """An empty core questionnaire with one section; its id."""
    document = {
        "format": "covalue/questionnaire/1",
        "code": audience,
        "audience": audience,
        "languages": list(languages),
        "title": title,
        "sections": [{"code": "part1", "title": title, "items": []}],
    }
    return begun(house, actor, _FAMILY, document)


def begin_module(house: House, actor: Actor, audience: str, territory: str, slot: str) -> int:
    """A territory's module on the core in force, with one question to be written; its id.

    Raises NotFound where there is no such core, slot or territory.
    """
    with house.database.read() as session:
        around = surroundings(session, actor.programme_id, actor.territories)
    core = around.cores.get(audience)
    place = actor.territories.get(territory)
    slots = slots_of(core) if core else ()
    if core is None or place is None or slot not in {each.code for each in slots}:
        raise NotFound
    document = {
        "format": "covalue/module/1",
        "code": territory,
        "audience": audience,
        "territory": territory,
        "core": {"code": core.code, "number": str(around.core_numbers[audience])},
        "languages": list(core.languages),
        "title": {tag: place.name.in_(tag) for tag in core.languages},
        "slots": {slot: [new_question(Kind.CHOICE, f"{territory}1"[:32], core.languages)]},
    }
    return begun(house, actor, _FAMILY, document)


def slots_of(core: Questionnaire) -> tuple[Slot, ...]:
    """The places where a territory may put its own questions."""
    entries = (entry for section in core.sections for entry in section.entries)
    return tuple(entry for entry in entries if isinstance(entry, Slot))


def cores_to_begin_from(session: Session, actor: Actor) -> dict[str, Questionnaire]:
    """The cores in force, by audience."""
    return surroundings(session, actor.programme_id, actor.territories).cores


def published_to_go_on(session: Session, actor: Actor) -> list[QuestionnaireVersion]:
    """The versions in force, core or module, of which the actor may write the next one."""
    scope = actor.scope(Verb.QUESTIONNAIRE_DRAFT)
    rows = latest_questionnaires(session, actor.programme_id)
    return sorted(
        (row for row in rows if row.territory in scope),
        key=lambda row: (row.territory != NATION, row.territory, row.audience),
    )


def next_code(found: Desk) -> str:
    """A code to begin with: the audience's letter and the next number, or the territory's."""
    place = found.row.territory
    letter = {"elderly": "E", "family": "F", "professional": "P"}
    stem = letter.get(getattr(found.row, "audience", ""), "Q") if place == NATION else f"{place}_"
    numbers = {each[len(stem) :] for each in codes(found.document) if each.startswith(stem)}
    last = max((int(number) for number in numbers if number.isdigit()), default=0)
    return f"{stem}{last + 1:02}"
