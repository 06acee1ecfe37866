"""Whose view a proxy gives, part by part: what the person would say, or the proxy's own view."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from app.domain.errors import Unavailable
from app.domain.sittings import PERSPECTIVES, with_view
from app.storage import collecting
from app.storage.database import now
from app.workflows.acting import House
from app.workflows.collect import TRIES
from app.workflows.onward import part_with
from app.workflows.receipts import saving
from app.workflows.standing import Standing, standing_of


def change_view(house: House, found: Standing, code: str, view: str, key: str) -> None:
    """From the part with this page on, the proxy gives this view; kept in the sitting.

    ``found`` was read with the form's key; the same key changes nothing twice. Nothing happens
    where nobody is a proxy, or the page is not asked. Raises as ``standing``, and Unavailable.
    """
    for turn in range(TRIES):
        if turn:
            found = standing_of(house, found.held.digest, key)
        part = part_with(found, code)
        if found.held.goes_to is not None or not found.view_at(code):
            return
        if part is None or view not in PERSPECTIVES:
            return
        sittings = list(found.document["sit"])
        sittings[found.held.sitting] = with_view(found.sitting, part.section.code, view)
        new = saving(house, found, found.document | {"sit": sittings}, key, code, now())
        try:
            if collecting.save(house.database, found.held, new):
                return
        except IntegrityError:
            continue  # the same form, sent twice at once
    raise Unavailable
