"""What is published beside the frameworks: administrative series and the figures of co-production.

It takes part in the same measuring and the same protection as everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.coproduction import Designs
from app.evaluation.components import ComponentDefinition
from app.evaluation.coproduction import CoproductionPlan, definitions
from app.evaluation.coproduction_figures import Figures, blocks
from app.evaluation.designs import design_distances
from app.evaluation.drafting import Withheld
from app.evaluation.figures import Programme
from app.evaluation.observing import Published
from app.evaluation.quantities import Cell
from app.evaluation.registers import Registers, with_origin
from app.evaluation.suppression import CellBlock, CellFacts


@dataclass(frozen=True)
class Beside:
    """``registers``: the series that were entered; ``coproduction``: what to report of it;
    ``designs``: how the territories arranged their services, from documents.
    """

    registers: Registers = field(default_factory=Registers)
    coproduction: CoproductionPlan | None = None
    designs: Designs | None = None

    @cached_property
    def definitions(self) -> dict[str, ComponentDefinition]:
        """The components that are measured for this alone."""
        return {} if self.coproduction is None else definitions(self.coproduction)

    def observations(self, programme: Programme, withheld: Withheld) -> Iterator[Published]:
        """What may be published of it under what is withheld."""
        if self.coproduction is not None:
            yield from Figures(self.coproduction, programme, withheld).observations()
        if self.designs is not None:
            for each in design_distances(self.designs, programme.territories):
                yield Published(each)

    def blocks(
        self, programme: Programme, facts: Mapping[Cell, CellFacts], threshold: int
    ) -> list[CellBlock]:
        """Its cells, as the protection sees them."""
        if self.coproduction is None:
            return []
        return blocks(self.coproduction, programme, facts, threshold)

    def described(self, published: Published, programme: Programme) -> Published:
        """A figure of a series with its period and source; any other as it is."""
        return with_origin(published, self.registers, programme.indicators, programme.territories)


NOTHING = Beside()
