"""Parts of FHIR items: extensions that are read, controls, conditions as trees."""

from __future__ import annotations

import re
from typing import Any

from app.domain.conditions import as_number
from app.domain.questionnaire import Kind
from app.interchange.fhir_resources import (
    CORE,
    SDC,
    Json,
    extension,
    listed,
    text_of,
    value_in,
)
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name

KINDS: dict[str, Kind] = {
    "boolean": Kind.CHOICE,
    "choice": Kind.CHOICE,
    "open-choice": Kind.CHOICE,
    "coding": Kind.CHOICE,  # R5
    "integer": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "quantity": Kind.NUMBER,
    "date": Kind.DATE,
    "dateTime": Kind.DATE,
    "string": Kind.TEXT,
    "text": Kind.LONG_TEXT,
    "time": Kind.TIME,
    "url": Kind.TEXT,
    "attachment": Kind.FILE,
}
ITEM = frozenset(
    "linkId text _text type prefix _prefix required repeats maxLength enableWhen enableBehavior "
    "answerOption answerValueSet item extension code id initial readOnly".split()
)
FORMAT = f"{CORE}entryFormat"
POINT = "latitude longitude"  # the entry format of a place, which FHIR has no type for
PRECISIONS = {"YYYY-MM": "month", "YYYY": "year"}
HIDDEN = f"{CORE}questionnaire-hidden"
CONTROL = f"{CORE}questionnaire-itemControl"
UNIT = f"{CORE}questionnaire-unit"
UNIT_OPTION = f"{CORE}questionnaire-unitOption"
SCORES = (f"{CORE}ordinalValue", f"{CORE}itemWeight")
EXCLUSIVE = f"{CORE}questionnaire-optionExclusive"
PREFIX = f"{CORE}questionnaire-optionPrefix"
WHEN = f"{SDC}enableWhenExpression"
STEP = f"{CORE}questionnaire-sliderStepValue"
MOST_RATING = 21
MEDIA = f"{CORE}mimeType"
VARIABLE = f"{CORE}variable"
CALCULATED = f"{SDC}calculatedExpression"
WORKED_OUT = (f"{SDC}answerExpression", f"{SDC}candidateExpression")
TOGGLE = f"{SDC}answerOptionsToggleExpression"
READ = frozenset(
    {MEDIA, HIDDEN, CONTROL, UNIT, UNIT_OPTION, WHEN, CALCULATED, TOGGLE}
    | {f"{CORE}{name}" for name in ("minValue", "maxValue", "minLength", "regex")}
    | {f"{CORE}{name}" for name in ("maxDecimalPlaces", "questionnaire-minOccurs")}
    | {f"{CORE}questionnaire-maxOccurs", f"{CORE}questionnaire-choiceOrientation"}
    | {f"{CORE}entryFormat"}
)
QUIET_CONTROLS = frozenset({"radio-button", "check-box", "drop-down", "text-box", "spinner"})
NAMES = {"fr": "Nom ou numéro", "en": "Name or number"}
ANSWERS = {"fr": "Une réponse", "en": "An answer"}
THIS = {"fr": "cette réponse", "en": "this answer"}


def control_of(item: Json) -> str:
    """How the item is to be shown."""
    value = value_in(extension(item, CONTROL))
    codings = listed(value, "coding") if isinstance(value, dict) else []
    return text_of(codings[0].get("code")) if codings else ""


def scale_of(item: Json) -> tuple[str, ...]:
    """The numbers of a slider whose steps are few and whole; none where it is no such."""
    ends = [value_in(extension(item, f"{CORE}{name}")) for name in ("minValue", "maxValue")]
    low, high = (end if isinstance(end, int) else None for end in ends)
    if item.get("type") != "integer" or control_of(item) != "slider" or low is None or high is None:
        return ()
    few = 1 <= high - low < MOST_RATING and low >= -100 and high <= 100
    single = value_in(extension(item, STEP)) in (None, 1)
    return tuple(str(n) for n in range(low, high + 1)) if few and single else ()


def help_of(item: Json) -> str | None:
    """Whether a display item only explains the question that it stands in."""
    if item.get("type") != "display":
        return None
    control = control_of(item)
    if control in ("help", "prompt", "legal", "lower", "upper"):
        return "hint"
    return {"unit": "unit", "flyover": "why"}.get(control)


def codes_of(item: Json) -> str:
    """The concepts that an item stands for, as its source."""
    told = (
        f"{text_of(one.get('system'))}|{text_of(one.get('code'))}" for one in listed(item, "code")
    )
    return re.sub(r"\s+", " ", ", ".join(told))[:500].strip()


def written(when: Json) -> str:
    """A condition as people read it."""
    return f"{when.get('question')} {when.get('operator')} {answer_of(when)}"


def answer_of(when: Json) -> str | None:
    """The answer that a condition compares with."""
    if "answerTime" in when:
        return text_of(when["answerTime"])[:5]
    value: Any = next((v for k, v in when.items() if k.startswith("answer")), None)
    if isinstance(value, dict):
        value = value.get("code") or value.get("value") or value.get("display")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float | str) else None


def tree_of(when: Json) -> Expression:
    """One ``enableWhen`` as a tree: for several answers, = means that one of them is."""
    asked, operator, value = (
        Name(text_of(when.get("question"))),
        when.get("operator"),
        answer_of(when),
    )
    if operator == "exists":
        filled = Call("boolean", (asked,))
        return filled if value == "true" else Call("not", (filled,))
    if value is None or operator not in ("=", "!=", "<", "<=", ">", ">="):
        return Call("unreadable", ())
    if operator in ("=", "!="):
        chosen = Call("selected", (asked, Literal(value)))
        return chosen if operator == "=" else Call("not", (chosen,))
    number = as_number(value)
    return Binary(operator, asked, Literal(value if number is None else f"{number:.12g}"))


def variables_of(root: Json) -> dict[str, str]:
    """The variables of a questionnaire, its groups included: expressions by name."""
    found: dict[str, str] = {}
    waiting = [root]
    while waiting:
        one = waiting.pop()
        for each in listed(one, "extension"):
            value = value_in(each)
            if each.get("url") == VARIABLE and isinstance(value, dict):
                found.setdefault(text_of(value.get("name")), text_of(value.get("expression")))
        waiting.extend(listed(one, "item"))
    return found


def booleans_of(root: Json) -> frozenset[str]:
    """The links of the items that are answered by yes or no."""
    found: set[str] = set()
    waiting = listed(root, "item")
    while waiting:
        one = waiting.pop()
        if one.get("type") == "boolean":
            found.add(text_of(one.get("linkId")))
        waiting.extend(listed(one, "item"))
    return frozenset(found)
