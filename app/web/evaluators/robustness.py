"""Does a verdict depend on how it was computed? Every admissible method, tried."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.method_choices import LISTS, listed
from app.domain.permissions import Verb
from app.evaluation.tables import Observation, What
from app.interchange.figure_words import METHOD_LISTS
from app.web.charts import Chart, Mark, Row, Tone, draw
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.pictures import described, scale_of
from app.web.evaluators.reading import Reading
from app.web.evaluators.variants import pair_of
from app.workflows.method_words import CHOICES, LIST_NAMES
from app.workflows.variant_sheets import variants_of

Admitted = tuple[tuple[str, str], ...]  # lists of choices: name, what it admits
KEEPS = 0.95  # of the methods: below, a verdict depends on the method


@blueprint.get("/<int:release_id>/robustness")
@enters(Verb.RELEASE_VIEW)
@kept
def robustness(release_id: int) -> ResponseReturnValue:
    """In how many admissible methods the standing shift keeps its sign, and what turns it.

    ``?one=…&other=…``: two variants whose orders are put beside each other.
    """
    r = reading_of(release_id)
    tried = [place for place in r.places if r.own(place, What.METHOD_SHARE) is not None]
    return page(
        "robustness.html",
        r,
        lede=_lede(r, tried),
        tried=tried,
        chart=_shares(r, tried) if tried else None,
        lists=[name for name in LISTS if any(_sobol(r, place, name) for place in tried)],
        names={name: r.say(text) for name, text in LIST_NAMES.items()},
        sobol=lambda place, name: _sobol(r, place, name),
        admitted=_admitted(r),
        variants=variants_of(r.seen),
        pair=pair_of(r, request.args.get("one", ""), request.args.get("other", "")),
        KEEPS=KEEPS,
        What=What,
    )


def _lede(r: Reading, tried: list[str]) -> str:
    if not tried:
        return str(
            _("No framework of this release lists other admissible methods: none was tried.")
        )
    shares = [seen for place in tried if (seen := r.own(place, What.METHOD_SHARE))]
    turned = sum(seen.value is not None and seen.value < KEEPS for seen in shares)
    if not turned:
        return str(_("Under every admissible method each territory moves the same way."))
    return str(
        ngettext(
            "For %(num)d territory of %(whole)s the answer depends on the method.",
            "For %(num)d territories of %(whole)s the answer depends on the method.",
            turned,
            whole=len(tried),
        )
    )


def _sobol(
    r: Reading, place: str, name: str
) -> tuple[Observation | None, Observation | None] | None:
    first, total = (r.own(place, What.SOBOL, f"{order}.{name}") for order in ("first", "total"))
    return None if first is None and total is None else (first, total)


def _shares(r: Reading, tried: list[str]) -> Chart:
    """The share of methods that keep the sign, in percent, with the line it must reach."""
    rows = []
    for place in tried:
        seen = r.own(place, What.METHOD_SHARE)
        marks: tuple[Mark, ...] = ()
        if seen is not None and seen.shown and seen.value is not None:
            holds = seen.value >= KEEPS
            tone: Tone = "nation" if holds else "own"
            marks = (Mark(round(100 * seen.value, 1), tone=tone, filled=True),)
        rows.append(Row(r.name(place), marks, ((r.value(seen), _turner(r, place)),)))
    title = _("Share of the admissible methods in which the shift keeps its sign")
    scale = scale_of(
        r,
        rows,
        within=(0, 100),
        reference=(100 * KEEPS, _("holds from %(share)s on", share=r.percent(KEEPS))),
    )
    return draw("methods", title, described(r, rows), rows, scale, mention=r.mention)


def _turner(r: Reading, place: str) -> str:
    """The list of choices that most turns the sign, if any does."""
    found = {
        name: pair[1].value or 0.0
        for name in LISTS
        if (pair := _sobol(r, place, name)) and pair[1] is not None and pair[1].shown
    }
    most = max(found, key=lambda name: found[name], default="")
    if not most or found[most] < 0.005:
        return ""
    return str(_("depends most on %(list)s", list=METHOD_LISTS[most].in_(r.language)))


def _admitted(r: Reading) -> Mapping[str, Admitted]:
    """Each list of choices in words, under the codes of the frameworks that admit just these."""
    by_lists: dict[Admitted, list[str]] = {}
    for framework in r.seen.frameworks:
        if framework.methods is not None:
            lists = tuple(
                (
                    r.say(LIST_NAMES[name]),
                    ", ".join(_choice(r, name, each) for each in choices),
                )
                for name, choices in listed(framework.methods)
            )
            by_lists.setdefault(lists, []).append(framework.code)
    return {", ".join(codes): lists for lists, codes in by_lists.items()}


def _choice(r: Reading, name: str, choice: object) -> str:
    if name == "missing":
        return r.percent(float(str(choice))) if "/" not in str(choice) else str(choice)
    text = CHOICES.get(str(choice))
    return str(choice) if text is None else r.say(text)
