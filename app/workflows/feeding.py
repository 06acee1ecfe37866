"""Which indicators read an item, in the frameworks in force."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.definitions.files import load_framework
from app.domain.frameworks import Framework, indicators, items_of
from app.storage.frameworks import latest_frameworks

Read = tuple[str, str, frozenset[str]]  # framework, indicator, the items that it reads
_MOST = 200
_known: dict[str, tuple[Read, ...]] = {}  # by checksum: published frameworks never change


def feeds(
    session: Session, programme_id: int, codes: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """Framework and indicator, for each that reads one of these items."""
    return tuple(
        dict.fromkeys(
            (framework, indicator)
            for row in latest_frameworks(session, programme_id)
            for framework, indicator, items in _reads(row.checksum, row.document)
            if items & codes
        )
    )


def _reads(checksum: str, document: dict[str, object]) -> tuple[Read, ...]:
    if checksum not in _known:
        if len(_known) >= _MOST:
            _known.clear()
        _known[checksum] = _of(load_framework(document))
    return _known[checksum]


def _of(framework: Framework) -> tuple[Read, ...]:
    return tuple(
        (framework.code, indicator.code, items_of(component.measure))
        for indicator in (*indicators(framework), *framework.ledger)
        for component in indicator.components
    )
