"""Value sets of FHIR: those in the file, and those of the standard that forms name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.interchange.fhir_resources import (
    TRANSLATION,
    Choice,
    Json,
    Resources,
    listed,
    text_of,
)

_SETS = Path(__file__).with_name("fhir_value_sets.json")
_LISTS = Path(__file__).with_name("fhir_loinc_lists.json")
_LOINC = re.compile(
    r"https?://(?:loinc\.org/vs/|details\.loinc\.org/AnswerList/|hl7\.org/fhir/us/sdc/ValueSet/)"
    r"(LL\d+-\d)"
)
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
    known = _KNOWN.get(bare) or _of_the_standard().get(bare) or _of_loinc(bare)
    if known:
        pairs = ({"code": code, "display": words} for code, words in known)
        return [Choice(pair["code"], pair, pair, "display") for pair in pairs], ""
    return [], name


@cache
def _of_the_standard() -> dict[str, list[tuple[str, str]]]:
    """The value sets of HL7's own in R4 that have 2 to 40 members (CC0), by address."""
    known: dict[str, list[tuple[str, str]]] = json.loads(_SETS.read_text("utf-8"))
    return known


def _of_loinc(address: str) -> list[tuple[str, str]] | None:
    """A list of answers of LOINC, under each of the addresses that forms give it."""
    found = _LOINC.fullmatch(address)
    return _loinc_lists().get(found[1]) if found else None


@cache
def _loinc_lists() -> dict[str, list[tuple[str, str]]]:
    """The lists of LOINC that the examples of SDC, PHQ and GAD among them, are answered by."""
    known: dict[str, list[tuple[str, str]]] = json.loads(_LISTS.read_text("utf-8"))
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
