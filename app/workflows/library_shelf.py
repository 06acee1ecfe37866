"""The library to be read: its entries with their versions, and which questionnaires use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.plain_source import document_in
from app.domain import library as domain
from app.domain.errors import NotFound
from app.domain.library import EntryKind, Link
from app.domain.permissions import Verb
from app.domain.plain_documents import homes
from app.domain.territories import NATION
from app.storage import library
from app.storage.library import LibraryEntry, LibraryVersion
from app.storage.surveys import QuestionnaireVersion, questionnaires
from app.workflows.acting import Actor
from app.workflows.reach import readable, version


@dataclass(frozen=True, slots=True)
class Use:
    """One questionnaire or module that links an entry. ``items``: codes there."""

    row: QuestionnaireVersion
    version: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with its versions, newest first, and what uses it within the actor's reach."""

    entry: LibraryEntry
    versions: tuple[LibraryVersion, ...]
    uses: tuple[Use, ...]

    @property
    def latest(self) -> LibraryVersion:
        return self.versions[0]

    @property
    def counts(self) -> Mapping[int, int]:
        """How many questionnaires and modules use each version."""
        found: dict[int, int] = {}
        for use in self.uses:
            found[use.version] = found.get(use.version, 0) + 1
        return dict(sorted(found.items()))


def shelf(session: Session, actor: Actor) -> list[Shown]:
    """Every entry that the actor may read: the nation's, and those of its own territories."""
    scope = readable(actor, "questionnaire")
    rows = library.entries(session, actor.programme_id, scope)
    linking = _linking(session, actor)
    return [_shown(session, row, linking) for row in rows]


def entry_shown(session: Session, actor: Actor, entry_id: int) -> Shown:
    """One entry. Raises NotFound."""
    return _shown(session, entry_row(session, actor, entry_id), _linking(session, actor))


def newest(
    session: Session, actor: Actor, territory: str, code: str
) -> tuple[LibraryEntry, int] | None:
    """The entry that a draft of this territory means by a code, and its newest version."""
    scope = readable(actor, "questionnaire") & {NATION, territory}
    for row in library.entries(session, actor.programme_id, frozenset(scope)):
        if row.code == code:
            return row, library.versions(session, row.id)[0].number
    return None


def entry_row(session: Session, actor: Actor, entry_id: int) -> LibraryEntry:
    """The row of an entry within reach. Raises NotFound."""
    scope = readable(actor, "questionnaire")
    row = library.entry(session, actor.programme_id, entry_id, scope)
    if row is None:
        raise NotFound
    return row


Linking = list[tuple[QuestionnaireVersion, list[Link]]]


def _shown(session: Session, row: LibraryEntry, linking: Linking) -> Shown:
    uses = []
    for using, found in linking:
        if row.territory not in (NATION, using.territory):
            continue
        items: dict[int, list[str]] = {}
        for link in found:
            if link.entry == row.code:
                items.setdefault(link.version, []).append(link.code)
        uses += [Use(using, number, tuple(codes)) for number, codes in items.items()]
    return Shown(row, tuple(library.versions(session, row.id)), tuple(uses))


def _linking(session: Session, actor: Actor) -> Linking:
    """The drafts and the latest published versions that link something of the library.

    Drafts are those of the actor's own territories; a source without the word is not read.
    """
    own, latest = actor.scope(Verb.QUESTIONNAIRE_VIEW), set[tuple[str, str]]()
    found: Linking = []
    rows = questionnaires(session, actor.programme_id, readable(actor, "questionnaire"))
    for row in sorted(rows, key=lambda each: -(each.number or 0)):
        if row.number is None and row.territory not in own:
            continue
        if row.number is not None and (row.audience, row.territory) in latest:
            continue
        if row.number is not None:
            latest.add((row.audience, row.territory))
        if domain.LINK in row.source:
            found.append((row, list(domain.links(document_in(row.source).data))))
    return [(row, links) for row, links in found if links]


def places_of(
    session: Session, actor: Actor, version_id: int
) -> tuple[QuestionnaireVersion | None, dict[EntryKind, list[str]]]:
    """What of a version or draft can be taken into the library, by kind. Raises NotFound."""
    row = version(session, actor, "questionnaire", version_id)
    document = document_in(row.source).data
    whole = [home.code for home in homes(document) if home.entries]
    asked = [
        question["code"]
        for home in homes(document)
        for each in home.entries
        if "slot" not in each
        for question in (each["page"]["questions"] if "page" in each else [each])
    ]
    return row, {
        EntryKind.QUESTION: asked,
        EntryKind.BLOCK: whole,
        EntryKind.INSTRUMENT: whole,
        EntryKind.LIST: list(document.get("option_lists", {})),
    }


def drafts_for(session: Session, actor: Actor) -> list[tuple[QuestionnaireVersion, list[str]]]:
    """The drafts that the actor may edit, each with its sections or slots."""
    scope = actor.scope(Verb.QUESTIONNAIRE_DRAFT)
    rows = questionnaires(session, actor.programme_id, scope)
    return [
        (row, [home.code for home in homes(document_in(row.source).data)])
        for row in rows
        if row.number is None
    ]
