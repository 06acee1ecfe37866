"""Questionnaires of FHIR STU3 in the words of R4, which renamed options and conditions."""

from __future__ import annotations

from app.interchange.fhir_resources import Json, listed, text_of


def renamed(root: Json) -> None:
    """Give the items of a questionnaire R4's names, in place; what R4 wrote stays as it is."""
    waiting = listed(root, "item")
    while waiting:
        item = waiting.pop()
        if isinstance(item.get("option"), list) and "answerOption" not in item:
            item["answerOption"] = item.pop("option")
        options = item.get("options")
        if isinstance(options, dict) and "answerValueSet" not in item:
            item["answerValueSet"] = text_of(options.get("reference"))
            del item["options"]
        _conditions(item)
        waiting.extend(listed(item, "item"))


def _conditions(item: Json) -> None:
    """STU3 has no operators, and one of several conditions is enough."""
    older = [when for when in listed(item, "enableWhen") if "operator" not in when]
    for when in older:
        if "hasAnswer" in when:
            when |= {"operator": "exists", "answerBoolean": when.pop("hasAnswer")}
        else:
            when["operator"] = "="
    if older:
        item.setdefault("enableBehavior", "any")
