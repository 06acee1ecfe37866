"""The territories of a wave, frozen at its opening: it is read with the borders of its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.definitions.documents import dump, load
from app.domain.territories import Territory
from app.domain.territory_history import territories_at
from app.storage.database import PROGRAMME, Base
from app.storage.territories import territories_of, tree_of
from app.storage.waves import Wave


class WaveTerritory(Base):
    """A territory as it stood on the wave's first day. ``document``: the state, no history."""

    __tablename__ = "wave_territory"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None]
    position: Mapped[int]  # in the tree, from 0
    document: Mapped[dict[str, Any]]


def territories_of_wave(session: Session, wave: Wave) -> dict[str, Territory]:
    """The territories of a wave by code: the frozen ones; before its opening, and where a release
    of this software that froze none opened it, those that are there on its first day."""
    found = frozen_territories(session, wave.id)
    return found or territories_at(tree_of(session, wave.programme_id), wave.first_day)


def territories_in_letters(session: Session, wave: Wave) -> dict[str, Territory]:
    """The territories of a wave for what is printed and sent: names and local words as they were
    frozen, and the telephones that are answered today."""
    today = territories_of(session, wave.programme_id)
    frozen = territories_of_wave(session, wave)
    return today | {
        code: replace(
            state,
            help_phone=today[code].help_phone or state.help_phone,
            help_hours=(today[code] if today[code].help_phone else state).help_hours,
            help_lines=today[code].help_lines or state.help_lines,
        )
        for code, state in frozen.items()
        if code in today
    }


def frozen_territories(session: Session, wave_id: int) -> dict[str, Territory]:
    """The territories that were frozen with a wave, in the order of the tree; none before."""
    documents = session.scalars(
        select(WaveTerritory.document)
        .where(WaveTerritory.wave_id == wave_id)
        .order_by(WaveTerritory.position)
    )
    return {each.code: each for each in (load(Territory, document) for document in documents)}


def freeze_territories(session: Session, wave: Wave, states: Mapping[str, Territory]) -> None:
    """Keep the territories that the wave is opened with."""
    session.add_all(
        WaveTerritory(
            wave_id=wave.id,
            territory=code,
            parent=state.parent,
            position=position,
            document=dump(state),
        )
        for position, (code, state) in enumerate(states.items())
    )


def waves_with(session: Session, programme_id: int, code: str) -> Sequence[tuple[Wave, Territory]]:
    """The waves that were opened with this territory, newest first, and how it stood then."""
    rows = session.execute(
        select(Wave, WaveTerritory.document)
        .join(WaveTerritory, WaveTerritory.wave_id == Wave.id)
        .where(Wave.programme_id == programme_id, WaveTerritory.territory == code)
        .order_by(Wave.id.desc())
    )
    return [(wave, load(Territory, document)) for wave, document in rows]
