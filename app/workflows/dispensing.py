"""National items that a territory replaces by its own: what that means, and whether it may.

A dispensation is a divergence (``storage.reviews``) that says *instead*: asked for with a reason
and a last day, allowed with the approval of the module. A wave opens with it while it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.definitions.files import load_framework, load_module, load_questionnaire
from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.composition import items_of_questions
from app.domain.editing import said_at_head
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.frameworks import Framework, Share, ShareOfItems, indicators, items_of
from app.domain.plain_documents import Raw
from app.domain.plans import Place
from app.domain.territories import NATION
from app.storage.frameworks import FrameworkVersion, latest_frameworks
from app.storage.reviews import divergences
from app.storage.surveys import QuestionnaireVersion
from app.workflows.acting import Actor, House
from app.workflows.edit_act import Edit, edited


def replaced(document: Raw, item: str, own: str) -> Raw:
    """The module in which the own question stands instead of the national item."""
    return said_at_head(document, {"instead": {**document.get("instead", {}), item: own}})


def ask_again(house: House, actor: Actor, draft_id: int, item: str) -> int:
    """The national item is asked again, beside the own one. Raises NotFound, NotAllowed."""

    def change(document: Raw) -> Raw:
        instead = dict(document.get("instead", {}))
        if instead.pop(item, None) is None:
            raise NotFound
        return said_at_head(document, {"instead": instead})

    return edited(house, actor, "questionnaire", draft_id, Edit("change", item), change)


def require_countable(
    session: Session, programme_id: int, territory: str, items: frozenset[str]
) -> None:
    """Raise BadInput where an indicator in force would be zero, wrongly, without the items."""
    rows = latest_frameworks(session, programme_id)
    for found in _counted(rows, territory, items):
        raise BadInput([Fault(found.place, found.message, found.remedy)])


def not_held(
    session: Session,
    programme_id: int,
    cores: Mapping[Place, QuestionnaireVersion],
    modules: Mapping[Place, QuestionnaireVersion],
    frameworks: Iterable[FrameworkVersion],
    day: date,
) -> Iterator[Finding]:
    """What keeps a wave from opening with modules that replace national items."""
    rows = list(frameworks)
    for (territory, audience), version in modules.items():
        instead = load_module(version.document).instead
        if not instead:
            continue
        held = {
            (one.item, one.own_item)
            for one in divergences(session, programme_id, frozenset({territory}), audience)
            if one.instead and one.allowed_at is not None and one.until >= day
        }
        for item, own in instead.items():
            if (item, own) not in held:
                yield finding("instead_not_allowed", item, item=item, territory=territory)
        core = load_questionnaire(cores[territory, audience].document)
        yield from _counted(rows, territory, items_of_questions(core, instead))


def _counted(
    rows: Iterable[FrameworkVersion], territory: str, items: Iterable[str]
) -> Iterator[Finding]:
    judging = [load_framework(row.document) for row in rows if row.territory in (NATION, territory)]
    for item in sorted(items):
        codes = sorted({code for each in judging for code in _counting(each, item)})
        if codes:
            named = ", ".join(codes)
            yield finding("instead_counted", item, item=item, indicators=named, territory=territory)


def _counting(framework: Framework, item: str) -> Iterator[str]:
    for indicator in (*indicators(framework), *framework.ledger):
        for component in indicator.components:
            measure = component.measure
            counts = isinstance(measure, Share | ShareOfItems) and measure.not_shown == "no"
            if counts and item in items_of(measure):
                yield indicator.code
