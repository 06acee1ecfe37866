"""Can an indicator be compared between territories? One verdict each, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.permissions import Verb
from app.evaluation.comparable import Comparability
from app.evaluation.tables import Observation, What
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, page, reading_of
from app.web.evaluators.reading import Reading
from app.workflows.comparability_words import COMPARABILITIES, SYMBOLS, flag_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one audience: its verdict in every territory, by code."""

    code: str
    audience: str
    cells: dict[str, Observation]


@blueprint.get("/<int:release_id>/comparability")
@enters(Verb.RELEASE_VIEW)
def comparability(release_id: int) -> ResponseReturnValue:
    """Every indicator by territory; ``?indicator=``: what one of them rests on."""
    r = reading_of(release_id)
    lines = _lines(r)
    codes = list(dict.fromkeys(line.code for line in lines))
    wanted = request.args.get("indicator", "")
    chosen = wanted if wanted in codes else next(iter(codes), "")
    return page(
        "comparability.html",
        r,
        lede=_lede(r, lines),
        lines=lines,
        codes=codes,
        chosen=chosen,
        words={each.value: r.say(text) for each, text in COMPARABILITIES.items()},
        symbols={each.value: sign for each, sign in SYMBOLS.items()},
        details=[(line, _details(r, line)) for line in lines if line.code == chosen],
        said=lambda flag: flag_in_words(flag, r.language),
    )


def _lines(r: Reading) -> list[Line]:
    found: dict[tuple[str, str], Line] = {}
    for seen in r.seen.table.of(What.COMPARABILITY):
        if seen.territory in r.places and seen.code in r.seen.indicators:
            key = (seen.code, seen.audience or "")
            line = found.setdefault(key, Line(seen.code, seen.audience or "", {}))
            line.cells[seen.territory] = seen
    return list(found.values())


def _lede(r: Reading, lines: list[Line]) -> str:
    verdicts = [seen.verdict for line in lines for seen in line.cells.values()]
    if not verdicts:
        return str(_("This release does not say what can be compared."))
    good = sum(v in (Comparability.COMPARABLE, Comparability.ASKED_ALIKE) for v in verdicts)
    few = sum(v == Comparability.NOT_ASSESSABLE for v in verdicts)
    return str(
        _(
            "Asked alike or comparable: %(good)s of %(whole)s figures. "
            "Not assessable, with fewer than 200 people on one side: %(few)s.",
            good=r.number(good, 0),
            whole=r.number(len(verdicts), 0),
            few=r.number(few, 0),
        )
    )


def _details(
    r: Reading, line: Line
) -> list[tuple[str, Observation, list[Observation], list[Observation]]]:
    """By territory: the verdict, the reliability, the items that were tested."""
    found = []
    for place in r.places:
        seen = line.cells.get(place)
        if seen is not None:
            kinds = [
                [
                    each
                    for each in r.seen.table.of(what, territory=place, audience=line.audience)
                    if each.code.partition(".")[0] == line.code
                ]
                for what in (What.RELIABILITY, What.DIF)
            ]
            found.append((place, seen, kinds[0], kinds[1]))
    return found
