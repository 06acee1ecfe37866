"""What was acknowledged of responses: the receipts beside the keys of sent forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.domain.fieldwork import PAPER
from app.storage.response_keys import ResponseKey
from app.storage.responses import Response, SaveKey

BATCH = 1000


def receipts_of(session: Session, response_id: int) -> Sequence[tuple[str | None, datetime]]:
    """Receipt and moment of everything that was acknowledged of a response, oldest first.

    None: saved by a release that gave no receipts.
    """
    found = select(SaveKey.receipt, SaveKey.at).where(SaveKey.response_id == response_id)
    return [(row.receipt, row.at) for row in session.execute(found.order_by(SaveKey.id))]


def last_receipts(session: Session) -> Iterator[Row[int, bytes, bytes, bytes | None, str]]:
    """Of each response that has one, its last receipt: id, own secret, body, sealed key, receipt.

    Withdrawn responses have none; nor have those whose keys of forms were removed, or those
    in whose place a sheet was keyed.
    """
    last = select(func.max(SaveKey.id)).group_by(SaveKey.response_id)
    found = (
        select(
            Response.id, Response.secret_digest, Response.body, ResponseKey.sealed, SaveKey.receipt
        )
        .join(SaveKey, SaveKey.response_id == Response.id)
        .outerjoin(ResponseKey, ResponseKey.secret_digest == Response.secret_digest)
        .where(SaveKey.id.in_(last), SaveKey.receipt.is_not(None), Response.withdrawn_at.is_(None))
        .where(Response.channel != PAPER)
        .execution_options(yield_per=BATCH)
    )
    with session.execute(found) as rows:
        yield from rows  # type: ignore[misc] # the one column that may be None is not
