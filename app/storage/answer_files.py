"""The files that people gave as answers, beside the responses that speak of them by their marks.

A row holds the content, sealed where the response is. Whatever the document speaks of no more goes
in the transaction that stores it. Participants' pages add and remove, and can read no content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    Select,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import ANSWERS, Base
from app.storage.prepared import Driver, Prepared
from app.storage.responses import Response
from app.storage.scope import within_scope


class AnswerFileRow(Base):
    """One file of one response; ``mark`` is what the answer says of it."""

    __tablename__ = "answer_file"
    __table_args__ = (UniqueConstraint("response_id", "mark"), {"schema": ANSWERS})

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey(Response.id))
    mark: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


_TABLE = cast(Table, AnswerFileRow.__table__)
_F = _TABLE.c
_THERE = Prepared(select(_F.mark).where(_F.response_id == bindparam("of")))
_ADD = Prepared(
    insert(_TABLE)
    .values(response_id=bindparam("of"), mark=bindparam("said"), content=bindparam("sealed"))
    .inline()
)
_REMOVE = Prepared(
    delete(_TABLE).where(_F.response_id == bindparam("of"), _F.mark == bindparam("said"))
)


def keep_files(
    driver: Driver, response_id: int, marks: frozenset[str], new: Mapping[str, bytes]
) -> None:
    """Keep the files with these marks, and no others; ``new``: content as stored, by mark."""
    there = {str(row[0]) for row in _THERE.rows(driver, {"of": response_id})}
    for gone in there - marks:
        _REMOVE.run(driver, {"of": response_id, "said": gone})
    for mark in (new.keys() & marks) - there:
        _ADD.run(driver, {"of": response_id, "said": mark, "sealed": new[mark]})


def forget_files(session: Session, response_id: int) -> None:
    """Remove every file of a response."""
    session.execute(delete(AnswerFileRow).where(AnswerFileRow.response_id == response_id))


def content_of(session: Session, response_id: int, mark: str) -> bytes | None:
    """One file as stored."""
    return session.scalar(
        select(AnswerFileRow.content).where(
            AnswerFileRow.response_id == response_id, AnswerFileRow.mark == mark
        )
    )


def with_files(
    session: Session, wave_id: int, territories: frozenset[str], after: int, limit: int
) -> Sequence[Response]:
    """The sent responses of a wave that have files, from after this number on."""
    found = _sent(wave_id, territories).where(Response.id > after)
    return session.scalars(found.order_by(Response.id).limit(limit)).all()


def response_with_files(
    session: Session, wave_id: int, territories: frozenset[str], response_id: int
) -> Response | None:
    """One of them, by its number."""
    return session.scalar(_sent(wave_id, territories).where(Response.id == response_id))


def _sent(wave_id: int, territories: frozenset[str]) -> Select[Response]:
    found = select(Response).where(
        Response.wave_id == wave_id,
        Response.submitted_at.is_not(None),
        Response.withdrawn_at.is_(None),
        Response.superseded_by.is_(None),
        Response.id.in_(select(AnswerFileRow.response_id)),
    )
    return within_scope(found, Response.territory, territories)
