"""Trying a draft with a code: the participants' way, page by page, whose answers are no answers.

What is typed goes to the trial's own row and nowhere else; it is wiped when the trial ends. Pages
are judged and merged by the functions that serve participants (``collect``, ``standing``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.files import dump_questionnaire, load_questionnaire
from app.domain.answers import RespondentRole
from app.domain.errors import BadInput, Fault, Unavailable
from app.domain.permissions import Verb
from app.domain.sittings import Sitting
from app.domain.text import Text
from app.protection import codes
from app.protection.keys import digest, new_secret
from app.storage import throttle, trials
from app.storage.collecting import Held
from app.storage.database import now
from app.storage.instruments import Frozen
from app.storage.responses import pack, unpack
from app.storage.trials import Trial
from app.workflows.acting import Actor, House, act
from app.workflows.clearing import Cleared, taken_back
from app.workflows.collect import Again, Clash, Moved, Sent, ToSave, judged
from app.workflows.edit_act import document_of
from app.workflows.entering import Door
from app.workflows.listing import entry_with, without
from app.workflows.reach import version
from app.workflows.standing import SessionEnded, Standing
from app.workflows.throttling import MINUTES, MOST_WRONG, network_of
from app.workflows.trying import tried

KEPT = timedelta(days=30)
MOST = 20  # codes at once
TRIES = 8
# Who tries, and how the page comes: role, size of text, whether scripts may run.
PERSONAS: Mapping[str, tuple[RespondentRole, str, bool]] = {
    "self": ("self", "", True),
    "proxy": ("proxy", "", True),
    "no_script": ("self", "", False),
    "large": ("self", "larger", True),
}


@dataclass(frozen=True)
class Trying:
    """A trial that goes on: who tries, and how the sitting stands."""

    trial: Trial
    standing: Standing


def make_codes(
    house: House, actor: Actor, draft_id: int, persona: str, count: int
) -> tuple[str, ...]:
    """Codes with which the draft, as it is now, can be tried for 30 days; they are told once.

    Raises NotFound, BadDefinition, NotAllowed, BadInput.
    """
    if persona not in PERSONAS or not 1 <= count <= MOST:
        raise BadInput([Fault("count", *_HOW_MANY)])
    with house.database.read() as session:
        found = tried(session, actor, draft_id)
    made = tuple(codes.new_code() for _ in range(count))
    document, moment = dump_questionnaire(found.whole), now()
    thing = f"questionnaire:{draft_id}"
    with act(house, actor, Verb.QUESTIONNAIRE_DRAFT, found.territory, thing) as acted:
        acted.session.add_all(
            Trial(
                programme_id=actor.programme_id,
                territory=found.territory,
                version_id=draft_id,
                audience=found.whole.audience,
                persona=persona,
                document=document,
                code_digest=digest(house.keys.lookup, f"trial {code}"),
                made_by=actor.account_id,
                made_at=moment,
                until=moment + KEPT,
            )
            for code in made
        )
        acted.details = {"did": "trial codes", "persona": persona, "count": count}
    return made


def trials_of(session: Session, actor: Actor, draft_id: int) -> Sequence[Trial]:
    """The codes of a draft within reach, without their digits. Raises NotFound."""
    document_of(session, actor, "questionnaire", draft_id)
    moment = now()
    return [each for each in trials.trials_of(session, draft_id) if each.until > moment]


def remove_codes(house: House, actor: Actor, draft_id: int) -> None:
    """Take every code of a draft back, with what was typed. Raises NotFound, NotAllowed."""
    with house.database.read() as session:
        territory = version(session, actor, "questionnaire", draft_id).territory
    thing = f"questionnaire:{draft_id}"
    with act(house, actor, Verb.QUESTIONNAIRE_DRAFT, territory, thing) as acted:
        trials.remove_trials(acted.session, draft_id)
        acted.details = {"did": "trial codes removed"}


def enter(house: House, text: str, address: str, language: str) -> Door | str:
    """Begin, anew, with a typed code: the secret of the sitting, or why not.

    Unknown codes count against the address, as they do at the participants' door.
    """
    code = codes.typed(text)
    if code is None:
        return Door.TYPO
    bucket = digest(house.keys.throttle, f"trial {network_of(address)}")
    wanted, secret, moment = digest(house.keys.lookup, f"trial {code}"), new_secret(), now()
    with house.database.write() as session:
        if throttle.attempts(session, bucket, MINUTES) >= MOST_WRONG:
            return Door.THROTTLED
        found = trials.trial_by_code(session, wanted, moment)
        throttle.count(session, bucket, by=int(found is None))
        if found is None:
            return Door.UNKNOWN
        role = PERSONAS[found.persona][0]
        view = "as_person" if role == "proxy" else ""
        sitting = Sitting(role=role, perspective=view, lang=language, at=moment.isoformat())
        found.body = pack({"a": {}, "sit": [sitting.as_document()], "v": 1})
        found.session_digest = digest(house.keys.lookup, secret)
        found.begun_at, found.ended_at, found.revision = moment, None, 0
    return secret


def trying(house: House, secret: str) -> Trying:
    """The trial that goes on in this browser. Raises SessionEnded."""
    with house.database.read() as session:
        wanted = digest(house.keys.lookup, secret)
        found = trials.trial_by_session(session, wanted, now()) if secret else None
        if found is None or found.body is None:
            raise SessionEnded
        session.expunge(found)
    document = unpack(found.body)
    # Kept pages go by this checksum: a trial's are not the participants'.
    frozen = Frozen(f"trial-{checksum(found.document)}", load_questionnaire(found.document))
    standing = Standing(_held(found), frozen, document, document["sit"][0]["role"])
    return Trying(found, standing)


def forget_old(house: House) -> None:
    """Remove the codes whose time is over; the worker does it. Safe to repeat."""
    with house.database.write() as session:
        trials.remove_old_trials(session, now())


def _held(trial: Trial) -> Held:
    """The sitting as the participants' functions read it; of a wave that does not exist."""
    begun = trial.begun_at or trial.made_at
    return Held(
        digest=b"",
        shared_device=False,
        sees_earlier=True,
        sitting=0,
        language="",
        seen_at=begun,
        ended_at=None,
        id=0,
        participant_id=None,
        revision=trial.revision,
        body=b"",
        instrument_id=0,
        territory=trial.territory,
        audience=trial.audience,
        saved_at=begun,
        submitted_at=None,
        withdrawn_at=None,
        withdrawal_digest=None,
        wave_id=0,
        programme_id=trial.programme_id,
        link_after_submission="keep",
        opens_at=begun,
        closes_at=trial.until,
        opened_at=begun,
        closed_at=None,
        own=b"",
        sealed_key=None,
        goes_to=None,
    )


