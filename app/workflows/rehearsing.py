"""What a rehearsed restoration is good for: figures that were released come out of it again."""

from __future__ import annotations

from dataclasses import dataclass

from app.storage.cuts import withdrawn_of
from app.storage.releases import Release, releases_of
from app.storage.territories import programmes
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.evaluate import verify_release


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A release made again in the restored place.

    ``figures``: how many it has; ``same``: whether each comes out as it was given out; ``erased``:
    answers gone since, without which it cannot.
    """

    release: int
    figures: int
    same: bool
    erased: int

    @property
    def good(self) -> bool:
        """Whether it is as it has to be."""
        return self.same or self.erased > 0


def recompute(place: House) -> list[Recomputed]:
    """Make the newest release of each programme again from the answers that came back."""
    found = []
    with place.database.read() as session:
        newest = [
            (row.code, next(iter(releases_of(session, row.id)), None))
            for row in programmes(session)
        ]
    for code, row in newest:
        if row is None:
            continue
        release, cut, _wave = row
        with place.database.read() as session:
            figures = len(session.get_one(Release, release.id).figures["observations"])
            erased = withdrawn_of(session, cut)
        told = verify_release(place, operator(place, code), release.id)
        found.append(Recomputed(release.id, figures, told["figures"], erased))
    return found
