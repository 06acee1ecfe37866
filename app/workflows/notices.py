"""Notices on personal data: published in versions that never change, shown as they were.

Each wave names the version that it shows; a response keeps the number that its person saw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal, get_args
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.domain.dossier_fields import EASY, NOT_KEPT, speaks_of_anonymity
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.sound_names import FINGERPRINT
from app.domain.text import Text
from app.domain.values import clean
from app.storage import dossiers as stored
from app.storage.collecting import Invited
from app.storage.database import now
from app.storage.dossiers import Notice
from app.storage.territories import programme_by_code, programme_by_id
from app.storage.waves import Wave, wave_by_id
from app.workflows.acting import Actor, House, act

Kind = Literal["participants", "described"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LANGUAGES = ("fr", "en")
EASY_LANGUAGES = tuple(f"{EASY}{tag}" for tag in LANGUAGES)
LONGEST = 20_000  # signs of a notice in one language


def publish_notice(house: House, actor: Actor, kind: Kind, wordings: Mapping[str, str]) -> int:
    """Publish the next version of a notice; its number. The same words again: the same number.

    ``wordings``: by language; ``easy_fr`` and so on: once more in easy words, or none of these.
    Raises BadInput where a language is missing or too long.
    """
    document = {tag: wordings.get(tag, "").strip() for tag in LANGUAGES}
    easy = {tag: wordings.get(tag, "").strip() for tag in EASY_LANGUAGES}
    document |= easy if any(easy.values()) else {}
    faults = [_fault(tag) for tag, text in document.items() if not 0 < len(text) <= LONGEST]
    unkept = [tag for tag, text in document.items() if clean(text, lines=True) is None]
    faults += [Fault(f"text_{tag}", *NOT_KEPT) for tag in unkept]
    if faults:
        raise BadInput(faults)
    digest = checksum({"kind": kind, **document})
    with act(house, actor, Verb.DOSSIER_WRITE) as acted:
        newest = stored.newest_notice(acted.session, actor.programme_id, kind)
        if newest is not None and newest.checksum == digest:
            acted.thing = f"notice:{newest.id}"
            return newest.number
        row = Notice(
            programme_id=actor.programme_id,
            kind=kind,
            number=stored.next_number(acted.session, actor.programme_id, kind),
            document=document,
            checksum=digest,
            published_at=now(),
            published_by=actor.account_id,
        )
        acted.session.add(row)
        acted.session.flush()
        acted.thing, acted.details = f"notice:{row.id}", {"checksum": digest}
        return row.number


def show_notices(
    house: House, actor: Actor, wave_id: int, participants: int, described: int
) -> None:
    """Have a wave show these versions from now on; who consented before keeps the earlier one.

    Raises NotFound for a wave or a version that is not there, Conflict for a closed wave.
    """
    with act(house, actor, Verb.DOSSIER_WRITE, thing=f"wave:{wave_id}") as acted:
        wave = wave_by_id(acted.session, actor.programme_id, wave_id, lock=True)
        known = [
            stored.notice(acted.session, actor.programme_id, kind, number)
            for kind, number in zip(KINDS, (participants, described), strict=True)
        ]
        if wave is None or None in known:
            raise NotFound
        if wave.state == "closed":
            raise Conflict
        wave.notice_version = str(participants)
        wave.described_notice = described
        acted.details = {"participants": participants, "described": described}


def notices(house: House, actor: Actor) -> Sequence[Notice]:
    """Every version of the programme's notices, newest first."""
    with house.database.read() as session:
        return stored.notices_of(session, actor.programme_id)


def anonymity_told(house: House, actor: Actor, wave: Wave) -> tuple[str, ...]:
    """The sentences of the wave's notices, in every language, that call something anonymous."""
    chosen = (wave.notice_version, str(wave.described_notice))
    with house.database.read() as session:
        rows = [
            stored.notice(session, actor.programme_id, kind, int(number))
            for kind, number in zip(KINDS, chosen, strict=True)
            if number.isdecimal()
        ]
    texts = (text for row in rows if row is not None for text in row.document.values())
    return tuple(dict.fromkeys(chain.from_iterable(map(speaks_of_anonymity, texts))))


@dataclass(frozen=True, slots=True)
class Informed:
    """What somebody at the door is told: the text in its version; the other notice's address."""

    programme: str
    number: int
    text: Text
    fingerprint: str
    easy: Text | None = None
    described: int | None = None


_read: WeakKeyDictionary[Engine, dict[tuple[int, str], Informed]] = WeakKeyDictionary()


def at_the_door(house: House, invited: Invited) -> Informed | None:
    """The notice that the wave shows to participants; None where none was published.

    Needs no account: what it tells is on a public page too. A version never changes: it is read
    once, and kept in the process.
    """
    known = _read.setdefault(house.database.engine, {})
    key = (invited.programme_id, invited.notice_version)
    if key not in known:
        number = _number(invited.notice_version)
        with house.database.at_once() as driver:
            if not stored.is_published(driver, invited.programme_id, "participants", number):
                return None
        with house.database.read() as session:
            found = stored.notice(session, invited.programme_id, "participants", number)
            programme = programme_by_id(session, invited.programme_id)
        if found is None or programme is None:
            return None
        fingerprint = found.checksum[:FINGERPRINT]
        known[key] = Informed(programme.code, found.number, found.text, fingerprint, found.easy)
    return replace(known[key], described=invited.described_notice)


def published_notice(house: House, programme: str, kind: str, number: int) -> Notice:
    """One version, as anybody may read it. Raises NotFound."""
    with house.database.read() as session:
        row = programme_by_code(session, programme)
        found = None if row is None else stored.notice(session, row.id, kind, number)
    if found is None:
        raise NotFound
    return found


def shown(session: Session, programme_id: int, kind: Kind, version: str | None) -> Notice | None:
    """The notice of this version; None where that number was never published."""
    number = _number(version)
    return stored.notice(session, programme_id, kind, number) if number else None


def _number(version: str | None) -> int:
    """The number of a version; 0, which none has, where it is none."""
    written = version or ""
    return int(written) if written.isascii() and written.isdigit() else 0


def _fault(tag: str) -> Fault:
    words = {"fr": ("français", "French"), "en": ("anglais", "English")}[tag.removeprefix(EASY)]
    easy = (" en mots faciles", " in easy words") if EASY in tag else ("", "")
    return Fault(
        f"text_{tag}",
        Text.of(
            fr=f"Le texte{easy[0]} en {words[0]} manque ou dépasse {LONGEST} signes.",
            en=f"The {words[1]} text{easy[1]} is missing or longer than {LONGEST} characters.",
        ),
        Text.of(fr="Écrivez-le dans les deux langues.", en="Write it in both languages."),
    )
