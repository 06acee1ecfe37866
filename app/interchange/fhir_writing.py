"""Questionnaires as FHIR R4 Questionnaire resources (JSON), with the usual part of SDC."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.conditions import Condition
from app.domain.questionnaire import (
    NAME_LENGTH,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Required,
)
from app.domain.text import EVERY, Text
from app.interchange.accepted_files import media_of
from app.interchange.export_losses import bare, say_losses, whole_battery
from app.interchange.fhir_bounds import bounds_of, control
from app.interchange.fhir_conditions import (
    NotSaid,
    clauses,
    enabled,
    groups_of,
    is_boolean,
    is_scale,
)
from app.interchange.fhir_limits import ADDRESS
from app.interchange.fhir_parts import MEDIA, WHEN
from app.interchange.fhir_paths import path_of
from app.interchange.fhir_resources import CORE, TRANSLATION
from app.interchange.import_report import ImportReport

Json = dict[str, Any]
_TYPES = {
    Kind.CHOICE: "choice",
    Kind.CHOICES: "choice",
    Kind.RATING: "choice",
    Kind.TEXT: "string",
    Kind.LONG_TEXT: "text",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.PLACE: "string",  # FHIR asks for none
    Kind.FILE: "attachment",
    Kind.INFORMATION: "display",
}

MOST_GROUPS = 2  # around an item, for the further alternatives of its condition
# FHIR's rule for texts has no unbreakable spaces, and its validators refuse them
_SPACES = str.maketrans("\u00a0\u202f", "  ")


def write_fhir(questionnaire: Questionnaire, report: ImportReport) -> bytes:
    """The resource as JSON; what it has no place for is said in ``report``."""
    say_losses(questionnaire, report)
    writer = _Writer(questionnaire, report)
    root: Json = {
        "resourceType": "Questionnaire",
        "id": questionnaire.code.replace("_", "-"),
        "language": questionnaire.fallback,
        "name": questionnaire.code,
        **writer.text("title", questionnaire.title),
        "status": "draft",
        "subjectType": ["Patient"],
        **writer.text("description", questionnaire.introduction),
        **writer.text("publisher", questionnaire.source),
    }
    if questionnaire.licence:
        root["copyright"] = questionnaire.licence
    root["item"] = [
        {
            "linkId": f"section.{section.code}",
            **writer.text("text", section.title),
            "type": "group",
            "item": [item for page in section.pages for item in writer.page(page)],
        }
        for section in questionnaire.sections
    ]
    written = json.dumps(root, ensure_ascii=False, indent=1).translate(_SPACES)
    return f"{written}\n".encode()


@dataclass
class _Writer:
    questionnaire: Questionnaire
    report: ImportReport

    def text(self, name: str, text: Text) -> Json:
        """An element with its translations; nothing where there are no words."""
        words = bare(text).as_dict()
        own = words.pop(EVERY, words.pop(self.questionnaire.fallback, None))
        if own is None and not words:
            return {}
        found: Json = {} if own is None else {name: own}
        if words:
            found[f"_{name}"] = {
                "extension": [
                    {
                        "url": TRANSLATION,
                        "extension": [
                            {"url": "lang", "valueCode": tag},
                            {"url": "content", "valueString": wording},
                        ],
                    }
                    for tag, wording in words.items()
                ]
            }
        return found

    def page(self, page: Page) -> Iterable[Json]:
        for question in page.questions:
            if question.of_list:
                continue
            if question.kind is Kind.BATTERY:
                parts = whole_battery(self.questionnaire, question)
                if parts[0] is question:
                    yield self.battery(question, parts)
            elif question.kind is Kind.LIST:
                yield self.repeated(question)
            else:
                yield self.conditional(question, self.question(question))

    def conditional(self, question: Question, item: Json) -> Json:
        """The item with its condition."""
        if question.shown_when is None:
            return item
        asked = self.questionnaire.question_by_item
        return self._when(question.code, question.shown_when, asked, item)

    def _when(
        self, code: str, condition: Condition, asked: Mapping[str, Question], item: Json
    ) -> Json:
        """The item with its condition, in FHIRPath where groups around it would be too many."""
        try:
            wanted = clauses(condition, asked)
        except NotSaid:
            wanted = []
        if wanted and groups_of(wanted) <= MOST_GROUPS:
            return enabled(item, wanted)
        try:
            said = {"language": "text/fhirpath", "expression": path_of(condition, asked)}
        except NotSaid:
            self.report.unsupported(code, "condition", "out_lost", what="shown_when")
            return item
        own = {"url": WHEN, "valueExpression": said}
        return {**item, "extension": [*item.get("extension", ()), own]}

    def battery(self, question: Question, parts: tuple[Question, ...]) -> Json:
        rows = []
        for row in (row for part in parts for row in part.rows):
            asked = Question(
                row.code,
                Kind.CHOICE,
                row.text,
                options=question.options,
                required=question.required,
                shown_when=row.shown_when,
            )
            rows.append(self.conditional(asked, self.question(asked)))
        group: Json = {
            "linkId": question.code,
            **self.text("text", question.text),
            "type": "group",
            "extension": [control("list")],
            "item": [*self.help(question), *rows],
        }
        return self.conditional(question, group)

    def repeated(self, question: Question) -> Json:
        name: Json = {
            "linkId": f"{question.code}.name",
            **self.text("text", question.name),
            "type": "string",
            "maxLength": NAME_LENGTH,
        }
        each = [self._of_each(one) for one in question.each]
        group: Json = {
            "linkId": question.code,
            **self.text("text", question.text),
            "type": "group",
            "repeats": True,
            "extension": [{"url": f"{CORE}questionnaire-maxOccurs", "valueInteger": question.most}],
            "item": [*self.help(question), name, *each],
        }
        return self.conditional(question, group)

    def _of_each(self, one: Question) -> Json:
        """A question of a list: what it reads of its own list cannot be named outside it."""
        item = self.question(one)
        if one.shown_when is None:
            return item
        own = {q.code: q for listed in self.questionnaire.questions for q in listed.each}
        asked = {**self.questionnaire.question_by_item, **own}
        return self._when(one.code, one.shown_when, asked, item)

    def question(self, question: Question) -> Json:
        """The item of a question, without its condition."""
        item: Json = {
            "linkId": question.code,
            **self.text("text", question.text),
            "type": self._type(question),
        }
        if question.required is Required.HARD:
            item["required"] = True
        if question.kind is Kind.CHOICES:
            item["repeats"] = True
        if question.limits.max_length is not None:
            item["maxLength"] = question.limits.max_length
        extensions = [*self._limits(question), *self._unit(question)]
        if extensions:
            item["extension"] = extensions
        if question.options and not is_boolean(question) and not is_scale(question):
            offered = [option for option in question.options if not option.closed]
            if any(option.shown_when is not None for option in offered):
                what = "options: shown_when"
                self.report.unsupported(question.code, "options", "out_lost", what=what)
            item["answerOption"] = [self._option(option) for option in offered]
        inner = self.help(question)
        return {**item, "item": inner} if inner else item

    def _type(self, question: Question) -> str:
        if question.kind is Kind.PLACE or question.scan:
            what = "type: place" if question.kind is Kind.PLACE else "scan"
            self.report.unsupported(question.code, "type", "out_lost", what=what)
        if is_boolean(question):
            return "boolean"
        if question.kind is Kind.NUMBER:
            return "decimal" if question.limits.decimals else "integer"
        if any(option.specify for option in question.options):
            return "open-choice"
        if is_scale(question):
            return "integer"
        if question.kind is Kind.TEXT and question.limits.pattern == ADDRESS:
            return "url"
        return _TYPES[question.kind]

    def _option(self, option: Option) -> Json:
        extensions: list[Json] = []
        if option.score is not None:
            score = int(option.score) if option.score.is_integer() else option.score
            extensions.append({"url": f"{CORE}ordinalValue", "valueDecimal": score})
        coding: Json = {"code": option.code, **self.text("display", option.text)}
        found: Json = {"valueCoding": coding}
        if extensions:
            coding["extension"] = extensions
        if option.exclusive:
            url = f"{CORE}questionnaire-optionExclusive"
            found["extension"] = [{"url": url, "valueBoolean": True}]
        return found

    def _limits(self, question: Question) -> Iterable[Json]:
        limits = question.limits
        if limits.compare or limits.pattern_text.wordings:
            what = "compare" if limits.compare else "pattern_text"
            self.report.unsupported(question.code, "limits", "out_lost", what=what)
        if is_scale(question):
            yield control("slider")
        yield from bounds_of(question)
        for media in media_of(question.accepts) if question.accepts else ():
            yield {"url": MEDIA, "valueCode": media}

    def _unit(self, question: Question) -> Iterable[Json]:
        if question.unit.wordings:
            coding = self.text("display", question.unit)
            yield {"url": f"{CORE}questionnaire-unit", "valueCoding": coding}

    def help(self, question: Question) -> list[Json]:
        """What stands beside the question: the hint, and why it is asked."""
        found = []
        for name, text, shown in (
            ("hint", question.hint, "help"),
            ("why", question.why_we_ask, "flyover"),
        ):
            if text.wordings:
                found.append(
                    {
                        "linkId": f"{question.code}.{name}",
                        **self.text("text", text),
                        "type": "display",
                        "extension": [control(shown)],
                    }
                )
        return found
