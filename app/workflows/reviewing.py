"""Modules agreed on by two levels: submitted, commented, approved or sent back; divergences."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.definitions.files import load_questionnaire
from app.definitions.plain_source import document_in
from app.domain import editing
from app.domain.composition import items_of_questions
from app.domain.errors import BadDefinition, BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.plain_documents import Raw, spot
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import reviews
from app.storage.database import now
from app.storage.reviews import Divergence, Review, ReviewComment
from app.storage.surveys import latest_questionnaire
from app.workflows import review_mail
from app.workflows.acting import Acted, Actor, House, act
from app.workflows.design import draft
from app.workflows.dispensing import replaced, require_countable
from app.workflows.edit_act import Edit, edited
from app.workflows.examining import blocks
from app.workflows.reach import version

MOST = 2000  # signs of a comment


def submit(house: House, actor: Actor, draft_id: int, note: str) -> int:
    """Ask the nation to approve a module as it is now; the number of the submission.

    Raises BadDefinition where findings block, NotFound for a core, NotAllowed.
    """
    with house.database.read() as session:
        found = draft(session, actor, "questionnaire", draft_id)
    if found.row.territory == NATION or found.examined is None:
        raise NotFound
    if blocks(found.findings):
        raise BadDefinition(found.findings)
    thing = f"questionnaire:{draft_id}"
    with act(house, actor, Verb.QUESTIONNAIRE_DRAFT, found.row.territory, thing) as acted:
        session = acted.session
        for earlier in reviews.reviews_of(session, draft_id):
            if earlier.state == "waiting":
                earlier.state = "replaced"
        made = Review(
            programme_id=actor.programme_id,
            territory=found.row.territory,
            version_id=draft_id,
            checksum=found.row.checksum,
            note=note.strip()[:500],
            asked_by=actor.account_id,
            asked_at=now(),
            state="waiting",
        )
        session.add(made)
        session.flush()
        acted.details = {"did": "submit", "review": made.id}
        review_mail.submitted(house, session, actor, made)
        return made.id


def reviewed(session: Session, actor: Actor, review_id: int) -> Review:
    """A submission within reach. Raises NotFound."""
    scope = actor.scope(Verb.QUESTIONNAIRE_VIEW)
    found = reviews.review(session, actor.programme_id, review_id, scope)
    if found is None:
        raise NotFound
    return found


def comment(house: House, actor: Actor, review_id: int, place: str, words: str) -> None:
    """Say something about one question of what was submitted, or about the whole."""
    said = words.strip()
    if not said or len(said) > MOST:
        raise BadInput([Fault("words", *_WORDS)])
    with house.database.read() as session:
        territory = reviewed(session, actor, review_id).territory
    thing = f"review:{review_id}"
    with act(house, actor, Verb.QUESTIONNAIRE_COMMENT, territory, thing) as acted:
        made = reviewed(acted.session, actor, review_id)
        review_mail.commented(house, acted.session, actor, made)
        acted.session.add(
            ReviewComment(
                programme_id=actor.programme_id,
                territory=territory,
                version_id=made.version_id,
                place=place[:32],
                words=said,
                said_by=actor.account_id,
                said_at=now(),
            )
        )


def decide(house: House, actor: Actor, review_id: int, *, approve: bool, words: str) -> None:
    """Approve what was submitted, its divergences included, or ask for changes.

    Raises Conflict where it was changed since, or decided already; BadInput where changes are
    asked for without a word.
    """
    said = words.strip()[:MOST]
    if not approve and not said:
        raise BadInput([Fault("words", *_WORDS)])
    with house.database.read() as session:
        found = reviewed(session, actor, review_id)
        state, checksum = found.state, found.checksum
        row = version(session, actor, "questionnaire", found.version_id)
        if state != "waiting" or row.checksum != checksum or row.number is not None:
            raise Conflict(_MOVED)
    with act(house, actor, Verb.QUESTIONNAIRE_PUBLISH, NATION, f"review:{review_id}") as acted:
        session = acted.session
        made = reviewed(session, actor, review_id)
        row = version(session, actor, "questionnaire", made.version_id)
        if made.state != "waiting" or row.checksum != made.checksum:
            raise Conflict(_MOVED)
        made.state = "approved" if approve else "changes"
        made.words, made.decided_by, made.decided_at = said, actor.account_id, now()
        if approve:
            _allow(session, actor, made, document_in(row.source).data, row.audience)
        acted.details = {"did": made.state, "territory": made.territory}
        review_mail.decided(house, session, actor, made)


def _allow(session: Session, actor: Actor, made: Review, document: Raw, audience: str) -> None:
    scope = frozenset({made.territory})
    for one in reviews.divergences(session, actor.programme_id, scope, audience):
        if one.allowed_at is None and _asked(document, one.own_item):
            one.allowed_by, one.allowed_at = actor.account_id, now()


def _asked(document: Raw, code: str) -> bool:
    try:
        spot(document, code)
    except NotFound:
        return False
    return True


def adapt(
    house: House,
    actor: Actor,
    draft_id: int,
    item: str,
    slot: str,
    reason: str,
    until: str,
    *,
    instead: bool = False,
) -> str:
    """A national item in the territory's own words, beside it, or instead of it; the own code.

    A battery goes with all its rows, a list with all that it asks about its entries; the copy is
    asked under the national condition. ``slot`` empty: the nearest after the item. It is recorded
    why and until when; approval of the module allows it. Raises NotFound, and BadInput, also where
    an indicator would be wrong without the national item.
    """
    ends = _ends(reason, until)
    with house.database.read() as session:
        row = version(session, actor, "questionnaire", draft_id)
        core = latest_questionnaire(session, actor.programme_id, row.audience)
        if core is None or row.territory == NATION:
            raise NotFound
        national = document_in(core.source).data
        question = spot(national, item).question
        item = question["code"]
        territory, audience = row.territory, row.audience
        if instead:
            lost = items_of_questions(load_questionnaire(core.document), {item})
            require_countable(session, actor.programme_id, territory, lost)
    own = {key: value for key, value in _spelled_out(question, national).items() if key != "status"}
    slot = slot or editing.nearest_slot(national, item)
    code = ""

    def change(document: Raw) -> Raw:
        nonlocal code
        code = editing.free_code(document, f"{item}_{territory}"[:32])
        made = editing.added(document, slot, editing.copied(document, own, code, f"_{territory}"))
        return replaced(made, item, code) if instead else made

    def also(acted: Acted) -> None:
        acted.session.add(
            Divergence(
                programme_id=actor.programme_id,
                territory=territory,
                audience=audience,
                item=item,
                own_item=code,
                instead=instead,
                reason=reason.strip()[:MOST],
                until=ends,
                asked_by=actor.account_id,
                asked_at=now(),
            )
        )

    edited(house, actor, "questionnaire", draft_id, Edit("add", item), change, also)
    return code


def _spelled_out(question: Raw, core: Raw) -> Raw:
    """The question with its options themselves, where it names a list of the core."""
    found = {**question}
    if isinstance(found.get("options"), str):
        found["options"] = core["option_lists"][found["options"]]
    if "questions" in found:
        found["questions"] = [_spelled_out(each, core) for each in found["questions"]]
    return found


def _ends(reason: str, until: str) -> date:
    """The day until which a divergence holds. Raises BadInput where it or the reason is missing."""
    faults = [] if reason.strip() else [Fault("reason", *_REASON)]
    try:
        ends = date.fromisoformat(until)
    except ValueError:
        ends = date.min
    if ends <= now().date():
        faults.append(Fault("until", *_UNTIL))
    if faults:
        raise BadInput(faults)
    return ends


_MOVED = Text.of(
    fr="Le module a changé depuis qu’il a été soumis, ou une décision est déjà prise.",
    en="The module changed since it was submitted, or a decision was taken already.",
)
_WORDS = (
    Text.of(fr="Il manque quelques mots.", en="A few words are missing."),
    Text.of(
        fr="Dites ce qui est à changer, en 2000 signes au plus.",
        en="Say what is to be changed, in at most 2000 signs.",
    ),
)
_REASON = (
    Text.of(fr="Il manque la raison.", en="The reason is missing."),
    Text.of(fr="Dites pourquoi le territoire s’écarte.", en="Say why the territory departs."),
)
_UNTIL = (
    Text.of(fr="Il manque une date à venir.", en="A day to come is missing."),
    Text.of(
        fr="Dites jusqu’à quel jour, comme 2027-12-31.", en="Say until which day, as 2027-12-31."
    ),
)
