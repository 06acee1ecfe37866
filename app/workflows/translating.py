"""Texts of a draft in another language: seen beside the source, written, taken from a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.plain_source import document_in
from app.domain import editing
from app.domain.errors import BadInput, Fault
from app.domain.plain_documents import Raw
from app.domain.text import Text
from app.domain.translating import Wording, translated, wordings
from app.workflows.acting import Actor, House
from app.workflows.edit_act import Desk, Edit, desk, edited
from app.workflows.versions import latest_of


@dataclass(frozen=True)
class Grid:
    """A draft's texts in two languages."""

    desk: Desk
    source: str
    target: str
    rows: list[Wording]

    @property
    def states(self) -> dict[str, int]:
        """How many texts are in each state."""
        found = {"missing": 0, "stale": 0, "to_review": 0, "done": 0}
        for row in self.rows:
            found[row.state] += 1
        return found


def grid(session: Session, actor: Actor, draft_id: int, target: str = "") -> Grid:
    """The texts of a draft; ``target``: a language, else the second one that it has."""
    found = desk(session, actor, "questionnaire", draft_id)
    languages = found.document["languages"]
    source = found.document.get("fallback", languages[0])
    others = [tag for tag in languages if tag != source]
    chosen = target or (others[0] if others else "en")
    audience = getattr(found.row, "audience", "")
    latest = latest_of(session, actor.programme_id, audience, found.row.territory)
    before = document_in(latest.source).data if latest else None
    return Grid(found, source, chosen, wordings(found.document, source, chosen, before))


def translate(
    house: House,
    actor: Actor,
    draft_id: int,
    target: str,
    said: Mapping[str, str],
    shown: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Write translations by name; the names that somebody else wrote meanwhile, and that stay.

    ``shown``: what the page showed of each. A language that the draft does not have is refused.
    """
    kept: tuple[str, ...] = ()

    def change(document: Raw) -> Raw:
        nonlocal kept
        if target not in document["languages"]:
            raise BadInput([Fault("languages", *_LANGUAGE)])
        source = document.get("fallback", document["languages"][0])
        now = {row.name: row.target for row in wordings(document, source, target, None)}
        wanted = {name: words for name, words in said.items() if (shown or {}).get(name) != words}
        overtaken = {n for n in wanted if shown is not None and now.get(n, "") != shown.get(n, "")}
        kept = tuple(sorted(name for name in overtaken if now.get(name) != wanted[name]))
        return translated(document, target, {n: w for n, w in wanted.items() if n not in kept})

    edited(house, actor, "questionnaire", draft_id, Edit("change", target), change)
    return kept


def use_language(house: House, actor: Actor, draft_id: int, language: str, *, use: bool) -> None:
    """Publish in this language too, or leave it out until it is complete; its wordings stay."""

    def change(document: Raw) -> Raw:
        others = [tag for tag in document["languages"] if tag != language]
        languages = [*others, language] if use else others
        return editing.said_at_head(document, {"languages": languages or document["languages"]})

    edited(house, actor, "questionnaire", draft_id, Edit("head", language), change)


_LANGUAGE = (
    Text.of(
        fr="Ce brouillon n’est pas dans cette langue.", en="This draft is not in this language."
    ),
    Text.of(fr="Ajoutez d’abord la langue.", en="Add the language first."),
)
