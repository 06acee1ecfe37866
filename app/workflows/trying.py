"""A draft as it would be answered: composed, with its checksum, for previews and trials."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.nodes import Document
from app.domain.composition import plugged
from app.domain.errors import NotFound
from app.domain.questionnaire import Module, Page, Questionnaire
from app.workflows.acting import Actor
from app.workflows.edit_act import desk
from app.workflows.examining import read


@dataclass(frozen=True)
class Tried:
    """What would be answered in the territory if the draft were published now."""

    draft_id: int
    territory: str
    checksum: str  # of the draft
    whole: Questionnaire

    def page(self, code: str) -> Page:
        """The page with this code. Raises NotFound."""
        found = self.whole.page_by_code.get(code)
        if found is None:
            raise NotFound
        return found


def tried(session: Session, actor: Actor, draft_id: int) -> Tried:
    """The draft, composed. Raises NotFound, BadDefinition."""
    found = desk(session, actor, "questionnaire", draft_id)
    examined = read(Document(found.document, {(): 1}), found.around)
    thing = examined.thing
    if isinstance(thing, Module):
        core = found.around.cores.get(thing.audience)
        if core is None:
            raise NotFound
        whole = plugged(core, thing)
    else:
        assert isinstance(thing, Questionnaire)  # the family says so
        whole = plugged(thing, None)
    checksum = f"{examined.checksum}.{found.around.core_numbers.get(whole.audience, 0)}"
    return Tried(draft_id, found.row.territory, checksum, whole)
