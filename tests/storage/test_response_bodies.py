"""The packed body of a response, and the copies of instruments on disk."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from builders import world
from hypothesis import given
from hypothesis import strategies as st
from participants import EVERY_KIND

from app.definitions.checksums import checksum
from app.definitions.files import dump_questionnaire
from app.domain.answers import Answer
from app.domain.errors import NotFound
from app.domain.questionnaire import Why
from app.storage import instruments
from app.storage.instruments import compiled, frozen, kept
from app.storage.responses import answers_in, cell_of, pack, unpack
from app.workflows.acting import House

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
VALUE = st.one_of(
    TEXT,
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(TEXT, min_size=1, max_size=5).map(tuple),
)
ANSWER = st.one_of(
    st.builds(Answer, value=VALUE, other=st.none() | TEXT.filter(bool), sitting=st.integers(0, 9)),
    st.builds(Answer, why=st.sampled_from(list(Why)), at=st.just("2026-01-01T00:00:00+00:00")),
)


@given(st.dictionaries(TEXT, ANSWER, max_size=8))
def test_what_is_packed_comes_back(answers: dict[str, Answer]) -> None:
    document = {"a": {item: cell_of(answer) for item, answer in answers.items()}, "v": 1}
    assert answers_in(unpack(pack(document))) == answers


@pytest.mark.parametrize("body", [b"", b"{}", b"\x02{}"])
def test_a_body_of_another_format_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="format"):
        unpack(body)


def test_an_instrument_is_kept_by_id_and_on_disk_by_checksum(house: House) -> None:
    made = world(house, EVERY_KIND)
    first = frozen(house.database, made.instrument_id, house.folder)
    assert compiled(house.database, made.instrument_id) is first.questionnaire
    (copy,) = (house.folder / "instruments").iterdir()
    assert copy.stem == first.checksum
    instruments._by_checksum.clear()
    again = kept(house.folder, first.checksum)
    assert again
    assert checksum(dump_questionnaire(again.questionnaire)) == first.checksum


def test_a_changed_copy_is_not_trusted(house: House) -> None:
    made = world(house, EVERY_KIND)
    first = frozen(house.database, made.instrument_id, house.folder)
    copy = house.folder / "instruments" / f"{first.checksum}.json"
    document = orjson.loads(copy.read_bytes())
    document["code"] = "another"
    copy.write_bytes(orjson.dumps(document))
    instruments._by_checksum.clear()
    assert kept(house.folder, first.checksum) is None
    for wrong in ("../../etc/passwd", "", "0" * 64):
        assert kept(house.folder, wrong) is None


def test_a_folder_that_cannot_be_written_keeps_nobody_from_answering(
    house: House, tmp_path: Path
) -> None:
    made = world(house, EVERY_KIND)
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    assert frozen(house.database, made.instrument_id, blocked).questionnaire.code == "every_kind"
    with pytest.raises(NotFound):
        compiled(house.database, 99)
