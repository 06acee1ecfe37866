"""Receipts of saved pages: one with each save, kept beside the form's key, shown on request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.protection.receipts import receipt
from app.storage.collecting import Saving
from app.storage.responses import pack
from app.workflows.acting import House
from app.workflows.answer_files import to_keep
from app.workflows.standing import Standing

NOTHING: Mapping[str, bytes] = {}


def saving(
    house: House,
    found: Standing,
    document: Mapping[str, Any],
    key: str,
    goes_to: str,
    at: datetime,
    sent: Mapping[str, bytes] = NOTHING,
) -> Saving:
    """What is stored of a response once this document takes the place of the one that stands.

    ``sent``: files that came with the form, by their marks.
    """
    held = found.held
    body = house.database.sealing.close(pack(document), held.sealed_key, held.own)
    told = receipt(house.keys.receipts, held.own, document["a"])
    files = to_keep(house, held, found.frozen, document["a"], sent)
    return Saving(body, told, key, goes_to, at, files)


def present_receipt(house: House, found: Standing) -> str:
    """The receipt of a response as it stands, which is that of the last page saved."""
    return receipt(house.keys.receipts, found.held.own, found.document["a"])
