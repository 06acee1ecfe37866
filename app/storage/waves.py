"""Waves: rounds of collection, with the instruments and frameworks frozen at their opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Row, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.frameworks import FrameworkVersion
from app.storage.surveys import Instrument, QuestionnaireVersion
from app.storage.territories import ProgrammeRow

ZONE = ZoneInfo("Europe/Paris")


class Wave(Base):
    """One round of collection. Its state follows from ``opened_at`` and ``closed_at``."""

    __tablename__ = "wave"
    __table_args__ = (UniqueConstraint("programme_id", "code"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    code: Mapped[str]
    title: Mapped[dict[str, Any]]
    frame: Mapped[str]  # who could be asked: all_75, …: workflows.new_wave
    period_start: Mapped[date]
    period_end: Mapped[date]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    notice_version: Mapped[str] = mapped_column(default="1")  # storage.dossiers: participants
    described_notice: Mapped[int | None]  # as above, for the people whom others describe
    link_after_submission: Mapped[str] = mapped_column(default="keep")  # or "cut"
    partials_from: Mapped[int | None]  # use partial responses from n % of pages; None: leave out
    double_entry: Mapped[int] = mapped_column(default=10)  # % of paper sheets keyed by two people
    draft_wordings_accepted: Mapped[str] = mapped_column(default="")  # the recorded decision
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)  # versions chosen: domain.plans
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]

    @property
    def state(self) -> Literal["planned", "open", "closed"]:
        """Where the wave stands, from what was done to it."""
        if self.closed_at is not None:
            return "closed"
        return "open" if self.opened_at is not None else "planned"

    @property
    def first_day(self) -> date:
        """The day in Paris whose borders the wave is opened with and read with ever after."""
        return self.opens_at.astimezone(ZONE).date()

    def takes_answers(self, at: datetime) -> bool:
        """Whether the participants' door is open at this moment: opened, and between its times."""
        return self.state == "open" and self.opens_at <= at < self.closes_at


class WaveInstrument(Base):
    """Which instrument an audience of a territory answers in a wave."""

    __tablename__ = "wave_instrument"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey(Instrument.id))


class WaveExchange(Base):
    """A part of a sample, drawn by ``seed``, that is asked other territories' own items too.

    ``percent``: the chance of each case (``domain.exchange``); ``instrument_id``: what the part
    answers in the place of the territory's instrument.
    """

    __tablename__ = "wave_exchange"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey(Instrument.id))
    percent: Mapped[int]
    seed: Mapped[str]


class WaveFramework(Base):
    """Which framework versions judge a wave: FR for the national one, else the territory's own."""

    __tablename__ = "wave_framework"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey(FrameworkVersion.id))


def waves_of(session: Session, programme_id: int) -> Sequence[Wave]:
    """Every wave of the programme, newest first."""
    found = select(Wave).where(Wave.programme_id == programme_id).order_by(Wave.id.desc())
    return session.scalars(found).all()


def collecting(session: Session, at: datetime) -> Sequence[Row[Wave, str]]:
    """Waves of every programme that take answers at this moment, with the programme's code."""
    found = (
        select(Wave, ProgrammeRow.code)
        .join(ProgrammeRow, ProgrammeRow.id == Wave.programme_id)
        .where(
            Wave.opened_at.is_not(None),
            Wave.closed_at.is_(None),
            Wave.opens_at <= at,
            Wave.closes_at > at,
        )
        .order_by(Wave.id)
    )
    return session.execute(found).all()


def wave_by_id(
    session: Session, programme_id: int, wave_id: int, *, lock: bool = False
) -> Wave | None:
    """The wave, if it is of this programme. ``lock``: acts on the same wave wait for each other."""
    found = select(Wave).where(Wave.id == wave_id, Wave.programme_id == programme_id)
    return session.scalar(found.with_for_update() if lock else found)


def wave_by_code(session: Session, programme_id: int, code: str) -> Wave | None:
    """The wave with this code."""
    return session.scalar(select(Wave).where(Wave.code == code, Wave.programme_id == programme_id))


def wave_instrument(session: Session, wave_id: int, territory: str, audience: str) -> int | None:
    """Id of the instrument that this audience of this territory answers; None: it is not asked."""
    return session.scalar(
        select(WaveInstrument.instrument_id).where(
            WaveInstrument.wave_id == wave_id,
            WaveInstrument.territory == territory,
            WaveInstrument.audience == audience,
        )
    )


def instruments_of(session: Session, wave_id: int) -> Mapping[tuple[str, str], int]:
    """Instrument ids of an opened wave by (territory, audience)."""
    rows = session.scalars(select(WaveInstrument).where(WaveInstrument.wave_id == wave_id))
    return {(row.territory, row.audience): row.instrument_id for row in rows}


def exchanges_of(session: Session, wave_id: int) -> Mapping[tuple[str, str], WaveExchange]:
    """The parts of an opened wave that exchange items, by (territory, audience)."""
    rows = session.scalars(select(WaveExchange).where(WaveExchange.wave_id == wave_id))
    return {(row.territory, row.audience): row for row in rows}


def frameworks_of(session: Session, wave_id: int) -> Mapping[str, int]:
    """Framework version ids of an opened wave by territory (FR: the national one)."""
    rows = session.scalars(select(WaveFramework).where(WaveFramework.wave_id == wave_id))
    return {row.territory: row.framework_id for row in rows}


def instrument_by_checksum(session: Session, programme_id: int, checksum: str) -> Instrument | None:
    """The instrument already kept for this content."""
    return session.scalar(
        select(Instrument).where(
            Instrument.programme_id == programme_id, Instrument.checksum == checksum
        )
    )


def freeze(
    session: Session,
    wave_id: int,
    instruments: Mapping[tuple[str, str], int],
    frameworks: Mapping[str, int],
    exchanges: Sequence[WaveExchange] = (),
) -> None:
    """Write what the wave is answered with and judged by."""
    session.add_all(exchanges)
    for (territory, audience), instrument_id in instruments.items():
        session.add(
            WaveInstrument(
                wave_id=wave_id,
                territory=territory,
                audience=audience,
                instrument_id=instrument_id,
            )
        )
    for territory, framework_id in frameworks.items():
        session.add(WaveFramework(wave_id=wave_id, territory=territory, framework_id=framework_id))


def instrument_versions(
    session: Session, wave_id: int
) -> Sequence[Row[str, str, int | None, int | None]]:
    """What is answered: territory, audience, number of the core and of the module (or None)."""
    core, module = aliased(QuestionnaireVersion), aliased(QuestionnaireVersion)
    found = (
        select(WaveInstrument.territory, WaveInstrument.audience, core.number, module.number)
        .join(Instrument, Instrument.id == WaveInstrument.instrument_id)
        .join(core, core.id == Instrument.core_id)
        .outerjoin(module, module.id == Instrument.module_id)
        .where(WaveInstrument.wave_id == wave_id)
        .order_by(WaveInstrument.territory, WaveInstrument.audience)
    )
    return session.execute(found).all()


def framework_versions(session: Session, wave_id: int) -> Sequence[Row[str, str, int | None]]:
    """What judges: territory (FR: the nation), code and number of the framework."""
    found = (
        select(WaveFramework.territory, FrameworkVersion.code, FrameworkVersion.number)
        .join(FrameworkVersion, FrameworkVersion.id == WaveFramework.framework_id)
        .where(WaveFramework.wave_id == wave_id)
        .order_by(WaveFramework.territory)
    )
    return session.execute(found).all()
