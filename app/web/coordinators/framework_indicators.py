"""One indicator of a framework's draft, in a form: written, adapted, added, moved, retired."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.definitions.plain_source import document_in
from app.domain import framework_tree
from app.domain.checks import Finding
from app.domain.errors import BadDefinition, BadInput, Conflict, Fault, NotFound
from app.domain.evidence import Evidence
from app.domain.framework_tree import Standing, places
from app.domain.permissions import Verb
from app.domain.plain_documents import Raw, at
from app.domain.questionnaire import Audience
from app.storage.frameworks import published_nationals
from app.web.condition_words import asked_in, condition_words
from app.web.coordinators.builder_words import RELATIONS
from app.web.coordinators.building import faults_of
from app.web.coordinators.condition_form import by_code, items_asked
from app.web.coordinators.definition_words import AUDIENCES, EVIDENCE
from app.web.coordinators.entry import blueprint
from app.web.coordinators.framework_board import BOARD
from app.web.coordinators.framework_words import COUNTED, MEASURES, STANDINGS, field_words
from app.web.coordinators.indicator_form import indicator_sent, said_sent
from app.web.coordinators.indicator_place import added_where, homes_of, new_standing
from app.web.coordinators.measure_form import MeasureShown, shown
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import writing_indicators
from app.workflows.edit_act import Desk, desk
from app.workflows.examining import examine

_ENTRY = re.compile(
    r"(dimensions\[\d+\]\.values\[\d+\]\.indicators\[\d+\]|changes\[\d+\](\.as)?"
    r"|added\[\d+\](\.indicator)?|ledger\[\d+\])\."
)
_FIELD = {
    "goalposts": "goalposts",
    "no_reason": "reason",
    "no_source": "source",
    **dict.fromkeys(("code_twice", "code_syntax", "own_code_is_national"), "code"),
    **dict.fromkeys(
        (
            "gap_scored",
            "audience_missing",
            "item_not_asked",
            "reversed_elsewhere",
            "no_scale",
            "option_without_score",
        ),
        "measure",
    ),
}


@dataclass(frozen=True)
class Sheet:
    """An indicator as its form shows it. ``code``: as stored; empty: it is new."""

    code: str
    standing: Standing
    indicator: Raw
    entry: Raw  # what holds its reason, evidence and source
    seen: str = ""
    adapts: str = ""  # the national code that it stands for
    where: str = ""
    faults: tuple[Fault, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)  # of a new value or dimension
    overtaken: bool = False  # somebody else changed it while this was typed

    def told(self, key: str) -> list[Fault]:
        """What is wrong with one field, or with what stands in it."""
        return [
            f for f in self.faults if f.place == key or f.place.startswith((f"{key}.", f"{key}["))
        ]


def _desk(draft_id: int) -> Desk:
    with house().database.read() as session:
        found = desk(session, g.actor, "framework", draft_id)
    if found.row.territory not in g.actor.scope(Verb.FRAMEWORK_DRAFT):
        raise NotFound
    return found


@blueprint.get(f"{BOARD}/indicators/<code>")
@enters(Verb.FRAMEWORK_DRAFT)
def indicator(draft_id: int, code: str) -> ResponseReturnValue:
    """The form of one indicator, with what the check says in place."""
    found = _desk(draft_id)
    return _page(found, _stored(found, code))


def _stored(found: Desk, code: str) -> Sheet:
    place = framework_tree.place(found.document, code)
    entry = at(found.document, place.entry)
    findings = examine(found.row.source, found.around).findings
    adapts = entry["indicator"] if place.standing == "adapted" else ""
    return Sheet(
        code,
        place.standing,
        place.indicator,
        entry,
        writing_indicators.seen_of(found.document, code),
        adapts,
        faults=tuple(_located(each) for each in findings if each.place in (code, adapts)),
    )


def _located(found: Finding) -> Fault:
    return Fault(_FIELD.get(found.rule, "title"), found.message, found.remedy)


def _page(found: Desk, sheet: Sheet, status: int = 200) -> ResponseReturnValue:
    languages = tuple(found.document["title"])
    asked = found.around.asked_in(found.row.territory)
    known = asked_in(each for several in asked.values() for each in several)
    page = render_template(
        "coordinators/framework_indicator.html",
        row=found.row,
        sheet=sheet,
        shown={"languages": languages},
        measures=[(each, _measure(sheet, each, asked)) for each in Audience],
        homes=homes_of(found.document, found.around),
        national="dimensions" in found.document,
        first_own=not found.document.get("added_share"),
        evidences={each: EVIDENCE[each] for each in Evidence},
        audiences=AUDIENCES,
        kinds=MEASURES,
        counted=COUNTED,
        standings=STANDINGS,
        relations=RELATIONS,
        field_words=field_words,
        in_words=lambda condition: condition_words(condition, known),
    )
    return page, status


def _measure(sheet: Sheet, audience: Audience, asked: Mapping[Audience, Any]) -> MeasureShown:
    items = tuple(
        each for questionnaire in asked.get(audience, ()) for each in items_asked(questionnaire)
    )
    written = sheet.indicator.get("measure", {}).get(audience.value)
    return shown(audience.value, written, items, by_code(items))


@blueprint.post(f"{BOARD}/indicators/<code>")
@enters(Verb.FRAMEWORK_DRAFT)
def indicator_save(draft_id: int, code: str) -> ResponseReturnValue:
    """Save what was typed; another button shows the fields that it asks for, and saves nothing."""
    found = _desk(draft_id)
    stored = _stored(found, code)
    languages = tuple(found.document["title"])
    made = indicator_sent(request.form, languages, stored.standing)
    said = said_sent(request.form, languages) if stored.code and _reasoned(stored) else {}
    seen = request.form.get("seen", "")
    typed = replace(stored, indicator=made, entry={**stored.entry, **said}, seen=seen, faults=())
    if request.form.get("go") != "save":
        return _page(found, typed)
    try:
        writing_indicators.say_indicator(house(), g.actor, draft_id, code, made, said, seen)
    except Conflict:
        return _page(found, replace(typed, overtaken=True), 409)
    except (BadInput, BadDefinition) as refusal:
        return _page(found, replace(typed, faults=_inside(faults_of(refusal))), 422)
    return redirect(url_for(".indicator", draft_id=draft_id, code=made["code"]), 303)


def _reasoned(sheet: Sheet) -> bool:
    """Whether the territory says why: of what it adapts or adds, not of what is only shown."""
    return sheet.standing in ("adapted", "added")


def _inside(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The same faults, at their place within the indicator."""
    return tuple(replace(each, place=_ENTRY.sub("", each.place, count=1)) for each in faults)


