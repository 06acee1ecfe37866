"""The report of a release, where a programme has many territories."""

from __future__ import annotations

from evaluated import Evaluated

from app.domain.territories import NATION
from app.evaluation.tables import What
from app.print.reports import TALLEST
from app.workflows import reporting
from app.workflows.choosing import WHOLE
from app.workflows.release_files import Content


def test_ninety_territories_are_compared_in_charts_that_fit_a_page(evaluated: Evaluated) -> None:
    seen = evaluated.seen()
    total = seen.table.one("MAY", seen.national.code, What.TOTAL)
    rows = [(f"Territoire {n}.", total) for n in range(90)]
    part = reporting._Making(Content(seen, WHOLE, "fr"), NATION).compared("Scores", rows, ())
    for name, _total in rows:
        assert [name in chart.svg for chart in part.charts].count(True) == 1
        assert [name in chart.alt for chart in part.charts].count(True) == 1
    heights = [float(chart.svg.split('"')[3].split()[3]) for chart in part.charts]
    assert max(heights) <= TALLEST + 40
    assert len(part.charts) > 2


def test_what_one_territory_alone_was_asked_has_a_reason_beside_it(evaluated: Evaluated) -> None:
    made = reporting._Making(Content(evaluated.seen(), WHOLE, "en"), "MAY")
    beside = {line[0].partition(" ")[0]: line[-1] for line in made.lines(beside=True)}
    assert beside["MAY1"] == "not asked in every territory"
    assert beside["OUT1"] == made.of_nation("OUT1") != beside["MAY1"]
