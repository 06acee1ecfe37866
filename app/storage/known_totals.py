"""Known totals of a wave's populations, superseded and never overwritten, and weighting rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.known_totals import KnownTotal, WeightingRule
from app.storage.database import PROGRAMME, Base
from app.storage.participants import Participant
from app.storage.scope import within_scope
from app.storage.waves import Wave


class KnownTotalRow(Base):
    """One total as somebody entered it. It counts until another one supersedes it."""

    __tablename__ = "known_total"
    __table_args__ = (
        Index("ix_known_total_place", "wave_id", "territory", "audience"),
        {"schema": PROGRAMME},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    territory: Mapped[str]
    audience: Mapped[str]
    margin: Mapped[str]
    category: Mapped[str]
    count: Mapped[float | None]
    units: Mapped[float | None]
    into: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    dated: Mapped[date]
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]  # taken back, where no later total stands for it
    superseded_by: Mapped[int | None]

    @property
    def total(self) -> KnownTotal:
        """The total without who and when."""
        return KnownTotal(
            territory=self.territory,
            audience=self.audience,
            margin=self.margin,
            category=self.category,
            count=self.count,
            source=self.source,
            dated=self.dated,
            units=self.units,
            into=self.into,
        )


class WeightingRuleRow(Base):
    """How one audience of a territory is weighted in a wave; without a row, nothing is bounded."""

    __tablename__ = "weighting_rule"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    lower: Mapped[float | None]
    upper: Mapped[float | None]
    collapse_below: Mapped[int] = mapped_column(default=0)
    finite: Mapped[bool] = mapped_column(default=False)

    @property
    def rule(self) -> WeightingRule:
        """The rule as a plain object."""
        return WeightingRule(
            self.territory,
            self.audience,
            self.lower,
            self.upper,
            self.collapse_below,
            self.finite,
        )


def standing(
    session: Session, wave_id: int, territories: frozenset[str]
) -> Sequence[KnownTotalRow]:
    """The totals that count, in the order in which their categories were first entered."""
    statement = select(KnownTotalRow).where(
        KnownTotalRow.wave_id == wave_id, KnownTotalRow.superseded_at.is_(None)
    )
    statement = within_scope(statement, KnownTotalRow.territory, territories)
    order = (KnownTotalRow.territory, KnownTotalRow.audience, KnownTotalRow.margin)
    return session.scalars(statement.order_by(*order, KnownTotalRow.id)).all()


def row_of(session: Session, wave_id: int, row_id: int) -> KnownTotalRow | None:
    """One total, if it is of this wave."""
    return session.scalar(
        select(KnownTotalRow).where(KnownTotalRow.id == row_id, KnownTotalRow.wave_id == wave_id)
    )


def put(
    session: Session,
    wave_id: int,
    total: KnownTotal,
    before: KnownTotalRow | None,
    by: int | None,
    at: datetime,
) -> None:
    """Add a total; ``before`` stops counting."""
    row = KnownTotalRow(
        wave_id=wave_id,
        territory=total.territory,
        audience=total.audience,
        margin=total.margin,
        category=total.category,
        count=total.count,
        units=total.units,
        into=total.into,
        source=total.source,
        dated=total.dated,
        entered_by=by,
        entered_at=at,
    )
    session.add(row)
    session.flush()
    if before is not None:
        before.superseded_at, before.superseded_by = at, row.id


def rules_of(
    session: Session, wave_id: int, territories: frozenset[str]
) -> Sequence[WeightingRuleRow]:
    """The rules of a wave, by territory and audience."""
    statement = select(WeightingRuleRow).where(WeightingRuleRow.wave_id == wave_id)
    statement = within_scope(statement, WeightingRuleRow.territory, territories)
    order = (WeightingRuleRow.territory, WeightingRuleRow.audience)
    return session.scalars(statement.order_by(*order)).all()


def set_rule(session: Session, wave_id: int, rule: WeightingRule) -> None:
    """Keep this rule in the place of the one before."""
    key = (wave_id, rule.territory, rule.audience)
    row = session.get(WeightingRuleRow, key)
    if row is None:
        row = WeightingRuleRow(wave_id=wave_id, territory=rule.territory, audience=rule.audience)
        session.add(row)
    row.lower, row.upper = rule.lower, rule.upper
    row.collapse_below, row.finite = rule.collapse_below, rule.finite


def drawn(session: Session, wave_id: int) -> dict[tuple[str, str], dict[str, int]]:
    """People of the sample by (territory, audience), then stratum."""
    rows = session.execute(
        select(Participant.territory, Participant.audience, Participant.stratum, func.count())
        .where(Participant.wave_id == wave_id, Participant.listed)
        .group_by(Participant.territory, Participant.audience, Participant.stratum)
        .order_by(Participant.territory, Participant.audience, Participant.stratum)
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for territory, audience, stratum, count in rows:
        found.setdefault((territory, audience), {})[stratum] = count
    return found
