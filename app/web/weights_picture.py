"""The picture of a weighting report: what share of its answers each group keeps in precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.web.charts import Chart, Mark, Row, Scale, draw

Number = Callable[..., str]


def effective_shares(
    reports: Sequence[tuple[str, Mapping[str, Any]]],
    number: Number,
    percent: Callable[[float], str],
    mention: str = "",
) -> Chart:
    """``reports``: name of the group and its report (``workflows.weighing``), in order."""
    rows = []
    for name, each in reports:
        final = each["final"]
        share = final["n_effective"] / final["n"]
        lines = (
            (percent(share), _("of %(n)s answers", n=number(final["n"], 0))),
            (
                "",
                _(
                    "largest weight %(ratio)s times the smallest",
                    ratio=number(final["ratio"], 1),
                ),
            ),
        )
        mark = Mark(round(100 * share, 1), tone="nation", filled=bool(each["converged"]))
        rows.append(Row(name, (mark,), lines))
    ticks = tuple((float(n), percent(n / 100)) for n in range(0, 101, 20))
    title = _("Answers of equal weight that the answers are worth, in percent")
    said = ". ".join(f"{row.name}: {' '.join(row.lines[0])}" for row in rows)
    start = f"{mention}. " if mention else ""
    return draw("weights", title, f"{start}{said}.", rows, Scale(ticks), mention=mention)
