"""What each indicator of a release is: definition, base, direction, target, evidence, source."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.definitions.framework_writing import measure
from app.domain.frameworks import Indicator, global_weights, indicators, items_of, leaves
from app.domain.text import Text
from app.interchange.summary import CellValue
from app.storage.published import Published
from app.workflows.choosing import plain_code
from app.workflows.summary_words import AUDIENCES, EVIDENCES, UNITS

METADATA = (
    "code", "title", "dimension", "audiences", "unit", "direction", "low_goalpost",
    "high_goalpost", "measure", "items", "note", "target", "target_owner", "target_date",
    "national_weight", "own_frameworks", "evidence", "source",
)  # fmt: skip
DIRECTIONS = {
    True: Text.of(fr="plus haut est mieux", en="higher is better"),
    False: Text.of(fr="plus bas est mieux", en="lower is better"),
}


def indicator_rows(seen: Published, language: str) -> Iterator[tuple[CellValue, ...]]:
    """One line an indicator of which the release has a figure, shown or withheld."""
    told = {plain_code(each) for each in seen.table}
    weights = global_weights(seen.national)
    places = {
        leaf.indicator.code: node.title.in_(language)
        for framework in reversed(seen.frameworks)  # the nation's place counts where there are two
        for node in framework.dimensions
        for leaf in leaves(node)
    }
    for code, each in seen.indicators.items():
        if code not in told:
            continue
        target = each.target
        own = [tree.code for tree in seen.frameworks[1:] if each in indicators(tree)]
        yield (
            code,
            each.title.in_(language),
            places.get(code),
            ", ".join(AUDIENCES[part.audience].in_(language) for part in each.components) or None,
            UNITS[each.unit].in_(language),
            DIRECTIONS[each.higher_is_better].in_(language),
            each.goalposts[0],
            each.goalposts[1],
            _measured(each),
            ", ".join(sorted({item for part in each.components for item in items_of(part.measure)}))
            or None,
            each.note.in_(language) or None,
            target.value if target else None,
            target.owner.in_(language) if target else None,
            target.date if target else None,
            round(float(weights[code]), 4) if code in weights else None,
            ", ".join(own) or None,
            EVIDENCES[each.evidence].in_(language) if each.evidence else None,
            each.source.in_(language) or None,
        )


def _measured(indicator: Indicator) -> str:
    """The measure of each audience as the framework's file has it, in one line."""
    said = {part.audience.value: measure(part.measure) for part in indicator.components}
    return json.dumps(said, ensure_ascii=False, default=str)
