"""A data cut judged: figures, protection record, manifest, files; nothing is stored."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.definitions.files import dump_framework
from app.domain.text import Text
from app.evaluation.assessment import Settings, assess
from app.evaluation.breakdowns import all_group_definitions
from app.evaluation.comparable import comparability
from app.evaluation.components import components_of
from app.evaluation.response_counts import untold
from app.evaluation.tables import ProtectedTable
from app.storage import releases
from app.storage.extract_reading import columns, languages
from app.storage.linking import prints_of
from app.storage.published import Content, Published, content_of
from app.storage.releases import DataCut, Release
from app.storage.surveys import Instrument
from app.storage.territories import ProgrammeRow
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave, exchanges_of, instruments_of
from app.workflows.acting import House
from app.workflows.besides import beside_of, manifest_of
from app.workflows.distributions import distributions
from app.workflows.earlier_waves import Side, answers_of, compared, earlier
from app.workflows.licensing import publisher
from app.workflows.measuring import cut_moments, group_moments
from app.workflows.memberships import (
    bitmaps_of,
    ledger_of,
    members_of,
    told_components,
)
from app.workflows.release_files import all_files, digests
from app.workflows.summary_words import CITATION
from app.workflows.weighing import told_weights, weigh_wave

ROOT = Path(__file__).parents[2]
DISCLOSURE = ROOT / "config" / "disclosure.yaml"


@dataclass(frozen=True)
class Made:
    """A release before it has an id."""

    wave_id: int
    threshold: int
    figures: dict[str, Any]
    protection: dict[str, Any]
    memberships: dict[str, bytes]
    manifest: dict[str, Any]
    files: dict[str, bytes]

    @property
    def checksum(self) -> str:
        """Over everything that is given out."""
        return checksum({"figures": self.figures, "manifest": self.manifest})


def settings() -> Settings:
    """Threshold and seed from ``config/disclosure.yaml``; the evaluation's own without it."""
    if not DISCLOSURE.exists():
        return Settings()
    read = yaml.safe_load(DISCLOSURE.read_text(encoding="utf-8")) or {}
    usual = Settings()
    return Settings(int(read.get("threshold", usual.threshold)), int(read.get("seed", usual.seed)))


def made_from(
    house: House, session: Session, cut: DataCut, wave: Wave, before: Release | None
) -> Made:
    """Everything a release of this cut holds. ``before``: as if this release were not yet made.

    Raises BadInput where weights cannot meet what is known of the populations.
    """
    chosen = settings() if before is None else Settings(before.threshold, before.manifest["seed"])
    content = content_of(house.database, session, wave.id)
    places = territories_of_wave(session, wave)
    folder = house.folder / cut.extract
    read = columns(folder, tuple(sorted(places)))
    weighed = weigh_wave(folder, read, cut.counts.get("weighting", {}))
    data, kept = weighed.final, weighed.kept
    beside = beside_of(cut.counts, wave, chosen.threshold)
    frameworks = (content.national, *(content.own[code] for code in sorted(content.own)))
    definitions = components_of(frameworks)
    measured = cut_moments(
        house, wave.id, folder, kept, definitions | beside.definitions, content.asked
    )
    breakdowns = content.national.breakdowns
    of_groups = group_moments(house, wave.id, folder, kept, breakdowns, definitions, content.asked)
    everything = definitions | beside.definitions | all_group_definitions(breakdowns, definitions)
    members = members_of(data, everything)
    ledger = ledger_of(
        session,
        house.folder,
        cut,
        before,
        members,
        everything,
        chosen.threshold,
    )
    assessment = assess(
        answers_of(data),
        content.national,
        content.own,
        content.asked,
        list(places.values()),
        chosen,
        beside,
        measured,
        weighed.weighting,
        ledger,
        of_groups,
    )
    pinned = None if before is None else before.manifest.get("compared_with", [])
    others = earlier(session, wave, pinned)
    now = Side(wave, cut, content, data, beside, assessment.programme, assessment.protected)
    spread = distributions(data, definitions, assessment.protected, ledger)
    table = ProtectedTable(
        (
            *assessment.protected,
            *spread.observations,
            *comparability(
                answers_of(data),
                definitions,
                content.asked,
                prints_of(house.database, session, wave.id),
                told_components(definitions, assessment.protected),
                {each: languages(folder, each) for each in data},
            ),
            *compared(house, session, now, others, chosen.threshold),
        ),
        chosen.threshold,
    )
    number = before.number if before is not None else releases.next_number(session, cut.id)
    manifest = _manifest(session, cut, wave, content, chosen, number)
    manifest |= {"beside": manifest_of(beside)}
    manifest |= {"weights": told_weights(weighed.reports, chosen.threshold, manifest["cells"])}
    manifest |= {"publisher": publisher() if before is None else before.manifest.get("publisher")}
    manifest |= {"compared_with": [each.release.checksum for each in others]}
    programme = session.get_one(ProgrammeRow, wave.programme_id)
    seen = Published(
        id=0,
        number=number,
        checksum="",
        made_at=cut.made_at,
        data_at=cut.made_at,
        withdrawn=False,
        programme=programme.code,
        programme_title=Text.of(programme.title),
        synthetic=programme.synthetic,
        wave=wave.code,
        wave_title=Text.of(wave.title),
        frame=wave.frame,
        period=(wave.period_start, wave.period_end),
        manifest=manifest,
        table=table,
        territories=places,
        national=content.national,
        own=content.own,
        asked=content.asked,
        questions=content.questions,
        late=content.late,
        state="published",  # the files are kept as they will be given out then
    )
    files = all_files(seen)
    return Made(
        wave_id=wave.id,
        threshold=chosen.threshold,
        figures=table.to_dict(),
        protection=assessment.record.to_dict(),
        memberships=bitmaps_of(members) | spread.memberships,
        manifest=manifest | {"files": digests(files)},
        files=files,
    )


def _manifest(
    session: Session, cut: DataCut, wave: Wave, content: Content, chosen: Settings, number: int
) -> dict[str, Any]:
    """What a reader needs to cite, to trust and to repeat the release."""
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
