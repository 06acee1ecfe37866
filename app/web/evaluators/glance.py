"""All indicators by all territories in one table, each beside the mean: value, symbol, words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.frameworks import leaves
from app.domain.permissions import Verb
from app.evaluation.tables import Observation, What
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading

HIGHER, LOWER, NEAR = "▲", "▼", "●"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a territory: its value, and how its interval lies to the mean."""

    value: str
    symbol: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: its mean, then a cell for each territory."""

    code: str
    mean: Observation | None
    cells: tuple[Cell, ...]


@blueprint.get("/<int:release_id>/glance")
@enters(Verb.RELEASE_VIEW)
@kept
def glance(release_id: int) -> ResponseReturnValue:
    """The national indicators; ``?dimension=`` keeps those of one dimension."""
    r = reading_of(release_id, "territory")
    nodes = r.seen.national.dimensions
    wanted = request.args.get("dimension", "")
    chosen = wanted if wanted in {node.code for node in nodes} else ""
    parts = [
        (r.say(node.title), [_line(r, leaf.indicator.code) for leaf in leaves(node)])
        for node in nodes
        if chosen in ("", node.code)
    ]
    return page(
        "glance.html",
        r,
        lede=_lede([line for _title, lines in parts for line in lines]),
        parts=parts,
        chosen=chosen,
        dimensions=[(node.code, r.say(node.title)) for node in nodes],
        symbols=(HIGHER, NEAR, LOWER),
    )


def _line(r: Reading, code: str) -> Line:
    mean = r.one(r.nation, What.INDICATOR, code)
    return Line(code, mean, tuple(_cell(r, place, code, mean) for place in r.places))


def _cell(r: Reading, place: str, code: str, mean: Observation | None) -> Cell:
    seen = r.one(place, What.INDICATOR, code)
    shown = seen is not None and seen.shown
    return Cell(r.value(seen), _symbol(seen, mean) if shown else "", shown)


def _symbol(seen: Observation | None, mean: Observation | None) -> str:
    """Whether the whole interval lies on one side of the mean of the territories."""
    if seen is None or seen.low is None or seen.high is None:
        return ""
    if mean is None or not mean.shown or mean.value is None:
        return ""
    if seen.low > mean.value:
        return HIGHER
    return LOWER if seen.high < mean.value else NEAR


def _lede(lines: list[Line]) -> str:
    cells = [cell for line in lines for cell in line.cells]
    return str(
        _(
            "Of %(whole)s figures, %(apart)s lie apart from the mean of the territories; "
            "%(hidden)s are not shown.",
            whole=len(cells),
            apart=sum(cell.symbol in (HIGHER, LOWER) for cell in cells),
            hidden=sum(not cell.shown for cell in cells),
        )
    )
