"""The summary of what was chosen of a release: its figures, the tables that hold any, its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.domain.territories import NATION
from app.domain.text import Text
from app.interchange.summary import Sheet, Summary
from app.storage.published import Published
from app.workflows import summary_words as words
from app.workflows.choosing import (
    EVERYBODY,
    NOW,
    SUBJECTS,
    TOGETHER,
    Choice,
    chosen,
    group_title,
)
from app.workflows.summaries import summary

# Tables that are made of other things than figures of one subject.
BESIDE = {"totals": "scores", "crosswalk": "shifts", "weights": None}
CHOICE = Text.of(fr="Choix", en="Selection")
FIELD_WORDS = {
    "territory": Text.of(fr="territoires", en="territories"),
    "subject": Text.of(fr="sujets", en="subjects"),
    "audience": Text.of(fr="répondants", en="audiences"),
    "code": Text.of(fr="indicateurs", en="indicators"),
    "wave": Text.of(fr="vagues", en="waves"),
    "group": Text.of(fr="groupes", en="groups"),
}
NOW_WORDS = Text.of(fr="cette vague", en="this wave")
EVERYBODY_WORDS = Text.of(fr="tout le monde", en="everybody")
TOGETHER_WORDS = Text.of(fr="ensemble", en="together")


def summary_of(seen: Published, choice: Choice, language: str) -> Summary:
    """Everything that is given out of the release under this choice.

    The name has a mark of the choice, the cover and the metadata say what was chosen; what is not
    published yet says so in all three.
    """
    found = summary(chosen(seen, choice), language)
    found = replace(found, metadata=_within(seen, found.metadata))
    if seen.provisional:
        state = (words.PROVISIONAL.in_(language), words.PROVISIONAL_SENTENCE.in_(language))
        found = replace(
            found,
            name=f"{found.name}-{words.PROVISIONAL_NAME.in_(language)}",
            cover=(state, *found.cover),
            metadata={**found.metadata, "provisional": True},
        )
    if choice.whole:
        return found
    said = (CHOICE.in_(language), "; ".join(in_words(seen, choice, language)))
    return replace(
        found,
        name=f"{found.name}-{choice.mark}",
        cover=(*found.cover, said),
        sheets=tuple(_kept(each) for each in found.sheets if _told(each, choice)),
        metadata={**found.metadata, "choice": choice.told},
    )


def in_words(seen: Published, choice: Choice, language: str) -> Iterator[str]:
    """What was chosen, field by field, with names."""
    for name, values in choice.told.items():
        said = ", ".join(_name(seen, name, value, language) for value in values)
        yield (
            f"{FIELD_WORDS[name].in_(language)} : {said}"
            if language == "fr"
            else (f"{FIELD_WORDS[name].in_(language)}: {said}")
        )


def _name(seen: Published, field: str, value: str, language: str) -> str:
    if field == "territory":
        return seen.name(value, language)
    if field == "subject":
        return SUBJECTS[value][0].in_(language)
    if field == "audience":
        return (TOGETHER_WORDS if value == TOGETHER else words.AUDIENCES[value]).in_(language)
    if field == "group":
        return group_words(seen, value).in_(language)
    if field == "wave" and value == NOW:
        return NOW_WORDS.in_(language)
    return value


def group_words(seen: Published, value: str) -> Text:
    """The name of what may be chosen as a group."""
    return EVERYBODY_WORDS if value == EVERYBODY else group_title(seen, value)


def _told(sheet: Sheet, choice: Choice) -> bool:
    """Whether a table still has something to say."""
    if sheet.code in BESIDE:
        if choice.audience or choice.code or choice.wave or choice.group:
            return False
        if choice.subject and BESIDE[sheet.code] not in choice.subject:
            return False
    return any(_says(sheet, row) for row in sheet.rows)


def _kept(sheet: Sheet) -> Sheet:
    if sheet.code != "totals":
        return sheet
    return replace(sheet, rows=tuple(row for row in sheet.rows if _says(sheet, row)))


def _says(sheet: Sheet, row: tuple[Any, ...]) -> bool:
    """Whether a row holds more than the name of its territory."""
    return any(
        value is not None
        for column, value in zip(sheet.columns, row, strict=True)
        if column.name not in ("territory", "territory_name")
    )


def _within(seen: Published, metadata: Any) -> dict[str, Any]:
    """The metadata without counts of territories that are out of reach."""
    reach = {NATION, *seen.places}
    told = dict(metadata)
    for name in ("cells", "weights"):
        if name in told:
            told[name] = [each for each in told[name] if each["territory"] in reach]
    return told
