"""Parts of FHIR R4 resources: bounded JSON, extensions, translations, value sets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
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

    def tag(self, lang: str) -> str:
        """The tag of a language as the file writes it; empty where it is none of the form's."""
        found = self.tags.get(lang) or tag_of(lang)[0]
        return found if found in self.languages else ""

    def text(self, place: str, holder: Json, name: str) -> Text:
        """The element ``name`` of ``holder`` in every language that it has."""
        written = {self.base: text_of(holder.get(name))}
        for lang, content in translations(holder, name):
            written.setdefault(self.tag(lang), content)
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
    langs: set[str] = set()
    beside: set[str] = set()  # of options in a value set
    for one in inside(root):
        texts.extend(text_of(one.get(name)) for name in ("text", "display"))
        for name in ("text", "display", "title", "valueString"):
            langs.update(lang for lang, _ in translations(one, name))
        beside.update(text_of(each.get("language")) for each in listed(one, "designation"))
    said = text_of(root.get("language"))
    base = tag_of(said)[0] if said else guessed(texts[:2_000])
    tags: dict[str, str] = {}
    for lang in sorted(langs):
        tag, _ = tag_of(lang)
        if len(tags) >= MOST - 1:
            report.unsupported("language", "language", "language_lost", name=lang)
        else:
            tags[lang] = tag
    found = Wordings(report, base, tags)
    for lang in sorted(beside - {""}):
        if not found.tag(lang):
            report.unsupported("contained", "language", "language_lost", name=lang)
    return found


def inside(root: Json) -> Iterator[Json]:
    """Every element of a resource."""
    waiting: list[Any] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
