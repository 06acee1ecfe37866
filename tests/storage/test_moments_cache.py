"""Moments kept per part: the same digits, and only what changed is made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from evaluated import Evaluated
from sqlalchemy import select

from app.evaluation.components import components_of
from app.evaluation.measurement import measure
from app.evaluation.moments import ADDED, Moments
from app.storage import extract, moments_index
from app.storage.extract_reading import Extracted, columns
from app.storage.moments_cache import CacheReport, cached_moments, folder_of
from app.storage.moments_files import read_records, write_records
from app.storage.published import Content, content_of
from app.storage.responses import Response
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.earlier_waves import answers_of
from app.workflows.verifying import apart, verify_moments

PLACES = ("BDX", "FR", "MAY", "VAL")


@pytest.fixture
def there(evaluated: Evaluated, tmp_path: Path) -> House:
    return evaluated.copied(tmp_path / "own").house()


def content(house: House) -> Content:
    with house.database.read() as session:
        return content_of(house.database, session, 1)


def kept(house: House, folder: Path) -> tuple[Moments, CacheReport, dict[object, Extracted]]:
    extract.refresh(house.database, house.folder, 1)
    living = extract.folder_of(house.folder, 1)
    data = columns(living, PLACES)
    judged = content(house)
    definitions = components_of((judged.national, *judged.own.values()))
    found, report = cached_moments(folder, living, data, definitions, judged.asked)
    return found, report, dict(data)


def identical(one: Moments, other: Moments) -> bool:
    return one.parts.keys() == other.parts.keys() and all(
        np.array_equal(getattr(part, name), getattr(other.parts[key], name))
        for key, part in one.parts.items()
        for name in (*ADDED, "heaviest")
    )


def test_kept_and_made_are_the_same_to_the_last_digit(there: House, tmp_path: Path) -> None:
    first, made, data = kept(there, tmp_path / "kept")
    again, from_files, _ = kept(there, tmp_path / "kept")
    assert made.kept == 0
    assert made.made > 2
    assert (from_files.kept, from_files.made) == (made.made, 0)
    assert identical(first, again)
    judged = content(there)
    definitions = components_of((judged.national, *judged.own.values()))
    plain = measure(answers_of(data), definitions, judged.asked)  # type: ignore[arg-type]
    assert apart(first, plain) < 1e-12


def test_one_changed_response_makes_one_block_again(there: House, tmp_path: Path) -> None:
    _, whole, _ = kept(there, tmp_path / "kept")
    with there.database.write() as session:
        row = session.scalars(
            select(Response).where(Response.wave_id == 1, Response.submitted_at.is_not(None))
        ).first()
        assert row is not None
        row.revision += 1
    changed, report, _ = kept(there, tmp_path / "kept")
    assert (report.kept, report.made) == (whole.made - 1, 1)
    assert identical(changed, kept(there, tmp_path / "other")[0])


def test_a_withdrawn_response_leaves_its_block(there: House, tmp_path: Path) -> None:
    before, _, _ = kept(there, tmp_path / "kept")
    with there.database.write() as session:
        row = session.scalars(
            select(Response).where(Response.wave_id == 1, Response.submitted_at.is_not(None))
        ).first()
        assert row is not None
        row.withdrawn_at = row.submitted_at
    after, report, _ = kept(there, tmp_path / "kept")
    assert report.made <= 1
    counts = [sum(part.psus for part in each.parts.values()) for each in (before, after)]
    assert counts[0] - counts[1] in (0, 1)
    assert identical(after, kept(there, tmp_path / "other")[0])


def test_a_broken_file_is_made_again(there: House, tmp_path: Path) -> None:
    first, _, _ = kept(there, tmp_path / "kept")
    file = sorted((tmp_path / "kept").glob("*.moments"))[0]
    file.write_bytes(file.read_bytes()[:100])
    again, report, _ = kept(there, tmp_path / "kept")
    assert report.made >= 1
    assert identical(first, again)


def test_old_numbers_lie_in_long_blocks_and_late_ones_make_the_last_again(
    there: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moments_index, "BITS", 2)
    monkeypatch.setattr(moments_index, "LONG_BITS", 5)
    monkeypatch.setattr(moments_index, "AT_ONCE", 50)
    extract.refresh(there.database, there.folder, 1)
    whole = columns(extract.folder_of(there.folder, 1), PLACES)
    highest = max(int(each.numbers.max()) for each in whole.values())
    late = select(Response).where(Response.wave_id == 1, Response.id == highest)
    with there.database.write() as session:
        row = session.scalars(late).one()
        sent, row.submitted_at = row.submitted_at, None
    before, first, _ = kept(there, tmp_path / "kept")
    with there.database.write() as session:
        session.scalars(late).one().submitted_at = sent
    after, report, data = kept(there, tmp_path / "kept")
    assert first.made > 10
    assert report.made < first.made / 4
    names = {path.name.split(".")[1] for path in (tmp_path / "kept").iterdir()}
    assert names == {"long", "new"}
    assert identical(after, kept(there, tmp_path / "other")[0])
    assert not identical(before, after)
    monkeypatch.setattr(moments_index, "MOST_CODES", 1)  # blocks are searched, not looked up
    searched, report, _ = kept(there, tmp_path / "kept")
    assert (report.made, identical(searched, after)) == (0, True)
    judged = content(there)
    definitions = components_of((judged.national, *judged.own.values()))
    plain = measure(answers_of(data), definitions, judged.asked)  # type: ignore[arg-type]
    assert apart(after, plain) < 1e-12


def test_other_definitions_make_everything_again(there: House, tmp_path: Path) -> None:
    _, whole, data = kept(there, tmp_path / "kept")
    living = extract.folder_of(there.folder, 1)
    judged = content(there)
    fewer = components_of((judged.national,))
    _, report = cached_moments(tmp_path / "kept", living, data, fewer, judged.asked)  # type: ignore[arg-type]
    assert (report.kept, report.made) == (0, whole.made)


def test_verify_reads_the_source_again_and_notices_a_changed_sum(there: House) -> None:
    actor = operator(there, "DEMO")
    found = verify_moments(there, actor, 1)
    assert found.same
    assert found.responses > 100
    file = sorted(folder_of(there.folder, 1).glob("*.moments"))[0]
    records = read_records(file)
    records["sums"] += 1.0
    write_records(file, records)
    assert not verify_moments(there, actor, 1).same
