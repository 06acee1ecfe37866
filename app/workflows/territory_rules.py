"""What no act on territories may do: break the tree, or change what a wave was opened with."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.domain.check_words import finding
from app.domain.checks import Finding, Level
from app.domain.errors import BadDefinition
from app.domain.territory_checks import check_tree
from app.domain.territory_history import Tree, differing
from app.storage.waves import waves_of


def refuse_bad_tree(session: Session, programme_id: int, before: Tree, after: Tree) -> None:
    """Raise ``BadDefinition`` with all that keeps ``after`` from taking the place of ``before``."""
    found = [
        *(each for each in check_tree(after) if each.level is Level.ERROR),
        *_of_open_waves(session, programme_id, before, after),
    ]
    if found:
        raise BadDefinition(found)


def _of_open_waves(
    session: Session, programme_id: int, before: Tree, after: Tree
) -> Iterator[Finding]:
    for wave in waves_of(session, programme_id):
        if wave.state == "open":
            for code in differing(before, after, wave.first_day):
                yield finding("open_wave", code, wave=wave.code, day=wave.first_day)
