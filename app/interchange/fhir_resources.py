"""Parts of FHIR R4 resources: bounded JSON, extensions, translations, value sets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.text import Text
from app.interchange.foreign_languages import MOST, guessed, tag_of
from app.interchange.foreign_text import plain_text, printable, without_braces
from app.interchange.import_report import ForeignFault, ImportReport

Json = dict[str, Any]
CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
TRANSLATION = f"{CORE}translation"
MAX_NODES = 400_000
_SETS = Path(__file__).with_name("fhir_value_sets.json")
_V2 = "http://terminology.hl7.org/ValueSet/v2-"
# A few sets that forms name without holding them, and that R4 has in other words or not at all.
_KNOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "http://hl7.org/fhir/ValueSet/yesnodontknow": (
        ("Y", "Yes"),
        ("N", "No"),
        ("asked-unknown", "Don't know"),
    ),
    "http://terminology.hl7.org/ValueSet/yes-no-unknown-not-asked": (
        ("Y", "Yes"),
        ("N", "No"),
        ("asked-unknown", "Unknown"),
        ("not-asked", "Not asked"),
    ),
    "http://hl7.org/fhir/ValueSet/administrative-gender": (
        ("male", "Male"),
        ("female", "Female"),
        ("other", "Other"),
        ("unknown", "Unknown"),
    ),
    f"{_V2}0136": (("Y", "Yes"), ("N", "No")),
    f"{_V2}0532": (
        ("Y", "Yes"),
        ("N", "No"),
        ("NASK", "not asked"),
        ("UNK", "unknown"),
        ("NA", "not applicable"),
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: how conditions name it, its words, and what FHIR says beside it."""

    key: str
    coding: Json  # code, display, system; or value for a plain one
    holder: Json  # where translations of its words stand
    word: str  # the element of the holder that has the words
    extensions: tuple[Json, ...] = ()


@dataclass
class Resources:
    """A questionnaire with the value sets that came with it."""

    root: Json
    sets: dict[str, Json] = field(default_factory=dict)
    systems: dict[str, Json] = field(default_factory=dict)


def read_resources(content: bytes, report: ImportReport) -> Resources:
    """The questionnaire of a JSON file, or of a bundle. Raises ``ForeignFault``."""
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
        _count(data)
    except (ValueError, RecursionError) as error:
        raise ForeignFault("-", "unreadable", format="FHIR (JSON)") from error
    beside = _beside(data)
    roots = [one for one in beside if one.get("resourceType") == "Questionnaire"]
    if not roots:
        raise ForeignFault("-", "not_questionnaire")
    for number, other in enumerate(roots[1:], 2):
        name = text_of(other.get("title")) or text_of(other.get("id"))
        report.unsupported(f"Questionnaire {number}", "form", "element", name=name)
    found = Resources(roots[0])
    for one in (*beside, *listed(roots[0], "contained")):
        kinds = {"ValueSet": found.sets, "CodeSystem": found.systems}
        place = kinds.get(text_of(one.get("resourceType")), {})
        for key in (f"#{text_of(one.get('id'))}", text_of(one.get("url"))):
            place.setdefault(key, one)
    return found


def _beside(data: Any) -> list[Json]:
    """The resources of the file: itself, or what a bundle holds."""
    if not isinstance(data, dict):
        return []
    if data.get("resourceType") not in ("Bundle", "Parameters"):
        return [data]
    inside = (*listed(data, "entry"), *listed(data, "parameter"))
    return [one["resource"] for one in inside if isinstance(one.get("resource"), dict)]


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _count(data: Any) -> None:
    count, waiting = 0, [data]
    while waiting:
        one = waiting.pop()
        count += 1
        if count > MAX_NODES:
            raise ForeignFault("-", "too_costly")
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def text_of(value: Any) -> str:
    """A text without invisible signs, else nothing."""
    return printable(value) if isinstance(value, str) else ""


def listed(element: Json, name: str) -> list[Json]:
    """The objects of a list; whatever else stands there is left out."""
    found = element.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def extension(element: Json, *urls: str) -> Json | None:
    """The first extension with one of these addresses."""
    return next((e for e in listed(element, "extension") if e.get("url") in urls), None)


def value_in(element: Json | None) -> Any:
    """The ``value[x]`` of an extension or of an option."""
    if element is None:
        return None
    return next((v for k, v in element.items() if k.startswith("value")), None)


@dataclass
class Wordings:
    """Texts with their translations. ``base``: the tag of the file's own language."""

    report: ImportReport
    base: str
    tags: dict[str, str]

    @property
    def languages(self) -> tuple[str, ...]:
        """Every tag, the file's own first."""
        return tuple(dict.fromkeys([self.base, *self.tags.values()]))

    def text(self, place: str, holder: Json, name: str) -> Text:
        """The element ``name`` of ``holder`` in every language that it has."""
        written = {self.base: text_of(holder.get(name))}
        for lang, content in translations(holder, name):
            written.setdefault(self.tags.get(lang, ""), content)
        wordings: dict[str, str] = {}
        for tag, wording in written.items():
            if tag and wording.strip():
                plain, lost = plain_text(wording)
                if lost:
                    self.report.approximated(place, "text", "markup", tags=", ".join(lost))
                if plain:
                    wordings[tag] = without_braces(plain)
        return Text(tuple(wordings.items()))


