"""Lists of definitions: for each the version in force, the drafts, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.domain.checks import Finding
from app.domain.errors import BadDefinition
from app.domain.frameworks import Framework
from app.domain.questionnaire import Module, Questionnaire
from app.domain.territories import NATION
from app.domain.text import Text
from app.domain.text_checks import question_texts, texts_of
from app.storage.accounts import names_of
from app.storage.frameworks import frameworks
from app.storage.surveys import QuestionnaireVersion, questionnaires
from app.workflows.acting import Actor
from app.workflows.comparing import Recomposition, to_recompose
from app.workflows.examining import Examined, examine
from app.workflows.reach import VERBS, Family, readable
from app.workflows.surroundings import Surroundings, surroundings
from app.workflows.versions import Version

Key = tuple[str, str]  # audience (empty: framework), territory


@dataclass
class Entry:
    """One questionnaire, module or framework with all its versions, newest first."""

    audience: str
    territory: str
    published: list[Version] = field(default_factory=list)
    drafts: list[Version] = field(default_factory=list)
    examined: Examined | None = None  # the version in force, else the newest draft
    findings: tuple[Finding, ...] = ()
    recompose: Recomposition | None = None  # a module that no longer fits the core

    @property
    def current(self) -> Version | None:
        """The version in force."""
        return self.published[0] if self.published else None

    @property
    def thing(self) -> Questionnaire | Module | Framework | None:
        """What the version in force says."""
        return self.examined.thing if self.examined else None

    @property
    def pages(self) -> int:
        """How many pages it has, all conditions aside; 0 for a framework."""
        if isinstance(self.thing, Questionnaire):
            return len(self.thing.pages)
        if isinstance(self.thing, Module):
            return sum(len(pages) for pages in self.thing.pages_by_slot.values())
        return 0

    @property
    def languages(self) -> dict[str, bool]:
        """Each language that it says it has, and whether no text is missing in it."""
        if not isinstance(self.thing, Questionnaire | Module):
            return {}
        texts = list(_texts(self.thing))
        return {
            language: all(text.has(language) for text in texts) for language in self.thing.languages
        }


def _texts(thing: Questionnaire | Module) -> Iterator[Text]:
    if isinstance(thing, Questionnaire):
        yield from (text for _, _, text in texts_of(thing))
        return
    yield thing.title
    for pages in thing.pages_by_slot.values():
        for question in (question for page in pages for question in page.questions):
            yield from (text for _, _, text in question_texts(question))


def overview(session: Session, actor: Actor, family: Family) -> tuple[list[Entry], dict[int, str]]:
    """What the actor may read of a family, national first; names of those who published."""
    around = surroundings(session, actor.programme_id, actor.territories)
    scope = readable(actor, family)
    drafts_of = actor.scope(VERBS[family].view)
    rows: Sequence[Version] = (
        questionnaires(session, actor.programme_id, scope)
        if family == "questionnaire"
        else frameworks(session, actor.programme_id, scope)
    )
    visible = [row for row in rows if row.number is not None or row.territory in drafts_of]
    entries = list(_entries(visible).values())
    for entry in entries:
        _examine(entry, around)
    _mark_left_behind(entries, around)
    places = list(actor.territories)
    entries.sort(key=lambda e: (e.territory != NATION, e.audience, places.index(e.territory)))
    people = {row.published_by for row in visible} | {row.created_by for row in visible}
    return entries, names_of(session, {person for person in people if person is not None})


def _entries(rows: Iterable[Version]) -> dict[Key, Entry]:
    found: dict[Key, Entry] = {}
    for row in rows:
        audience = row.audience if isinstance(row, QuestionnaireVersion) else ""
        entry = found.setdefault((audience, row.territory), Entry(audience, row.territory))
        (entry.drafts if row.number is None else entry.published).append(row)
    for entry in found.values():
        entry.published.sort(key=lambda row: -(row.number or 0))
    return found


def _examine(entry: Entry, around: Surroundings) -> None:
    row = entry.current or entry.drafts[0]
    try:
        entry.examined = examine(row.source, around)
    except BadDefinition as error:
        entry.findings = error.findings
    else:
        entry.findings = entry.examined.findings


def _mark_left_behind(entries: list[Entry], around: Surroundings) -> None:
    modules = {
        (entry.audience, entry.territory): entry
        for entry in entries
        if entry.audience and entry.territory != NATION and entry.current
    }
    for core in around.cores.values():
        rows = [entry.current for entry in modules.values()]
        versions = [row for row in rows if isinstance(row, QuestionnaireVersion)]
        for found in to_recompose(core, versions):
            modules[core.audience, found.territory].recompose = found
