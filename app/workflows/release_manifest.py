"""The manifest of a release: what a reader needs to cite, to trust and to repeat it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.files import dump_framework
from app.domain.text import Text
from app.evaluation.assessment import Settings
from app.evaluation.response_counts import untold
from app.storage.published import Content
from app.storage.releases import DataCut
from app.storage.surveys import Instrument
from app.storage.territories import ProgrammeRow
from app.storage.waves import Wave, exchanges_of, instruments_of
from app.workflows.summary_words import CITATION

ROOT = Path(__file__).parents[2]


def manifest_of_cut(
    session: Session, cut: DataCut, wave: Wave, content: Content, chosen: Settings, number: int
) -> dict[str, Any]:
    """Everything that follows from the cut and what was frozen with its wave."""
    cells: Mapping[str, Mapping[str, int]] = cut.counts["cells"]
    people = {
        name: sum(each[name] for each in cells.values())
        for name in ("invited", "eligible", "opened")
    }
    people["submitted"] = sum(cut.counts["submitted"].values())
    if any(n and not cells[cell]["eligible"] for cell, n in cut.counts["submitted"].items()):
        people["eligible"] = 0  # answers were imported without a sample: no rate of the whole
    people["partial"] = sum(cut.counts.get("partial", {}).values())
    programme = session.get_one(ProgrammeRow, wave.programme_id)
    version = software_version()
    return {
        "schema": 1,
        "software": version,
        "programme": programme.code,
        "synthetic": programme.synthetic,
        "wave": wave.code,
        "frame": wave.frame,
        "period": [wave.period_start.isoformat(), wave.period_end.isoformat()],
        "cut": {
            "checksum": cut.checksum,
            "revisions": cut.counts["revisions"],
            "made_at": cut.made_at.isoformat(),
        },
        "people": people,
        "partials_from": cut.counts.get("partials_from"),
        "cells": _cells(cut, chosen.threshold),
        "modes": _modes(cut),
        "intervals": "95 %; simultaneous over territories for standing shifts",
        "seed": chosen.seed,
        "threshold": chosen.threshold,
        "frameworks": [
            {
                "code": each.code,
                "territory": each.territory,
                "number": each.version,
                "checksum": checksum(dump_framework(each)),
            }
            for each in (content.national, *(content.own[code] for code in sorted(content.own)))
        ],
        "instruments": _instruments(session, wave),
        "citation": {
            language: CITATION.in_(language).format(
                programme=Text.of(programme.title).in_(language),
                wave=Text.of(wave.title).in_(language),
                number=number,
                date=f"{cut.made_at:%Y-%m-%d}",
                version=version,
            )
            for language in ("fr", "en")
        },
    }


def _cells(cut: DataCut, threshold: int) -> list[dict[str, Any]]:
    """Response by territory and audience; numbers of answers as far as they may be told."""
    submitted = {_cell(name): count for name, count in cut.counts["submitted"].items()}
    kept_back = untold(submitted, threshold)
    rows = []
    for name, each in sorted(cut.counts["cells"].items()):
        cell = territory, audience = _cell(name)
        rows.append(
            {
                "territory": territory,
                "audience": audience,
                "invited": each["invited"],
                "eligible": each["eligible"],
                "submitted": None if cell in kept_back else submitted.get(cell, 0),
            }
        )
    return rows


def _cell(name: str) -> tuple[str, str]:
    territory, audience = name.split(".")
    return territory, audience


def _modes(cut: DataCut) -> dict[str, int]:
    """How people answered, over all territories."""
    together: dict[str, int] = {}
    for each in cut.counts["modes"].values():
        for mode, count in each.items():
            together[mode] = together.get(mode, 0) + count
    return dict(sorted(together.items()))


def _instruments(session: Session, wave: Wave) -> Sequence[Mapping[str, Any]]:
    rows: list[dict[str, Any]] = []
    for (territory, audience), number in sorted(instruments_of(session, wave.id).items()):
        instrument = session.get_one(Instrument, number)
        rows.append({"territory": territory, "audience": audience, "checksum": instrument.checksum})
    for (territory, audience), part in sorted(exchanges_of(session, wave.id).items()):
        rows.append(
            {
                "territory": territory,
                "audience": audience,
                "checksum": session.get_one(Instrument, part.instrument_id).checksum,
                "exchange_percent": part.percent,
                "exchange_seed": part.seed,
            }
        )
    return rows


def software_version() -> str:
    """The version of this software, from ``pyproject.toml``."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
