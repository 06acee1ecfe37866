"""The dossier keeps a wave closed until it is whole and approved; notices keep their versions."""

from __future__ import annotations

from pathlib import Path

import collection
import people
import pytest

from app.definitions.checksums import checksum
from app.definitions.dossier_reading import read_dossier
from app.domain.dossier_fields import FIELDS, missing
from app.domain.errors import BadDefinition, BadInput, Conflict, NotAllowed, NotFound
from app.storage.waves import Wave
from app.workflows import dossiers, notices, waves
from app.workflows.acting import House
from app.workflows.notices import KINDS, publish_notice, show_notices

FILE = read_dossier(collection.DOSSIER)


@pytest.fixture
def wave_id(house: House, tmp_path: Path) -> int:
    """A planned wave without a dossier."""
    collection.programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE, people.DORA, people.MAYA)
    return waves.create_wave(house, collection.operator(house), collection.new_wave())


def rules(house: House, wave_id: int) -> list[str]:
    with pytest.raises(BadDefinition) as refusal:
        waves.open_wave(house, collection.operator(house), wave_id)
    assert {finding.place for finding in refusal.value.findings} == {"dossier"}
    return [finding.rule for finding in refusal.value.findings]


def test_owner_fills_officer_approves_and_a_word_changed_takes_it_away(
    house: House, wave_id: int
) -> None:
    alice, dora = people.acting(house, people.ALICE), people.acting(house, people.DORA)
    assert rules(house, wave_id) == ["dossier_empty", *(f"no_notice_{kind}" for kind in KINDS)]
    numbers = [publish_notice(house, alice, kind, FILE.notices[kind]) for kind in KINDS]
    show_notices(house, alice, wave_id, *numbers)
    dossiers.write_dossier(house, alice, wave_id, FILE.fields)
    assert rules(house, wave_id) == ["dossier_not_approved"]
    with pytest.raises(NotAllowed):
        dossiers.approve_dossier(house, alice, wave_id, checksum(dict(FILE.fields)))
    with pytest.raises(Conflict):
        dossiers.approve_dossier(house, dora, wave_id, "other words")
    dossiers.approve_dossier(house, dora, wave_id, checksum(dict(FILE.fields)))
    assert dossiers.dossier(house, alice, wave_id).approver == "Dora"
    changed = {**FILE.fields, "recipients": "tout le monde"}
    dossiers.write_dossier(house, alice, wave_id, changed)
    assert rules(house, wave_id) == ["dossier_not_approved"]
    dossiers.approve_dossier(house, dora, wave_id, checksum(changed))
    waves.open_wave(house, collection.operator(house), wave_id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_field_keeps_the_wave_closed(house: House, wave_id: int) -> None:
    actor = collection.operator(house)
    collection.with_dossier(house, actor, wave_id)
    for each in FIELDS:
        emptied = {**FILE.fields, each.name: " "}
        dossiers.write_dossier(house, actor, wave_id, emptied)
        assert missing(dossiers.dossier(house, actor, wave_id).values) == (each,)
        assert rules(house, wave_id) == ["dossier_empty"]
        seen = checksum(dict(dossiers.dossier(house, actor, wave_id).values))
        with pytest.raises(BadDefinition):
            dossiers.approve_dossier(house, actor, wave_id, seen)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_kept_is_said(house: House, wave_id: int) -> None:
    actor = collection.operator(house)
    with pytest.raises(BadInput) as refusal:
        dossiers.write_dossier(
            house, actor, wave_id, {"legal_basis": "whim", "purpose": "x" * 2001}
        )
    assert {fault.place for fault in refusal.value.faults} == {"legal_basis", "purpose"}
    with pytest.raises(NotAllowed):
        dossiers.write_dossier(house, people.acting(house, people.MAYA), wave_id, FILE.fields)
    with pytest.raises(NotFound):
        dossiers.write_dossier(house, actor, wave_id + 1, FILE.fields)
    with pytest.raises(BadDefinition):
        dossiers.load_dossier(
            house, actor, wave_id, collection.DOSSIER.replace("6.1.e", "6.1.z"), approve=False
        )
    with pytest.raises(BadInput):
        publish_notice(house, actor, "participants", {"fr": "Oui"})
    with pytest.raises(BadInput) as refusal:
        publish_notice(house, actor, "participants", {"fr": "Un", "en": "One", "easy_fr": "Un"})
    assert [fault.place for fault in refusal.value.faults] == ["text_easy_en"]
    with pytest.raises(BadInput) as refusal:
        publish_notice(house, actor, "participants", {"fr": "U\x00n", "en": "One"})
    assert [fault.place for fault in refusal.value.faults] == ["text_fr"]
    with pytest.raises(BadInput) as refusal:
        dossiers.write_dossier(house, actor, wave_id, FILE.fields | {"purpose": "x\x00"})
    assert [fault.place for fault in refusal.value.faults] == ["purpose"]


def test_a_notice_keeps_its_words_and_the_same_words_keep_their_number(
    house: House, wave_id: int
) -> None:
    actor = collection.operator(house)
    first = publish_notice(house, actor, "participants", {"fr": "Un", "en": "One"})
    assert publish_notice(house, actor, "participants", {"fr": "Un ", "en": "One"}) == first
    second = publish_notice(house, actor, "participants", {"fr": "Deux", "en": "Two"})
    other = publish_notice(house, actor, "described", {"fr": "Un", "en": "One"})
    easy = {"fr": "Deux", "en": "Two", "easy_fr": "2", "easy_en": "2"}
    assert publish_notice(house, actor, "participants", easy) == 3, "words of their own version"
    assert notices.published_notice(house, "DEMO", "participants", 2).easy is None
    told = notices.published_notice(house, "DEMO", "participants", 3)
    assert told.easy is not None
    assert (told.easy.in_("en"), told.text.as_dict()) == ("2", {"fr": "Deux", "en": "Two"})
    assert (first, second, other) == (1, 2, 1)
    assert notices.published_notice(house, "DEMO", "participants", 1).document["fr"] == "Un"
    with pytest.raises(NotFound):
        show_notices(house, actor, wave_id, 4, 1)
    show_notices(house, actor, wave_id, 2, 1)
    with house.database.read() as session:
        wave = session.get_one(Wave, wave_id)
    assert (wave.notice_version, wave.described_notice) == ("2", 1)
    assert notices.published_notice(house, "DEMO", "participants", 2).document["en"] == "Two"