def translations(holder: Json, name: str) -> Iterator[tuple[str, str]]:
    """The translations of an element: language and wording."""
    beside = holder.get(f"_{name}")
    for one in listed(beside, "extension") if isinstance(beside, dict) else ():
        if one.get("url") == TRANSLATION:
            parts = {text_of(e.get("url")): value_in(e) for e in listed(one, "extension")}
            lang, content = text_of(parts.get("lang")), text_of(parts.get("content"))
            if lang and content:
                yield lang, content


def wordings_of(root: Json, report: ImportReport) -> Wordings:
    """The languages of a file: its own, and those of its translations."""
    texts: list[str] = []
    langs: dict[str, None] = {}
    waiting: list[Any] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            texts.extend(text_of(one.get(name)) for name in ("text", "display"))
            for name in ("text", "display", "title", "valueString"):
                langs.update(dict.fromkeys(lang for lang, _ in translations(one, name)))
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    said = text_of(root.get("language"))
    base = tag_of(said)[0] if said else guessed(texts[:2_000])
    tags: dict[str, str] = {}
    for lang in sorted(langs):
        tag, _ = tag_of(lang)
        if len(tags) >= MOST - 1:
            report.unsupported("language", "language", "language_lost", name=lang)
        else:
            tags[lang] = tag
    return Wordings(report, base, tags)


def choices_of(item: Json, resources: Resources) -> tuple[list[Choice], str]:
    """The options of an item, and the name of a set that is not in the file."""
    options = listed(item, "answerOption")
    if options:
        return [found for one in options if (found := _option(one)) is not None], ""
    name = text_of(item.get("answerValueSet"))
    if not name:
        return [], ""
    bare = name.partition("|")[0]
    if bare in resources.sets:
        members = _members(resources.sets[bare], resources)
        return members, "" if members else name
    known = _KNOWN.get(bare) or _of_the_standard().get(bare)
    if known:
        pairs = ({"code": code, "display": words} for code, words in known)
        return [Choice(pair["code"], pair, pair, "display") for pair in pairs], ""
    return [], name


@cache
def _of_the_standard() -> dict[str, list[tuple[str, str]]]:
    """The value sets of HL7's own in R4 that have 2 to 40 members (CC0), by address."""
    known: dict[str, list[tuple[str, str]]] = json.loads(_SETS.read_text("utf-8"))
    return known


def _option(option: Json) -> Choice | None:
    extensions = tuple(listed(option, "extension"))
    coding = option.get("valueCoding")
    if isinstance(coding, dict):
        key = text_of(coding.get("code")) or text_of(coding.get("display"))
        return Choice(key, coding, coding, "display", (*extensions, *listed(coding, "extension")))
    for name in ("valueString", "valueInteger", "valueDate", "valueTime"):
        if name in option and not isinstance(option[name], dict | list):
            value = str(option[name])
            words = {**option, name: value}
            return Choice(value, {"code": value}, words, name, extensions)
    reference = option.get("valueReference")
    if isinstance(reference, dict):
        key = text_of(reference.get("reference")) or text_of(reference.get("display"))
        return Choice(key, reference, reference, "display", extensions)
    return None


def _members(value_set: Json, resources: Resources) -> list[Choice]:
    expansion = value_set.get("expansion")
    if isinstance(expansion, dict) and listed(expansion, "contains"):
        return [_concept(one) for one in _all_contained(listed(expansion, "contains"))]
    compose = value_set.get("compose")
    if not isinstance(compose, dict) or listed(compose, "exclude"):
        return []
    found: list[Choice] = []
    for part in listed(compose, "include"):
        concepts = listed(part, "concept")
        if not concepts and not listed(part, "filter"):
            system = resources.systems.get(text_of(part.get("system")).partition("|")[0], {})
            concepts = list(_all_contained(listed(system, "concept"), "concept"))
        if not concepts:
            return []  # a part that is not in the file: the list would not be whole
        found += [_concept(one) for one in concepts]
    return found


def _all_contained(concepts: list[Json], inside: str = "contains") -> Iterator[Json]:
    waiting = list(reversed(concepts))
    while waiting:
        one = waiting.pop()
        if not one.get("abstract"):
            yield one
        waiting.extend(reversed(listed(one, inside)))


def _concept(concept: Json) -> Choice:
    designations: Mapping[str, Any] = {
        "extension": [
            {
                "url": TRANSLATION,
                "extension": [
                    {"url": "lang", "valueCode": one.get("language")},
                    {"url": "content", "valueString": one.get("value")},
                ],
            }
            for one in listed(concept, "designation")
            if one.get("language")
        ]
    }
    holder = concept if "_display" in concept else {**concept, "_display": dict(designations)}
    key = text_of(concept.get("code"))
    return Choice(key, concept, holder, "display", tuple(listed(concept, "extension")))
