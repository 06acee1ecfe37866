"""Once a month each data protection officer gets a few looks at single people, drawn by lot.

Who looked, when, at what kind of thing, and why: enough to ask the person who did. Nobody knows
before which looks will be asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import SystemRandom

from app.domain.deed_words import said_of
from app.domain.deeds import Deed
from app.domain.permissions import Role, Verb
from app.domain.text import Text
from app.storage.accounts import Account, accounts_in, holders_of
from app.storage.audit import AuditEntry, drawn
from app.storage.database import now
from app.storage.territories import programmes
from app.workflows.acting import House
from app.workflows.mail import queue_mail

# Looks into what is kept of single people.
LOOKS = (Deed.CONTACT_SEE, Verb.RESPONSE_ACCESS, Verb.PASSAGE_REVIEW)
MOST = 10
NOTED = "looks.txt"


def tell_looks(house: House) -> int:
    """Mail the looks drawn of the month that is over; how many officers. The worker calls it.

    Nothing where that was done, where there was none, or where no mail server is set.
    """
    first = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (first - timedelta(days=1)).replace(day=1)
    noted, month = house.folder / NOTED, f"{before:%Y-%m}"
    if house.mail is None or (noted.exists() and noted.read_text("ascii") == month):
        return 0
    told = 0
    with house.database.write() as session:
        for programme in programmes(session):
            count, some = drawn(session, programme.id, LOOKS, before, first, SystemRandom(), MOST)
            names = {row.id: row.name for row in accounts_in(session, programme.id)}
            for officer in holders_of(session, programme.id, Role.DATA_PROTECTION_OFFICER):
                if count:
                    subject, text = _words(officer, before, count, some, names)
                    queue_mail(
                        session,
                        house,
                        to=officer.email,
                        subject=subject,
                        text=text,
                        purpose="audit",
                        key=f"looks:{month}:{programme.id}:{officer.id}",
                    )
                    told += 1
    noted.write_text(month, "ascii")
    return told


def _words(
    officer: Account,
    month: datetime,
    count: int,
    some: Sequence[AuditEntry],
    names: Mapping[int, str],
) -> tuple[str, str]:
    language, lines = officer.language or "fr", []
    for entry in sorted(some, key=lambda each: each.id):
        given, act = entry.details.get("why"), said_of(entry.act).in_(language)
        why = entry.details.get("words") or (_WHY[given].in_(language) if given in _WHY else "–")
        who = names.get(entry.actor or 0, "–")
        lines.append(f"{entry.at:%Y-%m-%d %H:%M} UTC  {who}  {act}  {entry.thing}  {why}")
    subject, before, after = (each.in_(language) for each in (_SUBJECT, _BEFORE, _AFTER))
    return subject.format(month=f"{month:%m/%Y}"), "\n".join(
        [before.format(count=count, some=len(some)), "", *lines, "", after]
    )


_WHY = {
    "inviting": Text.of(fr="inviter, relancer, visiter", en="inviting, reminding, visiting"),
    "asked": Text.of(fr="quelqu’un a appelé ou écrit", en="somebody called or wrote"),
    "undelivered": Text.of(fr="une lettre est revenue", en="a letter came back"),
    "rights": Text.of(fr="demande sur des données", en="somebody asked about their data"),
    "checking": Text.of(fr="vérifier l’échantillon", en="checking the sample"),
}
_SUBJECT = Text.of(
    fr="Consultations de données personnelles en {month}",
    en="Looks at people’s data in {month}",
)
_BEFORE = Text.of(
    fr="{count} consultations de personnes ont eu lieu ; en voici {some}, tirées au sort.",
    en="There were {count} looks at single people; here are {some} of them, drawn by lot.",
)
_AFTER = Text.of(
    fr="Demandez aux personnes nommées si la raison était bonne. La page « Protection des "
    "données » montre les autres.",
    en="Ask those named whether the reason was good. The page “Data protection” shows the others.",
)
