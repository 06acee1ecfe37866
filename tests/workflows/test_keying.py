"""Keying of paper: one sheet becomes one response, two keyings that differ wait for a decision."""

from __future__ import annotations

from dataclasses import replace

import keyers
import pytest
from builders import World
from conftest import SECRET
from keyers import CARLA, EVAN, FANNY, FRED, OWEN
from participants import only_response
from people import FELIX, settle
from sqlalchemy import select

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.domain.sittings import Sitting
from app.protection.codes import printed
from app.protection.keys import Keys
from app.protection.sealing import AnswerSealing, Ring
from app.storage.audit import AuditEntry
from app.storage.keying import KeyedEntry
from app.storage.participants import Participant
from app.storage.responses import ParticipantSession, Response, unpack
from app.workflows import deciding, entering, keying, sheets
from app.workflows.acting import Actor, House
from app.workflows.keyed import EMPTY
from app.workflows.notices import publish_notice, show_notices
from app.workflows.rotating import rotate
from app.workflows.sheets import NewEntry
from app.workflows.standing import SessionEnded, standing
from app.workflows.waves import close_wave


def entries(house: House) -> list[KeyedEntry]:
    with house.database.read() as session:
        return list(session.scalars(select(KeyedEntry).order_by(KeyedEntry.turn)))


def test_a_sheet_becomes_a_response(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    assert keyers.key(house, fanny, made, K5="?", K8="") == "sent"
    response = only_response(house)
    document = unpack(response.body)
    assert response.submitted_at is not None
    assert response.consented_at is not None
    assert (response.channel, response.weight, response.stratum) == ("paper", 1.5, "north")
    [sitting] = document["sit"]
    assert sitting["channel"] == "paper"
    assert sitting["assisted_by"] == f"account:{fanny.account_id}"
    assert sitting["illegible"] == "K5"
    assert document["a"]["K2"]["v"] == ["meals", "other"]
    assert document["a"]["K2"]["o"] == "Le jardin"
    assert document["a"]["K5"]["why"] == document["a"]["K8"]["why"] == "skipped"
    [entry] = entries(house)
    assert entry.body == EMPTY
    assert entry.closed_at is not None
    with house.database.read() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-3:] == ["response.key", "response.submit", "response.key"]


