"""The moments of a cut, by the engine that the house is set to: here, or on Spark."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.domain.breakdowns import Breakdown
from app.domain.questionnaire import Audience
from app.evaluation.breakdowns import group_definitions
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.moments import Moments
from app.storage.extract_blocks import Wanted, moments_by_blocks, strata_of, write_beside
from app.storage.extract_reading import Extracted
from app.storage.moments_cache import cached_moments, folder_of
from app.storage.spark_moments import spark_moments
from app.workflows.acting import House


def cut_moments(
    house: House,
    wave_id: int,
    extract: Path,
    data: Mapping[Audience, Extracted],
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
    breakdown: str = "",
) -> Moments:
    """The moments of the responses in ``extract``, which ``data`` were read from.

    With Polars, parts that did not change are taken as they were kept, those of a breakdown's
    groups under its code; Spark adds up all anew.
    """
    if house.engine == "spark":
        return anew(house, extract, data, definitions, asked)
    kept_in = folder_of(house.folder, wave_id) / breakdown
    return cached_moments(kept_in, extract, data, definitions, asked)[0]


def group_moments(
    house: House,
    wave_id: int,
    extract: Path,
    data: Mapping[Audience, Extracted],
    breakdowns: Sequence[Breakdown],
    components: Mapping[str, ComponentDefinition],
    asked: Asked,
) -> dict[str, Moments]:
    """The moments of the groups of each breakdown, by its code: as ``cut_moments``."""
    return {
        each.code: cut_moments(
            house, wave_id, extract, data, group_definitions(each, components), asked, each.code
        )
        for each in breakdowns
    }


def anew(
    house: House,
    extract: Path,
    data: Mapping[Audience, Extracted],
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
) -> Moments:
    """The moments of an extract from its files, block by block, with the weights of ``data``."""
    territories = next((each.respondents.territories for each in data.values()), ())
    with tempfile.TemporaryDirectory(dir=house.folder) as name:
        write_beside(Path(name), data)
        strata = strata_of(extract, territories)
        wanted = Wanted(territories, strata, definitions, asked, Path(name))
        if house.engine == "spark":
            return spark_moments(extract, wanted, house.spark)
        return moments_by_blocks(extract, wanted)
