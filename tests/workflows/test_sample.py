"""The sample: whole or not at all, within one's territory; codes that are nowhere in plain."""

from __future__ import annotations

from pathlib import Path

import collection
import people
import pytest
from sqlalchemy import select, text, update

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.protection.codes import code_place, typed
from app.protection.keys import digest
from app.protection.sealing import unseal
from app.storage.audit import AuditEntry
from app.storage.participants import AccessCode, Participant
from app.workflows.acting import House
from app.workflows.sample import contact_of, issue_codes, reissue_codes
from app.workflows.sample_import import import_sample, preview_sample
from app.workflows.waves import close_wave


def people_in(house: House) -> list[Participant]:
    with house.database.read() as session:
        return list(session.scalars(select(Participant).order_by(Participant.reference)))


def plain_codes(house: House) -> dict[str, list[str]]:
    with house.database.read() as session:
        rows = session.execute(
            select(Participant.reference, AccessCode)
            .join(AccessCode, AccessCode.participant_id == Participant.id)
            .where(AccessCode.sealed.is_not(None))
        ).all()
    found: dict[str, list[str]] = {}
    for reference, code in rows:
        place = code_place(code.participant_id, code.generation)
        plain = unseal(house.keys.sealing, code.sealed or b"", place)
        found.setdefault(reference, []).append(plain)
    return found


def test_rows_are_kept_with_their_contact_sealed(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    first, second, third = people_in(house)
    assert (first.territory, first.weight, first.case_reference) == ("MAY", 1.5, "C-1")
    assert (second.language, third.territory) == ("en", "BDX")
    assert contact_of(house, first)[:2] == ("Mme Élise Durand", "1 rue de l’Exemple")
    assert third.sealed_contact is None
    second.sealed_contact = first.sealed_contact  # sealed for one person, it opens for no other
    with pytest.raises(ValueError, match="another place"):
        contact_of(house, second)


def test_the_same_file_again_changes_nothing(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    rows = collection.read(actor, collection.SAMPLE).rows
    report = import_sample(house, actor, wave_id, rows)
    assert (report.new, report.same) == (0, 3)
    assert len(people_in(house)) == 3


def test_another_content_is_refused_and_none_of_the_file_is_kept(
    house: House, tmp_path: Path
) -> None:
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    changed = collection.SAMPLE.replace("1 rue", "2 rue") + "A-9;MAY;elderly;;;;;;\n"
    for act in (preview_sample, import_sample):
        with pytest.raises(BadInput) as refusal:
            act(house, actor, wave_id, collection.read(actor, changed).rows)
        assert [fault.place for fault in refusal.value.faults] == ["2 reference"]
        assert "rue" not in str(refusal.value)
    assert len(people_in(house)) == 3


def test_a_coordinator_imports_into_her_own_territory_only(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    people.settle(house, people.MAYA)
    maya = people.acting(house, people.MAYA)
    found = collection.read(maya, collection.SAMPLE)
    assert [fault.place for fault in found.faults] == ["4 territory"]
    everything = collection.read(collection.operator(house), collection.SAMPLE).rows
    with pytest.raises(NotAllowed):
        import_sample(house, maya, wave_id, everything)
    assert not people_in(house)
    assert import_sample(house, maya, wave_id, everything[:2]).new == 2


def test_codes_are_issued_once_and_never_kept_in_plain(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    assert issue_codes(house, actor, wave_id) == 3
    assert issue_codes(house, actor, wave_id) == 0
    codes = plain_codes(house)
    assert len({one for many in codes.values() for one in many}) == 3
    for many in codes.values():
        assert typed(many[0]) == many[0]
        with house.database.read() as session:
            looked_up = digest(house.keys.lookup, many[0])
            found = session.scalars(select(AccessCode).where(AccessCode.digest == looked_up))
            assert len(found.all()) == 1
    everything = _whole_database(house)
    for many in codes.values():
        assert many[0].encode() not in everything
        assert f"{many[0][:4]} {many[0][4:8]}".encode() not in everything
    assert b"Durand" not in everything
    assert b"A-1" in everything  # the search finds what is there


def _whole_database(house: House) -> bytes:
    """The bytes of the SQLite file and its journal, or everything that PostgreSQL gives back."""
    if house.database.url.get_backend_name() == "sqlite":
        path = Path(str(house.database.url.database))
        return b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
    with house.database.read() as session:
        tables = session.execute(
            text(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE "
                "table_schema IN ('identity', 'answers', 'programme', 'audit')"
            )
        ).all()
        rows = [
            row
            for schema, table in tables
            for row in session.execute(text(f'SELECT * FROM {schema}."{table}"')).all()  # noqa: S608 - names of our own tables
        ]
    return b"\n".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
        for row in rows
        for cell in row
    )


def test_a_code_of_the_release_before_is_a_code(house: House, tmp_path: Path) -> None:
    """An older process gives codes without saying so beside the person."""
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    given = issue_codes(house, actor, wave_id)
    with house.database.write() as session:
        session.execute(update(Participant).values(coded=False))
    assert given > 0
    assert issue_codes(house, actor, wave_id) == 0


def test_a_new_generation_ends_the_code_before(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    before = plain_codes(house)
    assert reissue_codes(house, actor, wave_id, ["A-1"]) == 1
    after = plain_codes(house)
    assert after["A-2"] == before["A-2"]
    assert len(after["A-1"]) == 1
    assert after["A-1"] != before["A-1"]
    with house.database.read() as session:
        rows = session.scalars(select(AccessCode).order_by(AccessCode.id)).all()
    assert [(row.generation, row.revoked_at is None) for row in rows] == [
        (1, False),
        (1, True),
        (1, True),
        (2, True),
    ]


def test_codes_stay_in_the_territory(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    people.settle(house, people.MAYA, people.EVA)
    maya = people.acting(house, people.MAYA)
    assert issue_codes(house, maya, wave_id) == 2
    assert set(plain_codes(house)) == {"A-1", "A-2"}
    for references in (["B-1"], ["A-1", "B-1"], ["nobody"]):
        with pytest.raises(NotFound):
            reissue_codes(house, maya, wave_id, references)
    with pytest.raises(NotAllowed):
        issue_codes(house, people.acting(house, people.EVA), wave_id)


def test_a_closed_wave_takes_nobody(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    actor = collection.operator(house)
    close_wave(house, actor, wave_id)
    with pytest.raises(Conflict):
        collection.with_sample(house, wave_id)
    with pytest.raises(Conflict):
        issue_codes(house, actor, wave_id)


def test_the_audit_says_how_many_and_no_more(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    collection.with_sample(house, wave_id)
    with house.database.read() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "sample.import").order_by(AuditEntry.id)
        ).all()
    assert {(entry.territory, entry.details["rows"]) for entry in entries} == {
        ("MAY", 2),
        ("BDX", 1),
    }
