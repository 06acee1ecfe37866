"""Acts of the library: entries and versions taken in, linked into drafts, brought up, taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.plain_source import document_in
from app.domain import editing
from app.domain import library as domain
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.library import EntryKind, Licence
from app.domain.permissions import Verb
from app.domain.plain_documents import Raw, homes, spot
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import library
from app.storage.database import now
from app.storage.library import LibraryEntry, LibraryVersion
from app.storage.surveys import QuestionnaireVersion, latest_questionnaire
from app.workflows.acting import Acted, Actor, House, act
from app.workflows.edit_act import Edit, desk, edited
from app.workflows.editing import codes_ever_used
from app.workflows.library_shelf import Shown, entry_row
from app.workflows.reach import version

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_LONGEST = 300  # signs of a title or a source


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes a version: where it stands, and under which rights. ``place`` is a question,
    a section or slot, or a list of options of that version or draft; empty: text to be supplied."""

    version_id: int
    place: str
    licence: str
    source: str


def add_entry(
    house: House, actor: Actor, kind: EntryKind, code: str, title: str, taken: Taken
) -> int:
    """A new entry with its first version, of the territory whose questionnaire it comes from.

    An instrument is the nation's, and who publishes for the nation adds it; without a place it
    waits for its text. Raises NotFound, NotAllowed, BadInput.
    """
    if not _CODE.fullmatch(code) or not title or len(title) > _LONGEST:
        raise BadInput([Fault("code", *_UNNAMED)])
    territory, document = _taken(house, actor, kind, taken)
    with act(house, actor, _verb(kind), territory) as acted:
        session = acted.session
        everywhere = frozenset(actor.territories)
        known = library.entries(session, actor.programme_id, everywhere)
        if any(row.code == code for row in known if _meet(row.territory, territory)):
            raise BadInput([Fault("code", *_TAKEN)])
        row = LibraryEntry(
            programme_id=actor.programme_id,
            territory=territory,
            code=code,
            kind=kind,
            title=title,
        )
        session.add(row)
        session.flush()
        _add_version(acted, actor, row, 1, document, taken)
        return row.id


def _meet(one: str, other: str) -> bool:
    """Whether some draft could mean either: entries of one territory, or one is the nation's."""
    return one == other or NATION in (one, other)


def _verb(kind: str) -> Verb:
    if kind == EntryKind.INSTRUMENT:
        return Verb.QUESTIONNAIRE_PUBLISH
    return Verb.QUESTIONNAIRE_DRAFT


def add_version(house: House, actor: Actor, entry_id: int, kind: EntryKind, taken: Taken) -> int:
    """One more version of an entry; its number. The former ones stay, and who uses them.

    Raises NotFound, NotAllowed, BadInput where it is of another ``kind`` than the entry, or says
    what the last one says.
    """
    with house.database.read() as session:
        row = entry_row(session, actor, entry_id)
        territory, other = row.territory, row.kind != kind
    if other:
        raise BadInput([Fault("entry", *_OTHER_KIND)])
    _, document = _taken(house, actor, kind, taken)
    with act(house, actor, _verb(kind), territory) as acted:
        last = library.versions(acted.session, entry_id)[0]
        if (last.checksum, last.licence) == (checksum(document), taken.licence):
            raise BadInput([Fault("place", *_SAME)])
        row = entry_row(acted.session, actor, entry_id)
        _add_version(acted, actor, row, last.number + 1, document, taken)
        return last.number + 1


def _add_version(
    acted: Acted, actor: Actor, row: LibraryEntry, number: int, document: Raw, taken: Taken
) -> None:
    acted.session.add(
        LibraryVersion(
            entry_id=row.id,
            number=number,
            document=document,
            checksum=checksum(document),
            licence=taken.licence,
            source=taken.source,
            locked=row.kind == EntryKind.INSTRUMENT and bool(document),
            made_at=now(),
            made_by=actor.account_id,
        )
    )
    acted.thing = f"library:{row.id}"
    acted.details = {"did": "version", "number": number, "licence": taken.licence}


def _taken(house: House, actor: Actor, kind: EntryKind, taken: Taken) -> tuple[str, Raw]:
    """The territory and the document of a version."""
    if taken.licence not in set(Licence) or len(taken.source) > _LONGEST:
        raise NotFound
    waits = kind is EntryKind.INSTRUMENT and not taken.place
    if waits != (taken.licence == Licence.TO_SUPPLY):
        raise BadInput([Fault("licence", *_WAITS)])
    if waits:
        return NATION, {}
    with house.database.read() as session:
        row = version(session, actor, "questionnaire", taken.version_id)
        document: Raw = document_in(row.source).data
        lists = {**_lent(session, actor, row), **document.get("option_lists", {})}
    territory = NATION if kind is EntryKind.INSTRUMENT else row.territory
    if kind is EntryKind.LIST:
        if taken.place not in document.get("option_lists", {}):
            raise NotFound
        return territory, {"options": document["option_lists"][taken.place]}
    return territory, {"entries": domain.standing_alone(_standing(document, kind, taken), lists)}


def _standing(document: Raw, kind: EntryKind, taken: Taken) -> list[Raw]:
    if kind is EntryKind.QUESTION:
        found = spot(document, taken.place)
        if found.of_list or found.question["code"] != taken.place:
            raise NotFound
        alone = {key: each for key, each in found.question.items() if key != "shown_when"}
        return [alone]
    entries = next((home.entries for home in homes(document) if home.code == taken.place), None)
    if not entries:
        raise NotFound
    return entries


