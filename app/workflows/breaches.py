"""The breach kit: whom and what the acts of some hours touched, and a draft of the notice.

Article 33 of the GDPR: the authority is told within 72 hours, unless a risk is unlikely.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.storage import audit, participants
from app.storage.accounts import account_by_email, accounts_in
from app.workflows.acting import Actor, House, act, require

HOURS = timedelta(hours=72)
MOST = 100_000  # acts read
IDENTITY = Text.of(fr="identité, adresse, code d’accès", en="identity, postal address, access code")
ANSWERS = Text.of(
    fr="réponses sur l’aide, la santé et l’entourage", en="answers on care, health and family"
)
FIGURES = Text.of(fr="chiffres publiés, sans personne", en="published figures, nobody in them")
STAFF = Text.of(fr="comptes du personnel", en="accounts of staff")
CATEGORIES: dict[str, tuple[Text, ...]] = {  # by the first word of an act
    "sample": (IDENTITY,),
    "codes": (IDENTITY,),
    "code": (IDENTITY,),
    "letters": (IDENTITY,),
    "contact": (IDENTITY,),
    "mail": (IDENTITY,),
    "disposition": (IDENTITY,),
    "visit_code": (IDENTITY,),
    "rights": (IDENTITY,),
    "response": (ANSWERS,),
    "response.access": (IDENTITY, ANSWERS),
    "response.erase": (IDENTITY, ANSWERS),
    "responses": (ANSWERS,),
    "passage": (ANSWERS,),
    "extract": (ANSWERS,),
    "cut": (ANSWERS,),
    "retention": (IDENTITY, ANSWERS),
    "backup": (IDENTITY, ANSWERS),
    "keys": (IDENTITY, ANSWERS),
    "release": (FIGURES,),
    "account": (STAFF,),
    "token": (STAFF,),
}
OF_PEOPLE = {IDENTITY, ANSWERS}


@dataclass(frozen=True, slots=True)
class Touched:
    """What the acts of a window touched. ``persons``: at most so many of the samples.

    ``whole``: whether all acts of the window were read; else they are the first ``MOST``.
    """

    since: datetime
    until: datetime
    acts: int
    by_act: tuple[tuple[tuple[str, str | None], int], ...]
    named: frozenset[str]
    persons: int
    categories: tuple[Text, ...]
    whole: bool = True


def accounts(house: House, actor: Actor) -> list[tuple[int, str]]:
    """Number and name of every account of the programme."""
    require(house, actor, Verb.AUDIT_READ)
    with house.database.read() as session:
        return [(row.id, row.name) for row in accounts_in(session, actor.programme_id)]


def account_of(house: House, email: str) -> int:
    """The number of the account with this e-mail. Raises NotFound."""
    with house.database.read() as session:
        found = account_by_email(session, email)
    if found is None:
        raise NotFound
    return found.id


def touched(
    house: House,
    actor: Actor,
    since: datetime,
    until: datetime,
    account: int | None = None,
    territory: str | None = None,
) -> Touched:
    """What was done from ``since`` until ``until``, by one account and in one territory if given.

    With a territory, what belongs to none but is of people counts too: a search, a backup.
    That it was asked for is recorded.
    """
    scope = actor.scope(Verb.AUDIT_READ)
    if territory is not None:
        scope &= {territory}
    if not scope:
        require(house, actor, Verb.AUDIT_READ, territory or "FR")
    with house.database.read() as session:
        entries = audit.between(session, actor.programme_id, scope, since, until, account, MOST + 1)
        done = [
            entry
            for entry in entries[:MOST]
            if entry.outcome == "done"
            and (territory is None or entry.territory or OF_PEOPLE & set(_categories(entry.act)))
        ]
        waves = {entry.thing for entry in done if entry.thing.startswith("wave:")}
        listed = sum(
            sum(participants.sizes(session, int(wave.partition(":")[2]), scope).values())
            for wave in waves
        )
    named = frozenset(
        entry.thing for entry in done if entry.thing.startswith(("response:", "participant:"))
    )
    counts = Counter((entry.act, entry.territory) for entry in done)
    kinds = [kind for each in sorted({entry.act for entry in done}) for kind in _categories(each)]
    with act(house, actor, Verb.AUDIT_READ, thing="audit") as acted:
        acted.details = {"since": since.isoformat(), "until": until.isoformat(), "acts": len(done)}
    return Touched(
        since,
        until,
        len(done),
        tuple(counts.most_common()),
        named,
        max(listed, len(named)),
        tuple(dict.fromkeys(kinds)),
        len(entries) <= MOST,
    )


def _categories(act: str) -> tuple[Text, ...]:
    return CATEGORIES.get(act) or CATEGORIES.get(act.partition(".")[0], ())


def draft(found: Touched, known: datetime, language: str) -> str:
    """The notice as far as the log can write it; what it cannot know is left to fill in."""
    kinds = "; ".join(text.in_(language) for text in found.categories) or "–"
    values = {
        "since": found.since.isoformat(timespec="minutes"),
        "until": found.until.isoformat(timespec="minutes"),
        "known": known.isoformat(timespec="minutes"),
        "latest": (known + HOURS).isoformat(timespec="minutes"),
        "persons": str(found.persons),
        "named": str(len(found.named)),
        "kinds": kinds,
    }
    return _NOTICE.in_(language).format(**values)


_NOTICE = Text.of(
    fr="""\
Notification d’une violation de données à caractère personnel (RGPD, article 33)

1. Responsable du traitement, délégué à la protection des données : …
2. Prise de connaissance : {known} ; notification au plus tard : {latest} (UTC)
3. Période de la violation : de {since} à {until} (UTC)
4. Nature (confidentialité, intégrité, disponibilité) et circonstances : …
5. Catégories de données : {kinds}
6. Personnes concernées : au plus {persons} des échantillons,
   dont {named} réponses ou personnes nommées par le journal.
   Personnes âgées, aidants, professionnels.
7. Les réponses sont chiffrées, chacune sous sa propre clé : … (dire si la clé a pu être atteinte)
8. Conséquences probables pour les personnes : …
9. Mesures prises ou proposées : …
10. Information des personnes (article 34) : …
""",
    en="""\
Notification of a personal data breach (GDPR, article 33)

1. Controller, data protection officer: …
2. Known since: {known}; to be notified at the latest: {latest} (UTC)
3. Period of the breach: from {since} to {until} (UTC)
4. Nature (confidentiality, integrity, availability) and circumstances: …
5. Categories of data: {kinds}
6. Persons concerned: at most {persons} of the samples,
   of whom {named} responses or persons named by the log.
   Elderly people, family carers, professionals.
7. Answers are encrypted, each under a key of its own: … (say whether the key could be reached)
8. Likely consequences for the persons: …
9. Measures taken or proposed: …
10. Information of the persons (article 34): …
""",
)
