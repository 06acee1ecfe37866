"""What a cut freezes beside the answers: series as they stood, and the plan of co-production."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.definitions.coproduction_reading import coproduction_in, designs_in
from app.definitions.nodes import Document, read_document
from app.domain.series import SeriesValue, read_together
from app.evaluation.beside import Beside
from app.evaluation.registers import registers
from app.storage.series import standing
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave

CONFIG = Path(__file__).parents[2] / "config"
Frozen = dict[str, Any]


def frozen_beside(session: Session, wave: Wave) -> Frozen:
    """Plain data for a cut: what the wave reads of each series, and the two documents."""
    places = frozenset(territories_of_wave(session, wave))
    values = [row.value for row in standing(session, wave.programme_id, places)]
    codes = sorted({value.code for value in values})
    read = [
        value
        for code in codes
        for value in read_together([v for v in values if v.code == code], wave.period_end)
    ]
    return {
        "series": [_written(value) for value in read],
        "coproduction": _document("coproduction.yaml"),
        "designs": _document("designs.yaml"),
    }


def _document(name: str) -> Any:
    path = CONFIG / name
    return read_document(path.read_text(encoding="utf-8")).data if path.exists() else None


def beside_of(counts: Mapping[str, Any], wave: Wave, threshold: int) -> Beside:
    """What a cut froze; nothing, for a cut of before."""
    frozen: Frozen = counts.get("beside", {})
    plan, designs = frozen.get("coproduction"), frozen.get("designs")
    return Beside(
        registers=registers(series_in(frozen), wave.period_end, threshold),
        coproduction=coproduction_in(_kept(plan)) if plan else None,
        designs=designs_in(_kept(designs)) if designs else None,
    )


def manifest_of(beside: Beside) -> Frozen:
    """What pages and files must know of it to name what they show."""
    plan = beside.coproduction
    if plan is None:
        return {}
    return {
        "margin": plan.margin,
        "pairs": {
            pair.code: {
                "title": pair.title.as_dict(),
                "first": str(pair.first[0]),
                "second": str(pair.second[0]),
            }
            for pair in plan.mirrored
        },
        "professions": plan.professions[0] if plan.professions else "",
        "ties": dict(plan.ties.items) if plan.ties else {},
    }


def _kept(data: Any) -> Document:
    return Document(data, {(): 1})


def series_in(frozen: Frozen) -> list[SeriesValue]:
    """The values of series that a cut froze."""
    return [
        SeriesValue(
            **{
                **each,
                "start": date.fromisoformat(each["start"]),
                "end": date.fromisoformat(each["end"]),
            }
        )
        for each in frozen.get("series", ())
    ]


def _written(value: SeriesValue) -> Frozen:
    dates = {"start": value.start.isoformat(), "end": value.end.isoformat()}
    return {**asdict(value), **dates}
