"""A campaign's data protection dossier: filled, approved by the officer, asked for at the opening.

What is approved is the dossier as it stood: a word changed later takes the approval away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.dossier_reading import read_dossier
from app.domain.checks import Finding, Level
from app.domain.dossier_fields import FIELDS, LONGEST, NOT_KEPT, DossierField, missing
from app.domain.errors import BadDefinition, BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.domain.values import clean
from app.storage import dossiers as stored
from app.storage.accounts import accounts_in
from app.storage.database import now
from app.storage.dossiers import Dossier
from app.storage.waves import Wave, wave_by_id
from app.workflows.acting import Actor, House, act
from app.workflows.notices import KINDS, publish_notice, show_notices, shown

PLACE = "dossier"


@dataclass(frozen=True, slots=True)
class DossierSeen:
    """A wave with its dossier as it stands; ``approved``: in these very words, by the officer."""

    wave: Wave
    row: Dossier | None
    values: Mapping[str, str]
    missing: tuple[DossierField, ...]
    approved: bool
    approver: str = ""


def dossier(house: House, actor: Actor, wave_id: int) -> DossierSeen:
    """The dossier of a wave. Raises NotFound."""
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        names = {row.id: row.name for row in accounts_in(session, actor.programme_id)}
        return _seen(wave, stored.dossier_of(session, wave_id), names)


def register(house: House, actor: Actor) -> Sequence[DossierSeen]:
    """The register of processing (article 30): every wave with its dossier, newest first."""
    with house.database.read() as session:
        names = {row.id: row.name for row in accounts_in(session, actor.programme_id)}
        found = stored.dossiers_of(session, actor.programme_id)
    return [_seen(wave, row, names) for wave, row in found]


def _seen(wave: Wave, row: Dossier | None, names: Mapping[int, str]) -> DossierSeen:
    values = {} if row is None else row.fields
    by = "" if row is None or row.approved_by is None else names.get(row.approved_by, "")
    return DossierSeen(wave, row, values, missing(values), _approved(row), by)


def _approved(row: Dossier | None) -> bool:
    return row is not None and row.approved is not None and row.approved == checksum(row.fields)


def write_dossier(house: House, actor: Actor, wave_id: int, values: Mapping[str, str]) -> None:
    """Keep what the dossier says; fields may still be empty.

    Raises BadInput for what is too long or no choice, NotFound, Conflict for a closed wave.
    """
    fields = {each.name: values.get(each.name, "").strip() for each in FIELDS}
    faults = list(_faults(fields))
    if faults:
        raise BadInput(faults)
    with act(house, actor, Verb.DOSSIER_WRITE, thing=f"wave:{wave_id}") as acted:
        _writable(acted.session, actor, wave_id)
        row = stored.dossier_of(acted.session, wave_id)
        if row is None:
            row = Dossier(wave_id=wave_id, fields={})
            acted.session.add(row)
        row.fields = fields
        row.changed_at, row.changed_by = now(), actor.account_id
        acted.details = {"checksum": checksum(fields), "empty": len(missing(fields))}


def approve_dossier(house: House, actor: Actor, wave_id: int, seen: str) -> None:
    """The officer's approval of the dossier with the checksum ``seen``.

    Raises Conflict where it has changed meanwhile, BadDefinition where a field is empty.
    """
    with act(house, actor, Verb.DOSSIER_APPROVE, thing=f"wave:{wave_id}") as acted:
        _writable(acted.session, actor, wave_id)
        row = stored.dossier_of(acted.session, wave_id)
        if row is None or checksum(row.fields) != seen:
            raise Conflict
        empty = missing(row.fields)
        if empty:
            raise BadDefinition([_empty(empty)])
        row.approved, row.approved_at, row.approved_by = seen, now(), actor.account_id
        acted.details = {"checksum": seen}


def load_dossier(house: House, actor: Actor, wave_id: int, text: str, *, approve: bool) -> None:
    """Take dossier and notices from a file's text; approve at once where the actor may.

    Raises BadDefinition with every finding of the file.
    """
    read = read_dossier(text)
    write_dossier(house, actor, wave_id, read.fields)
    numbers = [publish_notice(house, actor, kind, read.notices[kind]) for kind in KINDS]
    show_notices(house, actor, wave_id, *numbers)
    if approve:
        row = dossier(house, actor, wave_id).row
        assert row is not None  # it was written a moment ago
        approve_dossier(house, actor, wave_id, checksum(row.fields))


def opening_findings(session: Session, wave: Wave) -> list[Finding]:
    """What of the dossier keeps the wave from being opened."""
    return list(_findings(session, wave))


def keeps_closed(house: House, actor: Actor, wave_id: int) -> list[Finding]:
    """As ``opening_findings``, to be shown beforehand. Raises NotFound."""
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        return opening_findings(session, wave)


def _findings(session: Session, wave: Wave) -> Iterator[Finding]:
    row = stored.dossier_of(session, wave.id)
    empty = missing({} if row is None else row.fields)
    if empty:
        yield _empty(empty)
    elif not _approved(row):
        yield _finding(
            "dossier_not_approved",
            fr="Le délégué n’a pas validé le dossier dans ses termes actuels.",
            en="The officer has not approved the dossier as it stands.",
            do_fr="Demandez au délégué à la protection des données de le valider.",
            do_en="Ask the data protection officer to approve it.",
        )
    versions = (wave.notice_version, str(wave.described_notice or ""))
    for kind, version in zip(KINDS, versions, strict=True):
        if shown(session, wave.programme_id, kind, version) is None:
            yield _finding(
                f"no_notice_{kind}",
                fr=f"Aucune notice publiée pour {_WHOM[kind].in_('fr')}.",
                en=f"No notice is published for {_WHOM[kind].in_('en')}.",
                do_fr="Publiez-la, puis choisissez-la dans le dossier.",
                do_en="Publish it, then choose it in the dossier.",
            )


_WHOM = {
    "participants": Text.of(fr="les participants", en="participants"),
    "described": Text.of(
        fr="les personnes que d’autres décrivent", en="the people whom others describe"
    ),
}


def _empty(fields: Sequence[DossierField]) -> Finding:
    names = {tag: " ; ".join(each.label.in_(tag) for each in fields) for tag in ("fr", "en")}
    return _finding(
        "dossier_empty",
        fr=f"Le dossier de protection des données est incomplet\u00a0: {names['fr']}.",
        en=f"The data protection dossier is incomplete: {names['en']}.",
        do_fr="Remplissez ces champs du dossier.",
        do_en="Fill in these fields of the dossier.",
    )


def _finding(rule: str, *, fr: str, en: str, do_fr: str, do_en: str) -> Finding:
    message, remedy = Text.of(fr=fr, en=en), Text.of(fr=do_fr, en=do_en)
    return Finding(rule, Level.ERROR, PLACE, message, remedy)


def _faults(fields: Mapping[str, str]) -> Iterator[Fault]:
    for each in FIELDS:
        value = fields[each.name]
        if len(value) > LONGEST:
            yield Fault(
                each.name,
                Text.of(fr="Ce texte est trop long.", en="This text is too long."),
                Text.of(
                    fr=f"{LONGEST} signes au plus\u00a0: renvoyez à un document.",
                    en=f"{LONGEST} characters at most: refer to a document.",
                ),
            )
        elif clean(value, lines=True) is None:
            yield Fault(each.name, *NOT_KEPT)
        elif value and each.choices and value not in each.choices:
            yield Fault(
                each.name,
                Text.of(fr="Choix inconnu.", en="Unknown choice."),
                Text.of(fr="Choisissez dans la liste.", en="Choose from the list."),
            )


def _writable(session: Session, actor: Actor, wave_id: int) -> None:
    wave = wave_by_id(session, actor.programme_id, wave_id, lock=True)
    if wave is None:
        raise NotFound
    if wave.state == "closed":
        raise Conflict
