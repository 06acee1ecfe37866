"""The tables of a summary that put territories, methods, orders and items beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.evaluation.tables import Observation, What
from app.interchange.figure_words import (
    METHOD_LISTS,
    flag_codes,
    flags_in_words,
    reason_in_words,
    rounded,
)
from app.interchange.summary import CellValue
from app.storage.published import Published
from app.workflows.comparability_sheets import (
    COMPARABLE,
    FUNCTIONING,
    comparable_rows,
    functioning_rows,
)
from app.workflows.variant_sheets import AGREEMENT, VARIANTS, agreement_rows, variant_rows
from app.workflows.weight_sheet import WEIGHTS, weight_rows

CROSS = (
    "territory", "territory_name", "framework", "value", "low", "high", "coverage",
    "first_place", "rank_low", "rank_high", "rank_low_alone", "rank_high_alone", "reason", "flags",
    "flag_codes",
)  # fmt: skip
METHODS = (
    "territory", "territory_name", "method_share", "method_count", "choice", "sobol_first",
    "sobol_total",
)  # fmt: skip
ORDER = (
    "framework", "territory", "territory_name", "other", "other_name", "agreement_kind",
    "agreement", "z_national", "z_own", "resolved",
)  # fmt: skip
FACTORS = tuple(METHOD_LISTS)
Rows = Iterator[tuple[CellValue, ...]]


def compared(
    seen: Published, names: Mapping[str, str], language: str
) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    """Each of the tables: its code, its columns, its rows; with that of the weights at the end."""
    at = (seen, names, language)
    yield "cross", CROSS, cross_rows(*at)
    yield "methods", METHODS, method_rows(*at)
    yield "order", ORDER, order_rows(seen, names)
    yield "variants", VARIANTS, variant_rows(*at)
    yield "agreement", AGREEMENT, agreement_rows(seen, language)
    yield "comparability", COMPARABLE, comparable_rows(*at)
    yield "functioning", FUNCTIONING, functioning_rows(*at)
    yield "weights", WEIGHTS, weight_rows(*at)


def cross_rows(
    seen: Published, names: Mapping[str, str], language: str
) -> Iterator[tuple[CellValue, ...]]:
    """Each territory by each framework's common set, with the places it may hold."""
    table = seen.table
    for cross in table.of(What.CROSS):
        place = (cross.territory, cross.framework)
        given = rounded(cross)
        together, alone = (
            table.one(*place, What.RANK, code) for code in ("simultaneous", "marginal")
        )
        yield (
            cross.territory,
            names.get(cross.territory, cross.territory),
            cross.framework,
            given.value,
            given.low,
            given.high,
            given.coverage,
            _value(table.one(*place, What.FIRST_PLACE)),
            *_places(together),
            *_places(alone),
            None if cross.shown else reason_in_words(cross, language),
            "; ".join(flags_in_words(cross, language, dict(names))) or None,
            flag_codes(cross.flags),
        )


def order_rows(seen: Published, names: Mapping[str, str]) -> Iterator[tuple[CellValue, ...]]:
    """How far each own tree's order agrees with the national one, then the pairs that it turns."""
    table = seen.table
    for each in table.of(What.ORDER):
        place = names.get(each.territory, each.territory)
        empty: tuple[CellValue, ...] = (None, None, None)
        yield (
            *(each.framework, each.territory, place, None, None),
            *(each.code, _value(each), *empty),
        )
    for each in table.of(What.FLIP):
        other, _dot, tree = each.code.partition(".")
        if tree == "national":
            own = table.one(each.territory, each.framework, What.FLIP, f"{other}.own")
            yield (
                *(each.framework, each.territory, names.get(each.territory, each.territory)),
                *(other, names.get(other, other), None, None, _value(each), _value(own)),
                "yes" if "resolved" in each.flags else "no",
            )


def method_rows(
    seen: Published, names: Mapping[str, str], language: str
) -> Iterator[tuple[CellValue, ...]]:
    """For each territory and each list of choices: does the sign hold, and what turns it."""
    table = seen.table
    for share in table.of(What.METHOD_SHARE):
        place = (share.territory, share.framework)
        for factor in FACTORS:
            first, total = (
                table.one(*place, What.SOBOL, f"{order}.{factor}") for order in ("first", "total")
            )
            if first is not None:
                yield (
                    share.territory,
                    names.get(share.territory, share.territory),
                    _value(share),
                    _whole(table.one(*place, What.METHOD_COUNT)),
                    METHOD_LISTS[factor].in_(language),
                    _value(first),
                    _value(total),
                )


def _value(seen: Observation | None) -> float | None:
    return None if seen is None or not seen.shown else rounded(seen).value


def _whole(seen: Observation | None) -> int | None:
    return None if seen is None or seen.value is None else round(seen.value)


def _places(seen: Observation | None) -> tuple[int | None, int | None]:
    if seen is None or seen.low is None or seen.high is None:
        return None, None
    return round(seen.low), round(seen.high)
