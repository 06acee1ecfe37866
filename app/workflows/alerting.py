"""Alerts: who follows a territory hears by mail when a release with its figures is published."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.domain.addresses import mail_address
from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.tables import ProtectedTable
from app.storage import follows
from app.storage.accounts import grants_of
from app.storage.database import now
from app.storage.releases import Release
from app.storage.waves import Wave
from app.workflows.acting import Actor, House, act
from app.workflows.mail import queue_mail

SUBJECT = Text.of(
    fr="Covalue\u00a0: nouveaux résultats, {programme}", en="Covalue: new results, {programme}"
)
BODY = Text.of(
    fr="Bonjour,\n\nDes résultats ont été publiés\u00a0: {wave}, diffusion {number}. "
    "Vous suivez\u00a0: {places}.\n\nÀ lire ici, après vous être identifié\u00a0: {address}\n\n"
    "Pour ne plus recevoir ces messages\u00a0: {stop}\n",
    en="Hello,\n\nResults were published: {wave}, release {number}. You follow: {places}.\n\n"
    "Read them here, once signed in: {address}\n\nTo receive no more of these messages: {stop}\n",
)


def followed(house: House, actor: Actor) -> frozenset[str]:
    """The territories that this account follows."""
    if actor.account_id is None:
        return frozenset()
    with house.database.read() as session:
        return follows.followed(session, actor.programme_id, actor.account_id)


def follow(house: House, actor: Actor, territories: Collection[str]) -> None:
    """Follow exactly these territories; the nation stands for every release.

    Raises NotAllowed, and NotFound for a territory that the account may not see results of.
    """
    scope = actor.scope(Verb.RELEASE_FOLLOW)
    if actor.account_id is None or not set(territories) <= scope | {NATION}:
        raise NotFound
    place = NATION if actor.may(Verb.RELEASE_FOLLOW) else min(scope, default=NATION)
    with act(house, actor, Verb.RELEASE_FOLLOW, place) as acted:
        follows.set_followed(
            acted.session, actor.programme_id, actor.account_id, territories, now()
        )
        acted.details = {"territories": len(territories)}


def tell_followers(
    session: Session, house: House, actor: Actor, release: Release, wave: Wave
) -> int:
    """Queue one message to each follower who may still see the results; how many."""
    table = ProtectedTable.from_dict(release.figures)
    places = frozenset(each.territory for each in table if each.shown)
    told = 0
    for account in follows.followers(session, actor.programme_id, places | {NATION}):
        mine = follows.followed(session, actor.programme_id, account.id) & (places | {NATION})
        reader = Actor(
            actor.programme_id,
            actor.territories,
            grants_of(session, account.id, actor.programme_id),
            account.id,
        )
        names = [
            actor.territories[code].name.in_(account.language)
            for code in sorted(mine & (reader.scope(Verb.RELEASE_FOLLOW) | {NATION}))
            if code in actor.territories
        ]
        if not names or mail_address(account.email) is None:
            continue
        wording = {
            "programme": actor.programme_title.in_(account.language),
            "wave": Text.of(wave.title).in_(account.language),
            "number": str(release.number),
            "places": ", ".join(names),
            "address": f"{house.office_url}/office/results/{release.id}",
            "stop": f"{house.office_url}/office/results/follow",
        }
        told += queue_mail(
            session,
            house,
            to=account.email,
            subject=SUBJECT.in_(account.language).format(**wording).replace("\u00a0", " "),
            text=BODY.in_(account.language).format(**wording),
            purpose="release",
            key=f"release:{release.id}:{account.id}",
        )
    return told
