"""What an indicator is, beside its figures: everything that a reader needs to use them well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flask_babel import gettext as _

from app.domain.frameworks import Component, Indicator
from app.evaluation.tables import What
from app.interchange.comparability_words import COMPARABILITIES
from app.web.evaluators.reading import Reading
from app.web.measure_words import measure_words
from app.workflows.licensing import licence_of

Fact = tuple[str, str]


def exactly(r: Reading, component: Component) -> str:
    """The rule itself, with its base and what counts as no, as the framework has it."""
    return measure_words(component.measure, r.seen.questions.get(component.audience, {}).get)


def metadata(r: Reading, indicator: Indicator) -> list[Fact]:
    """Label and words, in the order of a page."""
    return list(_facts(r, indicator))


def _facts(r: Reading, indicator: Indicator) -> Iterator[Fact]:
    low, high = (r.number(each, 0 if each.is_integer() else 1) for each in indicator.goalposts)
    if indicator.scored:
        yield (
            _("From figure to score"),
            _(
                "A figure of %(low)s makes a score of 0, and %(high)s a score of 100: "
                "higher is better.",
                low=low,
                high=high,
            )
            if indicator.higher_is_better
            else _(
                "A figure of %(low)s makes a score of 100, and %(high)s a score of 0: "
                "lower is better.",
                low=low,
                high=high,
            ),
        )
    weights = ", ".join(_weights(r, indicator.code))
    yield _("Weight in the frameworks"), weights or _("shown, never scored")
    if indicator.target is not None:
        yield _("Target"), r.target(indicator.code)
    yield (
        _("Weighting and intervals"),
        _(
            "Answers have the weights of the sample, brought to known totals where there are any. "
            "Intervals are at 95%: Wilson with the effective number of answers for shares, "
            "Student for means."
        ),
    )
    yield (
        _("Protection"),
        _(
            "A figure rests on %(threshold)s people at least; what would give another one away "
            "is not published either.",
            threshold=r.seen.table.threshold,
        ),
    )
    if compared := _compared(r, indicator.code):
        yield _("Comparability, by territory and audience"), compared
    if who := r.seen.manifest.get("publisher"):
        yield _("Re-use"), licence_of(who, r.language)


def _weights(r: Reading, code: str) -> Iterator[str]:
    """What it weighs in each framework that has it."""
    for framework, weights in r.seen.weights.items():
        if code in weights:
            yield f"{framework} {r.percent(float(weights[code]))}"


def _compared(r: Reading, code: str) -> str:
    """Of how many territories and audiences each verdict was found."""
    counted = Counter(
        seen.verdict
        for seen in r.seen.table.of(What.COMPARABILITY)
        if seen.code == code and seen.territory in r.places
    )
    return ", ".join(
        f"{r.say(text)} ({counted[each.value]})"
        for each, text in COMPARABILITIES.items()
        if counted[each.value]
    )
