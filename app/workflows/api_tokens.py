"""Tokens for programs that call the API: made, used and revoked by the person whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.errors import BadInput, Fault, NotFound, Unavailable
from app.domain.permissions import Grant, Verb
from app.domain.territories import NATION, Territory, ancestry
from app.domain.text import Text
from app.protection.keys import digest, new_secret
from app.storage import accounts as stored
from app.storage import api_tokens as rows
from app.storage.accounts import Account
from app.storage.api_tokens import ApiToken
from app.storage.database import now
from app.storage.territories import ProgrammeRow, territories_of
from app.workflows.acting import Actor, House, act, require

START = "covalue_"
DAYS = (30, 90, 365)
MOST = 20
SCOPES: dict[str, frozenset[Verb]] = {
    "read": frozenset(
        {
            Verb.RELEASE_VIEW,
            Verb.WAVE_VIEW,
            Verb.QUESTIONNAIRE_VIEW,
            Verb.FRAMEWORK_VIEW,
            Verb.SERIES_VIEW,
            Verb.MARGINS_VIEW,
        }
    ),
    "download": frozenset({Verb.RELEASE_DOWNLOAD}),
    "counts": frozenset({Verb.FIELDWORK_VIEW}),
    "sample": frozenset({Verb.SAMPLE_IMPORT}),
    "dispositions": frozenset({Verb.DISPOSITION_RECORD}),
}
_SEEN_EVERY = timedelta(minutes=1)
_LABEL = (
    Text.of(fr="Il manque le nom du jeton.", en="The name of the token is missing."),
    Text.of(
        fr="Écrivez à quoi il sert, en 60 signes au plus.",
        en="Write what it is for, in 60 characters at most.",
    ),
)
_SCOPE = (
    Text.of(fr="Ce jeton ne permettrait rien.", en="This token would allow nothing."),
    Text.of(fr="Cochez au moins une case.", en="Tick at least one box."),
)
_PLACE = (
    Text.of(fr="Ce territoire n’est pas le vôtre.", en="This territory is not yours."),
    Text.of(fr="Choisissez dans la liste.", en="Choose from the list."),
)
_MANY = (
    Text.of(fr="Ce compte a déjà 20 jetons.", en="This account has 20 tokens already."),
    Text.of(fr="Révoquez-en un.", en="Revoke one of them."),
)


def make_token(
    house: House,
    actor: Actor,
    label: str,
    scopes: Sequence[str],
    days: int,
    territory: str | None = None,
) -> str:
    """Make a token; it is given back this once and never again. Raises ``BadInput``.

    ``territory``: it reaches this place and below only; None: as far as the account.
    """
    place = _place(house, actor)
    assert actor.account_id is not None
    faults = []
    if not 1 <= len(label.strip()) <= 60:
        faults.append(Fault("label", *_LABEL))
    if not scopes or not set(scopes) <= set(SCOPES) or days not in DAYS:
        faults.append(Fault("scope", *_SCOPE))
    if territory is not None and territory not in (actor.reach.territories or ()):
        faults.append(Fault("territory", *_PLACE))
    if faults:
        raise BadInput(faults)
    secret = START + new_secret()
    with act(house, actor, Verb.TOKEN_MAKE, place) as acted:
        rows.lock_tokens(acted.session, actor.account_id)
        if len(rows.tokens_of(acted.session, actor.account_id)) >= MOST:
            raise BadInput([Fault("label", *_MANY)])
        row = ApiToken(
            account_id=actor.account_id,
            programme_id=actor.programme_id,
            label=label.strip(),
            digest=digest(house.keys.lookup, secret),
            scopes=sorted(set(scopes)),
            territory=territory,
            made_at=now(),
            expires_at=now() + timedelta(days=days),
        )
        acted.session.add(row)
        acted.session.flush()
        acted.thing = f"token:{row.id}"
        acted.details = {"scopes": row.scopes, "days": days, "reach": territory or "account"}
    return secret


def revoke_token(house: House, actor: Actor, token_id: int) -> None:
    """End a token of this account. Raises ``NotFound``."""
    place = _place(house, actor)
    with act(house, actor, Verb.TOKEN_MAKE, place, f"token:{token_id}") as acted:
        row = acted.session.get(ApiToken, token_id)
        if row is None or row.account_id != actor.account_id or row.revoked_at is not None:
            raise NotFound
        row.revoked_at = now()
        acted.details = {"revoked": True}


def tokens(house: House, actor: Actor) -> Sequence[ApiToken]:
    """The tokens of this account that were not revoked."""
    if actor.account_id is None:
        return ()
    with house.database.read() as session:
        found = rows.tokens_of(session, actor.account_id)
        session.expunge_all()
    return found


def _place(house: House, actor: Actor) -> str:
    scope = actor.scope(Verb.TOKEN_MAKE)
    if not scope:
        require(house, actor, Verb.TOKEN_MAKE)
    return NATION if actor.may(Verb.TOKEN_MAKE) else min(scope)


def actor_from_token(house: House, secret: str) -> Actor | None:
    """Who calls with this token, with the rights of now cut to its scopes; None: nobody."""
    key = digest(house.keys.lookup, secret)
    with house.database.read() as session:
        row = rows.token_by_digest(session, key)
        if row is None or row.revoked_at is not None or row.expires_at <= now():
            return None
        account = session.get(Account, row.account_id)
        if account is None or account.disabled_at is not None:
            return None
        programme = session.get_one(ProgrammeRow, row.programme_id)
        places = territories_of(session, programme.id)
        grants = stored.grants_of(session, account.id, row.programme_id)
        if row.territory is not None:
            grants = _within(grants, places, row.territory)
        if not grants:
            return None
        actor = Actor(
            programme_id=programme.id,
            territories=places,
            grants=grants,
            account_id=account.id,
            name=account.name,
            language=account.language,
            programme_title=Text.of(programme.title),
            synthetic=programme.synthetic,
            origin="api",
            sitting=f"token:{row.id}",
            only=frozenset(verb for scope in row.scopes for verb in SCOPES.get(scope, frozenset())),
        )
        session.expunge(row)
    _note_used(house, row)
    return actor


def _within(
    grants: Sequence[Grant], places: Mapping[str, Territory], top: str
) -> tuple[Grant, ...]:
    """These grants as far as they reach into a territory and below."""
    above = ancestry(places, top)
    return tuple(
        replace(grant, territory=top) if grant.territory in above else grant
        for grant in grants
        if grant.territory in above or top in ancestry(places, grant.territory)
    )


def _note_used(house: House, row: ApiToken) -> None:
    """Write when it was last used, at most once a minute; a reader never waits for it."""
    moment = now()
    if row.used_at is not None and moment - row.used_at < _SEEN_EVERY:
        return
    try:
        with house.database.write() as session:
            current = session.get(ApiToken, row.id)
            if current is not None:
                current.used_at = moment
    except Unavailable:
        return
