"""Values of administrative series: entered, superseded, never overwritten or removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.series import SeriesValue
from app.storage.database import PROGRAMME, Base
from app.storage.scope import within_scope
from app.storage.territories import ProgrammeRow


class SeriesRow(Base):
    """One value as somebody entered it. It counts until another one supersedes it."""

    __tablename__ = "series_value"
    __table_args__ = (
        Index("ix_series_value_place", "programme_id", "code", "territory"),
        {"schema": PROGRAMME},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    code: Mapped[str]
    territory: Mapped[str]
    sub_area: Mapped[str] = mapped_column(default="")  # empty: the whole territory
    period_start: Mapped[date]
    period_end: Mapped[date]
    numerator: Mapped[float]
    denominator: Mapped[float]
    source: Mapped[str]
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]  # taken back, where no later value stands for it
    superseded_by: Mapped[int | None]

    @property
    def value(self) -> SeriesValue:
        """The value without who and when."""
        return SeriesValue(
            code=self.code,
            territory=self.territory,
            sub_area=self.sub_area,
            start=self.period_start,
            end=self.period_end,
            numerator=self.numerator,
            denominator=self.denominator,
            source=self.source,
        )


def standing(
    session: Session,
    programme_id: int,
    territories: frozenset[str],
    codes: Collection[str] | None = None,
) -> Sequence[SeriesRow]:
    """The values that count, by series, territory and period; ``codes`` None: every series."""
    statement = select(SeriesRow).where(
        SeriesRow.programme_id == programme_id, SeriesRow.superseded_at.is_(None)
    )
    if codes is not None:
        statement = statement.where(SeriesRow.code.in_(sorted(codes)))
    statement = within_scope(statement, SeriesRow.territory, territories)
    order = (SeriesRow.code, SeriesRow.territory, SeriesRow.period_start, SeriesRow.sub_area)
    return session.scalars(statement.order_by(*order)).all()


def row_of(session: Session, programme_id: int, row_id: int) -> SeriesRow | None:
    """One value, if it is of this programme."""
    return session.scalar(
        select(SeriesRow).where(SeriesRow.id == row_id, SeriesRow.programme_id == programme_id)
    )


def put(
    session: Session,
    programme_id: int,
    value: SeriesValue,
    before: SeriesRow | None,
    by: int | None,
    at: datetime,
) -> SeriesRow:
    """Add a value; ``before`` stops counting."""
    row = SeriesRow(
        programme_id=programme_id,
        code=value.code,
        territory=value.territory,
        sub_area=value.sub_area,
        period_start=value.start,
        period_end=value.end,
        numerator=value.numerator,
        denominator=value.denominator,
        source=value.source,
        entered_by=by,
        entered_at=at,
    )
    session.add(row)
    session.flush()
    if before is not None:
        before.superseded_at = at
        before.superseded_by = row.id
    return row
