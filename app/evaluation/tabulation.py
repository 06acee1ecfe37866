"""The figures that a plan wants, with their errors, covariances and contrasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from app.evaluation.association import RaoScott, rao_scott
from app.evaluation.columns import Bools, Floats
from app.evaluation.estimates import Statistic, combined, mean, quotient, ratio, total
from app.evaluation.inference import NOT_COMPUTED, Estimated, Survey, estimated
from app.evaluation.intervals import student
from app.evaluation.multiple_response import mentioned
from app.evaluation.plan import Contrast, Plan, Wanted
from app.evaluation.quantiles import quantile, share_at_most, taken_back
from app.evaluation.rectangle import Rectangle
from app.evaluation.refusing import refused, unsettled
from app.evaluation.undefined import Figure, Undefined

Domain = tuple[tuple[str, str], ...]  # (column, category)
MOST_CELLS = 20_000


@dataclass(frozen=True)
class Line:
    """One figure: ``item``: the option, category or probability it is for, else empty."""

    code: str
    kind: str
    domain: Domain
    item: str
    figure: Estimated | RaoScott | Undefined

    @property
    def name(self) -> str:
        """``CODE``, ``CODE:item``, ``CODE[column=category, …]``: what contrasts call it."""
        inside = ", ".join(f"{column}={category}" for column, category in self.domain)
        item = f":{self.item}" if self.item else ""
        return f"{self.code}{item}" + (f"[{inside}]" if inside else "")


@dataclass(frozen=True, eq=False)
class Tabulated:
    """All lines in the order of the plan; ``covariance`` of those named in ``covered``, if it was
    wanted (quantiles and tests are not in it)."""

    lines: tuple[Line, ...]
    covered: tuple[str, ...]
    covariance: Floats | None


@dataclass(frozen=True)
class _Part:
    """A line before its variance is known; ``flags``: what must be said of it besides."""

    line: Line
    statistic: Statistic | Undefined
    interval: str = "t"
    flags: tuple[str, ...] = ()


def figures_of(data: Rectangle, plan: Plan) -> int:
    """How many figures the plan wants at most. Raises ``BadInput`` for what is not in the data."""
    found = len(plan.contrasts)
    for wanted in plan.estimates:
        cells = 1
        for name in wanted.by:
            cells *= len(data.categories(name)[1])
        found += min(cells, data.n) * _lines_of(data, wanted)
    return found


def _lines_of(data: Rectangle, wanted: Wanted) -> int:
    """Figures of one domain."""
    if wanted.kind == "shares":
        return len(data.categories(wanted.columns[0])[1])
    return {"mentions": len(wanted.columns), "quantile": len(wanted.at)}.get(wanted.kind, 1)


def tabulate(data: Rectangle, survey: Survey, plan: Plan) -> Tabulated:
    """Every figure of the plan. Raises ``BadInput`` for what is not in the data."""
    named = {name for contrast in plan.contrasts for name in contrast.parts}
    lines: list[Line] = []
    known: dict[str, Statistic] = {}  # kept for covariances and contrasts: the others can go
    for wanted in plan.estimates:
        for domain, members in _domains(data, wanted.by):
            for part in _MAKERS[wanted.kind](data, survey, wanted, domain, members):
                if isinstance(part, Line):
                    lines.append(part)
                    continue
                lines.append(_finished(survey, part))
                found = isinstance(part.statistic, Statistic)
                if found and (plan.covariance or part.line.name in named):
                    known[part.line.name] = part.statistic  # type: ignore[assignment]
    _add_contrasts(survey, plan, lines, known)
    if not plan.covariance:
        return Tabulated(tuple(lines), (), None)
    v = survey.covariance(list(known.values())) if known else np.zeros((0, 0))
    return Tabulated(tuple(lines), tuple(known), v)


def _add_contrasts(
    survey: Survey, plan: Plan, lines: list[Line], known: dict[str, Statistic]
) -> None:
    """One line for each contrast; a contrast may read those before it."""
    for contrast in plan.contrasts:
        there = {each.name: each for each in lines}
        statistic = _contrast(contrast, known, there)
        line = Line(contrast.code, "contrast", (), "", NOT_COMPUTED)
        lines.append(_finished(survey, _Part(line, statistic)))
        if isinstance(statistic, Statistic):
            known[line.name] = statistic


def _finished(survey: Survey, part: _Part) -> Line:
    variance = 0.0
    if isinstance(part.statistic, Statistic):
        variance = float(survey.covariance([part.statistic])[0, 0])
    figure = estimated(survey, part.statistic, variance, part.interval)
    figure = replace(figure, flags=(*figure.flags, *part.flags))
    return replace(part.line, figure=figure)


def _domains(data: Rectangle, by: tuple[str, ...]) -> Iterator[tuple[Domain, Bools]]:
    """Every combination of categories that somebody is in, and who."""
    columns = [(name, *data.categories(name)) for name in by]
    if np.prod([len(names) for _, _, names in columns], initial=1) > MOST_CELLS:
        raise unsettled(
            ", ".join(by),
            (f"Plus de {MOST_CELLS} croisements.", f"More than {MOST_CELLS} combinations."),
            ("Croisez moins de colonnes.", "Cross fewer columns."),
        )
    for cell in product(*(range(len(names)) for _, _, names in columns)):
        members = np.ones(data.n, dtype=bool)
        for (_, index, _), category in zip(columns, cell, strict=True):
            members &= index == category
        if members.any():
            domain = tuple(
                (name, names[category])
                for (name, _, names), category in zip(columns, cell, strict=True)
            )
            yield domain, members


def _contrast(
    contrast: Contrast, known: Mapping[str, Statistic], lines: Mapping[str, Line]
) -> Statistic | Undefined:
    """Undefined where a part is, with its name; refused where there is no such part."""
    missing = [name for name in contrast.parts if name not in known]
    for name in missing:
        part = lines.get(name)
        if part is None or part.kind in ("quantile", "association"):
            listed = ", ".join(list(lines)[:20])
            raise unsettled(
                f"{contrast.code}: {name}",
                ("Ce contraste nomme un chiffre qui n’est pas là, un quantile ou un test.",
                 "This contrast names a figure that is not there, a quantile or a test."),
                (f"Chiffres présents : {listed}.", f"Figures there: {listed}."),
            )  # fmt: skip
    if missing:
        return Undefined("part_undefined", missing[0])
    statistics = [known[name] for name in contrast.parts]
    if contrast.ratio:
        return quotient(*statistics)
    return combined(statistics, list(contrast.of.values()))


def _line(wanted: Wanted, domain: Domain, item: str = "") -> Line:
    return Line(wanted.code, wanted.kind, domain, item, NOT_COMPUTED)


def _total(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    y = data.numbers(wanted.columns[0]) if wanted.columns else np.ones(data.n)
    yield _Part(_line(wanted, domain), total(survey.weight, y, members))


def _mean(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    y = data.numbers(wanted.columns[0])
    yield _Part(_line(wanted, domain), mean(survey.weight, y, members))


def _proportion(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    column = wanted.columns[0]
    flags: tuple[str, ...] = ()
    if wanted.equals:
        index, names = data.categories(column)
        flags = tuple(f"nobody_has:{each}" for each in wanted.equals if each not in names)
        chosen = [place for place, name in enumerate(names) if name in wanted.equals]
        y = np.where(index < 0, np.nan, np.isin(index, chosen).astype(np.float64))
    else:
        y = data.numbers(column)
        if not np.isin(y[np.isfinite(y)], (0.0, 1.0)).all():
            raise refused(
                column,
                ("Cette colonne n’est pas faite de 0 et de 1.",
                 "This column is not made of 0 and 1."),
                ("Dites quelles catégories comptent, avec equals.",
                 "Say which categories count, with equals."),
            )  # fmt: skip
    statistic = mean(survey.weight, y, members)
    yield _Part(_line(wanted, domain), statistic, _of_share(wanted), flags)


def _ratio(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    above, below = (data.numbers(name) for name in wanted.columns)
    yield _Part(_line(wanted, domain), ratio(survey.weight, above, below, members))


def _shares(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    index, names = data.categories(wanted.columns[0])
    for place, name in enumerate(names):
        y = np.where(index < 0, np.nan, (index == place).astype(np.float64))
        statistic = mean(survey.weight, y, members)
        yield _Part(_line(wanted, domain, name), statistic, _of_share(wanted))


def _mentions(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    options = [data.numbers(name) for name in wanted.columns]
    found = mentioned(survey.weight, options, members, wanted.base)
    interval = _of_share(wanted) if wanted.base == "respondents" else "share"
    for name, statistic in zip(wanted.columns, found, strict=True):
        yield _Part(_line(wanted, domain, name), statistic, interval)


def _of_share(wanted: Wanted) -> str:
    return "share" if wanted.interval == "t" else wanted.interval


def _quantile(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    y, weight = data.numbers(wanted.columns[0]), survey.weight
    method = "mean" if wanted.interval == "t" else wanted.interval
    for p in wanted.at:
        line = _line(wanted, domain, f"{p:.15g}")
        value = quantile(weight, y, members, p, wanted.rule)
        if isinstance(value, Undefined):
            yield replace(line, figure=estimated(survey, value, 0.0))
            continue
        share = share_at_most(weight, y, members, value)
        assert isinstance(share, Statistic)  # somebody answered
        behind = estimated(survey, share, float(survey.covariance([share])[0, 0]), method)
        figure = _woodruff(survey, behind, value, y, members, wanted.rule)
        yield replace(line, figure=figure)


def _woodruff(
    survey: Survey, behind: Estimated, value: float, y: Floats, members: Bools, rule: str
) -> Estimated:
    """The quantile with the interval of its share taken back, se = width / 2t (as R)."""
    low, high = (
        taken_back(survey.weight, y, members, end, rule) if isinstance(end, float) else end
        for end in (behind.low, behind.high)
    )
    se: Figure = Undefined("interval_out_of_range")
    if isinstance(low, Undefined) or isinstance(high, Undefined):
        se = behind.low if isinstance(behind.low, Undefined) else se
    else:
        se = (high - low) / (2 * student(behind.df, survey.level))
    return replace(
        behind, value=value, se=se, low=low, high=high, deff=NOT_COMPUTED, deff_replace=NOT_COMPUTED
    )


def _association(
    data: Rectangle, survey: Survey, wanted: Wanted, domain: Domain, members: Bools
) -> Iterator[_Part | Line]:
    row, column = (data.categories(name)[0] for name in wanted.columns)
    df = survey.df(members)
    test = rao_scott(survey.weight, row, column, members, survey.covariance, df)
    yield replace(_line(wanted, domain), figure=test)


_Maker = Callable[[Rectangle, Survey, Wanted, Domain, Bools], Iterator[_Part | Line]]
_MAKERS: dict[str, _Maker] = {
    "total": _total,
    "mean": _mean,
    "proportion": _proportion,
    "ratio": _ratio,
    "quantile": _quantile,
    "shares": _shares,
    "mentions": _mentions,
    "association": _association,
}
