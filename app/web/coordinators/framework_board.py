"""The board of a framework's draft: weights with their sums, judges, and a territory's changes.

No score is shown here: weights are agreed on before it is known whom they favour.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.breakdowns import MOST_GROUPS
from app.domain.errors import BadDefinition, BadInput, Fault, NotFound
from app.domain.evidence import Evidence
from app.domain.framework_editing import dimension_weights, indicator_weights, mean_points
from app.domain.framework_tree import named_nodes, places
from app.domain.frameworks import Framework, Relation, global_weights, indicators
from app.domain.permissions import Verb
from app.domain.plain_documents import Raw
from app.storage.accounts import names_of
from app.storage.draft_edits import edits_of
from app.storage.frameworks import published_nationals
from app.web.coordinators.build_sent import Sent
from app.web.coordinators.builder_words import DID
from app.web.coordinators.building import edit_words, faults_of
from app.web.coordinators.definition_words import AUDIENCES, EVIDENCE, RELATIONS, percent
from app.web.coordinators.entry import blueprint
from app.web.coordinators.framework_words import AGGREGATIONS, BROKEN_DOWN_BY, STANDINGS
from app.web.coordinators.frameworks import beside_of, nationals_of
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import editing, weighing_frameworks
from app.workflows.beginning_drafts import begin_from
from app.workflows.edit_act import desk
from app.workflows.examining import examine

BOARD = "/frameworks/drafts/<int:draft_id>/board"
MOST_JUDGES = 20
RULES = ("aggregation", "availability", "margin")


@blueprint.post("/frameworks/<int:version_id>/board")
@enters(Verb.FRAMEWORK_DRAFT)
def board_from(version_id: int) -> ResponseReturnValue:
    """Go on from a published framework, in a draft."""
    draft_id = begin_from(house(), g.actor, "framework", version_id)
    return redirect(url_for(".board", draft_id=draft_id), 303)


@blueprint.get(BOARD)
@enters(Verb.FRAMEWORK_DRAFT)
def board(draft_id: int) -> ResponseReturnValue:
    """Weights, judges and relations of a draft, with what is common with the nation."""
    return _page(draft_id)


def _page(draft_id: int, faults: tuple[Fault, ...] = (), status: int = 200) -> ResponseReturnValue:
    with house().database.read() as session:
        found = desk(session, g.actor, "framework", draft_id)
        nationals = nationals_of(published_nationals(session, g.actor.programme_id))
        edits = edits_of(session, "framework", draft_id)[::-1]
        people = names_of(session, {each.account_id for each in edits if each.account_id})
    if found.row.territory not in g.actor.scope(Verb.FRAMEWORK_DRAFT):
        raise NotFound
    examined = examine(found.row.source, found.around)
    thing = examined.thing
    assert isinstance(thing, Framework)  # the family says so
    national = nationals.get(thing.extends[1]) if thing.extends else None
    judges = found.document.get("methods", {}).get("judges", [])
    page = render_template(
        "coordinators/framework_board.html",
        row=found.row,
        desk=found,
        thing=thing,
        seen=weighing_frameworks.shown_of(found.document),
        dimensions=dimension_weights(found.document),
        titles={each.code: each.title for each in thing.dimensions},
        inner=indicator_weights(found.document),
        added_share=found.document.get("added_share", ""),
        weights=global_weights(thing),
        asked=indicators(national or thing),
        changes={each["indicator"]: each for each in found.document.get("changes", ())},
        territory=bool(thing.extends),
        beside=beside_of(thing, nationals),
        judges=judges,
        means=mean_points(judges) if judges else {},
        findings=examined.findings,
        faults=faults,
        edits=edits[:20],
        people=people,
        edit_words=edit_words,
        did=DID,
        relations={
            each: RELATIONS[each] for each in (Relation.KEPT, Relation.REWEIGHTED, Relation.DROPPED)
        },
        all_relations=RELATIONS,
        evidence=EVIDENCE,
        evidences=Evidence,
        percent=percent,
        own=list(places(found.document)),
        standings=STANDINGS,
        breakdowns=found.document.get("breakdowns", []),
        rules={key: found.document.get(key, "") for key in RULES},
        aggregations=AGGREGATIONS,
        by_words=BROKEN_DOWN_BY,
        most_groups=MOST_GROUPS,
        audiences=AUDIENCES,
        names=named_nodes(found.document),
        languages_of=tuple(found.document["title"]),
        total=sum(map(_number, dimension_weights(found.document).values()), Fraction(0)),
    )
    return page, status


def _number(written: str) -> Fraction:
    try:
        return Fraction(written)
    except (ValueError, ZeroDivisionError):
        return Fraction(0)


def _word(name: str) -> str:
    return request.form.get(name, "").strip().replace(",", ".")


@blueprint.post(f"{BOARD}/weights")
@enters(Verb.FRAMEWORK_DRAFT)
def board_weigh(draft_id: int) -> ResponseReturnValue:
    """Save the weights."""
    said = {
        name.removeprefix("w-"): _word(name)
        for name in request.form
        if name.startswith("w-") and _word(name)
    }
    return done(draft_id, lambda seen: weighing_frameworks.weigh(*who(draft_id), said, seen))


@blueprint.post(f"{BOARD}/judges")
@enters(Verb.FRAMEWORK_DRAFT)
def board_judge(draft_id: int) -> ResponseReturnValue:
    """Save what each judge gave; a row left empty is no judge."""
    codes = request.form.getlist("dimension")
    judges: list[dict[str, str]] = []
    for number in range(MOST_JUDGES):
        points = {code: _word(f"j{number}-{code}") for code in codes}
        if any(points.values()):
            judges.append({code: given or "0" for code, given in points.items()})
    if any(not _plain(given) for judge in judges for given in judge.values()):
        raise NotFound
    return done(draft_id, lambda seen: weighing_frameworks.judge(*who(draft_id), judges, seen))


def _plain(given: str) -> bool:
    return (
        len(given) < 12
        and given.replace(".", "", 1).isascii()
        and given.replace(".", "", 1).isdigit()
    )


@blueprint.post(f"{BOARD}/relation")
@enters(Verb.FRAMEWORK_DRAFT)
def board_relate(draft_id: int) -> ResponseReturnValue:
    """Keep, reweight or drop one national indicator, with the reason and its evidence."""
    form, relation = request.form, request.form.get("relation", "")
    change: dict[str, Any] | None = None
    sent = Sent(form, ("fr", "en"))
    source = sent.line("source")
    if relation in (Relation.REWEIGHTED, Relation.DROPPED):
        change = {
            "indicator": form.get("indicator", ""),
            "relation": relation,
            **({"factor": _word("factor")} if relation == Relation.REWEIGHTED else {}),
            "reason": sent.text("reason"),
            "evidence": form.get("evidence", ""),
            **({"source": source} if source else {}),
        }
    indicator = form.get("indicator", "")
    return done(
        draft_id,
        lambda seen: weighing_frameworks.relate(*who(draft_id), indicator, change, seen),
    )


@blueprint.post(f"{BOARD}/rules")
@enters(Verb.FRAMEWORK_DRAFT)
def board_rule(draft_id: int) -> ResponseReturnValue:
    """Save the rules by which scores are put together and compared."""
    rules = {key: _word(key) for key in RULES}
    return done(draft_id, lambda seen: weighing_frameworks.rule(*who(draft_id), rules, seen))


@blueprint.post(f"{BOARD}/names")
@enters(Verb.FRAMEWORK_DRAFT)
def board_name(draft_id: int) -> ResponseReturnValue:
    """Save titles and descriptions."""
    form = request.form
    titles: dict[str, Raw] = {}
    for code in form.getlist("named"):
        said = {part: _wording(f"{code}-{part}") for part in ("title", "description")}
        titles[code] = {part: words for part, words in said.items() if words or part != "title"}
    return done(draft_id, lambda seen: weighing_frameworks.name(*who(draft_id), titles, seen))


def _wording(name: str) -> dict[str, str]:
    """What was typed under this name in each language; nothing where all are empty."""
    said = {
        field.removeprefix(f"{name}-"): words.strip()
        for field, words in request.form.items()
        if field.startswith(f"{name}-")
    }
    return said if any(said.values()) else {}


@blueprint.post(f"{BOARD}/turn")
@enters(Verb.FRAMEWORK_DRAFT)
def board_turn(draft_id: int) -> ResponseReturnValue:
    """Undo, or redo."""
    back = request.form.get("go") != "redo"
    editing.turn(house(), g.actor, "framework", draft_id, back=back)
    return redirect(url_for(".board", draft_id=draft_id), 303)


def who(draft_id: int) -> tuple[Any, Any, int]:
    """House, account and draft, as acts take them."""
    return house(), g.actor, draft_id


def done(draft_id: int, act: Any) -> ResponseReturnValue:
    """Carry out an edit of a form of the board; the page again with what was wrong."""
    try:
        act(request.form.get("seen", ""))
    except (BadInput, BadDefinition) as refusal:
        return _page(draft_id, faults_of(refusal), 422)
    return redirect(url_for(".board", draft_id=draft_id), 303)