def answer(house: House, secret: str, code: str, sent: Sent) -> Moved | Again | Clash:
    """Judge a page and keep what was typed in the trial. Raises SessionEnded, Unavailable."""
    for _ in range(TRIES):
        found = trying(house, secret)
        outcome = judged(found.standing, code, sent)
        if not isinstance(outcome, ToSave):
            return outcome
        with house.database.write() as session:
            if trials.keep_typed(session, found.trial, pack(outcome.document)):
                return Moved(outcome.to)
    raise Unavailable


def clear(house: House, secret: str, code: str, sent: Sent) -> Moved | Cleared:
    """Take back what was chosen on a page. Raises SessionEnded, Unavailable."""
    for _ in range(TRIES):
        found = trying(house, secret)
        outcome = taken_back(found.standing, code, sent)
        if isinstance(outcome, Moved) or outcome.standing is found.standing:
            return outcome
        with house.database.write() as session:
            if trials.keep_typed(session, found.trial, pack(outcome.standing.document)):
                return outcome
    raise Unavailable


def remove_entry(house: House, secret: str, code: str, number: str) -> None:
    """Take an entry off a list, with what was said about it. Raises SessionEnded."""
    found = trying(house, secret)
    page = found.standing.path.page(code)
    name = entry_with(found.standing, page, number) if page else None
    if page is None or name is None:
        return
    body = pack(without(found.standing, page.page.questions[0], name))
    with house.database.write() as session:
        trials.keep_typed(session, found.trial, body)


def end(house: House, secret: str) -> None:
    """End the trial: what was typed is wiped, and the code can begin it anew."""
    moment = now()
    with house.database.write() as session:
        found = trials.trial_by_session(session, digest(house.keys.lookup, secret), moment)
        if found is not None:
            found.body, found.session_digest, found.ended_at = None, None, moment


_HOW_MANY = (
    Text.of(
        fr="Ce nombre ou cette façon d’essayer ne va pas.", en="This number or way will not do."
    ),
    Text.of(
        fr="Choisissez une façon d’essayer, et de 1 à 20 codes.",
        en="Choose a way of trying, and from 1 to 20 codes.",
    ),
)
