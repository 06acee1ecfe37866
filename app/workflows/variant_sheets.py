"""Variants of an index in words, and the rows of two tables of a summary: ranks and agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.tables import What
from app.evaluation.variants import AS_WRITTEN, MEASURES
from app.interchange.figure_words import rounded
from app.interchange.summary import CellValue
from app.storage.published import Published
from app.workflows.method_words import CHOICES

VARIANTS = ("territory", "territory_name", "framework", "variant", "rank")
AGREEMENT = (
    "framework", "variant", "other_framework", "other_variant", "kendall_tau_b", "spearman",
    "mean_shift", "max_shift",
)  # fmt: skip
WRITTEN = Text.of(fr="tel qu’écrit", en="as written")
JUDGE = Text.of(fr="poids du juge {number}", en="weights of judge {number}")
EQUAL = Text.of(fr="poids égaux", en="equal weights")


@dataclass(frozen=True, slots=True)
class Variant:
    """A framework's tree with one choice; ``name``: as in the codes of figures."""

    framework: str
    choice: str

    @property
    def name(self) -> str:
        """The two in one word."""
        return f"{self.framework}.{self.choice}"

    def said(self, language: str) -> str:
        """The choice in words."""
        if self.choice == AS_WRITTEN:
            return WRITTEN.in_(language)
        if self.choice.startswith("judge"):
            return JUDGE.in_(language).format(number=self.choice.removeprefix("judge"))
        words = EQUAL if self.choice == "equal" else CHOICES.get(self.choice)
        return self.choice if words is None else words.in_(language)


def variants_of(seen: Published) -> tuple[Variant, ...]:
    """Every variant of the release, national ones first."""
    found = (Variant(each.framework or "", each.code) for each in seen.table.of(What.VARIANT_RANK))
    return tuple(dict.fromkeys(found))


def measures_of(seen: Published, one: Variant, other: Variant) -> dict[str, float | None]:
    """How far two orders agree, by measure; None where it is not known."""
    found = {}
    for measure in MEASURES:
        pairs = (f"{measure}.{a.name}@{b.name}" for a, b in ((one, other), (other, one)))
        rows = (seen.table.one(NATION, None, What.AGREEMENT, pair) for pair in pairs)
        row = next((each for each in rows if each is not None), None)
        found[measure] = None if row is None else rounded(row).value
    return found


def variant_rows(
    seen: Published, names: Mapping[str, str], language: str
) -> Iterator[tuple[CellValue, ...]]:
    """The rank of each territory in each variant."""
    for each in seen.table.of(What.VARIANT_RANK):
        variant = Variant(each.framework or "", each.code)
        rank = None if each.value is None else round(each.value)
        name = names.get(each.territory, each.territory)
        yield each.territory, name, variant.framework, variant.said(language), rank


def agreement_rows(seen: Published, language: str) -> Iterator[tuple[CellValue, ...]]:
    """How far each two of the variants agree."""
    found: dict[str, dict[str, float | None]] = {}
    for each in seen.table.of(What.AGREEMENT):
        measure, _dot, pair = each.code.partition(".")
        found.setdefault(pair, {})[measure] = rounded(each).value
    for pair, by_measure in found.items():
        sides = (Variant(*each.split(".", 1)) for each in pair.split("@"))
        named = (word for each in sides for word in (each.framework, each.said(language)))
        yield (*named, *(by_measure.get(measure) for measure in MEASURES))
