"""Responses: one packed document each, saved page by page, and the sessions that hold them."""

from __future__ import annotations

from collections.abc import Iterator, KeysView, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.answers import Answer
from app.domain.questionnaire import Why
from app.storage.database import ANSWERS, Base
from app.storage.surveys import Instrument
from app.storage.waves import Wave


class Response(Base):
    """One participant's answers in one wave. ``id`` is never used again.

    ``body`` is opaque: see ``pack`` and ``unpack``. Only typed columns are filtered on.
    """

    __tablename__ = "response"
    __table_args__ = (
        # Who counts answers reads this index and no row; saving a page changes nothing in it.
        Index(
            "ix_response_counted",
            *("wave_id", "superseded_by", "territory", "audience", "channel"),
            *("submitted_at", "consented_at", "participant_id"),
        ),
        Index("ix_response_extract", "wave_id", "extracted_revision"),
        Index("ix_response_superseded", "superseded_by"),
        {"schema": ANSWERS, "sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    participant_id: Mapped[int | None] = mapped_column(unique=True)  # None once the link is cut
    territory: Mapped[str]
    audience: Mapped[str]
    instrument_id: Mapped[int] = mapped_column(ForeignKey(Instrument.id))
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)  # row security's key
    withdrawal_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int] = mapped_column(default=0)
    extracted_revision: Mapped[int | None]
    weight: Mapped[float] = mapped_column(default=1.0)
    stratum: Mapped[str] = mapped_column(default="")
    psu: Mapped[str | None]  # the case, where answers of a family are linked
    sub_area: Mapped[str | None]
    channel: Mapped[str] = mapped_column(default="web")  # web, paper, phone, import
    notice_version: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None]  # what counts in its place
    corrects: Mapped[int | None]  # in whose place it stands
    correction: Mapped[str | None]  # why: workflows.correcting


class SaveKey(Base):
    """A form's idempotency key, consumed by the commit that it names; same key, same answer."""

    __tablename__ = "save_key"
    __table_args__ = (UniqueConstraint("response_id", "key"), {"schema": ANSWERS})

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey(Response.id))
    key: Mapped[str]
    goes_to: Mapped[str]  # the page that the 303 names
    receipt: Mapped[str | None]  # of what was stored then: see protection.receipts
    at: Mapped[datetime]


class ParticipantSession(Base):
    """A participant at a device: the hash of the cookie's secret, and what it may touch."""

    __tablename__ = "participant_session"
    __table_args__ = ({"schema": ANSWERS},)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey(Response.id))
    response_secret: Mapped[bytes | None] = mapped_column(LargeBinary)  # secret_digest of it
    shared_device: Mapped[bool] = mapped_column(default=False)
    sees_earlier: Mapped[bool] = mapped_column(default=False)  # after the second check
    sitting: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(default="fr")
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


# The body: one byte of format, then JSON {"a": {item: cell}, "sit": [sitting], "v": 1}, where a
# cell is {v | why, o, e, l, s, at}: value or reason, text beside it, number of an entry of a list,
# language where it is not the sitting's, number of the sitting, moment.
_FORMAT = b"\x01"
Cell = dict[str, Any]
_WHY = {why.value: why for why in Why}


def pack(document: Mapping[str, Any]) -> bytes:
    """The document of a response as it is stored."""
    return _FORMAT + orjson.dumps(document)


def unpack(body: bytes) -> dict[str, Any]:
    """The document in a stored body. Raises ValueError where it is none of ours."""
    if body[:1] != _FORMAT:
        raise ValueError("a response in a format that is not known")
    document: dict[str, Any] = orjson.loads(memoryview(body)[1:])
    return document


def cell_of(answer: Answer) -> Cell:
    """An answer as it stands in the document."""
    cell: Cell = {"v": answer.value} if answer.why is None else {"why": answer.why.value}
    if answer.other:
        cell["o"] = answer.other
    if answer.entry:
        cell["e"] = answer.entry
    if answer.lang:
        cell["l"] = answer.lang
    return cell | {"s": answer.sitting, "at": answer.at}


def answers_in(document: Mapping[str, Any]) -> dict[str, Answer]:
    """Every answer of a document by its item, those off the path included."""
    return {item: _answer(cell) for item, cell in document["a"].items()}


class Stored(Mapping[str, Answer]):
    """The answers of a document, as ``answers_in``; each is read only when it is asked for.

    A page asks for its own few of what may be hundreds.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._cells: dict[str, Cell] = document["a"]

    def __getitem__(self, item: str) -> Answer:
        return _answer(self._cells[item])

    def get(self, item: str, default: Any = None) -> Any:
        """The answer to an item, if there is one."""
        cell = self._cells.get(item)
        return default if cell is None else _answer(cell)

    def __contains__(self, item: object) -> bool:
        return item in self._cells

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def keys(self) -> KeysView[str]:
        """The items answered."""
        return self._cells.keys()


def _answer(cell: Cell) -> Answer:
    value = cell.get("v")
    if isinstance(value, list):
        value = tuple(value)
    why = _WHY[cell["why"]] if "why" in cell else None
    return Answer(
        value,
        why,
        cell.get("o"),
        cell.get("s", 0),
        cell.get("at", ""),
        cell.get("e", ""),
        cell.get("l", ""),
    )
