"""A data cut judged: figures, protection record, manifest, files; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from app.definitions.checksums import checksum
from app.domain.territories import Territory
from app.domain.text import Text
from app.evaluation.assessment import Settings, assess
from app.evaluation.beside import Beside
from app.evaluation.breakdowns import all_group_definitions
from app.evaluation.comparable import comparability
from app.evaluation.components import components_of
from app.evaluation.disclosure import ProtectionRecord
from app.evaluation.tables import ProtectedTable
from app.storage import releases
from app.storage.extract_reading import columns, languages
from app.storage.linking import prints_of
from app.storage.published import Content, Published, content_of
from app.storage.releases import DataCut, Release
from app.storage.territories import ProgrammeRow
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.besides import beside_of, manifest_of
from app.workflows.distributions import distributions
from app.workflows.earlier_waves import Earlier, Side, answers_of, compared, earlier
from app.workflows.licensing import publisher
from app.workflows.measuring import cut_moments, group_moments
from app.workflows.memberships import (
    bitmaps_of,
    ledger_of,
    members_of,
    told_components,
)
from app.workflows.release_files import all_files, digests
from app.workflows.release_manifest import manifest_of_cut
from app.workflows.weighing import WeighedWave, told_weights, weigh_wave

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
    judged = _judge(house, session, cut, wave, before, chosen)
    number = before.number if before is not None else releases.next_number(session, cut.id)
    manifest = manifest_of_cut(session, cut, wave, judged.content, chosen, number)
    manifest |= {"beside": manifest_of(judged.beside)}
    manifest |= {
        "weights": told_weights(judged.weighed.reports, chosen.threshold, manifest["cells"])
    }
    manifest |= {"publisher": publisher() if before is None else before.manifest.get("publisher")}
    manifest |= {"compared_with": [each.release.checksum for each in judged.others]}
    files = all_files(_published(session, cut, wave, judged, number, manifest))
    return Made(
        wave_id=wave.id,
        threshold=chosen.threshold,
        figures=judged.table.to_dict(),
        protection=judged.record.to_dict(),
        memberships=judged.memberships,
        manifest=manifest | {"files": digests(files)},
        files=files,
    )


@dataclass(frozen=True)
class _Judged:
    """What the answers of a cut say, protected; ``others``: the waves they stand beside."""

    content: Content
    places: Mapping[str, Territory]
    weighed: WeighedWave
    beside: Beside
    record: ProtectionRecord
    memberships: dict[str, bytes]
    others: Sequence[Earlier]
    table: ProtectedTable


def _judge(
    house: House,
    session: Session,
    cut: DataCut,
    wave: Wave,
    before: Release | None,
    chosen: Settings,
) -> _Judged:
    """Weigh the answers, measure and protect the figures, compare them with earlier waves."""
    content = content_of(house.database, session, wave.id)
    places = territories_of_wave(session, wave)
    folder = house.folder / cut.extract
    weighed = weigh_wave(
        folder, columns(folder, tuple(sorted(places))), cut.counts.get("weighting", {})
    )
    data, kept = weighed.final, weighed.kept
    beside = beside_of(cut.counts, wave, chosen.threshold)
    frameworks = (content.national, *(content.own[code] for code in sorted(content.own)))
    definitions = components_of(frameworks)
    breakdowns = content.national.breakdowns
    everything = definitions | beside.definitions | all_group_definitions(breakdowns, definitions)
    members = members_of(data, everything)
    ledger = ledger_of(session, house.folder, cut, before, members, everything, chosen.threshold)
    measured = cut_moments(
        house, wave.id, folder, kept, definitions | beside.definitions, content.asked
    )
    of_groups = group_moments(house, wave.id, folder, kept, breakdowns, definitions, content.asked)
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
    observations = (
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
    )
    return _Judged(
        content,
        places,
        weighed,
        beside,
        assessment.record,
        bitmaps_of(members) | spread.memberships,
        others,
        ProtectedTable(observations, chosen.threshold),
    )


def _published(
    session: Session,
    cut: DataCut,
    wave: Wave,
    judged: _Judged,
    number: int,
    manifest: dict[str, Any],
) -> Published:
    """The release as it will be read, before it has an id."""
    programme = session.get_one(ProgrammeRow, wave.programme_id)
    content = judged.content
    return Published(
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
        table=judged.table,
        territories=judged.places,
        national=content.national,
        own=content.own,
        asked=content.asked,
        questions=content.questions,
        late=content.late,
        state="published",  # the files are kept as they will be given out then
    )
