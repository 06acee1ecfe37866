"""The library in documents: what is taken in, how it is linked, and what keeps it whole.

A question from the library carries ``library: {entry, version, item}``; a list of options has its
link at the head, ``library_lists: {name: {entry, version}}``. ``item`` is its code there, so that
the link outlives a renaming here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.editing import changed
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.new_questions import in_order
from app.domain.plain_documents import Raw, codes, homes, spots, with_value
from app.domain.renaming import renamed
from app.domain.text import Text

LINK, LISTS = "library", "library_lists"
Locked = Mapping[tuple[str, int], list[Raw]]  # entries of instruments, by code and version


class EntryKind(StrEnum):
    """What an entry of the library is; an instrument is locked."""

    QUESTION = "question"
    BLOCK = "block"
    LIST = "list"
    INSTRUMENT = "instrument"


class Licence(StrEnum):
    """Whether an entry may be asked, as far as its rights go."""

    FREE = "free"
    HELD = "permission_held"
    TO_SUPPLY = "text_to_be_supplied"


@dataclass(frozen=True, slots=True)
class Link:
    """One item of a document that comes from the library. ``code``: of the item or list here."""

    entry: str
    version: int
    code: str


def links(document: Raw) -> Iterator[Link]:
    """Every link of a document: its questions in order, then its lists of options."""
    for each in spots(document):
        if LINK in each.question:
            said = each.question[LINK]
            yield Link(said["entry"], int(said["version"]), each.question["code"])
    for name, said in document.get(LISTS, {}).items():
        if name in document.get("option_lists", {}):
            yield Link(said["entry"], int(said["version"]), name)


def standing_alone(entries: Sequence[Raw], lists: Mapping[str, list[Raw]]) -> list[Raw]:
    """The entries without links, each question with the options of the list that it named.

    Raises BadInput where a place for territories stands among them.
    """
    if any("slot" in entry for entry in entries):
        raise BadInput([Fault("home", *_SLOT)])
    return [_each(entry, lambda question: _alone(question, lists)) for entry in entries]


def _alone(question: Raw, lists: Mapping[str, list[Raw]]) -> Raw:
    own = {key: value for key, value in question.items() if key != LINK}
    if isinstance(own.get("options"), str):
        own["options"] = lists.get(own["options"], own["options"])
    return own


def _each(entry: Raw, change: Callable[[Raw], Raw]) -> Raw:
    if "page" not in entry:
        return change(entry)
    page = entry["page"]
    return {"page": {**page, "questions": [change(inner) for inner in page["questions"]]}}


def linked(entries: Sequence[Raw], entry: str, version: int) -> list[Raw]:
    """The entries of a version, with their link to it."""

    def link(question: Raw) -> Raw:
        said = {"entry": entry, "version": str(version), "item": question["code"]}
        return in_order({**question, LINK: said})

    return [_each(each, link) for each in entries]


def put(document: Raw, home: str, entries: Sequence[Raw]) -> Raw:
    """The document with these entries at the end of a section or slot.

    Raises NotFound for a home that is none, BadInput where a code of theirs is taken.
    """
    taken = sorted(codes(document) & codes(_holding(entries)))
    if taken:
        raise BadInput([Fault(", ".join(taken), *_TAKEN)])
    found = next((each for each in homes(document) if each.code == home), None)
    if found is not None:
        return with_value(document, found.path, [*found.entries, *entries])
    if "slots" not in document:
        raise NotFound
    return with_value(document, ("slots", home), [*entries])


def _holding(entries: Sequence[Raw]) -> Raw:
    return {"slots": {"": list(entries)}}


def brought_up(
    document: Raw, entry: str, version: int, entries: Sequence[Raw], *, single: bool
) -> Raw:
    """The document with its items from this entry as another version of it says them.

    A ``single`` question keeps its code and its condition here. Of several, those that were renamed
    stay so; new ones come, and those that the version has no more go; all stand where the first
    stood.
    Raises NotFound where nothing of the entry is here, BadInput.
    """
    here = [each for each in spots(document) if _of(each.question, entry)]
    if not here:
        raise NotFound
    fresh = linked(entries, entry, version)
    if single:
        for each in here:
            document = _question_brought_up(document, each.question, fresh[0])
        return document
    names = {each.question[LINK]["item"]: each.question["code"] for each in here}
    names = {item: code for item, code in names.items() if item != code}
    named = [_each(each, lambda question: _named(question, names)) for each in fresh]
    block: list[Raw] = renamed(_holding(named), names)["slots"][""]
    return _replaced(document, entry, block)


def _named(question: Raw, names: Mapping[str, str]) -> Raw:
    return {**question, "code": names.get(question["code"], question["code"])}


def _question_brought_up(document: Raw, before: Raw, fresh: Raw) -> Raw:
    kept = {"code": before["code"]}
    if "shown_when" in before:
        kept["shown_when"] = before["shown_when"]
    said = {key: value for key, value in fresh.items() if key != "shown_when"}
    return changed(document, before["code"], {**said, **kept})


def _replaced(document: Raw, entry: str, block: Sequence[Raw]) -> Raw:
    """The block where the entry's first item stood, and its other items gone."""
    first = next(
        (home.code, index)
        for home in homes(document)
        for index, each in enumerate(home.entries)
        if _holds(each, entry)
    )
    for home in list(homes(document)):
        kept: list[Raw] = []
        for index, each in enumerate(home.entries):
            if (home.code, index) == first:
                kept += block
            if not _holds(each, entry):
                kept.append(each)
        document = with_value(document, home.path, kept)
    return document


