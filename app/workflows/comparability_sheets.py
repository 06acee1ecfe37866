"""The rows of two tables of a summary: what can be compared, and how the items of scales work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.evaluation.comparable import Comparability
from app.evaluation.tables import Observation, What
from app.interchange.comparability_words import COMPARABILITIES, flag_in_words
from app.interchange.figure_words import flag_codes, reason_in_words, rounded
from app.interchange.summary import CellValue
from app.storage.published import Published

COMPARABLE = (
    "territory", "territory_name", "code", "language", "audience", "comparability", "because", "n",
    "reliability_kind", "reliability", "flag_codes",
)  # fmt: skip
FUNCTIONING = (
    "territory", "territory_name", "code", "language", "audience", "item", "n", "effect",
    "effect_size", "p_mantel", "p_mantel_holm", "p_mantel_bh", "explained", "explained_size",
    "p_logistic", "p_uniform", "p_non_uniform", "p_logistic_holm", "p_logistic_bh", "because",
    "flag_codes",
)  # fmt: skip
TESTS = (
    ("mantel", "mantel_holm", "mantel_bh"),
    ("logistic", "logistic_uniform", "logistic_non_uniform", "logistic_holm", "logistic_bh"),
)


def comparable_rows(
    seen: Published, names: Mapping[str, str], language: str
) -> Iterator[tuple[CellValue, ...]]:
    """The verdict on each indicator, in each territory and each language."""
    reliable = {
        (each.territory, each.code.rpartition(".")[0], each.audience): each
        for each in seen.table.of(What.RELIABILITY)
    }
    for each in seen.table.of(What.COMPARABILITY):
        figure = reliable.get((each.territory, each.code, each.audience))
        yield (
            *_place(each, names),
            COMPARABILITIES[Comparability(each.verdict)].in_(language) if each.verdict else None,
            "; ".join(flag_in_words(flag, language) for flag in each.flags) or None,
            each.n,
            figure.code.rpartition(".")[2] if figure else None,
            rounded(figure).value if figure else None,
            flag_codes(each.flags),
        )


def functioning_rows(
    seen: Published, names: Mapping[str, str], language: str
) -> Iterator[tuple[CellValue, ...]]:
    """Each item of a scale that was tested, or each scale that could not be, with the reason."""
    table = seen.table
    by_strata = {_key(each): each for each in table.of(What.DIF)}
    by_model = {_key(each): each for each in table.of(What.DIF_LOGISTIC)}
    p = {_key(each): each for each in table.of(What.DIF_P)}
    for key in dict.fromkeys((*by_strata, *by_model)):
        one, other = by_strata.get(key), by_model.get(key)
        at = one or other
        assert at is not None
        flags = [flag for each in (one, other) if each for flag in each.flags]
        said = [flag_in_words(flag, language) for flag in flags if not flag.startswith("size:")]
        said += [reason_in_words(each, language) for each in (one, other) if each and each.reason]
        first, last = ([_value(p.get((*key, test))) for test in tests] for tests in TESTS)
        yield (
            *_place(at, names),
            key[2] or None,
            at.n,
            *(_value(one), _size(one), *first, _value(other), _size(other), *last),
            "; ".join(dict.fromkeys(said)) or None,
            flag_codes(flags),
        )


def item_of(seen: Observation) -> str:
    """The item that a figure of functioning is about; empty for a whole scale."""
    return seen.code.partition(".")[2].partition(".")[0]


def _key(seen: Observation) -> tuple[str, ...]:
    code, _dot, rest = seen.code.partition(".")
    item, _dot, test = rest.partition(".")
    key = (f"{seen.territory} {seen.audience}", code, item)
    return (*key, test) if test else key


def _place(seen: Observation, names: Mapping[str, str]) -> tuple[CellValue, ...]:
    code, _at, language = seen.code.partition(".")[0].partition("@")
    name = names.get(seen.territory, seen.territory)
    return (seen.territory, name, code, language or None, seen.audience)


def _value(seen: Observation | None) -> float | None:
    return None if seen is None or not seen.shown else rounded(seen).value


def _size(seen: Observation | None) -> str | None:
    flags = () if seen is None else seen.flags
    return next((flag.removeprefix("size:") for flag in flags if flag.startswith("size:")), None)
