"""The way of a release: draft, checked, approved by a second person, published, withdrawn.

Figures never change. What is wrong is withdrawn, with the reason, or corrected by a new release
that names the old one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import BadInput, Conflict, Fault, NotAllowed, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.evaluation.tables import ProtectedTable, What
from app.storage import releases
from app.storage.accounts import Account
from app.storage.database import now
from app.storage.releases import DataCut, Release, ReleaseState
from app.storage.waves import Wave
from app.workflows.acting import Acted, Actor, House, act, require
from app.workflows.alerting import tell_followers
from app.workflows.opening_results import draw, take_down
from app.workflows.release_files import folder_of
from app.workflows.verifying_audit import verify_soon

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a release, and by whom (None: by a command of the operator)."""

    state: ReleaseState
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """How far a release is. ``may``: what this account can do next; ``why``: of a withdrawal."""

    state: ReleaseState
    steps: tuple[Step, ...]
    may: frozenset[Verb]
    second: bool  # the next step needs another person than this account
    why: str


def way_of(house: House, actor: Actor, release_id: int) -> Way:
    """What was done to a release, and what may be done next. Raises NotFound, NotAllowed."""
    require_somewhere(house, actor, Verb.RELEASE_VIEW)
    with house.database.read() as session:
        found = releases.release_of(session, actor.programme_id, release_id)
        if found is None:
            raise NotFound
        row: Release = found[0]
        done: tuple[tuple[ReleaseState, datetime | None, int | None], ...] = (
            ("draft", row.made_at, row.made_by),
            ("checked", row.checked_at, row.checked_by),
            ("approved", row.approved_at, row.approved_by),
            ("published", row.published_at, row.published_by),
            ("withdrawn", row.withdrawn_at, row.withdrawn_by),
        )
        steps = tuple(
            Step(state, at, None if by is None else session.get_one(Account, by).name)
            for state, at, by in done
            if at is not None
        )
        following = {
            "draft": {Verb.RELEASE_CHECK, Verb.RELEASE_WITHDRAW},
            "checked": {Verb.RELEASE_APPROVE, Verb.RELEASE_WITHDRAW},
            "approved": {Verb.RELEASE_PUBLISH, Verb.RELEASE_WITHDRAW},
            "published": {Verb.RELEASE_WITHDRAW},
            "withdrawn": set[Verb](),
        }[row.state]
        may = frozenset(verb for verb in following if actor.may(verb))
        second = row.state == "checked" and actor.account_id in (row.made_by, row.checked_by)
        if second:
            may -= {Verb.RELEASE_APPROVE}
        return Way(row.state, steps, may, second, row.withdrawal or "")


def require_somewhere(house: House, actor: Actor, verb: Verb) -> None:
    """Raise NotAllowed, recorded, unless the actor may do it in some territory."""
    if not actor.scope(verb):
        require(house, actor, verb)


def check_release(house: House, actor: Actor, release_id: int) -> None:
    """Say that the release was looked through: its files are whole, its protection leaves room.

    Raises NotFound, NotAllowed; Conflict where it is no draft or something is not as it was made.
    """
    with act(house, actor, Verb.RELEASE_CHECK, thing=f"release:{release_id}") as acted:
        row, _cut, _wave = _in_state(acted, actor, release_id, "draft")
        for name, digest in row.manifest["files"].items():
            path = folder_of(house.folder, row.checksum) / name
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                raise Conflict(_NOT_WHOLE)
        if not _rests_on_enough(ProtectedTable.from_dict(row.figures)):
            raise Conflict(_NOT_SAFE)
        row.checked_at, row.checked_by = now(), actor.account_id
        acted.details = {"withheld": len(row.protection["cells"])}


def _rests_on_enough(table: ProtectedTable) -> bool:
    """Whether every shown figure that is made of answers has at least the threshold of people."""
    return all(
        each.n is None or each.n >= table.threshold or each.what == What.DESIGN_DISTANCE
        for each in table
        if each.shown
    )


