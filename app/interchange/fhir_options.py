"""Options of FHIR items, with their scores and translations; units."""

from __future__ import annotations

from dataclasses import replace

from app.domain.questionnaire import Kind, Option
from app.domain.text import NO_TEXT, Text
from app.interchange.fhir_parts import (
    EXCLUSIVE,
    KINDS,
    PREFIX,
    SCORES,
    UNIT,
    UNIT_OPTION,
    WORKED_OUT,
    help_of,
    scale_of,
)
from app.interchange.fhir_resources import (
    Choice,
    Json,
    Resources,
    Wordings,
    extension,
    listed,
    text_of,
    value_in,
)
from app.interchange.fhir_value_sets import choices_of
from app.interchange.foreign_names import Names
from app.interchange.lss_words import built_in


def options_of(
    resources: Resources, wordings: Wordings, item: Json, place: str
) -> tuple[tuple[Option, ...], dict[str, str]]:
    """The options of an item, and our codes by those of the file."""
    form = text_of(item.get("type"))
    if form == "boolean":
        words = (("true", "Y"), ("false", "N"))
        pairs = [(c, Text.of(built_in(w, wordings.languages))) for c, w in words]
        return tuple(Option(c, w) for c, w in pairs), {"true": "true", "false": "false"}
    if steps := scale_of(item):
        said = [Text.of(dict.fromkeys(wordings.languages, step)) for step in steps]
        rated = zip(steps, said, strict=True)
        return tuple(Option(n, words, float(n)) for n, words in rated), {n: n for n in steps}
    found, missing = choices_of(item, resources)
    if missing or not found:
        _without_options(wordings, item, place, missing)
        return (), {}
    names, codes, options = Names(options=True), dict[str, str](), list[Option]()
    for choice in found:
        if choice.key in codes or not choice.key:
            wordings.report.approximated(place, "options", "option_twice", name=choice.key)
            continue
        codes[choice.key] = names.code(choice.key)
        options.append(option(wordings, choice, codes[choice.key], place))
    if form == "open-choice" or item.get("answerConstraint") == "optionsOrString":
        options = _with_other(wordings, options, names)
    if len(options) == 1:
        wordings.report.approximated(place, "look", "one_option")
    return tuple(options), codes


def _without_options(wordings: Wordings, item: Json, place: str, missing: str) -> None:
    """Say why nothing is offered where something could be."""
    form = text_of(item.get("type"))
    worked_out = any(extension(item, url) is not None for url in WORKED_OUT)
    if not missing and form == "open-choice" and not worked_out:
        wordings.report.approximated(place, "look", "options_none")
    elif missing or KINDS.get(form, Kind.CHOICE) is Kind.CHOICE:
        wordings.report.unsupported(place, "options", "options_missing", name=missing or "-")


def _with_other(wordings: Wordings, options: list[Option], names: Names) -> list[Option]:
    """A field beside the option that says so already, or beside one more."""
    if any(each.code == "other" for each in options):
        return [replace(each, specify=each.code == "other") for each in options]
    words = Text.of(built_in("other", wordings.languages))
    return [*options, Option(names.code("other"), words, specify=True)]


def option(wordings: Wordings, choice: Choice, code: str, place: str) -> Option:
    """One option, with its score."""
    text = wordings.text(place, choice.holder, choice.word)
    if not text.wordings:
        text = same(wordings, choice.key)
    score, exclusive = None, False
    for one in choice.extensions:
        value = value_in(one)
        if one.get("url") in SCORES and isinstance(value, int | float):
            score = float(value)
        elif one.get("url") == EXCLUSIVE:
            exclusive = value is True
        elif one.get("url") == PREFIX and isinstance(value, str):
            text = Text(tuple((t, f"{value} {words}") for t, words in text.wordings))
        else:
            name = text_of(one.get("url")).rpartition("/")[2]
            wordings.report.unsupported(place, "look", "extension", name=name)
    if code != choice.key:
        wordings.report.approximated(place, "look", "option_renamed", name=choice.key, code=code)
    return Option(code, text, score, exclusive)


def same(wordings: Wordings, wording: str) -> Text:
    """The same words in every language."""
    return Text(tuple((tag, wording) for tag in wordings.languages))


def unit_of(wordings: Wordings, item: Json, place: str) -> Text:
    """The unit of a number, from wherever the item says it."""
    coding = value_in(extension(item, UNIT)) or value_in(extension(item, UNIT_OPTION))
    if isinstance(coding, dict):
        found = wordings.text(place, coding, "display")
        return found if found.wordings else same(wordings, text_of(coding.get("code")) or "…")
    for child in listed(item, "item"):
        if help_of(child) == "unit":
            return wordings.text(place, child, "text")
    initial = listed(item, "initial")
    quantity = initial[0].get("valueQuantity") if initial else None
    unit = text_of(quantity.get("unit")) if isinstance(quantity, dict) else ""
    return same(wordings, unit) if unit else NO_TEXT
