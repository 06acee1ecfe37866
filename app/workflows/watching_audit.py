"""Every hour the worker verifies the audit log, and each day it sends the head to be kept: to the
data protection officers, with what it found, and to every territory's coordinators.

A log that does not hold is said at once: in the service's log, in the audit itself, and by mail to
every data protection officer. What was verified stands beside the second copy (``verified.txt``),
and the heads of all days in ``heads.txt``, as ``flask audit heads`` prints them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.permissions import Role, Verb
from app.protection.audit_chain import Head, head_line, public_key
from app.storage.accounts import Account, holders_of
from app.storage.audit import record
from app.storage.database import now
from app.storage.territories import programmes
from app.workflows.acting import House
from app.workflows.auditing import heads
from app.workflows.mail import queue_mail
from app.workflows.sealing_audit import copy_folder, make_heads
from app.workflows.verifying_audit import HOUR, Audited, leave_mark, marked_hour, verify

HEADS = "heads.txt"
log = logging.getLogger("covalue.audit")


def verify_hourly(house: House, *, anew: bool = False) -> Audited | None:
    """Verify the log unless that was done this hour; what came out, or None.

    ``anew``: in any case. The worker calls it, anew when it starts. That it holds is an entry and a
    mail once a day; that it does not is one every time, and a mail a day.
    """
    moment = now()
    today, before = f"{moment:%Y-%m-%d}", marked_hour(house)
    if before == f"{moment:{HOUR}}" and not anew:
        return None
    make_heads(house)  # of yesterday, where the sealer was not there yet
    found = verify(house)
    published = heads(house)
    folder = copy_folder(house)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEADS).write_text("\n".join(_lines(house, published)) + "\n", "utf-8")
    failure = found.verdict.failure
    if failure is not None:
        told = {"position": failure.position, "kind": failure.kind}
        log.critical("the audit log does not hold", extra=told)
    if failure is not None or not before.startswith(today):
        with house.database.write() as session:
            record(
                session,
                actor=None,
                origin="job",
                act=Verb.AUDIT_READ,
                thing="audit",
                details={"verified": found.verdict.events, "failure": failure and failure.kind},
            )
            officers = _holders(session, Role.DATA_PROTECTION_OFFICER)
            for officer in officers.values():
                _tell(session, house, officer, found, published[-1:], today)
            keepers = _holders(session, Role.TERRITORY_COORDINATOR)
            for head in published[-1:]:
                for number in keepers.keys() - officers.keys():
                    _send(session, house, keepers[number], head)
    leave_mark(house, moment, found)
    return found


def _holders(session: Session, role: Role) -> dict[int, Account]:
    """Who has this role in any programme, each once."""
    return {
        account.id: account
        for programme in programmes(session)
        for account in holders_of(session, programme.id, role)
    }


def _lines(house: House, published: Sequence[Head]) -> list[str]:
    return [f"# public key {public_key(house.keys.heads).hex()}", *map(head_line, published)]


def _tell(
    session: Session,
    house: House,
    officer: Account,
    found: Audited,
    last: Sequence[Head],
    today: str,
) -> None:
    failure = found.verdict.failure
    french = officer.language == "fr"
    if failure is None:
        subject = "Journal d’audit : intact" if french else "Audit log: it holds"
        text = _HOLDS[french].format(events=found.verdict.events)
    else:
        subject = (
            "ALERTE : le journal d’audit a été modifié"
            if french
            else "ALERT: the audit log was changed"
        )
        text = _CHANGED[french].format(position=failure.position, kind=failure.kind)
    queue_mail(
        session,
        house,
        to=officer.email,
        subject=subject,
        text="\n".join([text, "", *_lines(house, last)]),
        purpose="audit",
        key=f"audit:{today}:{failure.kind if failure else 'ok'}:{officer.id}",
    )


def _send(session: Session, house: House, keeper: Account, head: Head) -> None:
    """Send a head to a territory's coordinator, once, whatever the verification found: it shows
    what the log was."""
    subject, text = _KEEP[keeper.language == "fr"]
    queue_mail(
        session,
        house,
        to=keeper.email,
        subject=subject.format(day=head.day),
        text="\n".join([text.format(day=head.day), "", *_lines(house, [head])]),
        purpose="audit",
        key=f"head:{head.day}:{keeper.id}",
    )


_KEEP = {
    True: (
        "Journal d’audit : empreinte du {day}",
        "Voici l’empreinte signée du journal d’audit à la fin du {day} (UTC). Elle ne dit rien de "
        "personne.\nGardez ce message : si quelqu’un change le journal d’avant, sa dernière ligne "
        "le montrera.\nComparez-la quand vous voulez avec la page /journal du site des réponses.",
    ),
    False: (
        "Audit log: head of {day}",
        "This is the signed head of the audit log at the end of {day} (UTC). It tells nothing of "
        "anybody.\nKeep this message: if somebody changes the log before, its last line will show "
        "it.\nCompare it whenever you like with the page /journal of the participants’ site.",
    ),
}
_HOLDS = {
    True: "Le journal d’audit a été vérifié aujourd’hui : {events} entrées sont comme elles ont "
    "été scellées.\nGardez ce message : sa dernière ligne prouvera le journal d’hier.",
    False: "The audit log was verified today: {events} entries are as they were sealed.\n"
    "Keep this message: its last line will prove yesterday’s log.",
}
_CHANGED = {
    True: "Le journal d’audit n’est plus tel qu’il a été scellé, à partir de la position "
    "{position} ({kind}).\nGardez la base et la seconde copie en l’état, et prévenez l’exploitant.",
    False: "The audit log is not as it was sealed, from position {position} on ({kind}).\n"
    "Keep the database and the second copy as they are, and tell the operator.",
}
