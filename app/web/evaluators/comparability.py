"""Can an indicator be compared between territories, and languages? Verdicts and their grounds."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.evaluation.comparable import Comparability
from app.evaluation.tables import Observation, What
from app.interchange.comparability_words import COMPARABILITIES, SYMBOLS, flag_in_words
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading
from app.workflows.comparability_sheets import item_of


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one audience: its verdict in every territory, by code."""

    code: str
    audience: str
    cells: dict[str, Observation]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a verdict on a territory, or on a language, rests on.

    ``tested``: by item Mantel's effect, its p by Holm, what logistic regression explains, its p by
    Holm; None where a figure is not there.
    """

    name: str
    verdict: Observation
    reliability: Observation | None
    tested: dict[str, tuple[Observation | None, ...]]


@blueprint.get("/<int:release_id>/comparability")
@enters(Verb.RELEASE_VIEW)
@kept
def comparability(release_id: int) -> ResponseReturnValue:
    """Every indicator by territory; ``?indicator=``: what one of them rests on."""
    r = reading_of(release_id, "territory")
    lines = _lines(r)
    codes = list(dict.fromkeys(line.code for line in lines))
    wanted = request.args.get("indicator", "")
    chosen = wanted if wanted in codes else next(iter(codes), "")
    return page(
        "comparability.html",
        r,
        lede=_lede(r, lines),
        lines=lines,
        assessed=any(
            seen.verdict != Comparability.NOT_ASSESSABLE
            for line in lines
            for seen in line.cells.values()
        ),
        codes=codes,
        chosen=chosen,
        words={each.value: r.say(text) for each, text in COMPARABILITIES.items()},
        symbols={each.value: sign for each, sign in SYMBOLS.items()},
        details=[(line, _grounds(r, line)) for line in lines if line.code == chosen],
        by_language=any("@" in each.code for each in r.seen.table.of(What.COMPARABILITY)),
        said=lambda flag: flag_in_words(flag, r.language),
        size=_size,
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
    if few == len(verdicts):
        return str(
            _(
                "Nothing can be said of the %(whole)s figures: it takes 200 people on each side. "
                "Compare territories with that in mind.",
                whole=r.number(few, 0),
            )
        )
    return str(
        _(
            "Asked alike or comparable: %(good)s of %(whole)s figures. "
            "Not assessable, with fewer than 200 people on one side: %(few)s.",
            good=r.number(good, 0),
            whole=r.number(len(verdicts), 0),
            few=r.number(few, 0),
        )
    )


def _grounds(r: Reading, line: Line) -> list[Ground]:
    """Of every territory, then of every language over the whole."""
    found = [
        _ground(r, r.name(place), line.cells[place]) for place in r.places if place in line.cells
    ]
    for seen in r.seen.table.of(What.COMPARABILITY, territory=NATION, audience=line.audience):
        code, _at, language = seen.code.partition("@")
        if code == line.code and language:
            said = Locale.parse(r.language).languages.get(language, language)
            found.append(_ground(r, _("in this language: %(language)s", language=said), seen))
    return found


def _ground(r: Reading, name: str, verdict: Observation) -> Ground:
    def beside(what: What) -> list[Observation]:
        several = r.seen.table.of(what, territory=verdict.territory, audience=verdict.audience)
        return [each for each in several if each.code.partition(".")[0] == verdict.code]

    effects, explained, p = (
        {each.code: each for each in beside(what)}
        for what in (What.DIF, What.DIF_LOGISTIC, What.DIF_P)
    )
    return Ground(
        name,
        verdict,
        next(iter(beside(What.RELIABILITY)), None),
        {
            item_of(seen): (
                effects.get(code),
                p.get(f"{code}.mantel_holm"),
                explained.get(code),
                p.get(f"{code}.logistic_holm"),
            )
            for code, seen in (effects | explained).items()
            if item_of(seen)
        },
    )


def _size(seen: Observation | None) -> str:
    """The class of an effect: A, B or C, or nothing."""
    flags = () if seen is None else seen.flags
    return next((flag.removeprefix("size:") for flag in flags if flag.startswith("size:")), "")
