"""Handing out: the files of a release, cut to what the account may see, and recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import NotAllowed, NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage.database import now
from app.storage.published import Published, published
from app.storage.releases import Download
from app.workflows.acting import Actor, House, act, require
from app.workflows.release_files import FORMATS, kept_file, written
from app.workflows.summaries import summary


@dataclass(frozen=True, slots=True)
class Offered:
    """A file as it would be handed out."""

    form: str
    name: str
    size: int
    sha256: str


def offered(house: House, actor: Actor, release_id: int, language: str) -> Iterator[Offered]:
    """The files that this account may take, in one language. Raises NotFound, NotAllowed."""
    seen = _reach(house, actor, release_id)
    for form in FORMATS:
        name, content = _content(house, actor, seen, form, language)
        yield Offered(form, name, len(content), hashlib.sha256(content).hexdigest())


def hand_out(
    house: House, actor: Actor, release_id: int, form: str, language: str
) -> tuple[str, bytes]:
    """Name and content of one file; who took which is recorded. Raises NotFound, NotAllowed."""
    seen = _reach(house, actor, release_id)
    name, content = _content(house, actor, seen, form, language)
    place = NATION if actor.may(Verb.RELEASE_DOWNLOAD) else _first(actor)
    with act(house, actor, Verb.RELEASE_DOWNLOAD, place, thing=f"release:{release_id}") as acted:
        sha256 = hashlib.sha256(content).hexdigest()
        acted.session.add(
            Download(
                release_id=release_id,
                account_id=actor.account_id,
                file=name,
                sha256=sha256,
                at=now(),
            )
        )
        acted.details = {"file": name, "sha256": sha256}
    return name, content


def _first(actor: Actor) -> str:
    return min(actor.scope(Verb.RELEASE_DOWNLOAD))


def _reach(house: House, actor: Actor, release_id: int) -> Published:
    """The release as far as the account may take it away."""
    scope = actor.scope(Verb.RELEASE_DOWNLOAD)
    if not scope:
        require(house, actor, Verb.RELEASE_DOWNLOAD)
        raise NotAllowed
    seen = published(house.database, actor.programme_id, release_id)
    if seen is None:
        raise NotFound
    return seen.within(scope)


def _content(
    house: House, actor: Actor, seen: Published, form: str, language: str
) -> tuple[str, bytes]:
    """The file kept with the release for who sees all of it; else made for what is seen."""
    if actor.may(Verb.RELEASE_DOWNLOAD):
        name = f"{summary(seen, language).name}-{language}.{form}"
        sha256 = seen.manifest["files"].get(name, "")
        kept = kept_file(house.folder, seen.checksum, name, sha256)
        if kept is not None:
            return name, kept
    name, content = written(seen, form, language)
    if actor.may(Verb.RELEASE_DOWNLOAD):
        return name, content
    places = "-".join(sorted(code for code in actor.scope(Verb.RELEASE_DOWNLOAD))).lower()
    return f"{places}-{name}", content
