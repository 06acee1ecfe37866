"""A full disk: the room that was kept for answers is given up, and they are saved."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from builders import world
from participants import EVERY_KIND

from app.domain.acceptance import Submitted
from app.domain.errors import Unavailable
from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.storage.database import Database
from app.storage.reserve import MEGABYTE, Reserve
from app.workflows.acting import House
from app.workflows.collect import Moved, Sent, answer_page
from app.workflows.entering import begin
from app.workflows.standing import mark, standing


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if subprocess.run(made, check=False, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_reserve_is_blocks_of_its_own_and_made_where_there_is_room(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, MEGABYTE)
    assert not reserve.is_kept
    reserve.keep()
    reserve.keep()
    assert reserve.is_kept
    assert reserve.path.stat().st_blocks * 512 >= MEGABYTE
    assert not reserve.give_up(), "the disk is not full"
    assert reserve.is_kept
    too_large = Reserve(tmp_path, shutil.disk_usage(tmp_path).total)
    too_large.path.unlink()
    too_large.keep()
    assert not too_large.is_kept
    assert Reserve(tmp_path, 0).is_kept, "none was asked for"
    assert not Reserve(tmp_path / "gone", MEGABYTE).give_up()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_goes_in_where_the_disk_was_full(house: House, small_disk: Path) -> None:
    shutil.copyfile(str(house.database.url.database), small_disk / "covalue.sqlite")
    reserve = Reserve(small_disk, 2 * MEGABYTE)
    reserve.keep()
    url = house.database.url.set(database=str(small_disk / "covalue.sqlite"))
    narrow = replace(house, database=Database(url, reserve=reserve))
    made = world(narrow, EVERY_KIND)
    secret = begin(narrow, digest(house.keys.lookup, made.codes[0]), Sitting(notice="1"))
    fill(small_disk / "other")
    saved = 0
    while reserve.is_kept:  # its file of new pages has some room of its own
        assert answer(narrow, secret, saved), "nobody is told that the disk was full"
        saved += 1
    assert answer(narrow, secret, saved)
    fill(small_disk / "other")
    with pytest.raises(Unavailable):
        answer_until_refused(narrow, secret, saved + 1)
    narrow.database.dispose()


def answer_until_refused(house: House, secret: str, turn: int) -> None:
    """Answer again and again; what is refused is raised."""
    while answer(house, secret, turn):
        turn += 1


def answer(house: House, secret: str, turn: int) -> bool:
    """Answer the first page otherwise than before; whether that was saved."""
    found = standing(house, secret, f"key {turn}")
    seen = {"K1": mark(found.answers.get("K1"))}
    said = Submitted(("yes" if turn % 2 else "no",))
    return isinstance(
        answer_page(house, found, "K1", Sent({"K1": said}, seen, f"key {turn}")), Moved
    )


def fill(path: Path) -> None:
    """Write until nothing more goes in."""
    with suppress(OSError), path.open("ab", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
