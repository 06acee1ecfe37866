"""Frameworks begun on the screens: the nation's first one, and a territory's on the nation's."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadDefinition, BadInput, Fault
from app.domain.new_frameworks import Beginning, Named, measurable
from app.domain.permissions import Verb
from app.domain.questionnaire import Question
from app.domain.text import Text
from app.web.coordinators.building import faults_of
from app.web.coordinators.condition_form import items_asked
from app.web.coordinators.definition_words import AUDIENCES
from app.web.coordinators.entry import blueprint
from app.web.entrance import enters
from app.web.pages import house
from app.workflows.beginning_frameworks import Unbegun, begin_national, begin_own, unbegun

PARTS = ("framework", "dimension", "value", "indicator")
CODES = {"framework": "NAT", "dimension": "D1", "value": "V1", "indicator": "I1"}
_MISSING = (
    Text.of(fr="Il manque un titre.", en="A title is missing."),
    Text.of(fr="Écrivez-le en français au moins.", en="Write it in French at least."),
)
_UNCHOSEN = (
    Text.of(fr="Aucune question n’est choisie.", en="No question is chosen."),
    Text.of(
        fr="Choisissez la question dont l’indicateur lit la réponse.",
        en="Choose the question whose answer the indicator reads.",
    ),
)


@blueprint.get("/frameworks/new")
@enters(Verb.FRAMEWORK_DRAFT)
def framework_begin() -> ResponseReturnValue:
    """Begin: the national framework with one question, or a territory's own on the nation's."""
    return _page()


def _page(faults: tuple[Fault, ...] = (), status: int = 200) -> ResponseReturnValue:
    with house().database.read() as session:
        found = unbegun(session, g.actor)
    page = render_template(
        "coordinators/framework_begin.html",
        national=found.national,
        questions=_questions(found),
        territories=found.territories,
        extends=found.extends,
        audiences=AUDIENCES,
        codes=CODES,
        typed=request.form,
        faults=faults,
    )
    return page, status


def _questions(found: Unbegun) -> dict[str, dict[str, Question]]:
    """By audience, the questions that an indicator can begin with, by code."""
    asked = {
        audience: {each.code: each for each in items_asked(core) if measurable(each)}
        for audience, core in found.cores.items()
    }
    return {audience: several for audience, several in asked.items() if several}


@blueprint.post("/frameworks/new")
@enters(Verb.FRAMEWORK_DRAFT)
def framework_begun() -> ResponseReturnValue:
    """Make the draft, and open the form of its first indicator, or a territory's board."""
    form, title = request.form, _title("framework")
    try:
        if form.get("what") == "own":
            _written({"framework": title})
            draft_id = begin_own(house(), g.actor, form.get("territory", ""), title)
            return redirect(url_for(".board", draft_id=draft_id), 303)
        draft_id, code = _national(title)
    except (BadInput, BadDefinition) as refusal:
        return _page(faults_of(refusal), 422)
    return redirect(url_for(".indicator", draft_id=draft_id, code=code), 303)


def _national(title: Mapping[str, str]) -> tuple[int, str]:
    """The draft, and the code of its indicator. Raises BadInput, BadDefinition."""
    with house().database.read() as session:
        questions = _questions(unbegun(session, g.actor))
    audience, _dot, code = request.form.get("question", "").partition(".")
    question = questions.get(audience, {}).get(code)
    if question is None:
        raise BadInput([Fault("question", *_UNCHOSEN)])
    titles = {part: _title(part) for part in PARTS}
    if not any(titles["indicator"].values()):  # left empty: what is asked
        titles["indicator"] = {tag: question.text.in_(tag) for tag in ("fr", "en")}
    _written(titles)
    languages = [tag for tag, words in title.items() if words]
    named = {
        part: Named(
            request.form.get(f"{part}-code", "").strip(),
            {tag: titles[part].get(tag) or titles[part]["fr"] for tag in languages},
        )
        for part in PARTS
    }
    beginning = Beginning(**named, audience=audience, question=question)
    return begin_national(house(), g.actor, beginning), named["indicator"].code


def _title(part: str) -> dict[str, str]:
    return {tag: request.form.get(f"{part}-title-{tag}", "").strip() for tag in ("fr", "en")}


def _written(titles: Mapping[str, Mapping[str, str]]) -> None:
    missing = [part for part, words in titles.items() if not words["fr"]]
    if missing:
        raise BadInput([Fault(f"{part}-title", *_MISSING) for part in missing])
