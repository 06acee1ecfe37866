"""What the keys of design and margins files alone cannot say: findings with their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.definitions.design_schemas import GENERALISED, KINDS
from app.definitions.messages import Trouble, trouble
from app.definitions.nodes import Path

WANTED_COLUMNS = {"ratio": (2, 2), "association": (2, 2), "mentions": (1, 1000)}
REPLICATE_KEYS = {
    "supplied": {"columns", "prefix", "combined", "scale", "rscales"},
    "bootstrap": {"count", "seed"},
    "Fay": {"rho"},
}
Raw = dict[str, Any]
Wrong = tuple[Trouble, Path]


def listed(given: str | list[str] | None) -> tuple[str, ...]:
    """One name or several as several."""
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def kinds_of(raw: Raw) -> list[str]:
    """The kinds of figure that an estimate names: one, if it is right."""
    return [kind for kind in KINDS if kind in raw]


def code_of(raw: Raw) -> str:
    """The code given, or ``mean_y``, ``ratio_y_x`` and the like."""
    kind = kinds_of(raw)[0]
    usual = "_".join((kind, *listed(raw[kind]))) if kind != "count" else "count"
    return str(raw.get("code", usual))


def _wrong_estimates(raw: Raw) -> Iterator[Wrong]:
    """What the keys of estimates alone cannot say."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for place, each in enumerate(raw.get("estimates", ())):
        path: Path = ("estimates", place)
        kinds = kinds_of(each)
        if len(kinds) != 1:
            yield trouble("choice", allowed=", ".join(KINDS)), path
            continue
        least, most = WANTED_COLUMNS.get(kinds[0], (1, 1))
        if not least <= len(listed(each[kinds[0]])) <= most:
            yield trouble("number_range", low=least, high=most), (*path, kinds[0])
        if kinds[0] not in ("proportion", "shares", "mentions", "quantile") and "interval" in each:
            yield trouble("unknown_key"), (*path, "interval")
        key = (code_of(each), listed(each.get("by")))
        if key in seen:
            yield trouble("duplicate_key", key=key[0]), path
        seen.add(key)


def wrong_design(raw: Raw) -> Iterator[Wrong]:
    """What the keys alone cannot say."""
    yield from _wrong_estimates(raw)
    for place, each in enumerate(raw.get("contrasts", ())):
        if ("of" in each) == ("ratio" in each):
            yield trouble("choice", allowed="of, ratio"), ("contrasts", place)
        elif "ratio" in each and len(each["ratio"]) != 2:
            yield trouble("number_range", low=2, high=2), ("contrasts", place, "ratio")
    for name, each in raw.get("scores", {}).items():
        yield from _wrong_score(each, ("scores", name))
    if "calibration" in raw:
        yield from wrong_calibration(raw["calibration"], ("calibration",))
    yield from _wrong_replicates(raw.get("replicates", {}))
    yield from _wrong_pps(raw)


def _wrong_pps(raw: Raw) -> Iterator[Wrong]:
    """Joint probabilities need their columns, the other methods a population at every stage;
    pairs are of one stage, and replicates are not made of either."""
    pps, stages = raw.get("pps"), raw.get("stages", ())
    if pps is None:
        return
    if pps["method"] == "joint":
        yield from _wrong_joint(pps, stages)
    else:
        for key in sorted(pps.keys() & {"columns", "prefix"}):
            yield trouble("unknown_key"), ("pps", key)
        if not stages or "population" not in stages[0]:
            yield trouble("missing"), ("stages", 0, "population")
    if "variance" in pps and pps["method"] in ("brewer", "poisson"):
        yield trouble("unknown_key"), ("pps", "variance")
    if pps["method"] != "brewer" and len(stages) > 1:
        yield trouble("number_range", low=1, high=1), ("stages",)
    if raw.get("replicates", {}).get("kind", "supplied") != "supplied":
        yield trouble("choice", allowed="supplied"), ("replicates", "kind")


def _wrong_joint(pps: Raw, stages: Sequence[Raw]) -> Iterator[Wrong]:
    """Where the probabilities stand; every row is a unit."""
    if "columns" not in pps and "prefix" not in pps:
        yield trouble("missing"), ("pps", "prefix")
    if any("unit" in each for each in stages):
        yield trouble("unknown_key"), ("stages", 0, "unit")


def _wrong_replicates(raw: Raw) -> Iterator[Wrong]:
    """Keys that belong to another kind; supplied weights need their columns and their scale."""
    if raw.get("kind") == "supplied":
        if "columns" not in raw and "prefix" not in raw:
            yield trouble("missing"), ("replicates", "columns")
        if "scale" not in raw and "rscales" not in raw:
            yield trouble("missing"), ("replicates", "scale")
    for key in sorted(
        raw.keys() - {"kind", "mse"} - REPLICATE_KEYS.get(raw.get("kind", ""), set())
    ):
        yield trouble("unknown_key"), ("replicates", key)


def _wrong_score(raw: Raw, path: Path) -> Iterator[Wrong]:
    """``reverse`` needs both ends, in order, and names items of the score."""
    items = raw["items"]
    if len(set(items)) < len(items):
        yield trouble("duplicate_key", key=items[-1]), (*path, "items")
    if not set(raw.get("reverse", ())) <= set(items):
        yield trouble("choice", allowed=", ".join(items)), (*path, "reverse")
    wanted = [key for key in ("min", "max") if key not in raw]
    if wanted and ("reverse" in raw or len(wanted) == 1):
        yield trouble("missing"), (*path, wanted[0])
    if not wanted and not raw["min"] < raw["max"]:
        yield trouble("number_range", low=raw["min"], high="…"), (*path, "max")


def wrong_calibration(raw: Raw, path: Path) -> Iterator[Wrong]:
    """Keys that do not suit the method, and what it wants."""
    method = raw.get("method", "raking")
    count = len(raw.get("margins", ()))
    if method == "post_stratification" and count != 1:
        yield trouble("number_range", low=1, high=1), (*path, "margins")
    elif method == "raking" and not count:
        yield trouble("missing"), (*path, "margins")
    elif method in GENERALISED and not count and "totals" not in raw:
        yield trouble("missing"), (*path, "totals")
    if method == "logit" and "bounds" not in raw:
        yield trouble("missing"), (*path, "bounds")
    for key in ("totals", "bounds"):
        if method not in GENERALISED and key in raw:
            yield trouble("unknown_key"), (*path, key)
    if method != "raking" and "trim" in raw:
        yield trouble("unknown_key"), (*path, "trim")
