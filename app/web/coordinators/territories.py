"""The territories: the tree at a date, one with its history, and the forms that change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.definitions.files import write_territories_yaml
from app.domain.errors import BadDefinition, BadInput, NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION, Programme, Territory
from app.domain.territory_history import as_of, in_order, merged, part_of, territories_at
from app.storage.database import now
from app.storage.territories import programme_by_id
from app.storage.wave_territories import waves_with
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor
from app.web.coordinators.territory_form import (
    Typed,
    borders,
    description,
    fields_of,
    merger,
    new_territory,
)
from app.web.coordinators.territory_history_words import told
from app.web.entrance import enters
from app.web.pages import house, in_language, problems_of
from app.workflows import territories as acts
from app.workflows.territories import Tree

_ONE = "/territories/<code>"
# what a form does, the permission, and where in the tree it is needed
FORMS: dict[str, Verb] = {
    "describe": Verb.TERRITORY_DESCRIBE,
    "redraw": Verb.TERRITORY_CHANGE,
    "merge": Verb.TERRITORY_CHANGE,
    "end": Verb.TERRITORY_CHANGE,
}


def _day() -> date:
    """The day that was asked for; today where none was, or none that can be read."""
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return now().date()


def may(what: str, code: str) -> bool:
    """Whether who is signed in may send this form about this territory."""
    verb = FORMS[what]
    return actor().may(verb, code if verb is Verb.TERRITORY_DESCRIBE else NATION)


@blueprint.get("/territories")
@enters(Verb.WAVE_VIEW)
def territories() -> ResponseReturnValue:
    """The tree as it stands on a day."""
    tree, day = acts.history(house(), actor()), _day()
    return render_template(
        "coordinators/territories.html",
        rows=list(in_order(territories_at(tree, day))),
        gone=[(each, part_of(tree, each.code, day)) for each in tree.values() if _ended(each, day)],
        coming=[each for each in tree.values() if each.valid_from and each.valid_from > day],
        day=day,
        tree=tree,
        may=actor().may(Verb.TERRITORY_CHANGE, NATION),
        done=request.args.get("done"),
    )


def _ended(territory: Territory, day: date) -> bool:
    return territory.valid_to is not None and territory.valid_to < day


@blueprint.get("/territories.yaml")
@enters(Verb.WAVE_VIEW)
def territories_file() -> ResponseReturnValue:
    """Every territory with its history, as a file that can be imported."""
    with house().database.read() as session:
        row = programme_by_id(session, actor().programme_id)
    if row is None:
        raise NotFound
    tree = acts.history(house(), actor())
    text = write_territories_yaml(
        Programme(row.code, actor().programme_title, tuple(tree.values()))
    )
    headers = {"Content-Disposition": 'attachment; filename="territories.yaml"'}
    return Response(text, mimetype="application/yaml", headers=headers)


@blueprint.get(_ONE)
@enters(Verb.WAVE_VIEW)
def territory(code: str) -> ResponseReturnValue:
    """One territory: as it stands, what changed, and the waves that were opened with it."""
    return _page(code)


def _page(code: str, problem: str = "", status: int = 200) -> ResponseReturnValue:
    tree, day = acts.history(house(), actor()), _day()
    found = _found(tree, code)
    with house().database.read() as session:
        waves = waves_with(session, actor().programme_id, code)
    page = render_template(
        "coordinators/territory.html",
        place=found,
        state=as_of(found, day),
        day=day,
        tree=tree,
        told=told(tree, found),
        merged=merged(tree, code),
        waves=waves,
        forms=[what for what in FORMS if may(what, code)],
        may=actor().may(Verb.TERRITORY_CHANGE, NATION),
        seen=acts.seen(found),
        problem=problem,
        done=request.args.get("done"),
    )
    return page, status


def _found(tree: Tree, code: str) -> Territory:
    if code not in tree:
        raise NotFound
    return tree[code]


def _problems(tree: Tree, refusal: BadInput | BadDefinition) -> dict[str, str]:
    """What is to be mended, by field; what the tree forbids stands at the day."""
    if isinstance(refusal, BadInput):
        return problems_of(refusal)
    said = (
        f"{in_language(tree[each.place].name) if each.place in tree else each.place} – "
        f"{in_language(each.message)} {in_language(each.remedy)}"
        for each in refusal.findings
    )
    return {"day": " ".join(said)}


def terms_of(tree: Tree) -> tuple[str, ...]:
    """Every name that texts may use, in the order in which territories give them."""
    return tuple(dict.fromkeys(name for each in tree.values() for name in each.terms))


def _form(
    what: str,
    tree: Tree,
    found: Territory | None,
    said: dict[str, Any],
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    others = territories_at(tree, now().date())
    page = render_template(
        "coordinators/territory_form.html",
        what=what,
        place=found,
        said=said,
        terms=terms_of(tree),
        others=[
            (code, each.name)
            for code, each in others.items()
            if (found is None or code != found.code) and (what != "merge" or code != NATION)
        ],
        seen=acts.seen(found) if found else "",
        problems=problems or {},
    )
    return page, status


@blueprint.get("/territories/new")
@enters(Verb.TERRITORY_CHANGE)
def territory_new() -> ResponseReturnValue:
    """The form that adds one."""
    return _form("add", acts.history(house(), actor()), None, {"parent": NATION})


@blueprint.post("/territories/new")
@enters(Verb.TERRITORY_CHANGE)
def territory_add() -> ResponseReturnValue:
    """Add it, or say what is to be mended."""
    tree = acts.history(house(), actor())
    typed = Typed(request.form)
    try:
        made = new_territory(typed, terms_of(tree))
        acts.add_territory(house(), actor(), made)
    except (BadInput, BadDefinition) as refusal:
        return _form("add", tree, None, typed.fields, _problems(tree, refusal), 422)
    return redirect(url_for(".territory", code=made.code, done="add"), 303)


@blueprint.get(f"{_ONE}/<any(describe, redraw, merge, end):what>")
@enters(Verb.TERRITORY_DESCRIBE)
def territory_form(code: str, what: str) -> ResponseReturnValue:
    """One of the forms, filled in with what holds today."""
    tree = acts.history(house(), actor())
    found = _found(tree, code)
    if not may(what, code):
        raise NotFound
    return _form(what, tree, found, fields_of(as_of(found, now().date())))


@blueprint.post(f"{_ONE}/<any(describe, redraw, merge, end):what>")
@enters(Verb.TERRITORY_DESCRIBE)
def territory_change(code: str, what: str) -> ResponseReturnValue:
    """Do what the form says, or say what is to be mended."""
    tree = acts.history(house(), actor())
    found, typed = _found(tree, code), Typed(request.form)
    try:
        _SENT[what](found, typed, terms_of(tree))
    except (BadInput, BadDefinition) as refusal:
        return _form(what, tree, found, typed.fields, _problems(tree, refusal), 422)
    return redirect(url_for(".territory", code=code, done=what), 303)


def _describe(found: Territory, typed: Typed, terms: tuple[str, ...]) -> None:
    change = description(typed, found, terms)
    acts.describe_territory(house(), actor(), found.code, change, typed.word("seen"))


def _redraw(found: Territory, typed: Typed, _terms: tuple[str, ...]) -> None:
    acts.redraw_territory(house(), actor(), found.code, borders(typed, found), typed.word("seen"))


def _merge(found: Territory, typed: Typed, _terms: tuple[str, ...]) -> None:
    acts.merge_territory(house(), actor(), found.code, merger(typed), typed.word("seen"))


def _end(found: Territory, typed: Typed, _terms: tuple[str, ...]) -> None:
    last_day, note = typed.day("day"), typed.text("note")
    typed.checked()
    acts.end_territory(house(), actor(), found.code, last_day, note, typed.word("seen"))


_SENT: dict[str, Callable[[Territory, Typed, tuple[str, ...]], None]] = {
    "describe": _describe,
    "redraw": _redraw,
    "merge": _merge,
    "end": _end,
}


@blueprint.post(f"{_ONE}/take-back")
@enters(Verb.TERRITORY_CHANGE)
def territory_take_back(code: str) -> ResponseReturnValue:
    """Undo what is dated from a day on."""
    typed = Typed(request.form)
    try:
        day = typed.day("day")
        typed.checked()
        acts.take_back(house(), actor(), code, day, typed.word("seen"))
    except (BadInput, BadDefinition) as refusal:
        said = _problems(acts.history(house(), actor()), refusal)
        return _page(code, " ".join(said.values()), 422)
    return redirect(url_for(".territory", code=code, done="take_back"), 303)