def _of(question: Raw, entry: str) -> bool:
    return bool(question.get(LINK, {}).get("entry") == entry)


def _holds(entry: Raw, code: str) -> bool:
    inner = entry["page"]["questions"] if "page" in entry else [entry]
    return any(_of(question, code) for question in inner)


def without_entry(document: Raw, entry: str) -> Raw:
    """The document without anything of this entry. Raises NotFound, BadInput where nothing stays.

    A slot that is left empty goes with it.
    """
    if not any(_of(each.question, entry) for each in spots(document)):
        raise NotFound
    left = _replaced(document, entry, ())
    if "slots" in left:
        left = {**left, "slots": {code: each for code, each in left["slots"].items() if each}}
        if not left["slots"]:
            raise BadInput([Fault(entry, *_ONLY)])
    return left


def put_list(document: Raw, name: str, version: int, options: list[Raw], *, new: bool) -> Raw:
    """The document with a list of options from the library, under the entry's own code.

    Raises BadInput where ``new`` and a list has this name; NotFound where not and none is linked.
    """
    lists, said = document.get("option_lists", {}), document.get(LISTS, {})
    if new and name in lists:
        raise BadInput([Fault(name, *_TAKEN)])
    if not new and name not in said:
        raise NotFound
    made = {
        "option_lists": {**lists, name: options},
        LISTS: {**said, name: {"entry": name, "version": str(version)}},
    }
    before = {key: each for key, each in document.items() if key not in ("sections", "slots")}
    after = {key: each for key, each in document.items() if key in ("sections", "slots")}
    return {**before, **made, **after}


def broken(document: Raw, locked: Locked) -> list[str]:
    """Codes of the locked instruments that do not stand here word for word, whole, in order."""
    here: dict[str, set[int]] = {}
    for link in links(document):
        here.setdefault(link.entry, set()).add(link.version)
    known = {entry for entry, _ in locked}
    return [
        entry
        for entry, versions in here.items()
        if entry in known and not _stands(document, entry, versions, locked)
    ]


def _stands(document: Raw, entry: str, versions: set[int], locked: Locked) -> bool:
    wanted = [linked(locked[entry, v], entry, v) for v in versions if (entry, v) in locked]
    if len(versions) != 1 or not wanted:
        return False
    places = [
        (home, index)
        for home in homes(document)
        for index, each in enumerate(home.entries)
        if _holds(each, entry)
    ]
    if not places:  # asked about each entry of a list, where it cannot be whole
        return False
    home, first = places[0]
    together = home.entries[first : first + len(places)]
    return all(each.code == home.code for each, _ in places) and together == wanted[0]


LOCKED = (
    Text.of(
        fr="Un instrument validé de la bibliothèque est verrouillé : il se pose en entier, mot "
        "pour mot, dans l’ordre.",
        en="A validated instrument of the library is locked: it is asked whole, word for word, "
        "in order.",
    ),
    Text.of(
        fr="Laissez-le tel quel, ou retirez-le en entier depuis la page de la bibliothèque.",
        en="Leave it as it is, or take it out whole from its page in the library.",
    ),
)
_SLOT = (
    Text.of(
        fr="Cette partie garde une place pour les territoires.",
        en="This section keeps a place for territories.",
    ),
    Text.of(
        fr="Choisissez une partie sans cette place.",
        en="Choose a section without such a place.",
    ),
)
_TAKEN = (
    Text.of(fr="Le brouillon a déjà ce code.", en="The draft has this code already."),
    Text.of(
        fr="Renommez d’abord ce qui le porte dans le brouillon.",
        en="First rename what has it in the draft.",
    ),
)
_ONLY = (
    Text.of(
        fr="Ce sont les seules questions de ce module.",
        en="These are the only questions of this module.",
    ),
    Text.of(
        fr="Ajoutez-en d’abord une autre, ou jetez le brouillon.",
        en="Add another one first, or discard the draft.",
    ),
)
