"""Handing out: the files of a release, cut to what the account may see, and recorded."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from app.domain.errors import NotAllowed, NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage.database import now
from app.storage.published import Published, published
from app.storage.releases import Download
from app.workflows.acting import Actor, House, act, require
from app.workflows.choosing import WHOLE, Choice, chosen
from app.workflows.definition_files import Definition, definition, definitions
from app.workflows.release_archive import archive_of
from app.workflows.release_files import FORMATS, Content, kept_file
from app.workflows.reporting import report_of

ARCHIVE = "zip"
FORMS = (*FORMATS, ARCHIVE)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file of this choice would hold: rows by what is shown, withheld, or absent."""

    shown: int
    withheld: int
    absent: int

    @property
    def rows(self) -> int:
        """Lines of the tidy file."""
        return self.shown + self.withheld + self.absent


def preview(seen: Published, choice: Choice) -> Preview:
    """Count the rows of a choice before it is taken."""
    counted = Counter(
        "withheld" if each.confidentiality == "N" else "shown" if each.shown else "absent"
        for each in chosen(seen, choice).table
    )
    return Preview(counted["shown"], counted["withheld"], counted["absent"])


def hand_out(
    house: House,
    actor: Actor,
    release_id: int,
    form: str,
    language: str,
    choice: Choice = WHOLE,
) -> tuple[str, bytes]:
    """Name and content of one file; who took which is recorded. Raises NotFound, NotAllowed."""
    seen = reach(house, actor, release_id)
    name, content = _content(house, actor, Content(seen, choice, language), form)
    record_download(house, actor, release_id, name, content, choice)
    return name, content


def hand_out_definition(
    house: House, actor: Actor, release_id: int, kind: str, code: str, form: str
) -> tuple[str, bytes]:
    """A framework or a questionnaire of the release as a file, recorded like the others."""
    seen = reach(house, actor, release_id)
    name, content = definition(house, actor, seen, kind, code).file(form)
    name = name.replace("/", "-")
    record_download(house, actor, release_id, name, content)
    return name, content


def hand_out_report(
    house: House, actor: Actor, release_id: int, language: str, place: str
) -> tuple[str, bytes]:
    """The report about a territory, or the whole, as PDF, recorded like the others."""
    content = Content(reach(house, actor, release_id), WHOLE, language)
    name, made = report_of(content, place)
    record_download(house, actor, release_id, name, made)
    return name, made


def defined(house: House, actor: Actor, release_id: int) -> list[Definition]:
    """The frameworks and questionnaires that this account may take."""
    return list(definitions(house, actor, reach(house, actor, release_id)))


def record_download(
    house: House,
    actor: Actor,
    release_id: int,
    name: str,
    content: bytes,
    choice: Choice = WHOLE,
) -> None:
    """Write down who took which file of a release, and what was chosen of it."""
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
                choice=choice.told or None,
            )
        )
        acted.details = {"file": name, "sha256": sha256}


def _first(actor: Actor) -> str:
    return min(actor.scope(Verb.RELEASE_DOWNLOAD))


def reach(house: House, actor: Actor, release_id: int) -> Published:
    """The release as far as the account may take it away. Raises NotFound, NotAllowed."""
    scope = actor.scope(Verb.RELEASE_DOWNLOAD)
    if not scope:
        require(house, actor, Verb.RELEASE_DOWNLOAD)
        raise NotAllowed
    seen = published(house.database, actor.programme_id, release_id)
    if seen is None:
        raise NotFound
    return seen.within(scope)


def _content(house: House, actor: Actor, content: Content, form: str) -> tuple[str, bytes]:
    """The file kept with the release for who sees all of it; else made for what is seen."""
    whole = actor.may(Verb.RELEASE_DOWNLOAD)
    if form == ARCHIVE:
        name, made = archive_of(content, definitions(house, actor, content.seen))
    else:
        name = content.name(form)
        kept = None
        if whole and content.choice.whole:
            sha256 = content.seen.manifest["files"].get(name, "")
            kept = kept_file(house.folder, content.seen.checksum, name, sha256)
        made = FORMATS[form](content) if kept is None else kept
    if whole:
        return name, made
    places = "-".join(sorted(actor.scope(Verb.RELEASE_DOWNLOAD))).lower()
    return f"{places}-{name}", made
