"""Measures as sentences: how an indicator is computed from answers."""

from __future__ import annotations

from flask_babel import format_percent

from app.domain.frameworks import Gap, Measure, Scale, Series, Share, ShareOfItems
from app.web.condition_words import Asked, condition_words
from app.web.language import gettext as _


def measure_words(measure: Measure, asked: Asked) -> str:
    """One measure in words, base and counting rules included."""
    if isinstance(measure, Series):
        return _(
            "Administrative series %(code)s, from outside the questionnaires.", code=measure.code
        )
    if isinstance(measure, Gap):
        return _(
            "Difference between those for whom %(group)s and the others. %(measure)s",
            group=condition_words(measure.group, asked),
            measure=measure_words(measure.measure, asked),
        )
    if isinstance(measure, Scale):
        return " ".join((_scale_words(measure), *_base_words(measure, asked)))
    said = (
        _share_words(measure, asked) if isinstance(measure, Share) else _items_words(measure, asked)
    )
    return " ".join((said, *_base_words(measure, asked), *_counting_words(measure)))


def _scale_words(measure: Scale) -> str:
    items = ", ".join(
        _("%(item)s reversed", item=item) if item in measure.reversed else item
        for item in measure.items
    )
    return _(
        "Mean score from 0 to 100 over %(items)s, where at least %(share)s of them have a value.",
        items=items,
        share=format_percent(float(measure.minimum)),
    )


def _share_words(measure: Share, asked: Asked) -> str:
    return _("Share of people for whom %(what)s.", what=condition_words(measure.of, asked))


def _items_words(measure: ShareOfItems, asked: Asked) -> str:
    parts = _("; ").join(
        condition_words(part.of, asked)
        if part.when is None
        else _(
            "%(what)s (counted where %(when)s)",
            what=condition_words(part.of, asked),
            when=condition_words(part.when, asked),
        )
        for part in measure.parts
    )
    return _("Mean share of these that hold for a person: %(parts)s.", parts=parts)


def _base_words(measure: Share | Scale | ShareOfItems, asked: Asked) -> list[str]:
    if measure.base is None:
        return []
    return [_("Only people for whom %(base)s.", base=condition_words(measure.base, asked))]


def _counting_words(measure: Share | ShareOfItems) -> list[str]:
    counted = [
        words
        for rule, words in (
            (measure.dont_know, _("don’t know")),
            (measure.not_concerned, _("not concerned")),
            (measure.not_shown, _("not shown")),
        )
        if rule == "no"
    ]
    return [_("Counted as no: %(kinds)s.", kinds=", ".join(counted))] if counted else []