def approve_release(house: House, actor: Actor, release_id: int) -> None:
    """Approve what somebody else made and checked. Raises NotFound, NotAllowed, Conflict."""
    with act(house, actor, Verb.RELEASE_APPROVE, thing=f"release:{release_id}") as acted:
        row, _cut, _wave = _in_state(acted, actor, release_id, "checked")
        if actor.account_id is None:
            raise NotAllowed  # a command is nobody: approving takes a person
        if actor.account_id in (row.made_by, row.checked_by):
            raise Conflict(_SECOND_PERSON)
        row.approved_at, row.approved_by = now(), actor.account_id


def publish_release(house: House, actor: Actor, release_id: int) -> None:
    """Publish an approved release and tell who follows its territories.

    Raises NotFound, NotAllowed; Conflict also while the audit log does not hold, or is long and
    was not verified lately.
    """
    found = verify_soon(house)
    if found is None:
        raise Conflict(_LOG_WAITS)
    if not found.holds:
        raise Conflict(_LOG_BROKEN)
    with act(house, actor, Verb.RELEASE_PUBLISH, thing=f"release:{release_id}") as acted:
        row, _cut, wave = _in_state(acted, actor, release_id, "approved")
        row.published_at, row.published_by = now(), actor.account_id
        draw(house, actor, acted.session, row)
        acted.details = {"told": tell_followers(acted.session, house, actor, row, wave)}


def withdraw_release(house: House, actor: Actor, release_id: int, reason: str) -> None:
    """Withdraw a release for good, saying why. Raises NotFound, NotAllowed, Conflict, BadInput."""
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise BadInput([_REASON])
    with act(house, actor, Verb.RELEASE_WITHDRAW, thing=f"release:{release_id}") as acted:
        row, _cut, _wave = _in_state(
            acted, actor, release_id, "draft", "checked", "approved", "published"
        )
        take_down(acted.session, row.id)
        row.withdrawn_at, row.withdrawn_by, row.withdrawal = now(), actor.account_id, said


def _in_state(
    acted: Acted, actor: Actor, release_id: int, *states: ReleaseState
) -> tuple[Release, DataCut, Wave]:
    found = releases.release_of(acted.session, actor.programme_id, release_id)
    if found is None:
        raise NotFound
    row, cut, wave = found
    if row.state not in states:
        raise Conflict(_ALREADY)
    return row, cut, wave


_ALREADY = Text.of(
    fr="Cette étape a déjà été franchie, peut-être par quelqu’un d’autre. Relisez l’état de la "
    "diffusion.",
    en="This step was taken already, perhaps by somebody else. Read the state of the release "
    "again.",
)
_SECOND_PERSON = Text.of(
    fr="Une autre personne doit approuver\u00a0: vous avez établi ou vérifié cette diffusion.",
    en="Another person has to approve: you made or checked this release.",
)
_LOG_BROKEN = Text.of(
    fr="Le journal d’audit n’est plus tel qu’il a été scellé. Rien n’est publié avant que le "
    "délégué à la protection des données ne l’ait examiné.",
    en="The audit log is not as it was sealed. Nothing is published before the data protection "
    "officer has looked into it.",
)
_LOG_WAITS = Text.of(
    fr="Le journal d’audit est long, et sa vérification de chaque heure n’a pas abouti depuis "
    "deux heures. Réessayez plus tard. Si cela dure, prévenez l’exploitant\u00a0: le travail de "
    "fond est peut-être arrêté.",
    en="The audit log is long, and its hourly verification has not succeeded for two hours. Try "
    "again later; if this lasts, tell the operator: the worker may not be running.",
)
_NOT_WHOLE = Text.of(
    fr="Un fichier de la diffusion manque ou a changé depuis qu’il a été établi. Établissez une "
    "nouvelle diffusion.",
    en="A file of the release is missing or is not as it was made. Make a new release.",
)
_NOT_SAFE = Text.of(
    fr="Un chiffre repose sur trop peu de personnes. Retirez cette diffusion et signalez-le.",
    en="A figure rests on too few people. Withdraw this release and report it.",
)
_REASON = Fault(
    "reason",
    Text.of(fr="Il faut dire pourquoi, en 500 signes au plus.", en="Say why, in 500 characters."),
    Text.of(
        fr="Écrivez une phrase\u00a0: les lecteurs la verront.",
        en="Write one sentence: readers will see it.",
    ),
)