def test_a_sheet_is_found_by_code_or_reference_and_shows_its_state_only(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    for text in ("P0", " P0 ", printed(made.codes[0]), made.codes[0]):
        assert sheets.find(house, fanny, made.wave_id, text) == made.participants[0]
    for text in ("P9", "", "0000 0000 0000"):
        with pytest.raises(NotFound):
            sheets.find(house, fanny, made.wave_id, text)
    found = sheets.sheet(house, fanny, made.wave_id, made.participants[0])
    assert found.state == "free"
    keyers.key(house, fanny, made)
    assert sheets.sheet(house, fanny, made.wave_id, made.participants[0]).state == "sent"
    with pytest.raises(Conflict):
        keyers.begin(house, fanny, made)


def test_guessing_references_is_slowed_down(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    for number in range(sheets.MOST_WRONG):
        with pytest.raises(NotFound):
            sheets.find(house, fanny, made.wave_id, f"X{number}")
    with pytest.raises(NotFound):
        sheets.find(house, fanny, made.wave_id, "P0")


def test_nothing_is_keyed_without_agreement_or_batch(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    with pytest.raises(BadInput) as refused:
        sheets.begin(house, fanny, made.wave_id, made.participants[0], NewEntry(" ", False))
    assert {fault.place for fault in refused.value.faults} == {"batch", "consent"}
    assert entries(house) == []


def test_another_territory_is_out_of_reach(house: House) -> None:
    made = keyers.place(house)
    settle(house, FELIX, programme="TEST")
    felix, evan = keyers.actor(house, FELIX), keyers.actor(house, EVAN)
    for act in (
        lambda who: sheets.find(house, who, made.wave_id, "P0"),
        lambda who: sheets.sheet(house, who, made.wave_id, made.participants[0]),
    ):
        with pytest.raises(NotFound):
            act(felix)
        with pytest.raises(NotAllowed):
            act(evan)


def test_nobody_looks_into_the_keying_of_a_colleague(house: House) -> None:
    made = keyers.place(house)
    fanny, fred = keyers.actor(house, FANNY), keyers.actor(house, FRED)
    entry = keyers.begin(house, fanny, made)
    keying.key_section(house, fanny, entry, "life", keyers.typed(keyers.LIFE))
    for who in (fred, keyers.actor(house, CARLA)):
        with pytest.raises(NotFound):
            keying.open_entry(house, who, entry)
        with pytest.raises(NotFound):
            keying.key_section(house, who, entry, "life", {})
        assert sheets.sheet(house, who, made.wave_id, made.participants[0]).state == "other"
    with pytest.raises(Conflict):
        keyers.begin(house, fred, made)
    with pytest.raises(Conflict):
        keying.finish(house, fanny, entry)
    keying.drop(house, fanny, entry)
    assert entries(house) == []


def test_a_fault_keeps_the_section_out(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    entry = keyers.begin(house, fanny, made)
    judged = keying.key_section(house, fanny, entry, "more", keyers.typed({"K4": "99"}))
    assert [fault.place for fault in judged.faults] == ["K4"]
    assert not keying.open_entry(house, fanny, entry).keyed.answers


def test_changing_an_earlier_part_opens_the_later_one_again(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    entry = keyers.begin(house, fanny, made)
    keying.key_section(house, fanny, entry, "life", keyers.typed({"K1": "2", "K3": "1"}))
    keying.key_section(house, fanny, entry, "more", keyers.typed(keyers.MORE))
    assert keying.open_entry(house, fanny, entry).next_section is None
    keying.key_section(house, fanny, entry, "life", keyers.typed({"K1": "1", "K3": "1"}))
    assert keying.open_entry(house, fanny, entry).next_section is None
    assert keying.open_entry(house, fanny, entry).keyed.answers["K2"].why == "skipped"


def twice(house: House, made: World, **changes: str) -> tuple[Actor, Actor, str]:
    fanny, fred = keyers.actor(house, FANNY), keyers.actor(house, FRED)
    assert keyers.key(house, fanny, made) == "second"
    return fanny, fred, keyers.key(house, fred, made, **changes)


def test_two_equal_keyings_are_sent(house: House) -> None:
    made = keyers.place(house, rate=100)
    _, _, outcome = twice(house, made, K5="  cenon ")
    assert outcome == "sent"
    assert only_response(house).submitted_at is not None
    first, second = entries(house)
    assert (second.compared, second.differing) == (11, 0)
    assert first.body == second.body == EMPTY


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_no_on_paper_stops_all_and_what_is_told_of_assent_is_kept(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    for agrees, measure, representative in (
        ("no", "none", ""),
        ("yes", "guardianship", "refuses"),
        ("yes", "guardianship", "not_informed"),
        ("cannot_say", "curatorship", "agrees"),
        ("yes", "mandate", ""),
    ):
        told = Sitting("proxy", agrees=agrees, measure=measure, representative=representative)
        with pytest.raises(BadInput) as caught:
            sheets.begin(
                house, fanny, made.wave_id, made.participants[0], NewEntry("12-A", True, told)
            )
        assert [fault.place for fault in caught.value.faults] == ["agrees"]
    assert entries(house) == []
    told = Sitting("proxy", agrees="yes", measure="guardianship", representative="agrees")
    new = NewEntry("12-A", True, told)
    entry = sheets.begin(house, fanny, made.wave_id, made.participants[0], new)
    for section, fields in keyers.SHEET.items():
        assert not keying.key_section(house, fanny, entry, section, keyers.typed(fields)).faults
    assert keying.finish(house, fanny, entry) == "sent"
    [sitting] = unpack(only_response(house).body)["sit"]
    assert [sitting[each] for each in ("agrees", "measure", "representative")] == [
        "yes",
        "guardianship",
        "agrees",
    ]


def test_what_is_keyed_waits_sealed_and_a_new_key_takes_over(house: House) -> None:
    made = keyers.place(house, rate=100)
    house.database.sealing = AnswerSealing(house.keys.sealing, on=True)
    assert keyers.key(house, keyers.actor(house, FANNY), made) == "second"
    [entry] = entries(house)
    assert b"Cenon" not in entry.body
    keys = Keys.derive(SECRET, [b"another secret that is as long as it must be", SECRET])
    later = replace(house, keys=keys)
    later.database.sealing = AnswerSealing(keys.sealing, on=True)
    assert rotate(later)["keyed_entry"] == 1
    later.database.sealing = AnswerSealing(Ring(keys.sealing.current), on=True)
    assert keyers.key(later, keyers.actor(later, FRED), made) == "sent"
    assert rotate(later)["keyed_entry"] == 0, "what has become a response is empty"


def test_the_first_person_cannot_key_the_second_time(house: House) -> None:
    made = keyers.place(house, rate=100)
    fanny = keyers.actor(house, FANNY)
    assert keyers.key(house, fanny, made) == "second"
    assert sheets.sheet(house, fanny, made.wave_id, made.participants[0]).state == "finished"
    with pytest.raises(Conflict):
        keyers.begin(house, fanny, made)


def test_differences_wait_for_a_coordinator(house: House) -> None:
    made = keyers.place(house, rate=100)
    fanny, fred, outcome = twice(house, made, K3="2", K8="?")
    assert outcome == "differences"
    with house.database.read() as session:
        assert session.scalar(select(Response.id)) is None
    first = entries(house)[0].id
    for who in (fanny, fred):
        with pytest.raises(NotAllowed):
            deciding.differences(house, who, first)
    carla = keyers.actor(house, CARLA)
    found = deciding.differences(house, carla, first)
    assert found.items == ("K3", "K8")
    assert found.first.answers.keys() == {"K3", "K8"}, "what agrees is not shown"
    with pytest.raises(BadInput) as refused:
        deciding.decide(house, carla, first, {"K3": "second", "K8": "neither"})
    assert [fault.place for fault in refused.value.faults] == ["K8"]
    deciding.decide(house, carla, first, {"K3": "second", "K8": "illegible"})
    response = only_response(house)
    document = unpack(response.body)
    assert document["a"]["K3"]["v"] == "2"
    assert document["a"]["K8"]["why"] == "skipped"
    assert document["sit"][0]["illegible"] == "K8"
    assert entries(house)[1].differing == 2
    assert entries(house)[1].decided_by == carla.account_id
    with pytest.raises(NotFound):
        deciding.differences(house, carla, first)


def test_who_answered_is_compared_too(house: House) -> None:
    made = keyers.place(house, rate=100)
    fanny, fred = keyers.actor(house, FANNY), keyers.actor(house, FRED)
    keyers.key(house, fanny, made, role="proxy")
    assert keyers.key(house, fred, made) == "differences"
    carla, first = keyers.actor(house, CARLA), entries(house)[0].id
    found = deciding.differences(house, carla, first)
    assert found.items == ("@head", "K3", "K7a")
    deciding.decide(house, carla, first, dict.fromkeys(found.items, "first"))
    document = unpack(only_response(house).body)
    assert document["sit"][0]["role"] == "proxy"
    assert "K3" not in document["a"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_told_of_assent_and_the_notice_on_the_sheet_are_compared(house: House) -> None:
    made = keyers.place(house, rate=100)
    owen = keyers.actor(house, OWEN)
    for number in (1, 2):
        publish_notice(house, owen, "participants", {"fr": f"Notice {number}", "en": "Notice"})
    heads = [
        Sitting("proxy", agrees="yes", measure="guardianship", representative="agrees", notice="2"),
        Sitting("proxy", agrees="yes", measure="none"),
    ]
    for who, told in zip((FANNY, FRED), heads, strict=True):
        actor = keyers.actor(house, who)
        new = NewEntry("12-A", True, told)
        entry = sheets.begin(house, actor, made.wave_id, made.participants[0], new)
        for section, fields in keyers.SHEET.items():
            assert not keying.key_section(house, actor, entry, section, keyers.typed(fields)).faults
        outcome = keying.finish(house, actor, entry)
    assert outcome == "differences"
    carla, first = keyers.actor(house, CARLA), entries(house)[0].id
    assert deciding.differences(house, carla, first).items == ("@head",)
    deciding.decide(house, carla, first, {"@head": "second"})
    response = only_response(house)
    [sitting] = unpack(response.body)["sit"]
    assert {name: sitting.get(name) for name in ("agrees", "measure", "representative")} == {
        "agrees": "yes",
        "measure": "none",
        "representative": None,
    }
    assert response.notice_version == sitting["notice"] == "1"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_notice_is_the_one_printed_on_the_sheet(house: House) -> None:
    made = keyers.place(house)
    fanny, owen = keyers.actor(house, FANNY), keyers.actor(house, OWEN)
    numbers = [
        publish_notice(house, owen, "participants", {"fr": f"Notice {each}", "en": "Notice"})
        for each in (1, 2)
    ]
    described = publish_notice(house, owen, "described", {"fr": "Notice", "en": "Notice"})
    show_notices(house, owen, made.wave_id, numbers[1], described)
    new = NewEntry("12-A", True, Sitting(notice="3"))
    with pytest.raises(BadInput) as caught:
        sheets.begin(house, fanny, made.wave_id, made.participants[0], new)
    assert [fault.place for fault in caught.value.faults] == ["notice"]
    new = NewEntry("12-A", True, Sitting(notice="1"))
    entry = sheets.begin(house, fanny, made.wave_id, made.participants[0], new)
    for section, fields in keyers.SHEET.items():
        assert not keying.key_section(house, fanny, entry, section, keyers.typed(fields)).faults
    assert keying.finish(house, fanny, entry) == "sent"
    assert only_response(house).notice_version == "1", "not the one that the wave shows by now"


def test_the_draw_is_a_share_that_nobody_can_foresee(house: House) -> None:
    wave = KeyedEntry(wave_id=1, participant_id=0)
    drawn = 0
    for number in range(2000):
        wave.participant_id = number
        drawn += keying.drawn(house, wave, 10)
        assert not keying.drawn(house, wave, 0)
        assert keying.drawn(house, wave, 100)
    assert 140 < drawn < 260
    made = keyers.place(house)
    keying.set_rate(house, keyers.actor(house, OWEN), made.wave_id, 25)
    with pytest.raises(NotAllowed):
        keying.set_rate(house, keyers.actor(house, CARLA), made.wave_id, 0)
    with pytest.raises(BadInput):
        keying.set_rate(house, keyers.actor(house, OWEN), made.wave_id, 101)


def test_paper_takes_the_place_of_what_was_begun_on_a_screen(house: House) -> None:
    made = keyers.place(house)
    secret = entering.begin(house, entering.enter(house, made.codes[0], "").invited.code, Sitting())  # type: ignore[union-attr] # the code is right
    fanny = keyers.actor(house, FANNY)
    assert sheets.sheet(house, fanny, made.wave_id, made.participants[0]).state == "begun"
    keyers.key(house, fanny, made)
    document = unpack(only_response(house).body)
    assert [sitting["channel"] for sitting in document["sit"]] == ["web", "paper"]
    assert {cell["s"] for cell in document["a"].values()} == {1}
    with pytest.raises(SessionEnded):
        standing(house, secret)
    with house.database.read() as session:
        assert session.scalars(select(ParticipantSession.ended_at)).one() is not None


def test_what_was_sent_on_a_screen_meanwhile_stays(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    entry = keyers.begin(house, fanny, made)
    for section, fields in keyers.SHEET.items():
        keying.key_section(house, fanny, entry, section, keyers.typed(fields))
    with house.database.write() as session:
        session.get_one(Participant, made.participants[0]).answered = True
    with pytest.raises(Conflict):
        keying.finish(house, fanny, entry)
    assert entries(house)[0].finished_at is None


def test_where_the_link_is_cut_nothing_leads_back(house: House) -> None:
    made = keyers.place(house, link_after_submission="cut")
    keyers.key(house, keyers.actor(house, FANNY), made)
    assert only_response(house).participant_id is None
    assert entries(house)[0].participant_id is None
    with house.database.read() as session:
        assert session.get_one(Participant, made.participants[0]).answered


def test_after_the_closing_nothing_is_keyed(house: House) -> None:
    made = keyers.place(house)
    fanny = keyers.actor(house, FANNY)
    entry = keyers.begin(house, fanny, made)
    for section, fields in keyers.SHEET.items():
        keying.key_section(house, fanny, entry, section, keyers.typed(fields))
    close_wave(house, keyers.actor(house, OWEN), made.wave_id)
    with pytest.raises(Conflict):
        keying.finish(house, fanny, entry)
