"""The extract in blocks: the moments of the whole, here and on Spark, however it is cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from evaluated import Evaluated

from app.domain.questionnaire import Audience
from app.evaluation.components import components_of
from app.evaluation.measurement import measure
from app.evaluation.moments import Moments, merge
from app.evaluation.tables import Observation
from app.storage import extract
from app.storage.extract_blocks import (
    Wanted,
    block_moments,
    blocks,
    moments_by_blocks,
    strata_of,
    write_beside,
)
from app.storage.extract_reading import Extracted, columns
from app.storage.published import content_of, published
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.earlier_waves import answers_of
from app.workflows.evaluate import make_cut, make_release
from app.workflows.verifying import apart, verify_moments

PLACES = ("BDX", "FR", "MAY", "VAL")


@dataclass(frozen=True)
class Living:
    """An extract, what was read from it, and what its moments depend on."""

    house: House
    folder: Path
    data: Mapping[Audience, Extracted]
    wanted: Wanted

    def whole(self, data: Mapping[Audience, Extracted]) -> Moments:
        """All rows at once."""
        return measure(answers_of(data), self.wanted.definitions, self.wanted.asked)


@pytest.fixture
def living(evaluated: Evaluated, tmp_path: Path) -> Living:
    house = evaluated.copied(tmp_path / "own").house()
    extract.refresh(house.database, house.folder, 1)
    folder = extract.folder_of(house.folder, 1)
    with house.database.read() as session:
        judged = content_of(house.database, session, 1)
    definitions = components_of((judged.national, *judged.own.values()))
    wanted = Wanted(PLACES, strata_of(folder, PLACES), definitions, judged.asked)
    return Living(house, folder, columns(folder, PLACES), wanted)


@pytest.mark.parametrize("rows", [1, 7, 40, 100_000])
def test_blocks_add_up_to_the_whole(living: Living, rows: int) -> None:
    cut = list(blocks(living.folder, rows))
    found = merge(block_moments(living.folder, each, living.wanted) for each in cut)
    assert apart(found, living.whole(living.data)) < 1e-12
    assert len(cut) > 10 if rows == 7 else cut
    read = sum(each.rows for block in cut for each in block.stretches)
    assert read == sum(each.answers.n for each in living.data.values())


def test_rows_count_as_the_files_beside_say(living: Living, tmp_path: Path) -> None:
    weighed = {
        audience: replace(
            each,
            respondents=replace(
                each.respondents,
                weight=each.respondents.weight * (1 + each.respondents.psu % 3),
                cell=each.respondents.psu % 2,
            ),
        )
        for audience, each in living.data.items()
    }
    beside = tmp_path / "beside"
    beside.mkdir()
    write_beside(beside, weighed)
    found = moments_by_blocks(living.folder, replace(living.wanted, beside=beside))
    assert {cell for _, _, cell in found.parts} == {0, 1}
    assert apart(found, living.whole(weighed)) < 1e-12


def test_an_empty_extract_has_no_parts(living: Living, tmp_path: Path) -> None:
    assert moments_by_blocks(tmp_path, living.wanted).parts == {}


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Spark on this machine, for one test."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java 17 or later, and there is no Java on this machine")
    missing = [name for name in ("pyspark", "pyarrow", "pandas") if find_spec(name) is None]
    if missing:
        pytest.skip(f"the extra named spark is not installed: {', '.join(missing)} missing")
    from pyspark.sql import SparkSession

    # a short run: what a long one would gain by compiling harder is lost here, half of the time
    quick = "--conf spark.ui.enabled=false --driver-java-options '-XX:TieredStopAtLevel=1'"
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"{quick} pyspark-shell")
    yield "local[2]"
    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


@pytest.mark.full
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Spark's own connections
def test_spark_adds_up_the_same_and_makes_the_same_release(living: Living, spark: str) -> None:
    from app.storage import spark_moments

    found = spark_moments.spark_moments(living.folder, living.wanted, spark, 7)
    assert apart(found, living.whole(living.data)) < 1e-12
    assert all(np.isfinite(part.cross).all() for part in found.parts.values())
    house = replace(living.house, engine="spark", spark=spark)
    verified = verify_moments(house, operator(house, "DEMO"), 1)
    assert verified.same
    assert verified.responses > 0
    plain, spread = ({each.key: each for each in _released(each)} for each in (living.house, house))
    assert plain.keys() == spread.keys()
    for key, one in plain.items():
        for name, value in asdict(one).items():
            other = getattr(spread[key], name)
            if isinstance(value, float):
                assert other == pytest.approx(value, rel=1e-12, abs=1e-12), (key, name)
            else:
                assert other == value, (key, name)


def _released(house: House) -> tuple[Observation, ...]:
    """Every figure of a release of the first wave, made by the engine of the house."""
    actor = operator(house, "DEMO")
    number = make_release(house, actor, make_cut(house, actor, 1))
    found = published(house.database, actor.programme_id, number)
    assert found is not None
    return found.table.observations