def _lent(session: Session, actor: Actor, row: QuestionnaireVersion) -> Mapping[str, list[Raw]]:
    """The lists of options that a module may use of its core."""
    if row.territory == NATION:
        return {}
    core = latest_questionnaire(session, actor.programme_id, row.audience)
    document: Raw = document_in(core.source).data if core else {}
    lists: Mapping[str, list[Raw]] = document.get("option_lists", {})
    return lists


def put_into_draft(house: House, actor: Actor, entry_id: int, draft_id: int, home: str) -> int:
    """The newest version, linked, at the end of a section or slot; a list among the lists.

    A single question takes a free code; the codes of a block or an instrument are part of it.
    Raises NotFound, NotAllowed, BadInput.
    """
    found = _usable(house, actor, entry_id, draft_id)
    number, document = found.latest.number, found.latest.document
    code = found.entry.code
    ever = codes_ever_used(house, actor, draft_id)

    def change(draft: Raw) -> Raw:
        if found.entry.kind == EntryKind.LIST:
            return domain.put_list(draft, code, number, document["options"], new=True)
        fresh = domain.linked(document["entries"], code, number)
        if found.entry.kind == EntryKind.QUESTION:
            [question] = fresh
            fresh = [{**question, "code": editing.free_code(draft, question["code"], ever)}]
        return domain.put(draft, home, fresh)

    return edited(house, actor, "questionnaire", draft_id, Edit("add", code), change)


def bring_up(house: House, actor: Actor, entry_id: int, draft_id: int) -> int:
    """Take the newest version into a draft that links an older one: one edit, undone as one."""
    found = _usable(house, actor, entry_id, draft_id)
    number, document = found.latest.number, found.latest.document
    code = found.entry.code

    def change(draft: Raw) -> Raw:
        if found.entry.kind == EntryKind.LIST:
            return domain.put_list(draft, code, number, document["options"], new=False)
        single = found.entry.kind == EntryKind.QUESTION
        return domain.brought_up(draft, code, number, document["entries"], single=single)

    return edited(house, actor, "questionnaire", draft_id, Edit("change", code), change)


def take_out(house: House, actor: Actor, entry_id: int, draft_id: int) -> int:
    """Everything of a block or an instrument out of a draft: one edit, undone as one."""
    with house.database.read() as session:
        row = entry_row(session, actor, entry_id)
        code, kind = row.code, row.kind
    if kind not in (EntryKind.BLOCK, EntryKind.INSTRUMENT):
        raise NotFound

    def change(draft: Raw) -> Raw:
        return domain.without_entry(draft, code)

    return edited(house, actor, "questionnaire", draft_id, Edit("retire", code), change)


def _usable(house: House, actor: Actor, entry_id: int, draft_id: int) -> Shown:
    """The entry, where its text is there and the draft may use it. Raises NotFound, BadInput."""
    with house.database.read() as session:
        row = entry_row(session, actor, entry_id)
        found = Shown(row, tuple(library.versions(session, entry_id)), ())
        territory = desk(session, actor, "questionnaire", draft_id).row.territory
    if row.territory not in (NATION, territory):
        raise NotFound
    if found.latest.licence == Licence.TO_SUPPLY:
        raise BadInput([Fault(row.code, *_NO_TEXT)])
    return found


_UNNAMED = (
    Text.of(
        fr="Il faut un code (une lettre, puis lettres et chiffres) et un titre.",
        en="A code (a letter, then letters and digits) and a title are needed.",
    ),
    Text.of(fr="Par exemple « isolement ».", en="For example “isolation”."),
)
_TAKEN = (
    Text.of(fr="La bibliothèque a déjà ce code.", en="The library has this code already."),
    Text.of(
        fr="Donnez un autre code, ou ajoutez une version à cette entrée.",
        en="Give another code, or add a version to that entry.",
    ),
)
_OTHER_KIND = (
    Text.of(
        fr="Cette entrée est d’une autre sorte que ce que vous prenez.",
        en="That entry is of another kind than what you take in.",
    ),
    Text.of(
        fr="Choisissez une entrée de la même sorte, ou faites-en une nouvelle.",
        en="Choose an entry of the same kind, or make a new one.",
    ),
)
_SAME = (
    Text.of(fr="La dernière version dit déjà cela.", en="The last version says this already."),
    Text.of(fr="Changez d’abord le brouillon.", en="Change the draft first."),
)
_WAITS = (
    Text.of(
        fr="« Texte à fournir » vaut pour un instrument sans partie choisie, et pour lui seul.",
        en="“Text to be supplied” is for an instrument with no section chosen, and only for it.",
    ),
    Text.of(
        fr="Choisissez une partie et sa licence, ou ni l’une ni l’autre.",
        en="Choose a section and its licence, or neither.",
    ),
)
_NO_TEXT = (
    Text.of(
        fr="Le texte de cet instrument n’est pas encore fourni.",
        en="The text of this instrument is not supplied yet.",
    ),
    Text.of(
        fr="Obtenez le droit de l’utiliser, puis ajoutez une version avec son texte.",
        en="Obtain the right to use it, then add a version with its text.",
    ),
)