@blueprint.get(f"{BOARD}/new-indicator")
@enters(Verb.FRAMEWORK_DRAFT)
def indicator_new(draft_id: int) -> ResponseReturnValue:
    """An empty form; or a territory's own measure beside a national indicator (``adapts``)."""
    found = _desk(draft_id)
    adapts = request.args.get("adapts", "")
    languages = tuple(found.document["title"])
    blank = dict.fromkeys(languages, "")
    if not adapts:
        standing: Standing = "national" if "dimensions" in found.document else "added"
        return _page(found, Sheet("", standing, {"code": "", "title": blank}, {}))
    begun = _of_nation(found, adapts)
    begun = {key: value for key, value in begun.items() if key not in ("weight", "evidence")}
    begun |= {"code": f"{adapts}_{found.row.territory}"[:32]}
    return _page(found, Sheet("", "adapted", begun, {}, adapts=adapts))


def _of_nation(found: Desk, code: str) -> Raw:
    """The national indicator as the version that the draft extends says it. Raises NotFound."""
    if "extends" not in found.document:
        raise NotFound
    number = str(found.document["extends"]["number"])
    with house().database.read() as session:
        rows = published_nationals(session, g.actor.programme_id)
    source = next((row.source for row in rows if str(row.number) == number), None)
    if source is None:
        raise NotFound
    return framework_tree.place(document_in(source).data, code).indicator


@blueprint.post(f"{BOARD}/new-indicator")
@enters(Verb.FRAMEWORK_DRAFT)
def indicator_add(draft_id: int) -> ResponseReturnValue:
    """Add it where the form says."""
    found, form = _desk(draft_id), request.form
    languages = tuple(found.document["title"])
    adapts, where = form.get("adapts", ""), form.get("where", "")
    if adapts:
        _of_nation(found, adapts)
    standing = new_standing(found.document, where, adapts)
    made = indicator_sent(form, languages, standing)
    said = said_sent(form, languages)
    typed = Sheet("", standing, made, said, "", adapts, where, typed=form)
    if form.get("go") != "save":
        return _page(found, typed)
    change = added_where(form, languages, made, said)
    try:
        writing_indicators.write(house(), g.actor, draft_id, "add", made["code"], change)
    except (BadInput, BadDefinition) as refusal:
        return _page(found, replace(typed, faults=_inside(faults_of(refusal))), 422)
    return redirect(url_for(".indicator", draft_id=draft_id, code=made["code"]), 303)


@blueprint.post(f"{BOARD}/indicators/<code>/act")
@enters(Verb.FRAMEWORK_DRAFT)
def indicator_act(draft_id: int, code: str) -> ResponseReturnValue:
    """Earlier, later, or measured no more."""
    found, action = _desk(draft_id), request.form.get("go", "")
    if code not in {each.code for each in places(found.document)}:
        raise NotFound
    if action in ("up", "down"):
        step = -1 if action == "up" else 1
        writing_indicators.write(
            house(),
            g.actor,
            draft_id,
            "move",
            code,
            lambda document: framework_tree.indicator_moved(document, code, step),
        )
        return redirect(url_for(".indicator", draft_id=draft_id, code=code), 303)
    if action != "retire":
        raise NotFound
    try:
        writing_indicators.write(
            house(),
            g.actor,
            draft_id,
            "retire",
            code,
            lambda document: framework_tree.indicator_removed(document, code),
        )
    except (BadInput, BadDefinition) as refusal:
        stored = _stored(found, code)
        return _page(found, replace(stored, faults=_inside(faults_of(refusal))), 422)
    return redirect(url_for(".board", draft_id=draft_id), 303)
