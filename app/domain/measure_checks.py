"""Whether a measure can be computed from the questionnaires: items, options and scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.condition_checks import QuestionOf, check_condition
from app.domain.conditions import Condition, Counted, parts_of
from app.domain.frameworks import Component, Gap, Measure, Scale, Series, Share, items_of
from app.domain.questionnaire import Audience, Kind, Question, Questionnaire


def check_component(
    component: Component, place: str, questionnaires: Mapping[Audience, Sequence[Questionnaire]]
) -> Iterator[Finding]:
    """What keeps this measure from being computed for its audience."""
    audience = component.audience
    if isinstance(component.measure, Series):
        return
    asked = questionnaires.get(audience)
    if not asked:
        yield finding("audience_missing", place, audience=audience)
        return

    def question_of(item: str) -> Question | None:
        found = (questionnaire.question_by_item.get(item) for questionnaire in asked)
        return next((question for question in found if question is not None), None)

    for item in sorted(items_of(component.measure)):
        if question_of(item) is None:
            yield finding("item_not_asked", place, item=item, audience=audience)
    yield from _conditions(component.measure, place, question_of)
    yield from _scales(component.measure, place, question_of)


def _conditions(measure: Measure, place: str, question_of: QuestionOf) -> Iterator[Finding]:
    for condition in conditions_of(measure):
        for found in check_condition(condition, place, question_of):
            if found.rule != "not_of_empty":  # the measure says itself how the empty count
                yield found
    yield from check_uncounted(measure, place)


def check_uncounted(measure: Measure, place: str) -> Iterator[Finding]:
    """Ages and lengths, which conditions of a path count and no figure does."""
    for condition in conditions_of(measure):
        for part in parts_of(condition):
            if isinstance(part, Counted):
                yield finding("not_measured", place, item=part.item)


def conditions_of(measure: Measure) -> Iterator[Condition]:
    """Every condition that the measure is made of."""
    if isinstance(measure, Series):
        return
    if isinstance(measure, Gap):
        yield measure.group
        yield from conditions_of(measure.measure)
        return
    if measure.base is not None:
        yield measure.base
    if isinstance(measure, Share):
        yield measure.of
    elif not isinstance(measure, Scale):
        for part in measure.parts:
            yield part.of
            if part.when is not None:
                yield part.when


def _scales(measure: Measure, place: str, question_of: QuestionOf) -> Iterator[Finding]:
    scale = measure.measure if isinstance(measure, Gap) else measure
    if not isinstance(scale, Scale):
        return
    for item in scale.items:
        question = question_of(item)
        if question is not None:
            yield from _scored(question, item, place)
    for item in scale.reversed:
        if item not in scale.items:
            yield finding("reversed_elsewhere", place, item=item)


def _scored(question: Question, item: str, place: str) -> Iterator[Finding]:
    scores = {option.score for option in question.options if option.score is not None}
    if question.kind is Kind.CHOICES or len(scores) < 2:
        yield finding("no_scale", place, item=item)
        return
    for option in question.options:
        if option.score is None:
            yield finding("option_without_score", place, item=item, option=option.code)
