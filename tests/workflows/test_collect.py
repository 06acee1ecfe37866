"""Saving a page: once, whole, in order, and never over somebody else's answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from builders import World, world
from participants import cells, only_response
from sqlalchemy import func, select, update

from app.domain.acceptance import Submitted
from app.domain.errors import Conflict
from app.domain.sittings import Sitting
from app.protection.keys import digest
from app.protection.return_words import WORDS, return_words, same_words
from app.storage.audit import AuditEntry, Occasion, during
from app.storage.database import now
from app.storage.responses import ParticipantSession, Response, SaveKey, unpack
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.collect import Again, Clash, Moved, Sent, answer_page
from app.workflows.entering import begin, entered
from app.workflows.leaving import end, receipt_code, see_earlier, words_for
from app.workflows.sending import submit, withdraw, withdrawable
from app.workflows.standing import (
    CHECK,
    OWN_DEVICE,
    SHARED_DEVICE,
    WORD,
    AlreadySent,
    SessionEnded,
    WaveOver,
    mark,
    standing,
)

SHORT = """
format: covalue/questionnaire/1
code: short
audience: elderly
languages: [fr, en]
title: {fr: Court, en: Short}
sections:
  - code: one
    title: {fr: Un, en: One}
    items:
      - {code: A, type: text, text: {fr: A, en: A}}
      - {code: B, type: number, text: {fr: B, en: B}, required: hard}
      - {code: C, type: text, text: {fr: C, en: C}, shown_when: B >= 5}
"""


@pytest.fixture
def short(house: House) -> World:
    return world(house, SHORT, people=2)


def _begin(house: House, made: World, sitting: Sitting | None = None, person: int = 0) -> str:
    code = digest(house.keys.lookup, made.codes[person])
    return begin(house, code, sitting or Sitting(notice="1"))


def _send(
    house: House, secret: str, code: str, value: str, key: str, seen: str = "", **more: Any
) -> Moved | Again | Clash:
    sent = Sent({code: Submitted((value,) if value else ())}, {code: seen}, key, **more)
    return answer_page(house, standing(house, secret, key), code, sent)


def _count(house: House, table: type) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_form_sent_twice_is_stored_once_and_answered_alike(
    house: House, short: World
) -> None:
    secret = _begin(house, short)
    assert _send(house, secret, "A", "one", "k1") == Moved("B")
    assert _send(house, secret, "A", "one", "k1") == Moved("B")
    assert _send(house, secret, "A", "another, under a key that is used", "k1") == Moved("B")
    assert cells(house)["A"]["v"] == "one"
    assert only_response(house).revision == 1
    assert _count(house, SaveKey) == 1


def test_two_hundred_identical_forms_at_once_are_stored_once(house: House, short: World) -> None:
    secret = _begin(house, short)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: _send(house, secret, "A", "one", "k1"), range(200)))
    assert set(done) == {Moved("B")}
    assert only_response(house).revision == 1
    assert _count(house, SaveKey) == 1


@pytest.mark.parametrize("keys", [1, 2])  # the same form; the forms of two tabs
def test_two_hundred_submissions_at_once_are_one_and_have_one_receipt(
    house: House, short: World, keys: int
) -> None:
    secret = _begin(house, short)
    _send(house, secret, "A", "one", "k1")
    assert _send(house, secret, "B", "2", "k2") == Moved(CHECK)

    def send(number: int) -> str | None:
        submit(house, secret, f"s{number % keys}")
        return receipt_code(house, standing(house, secret, sent=True))

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(send, range(200)))
    assert len(set(receipts)) == 1
    assert receipts[0]
    assert only_response(house).revision == 3
    with house.database.read() as session:
        acts = session.scalars(
            select(AuditEntry.act).where(AuditEntry.act == "response.submit")
        ).all()
    assert len(acts) == 1


def test_two_tabs_that_agree_do_not_clash_and_two_that_differ_do(
    house: House, short: World
) -> None:
    secret = _begin(house, short)
    _send(house, secret, "A", "one", "k1")
    assert _send(house, secret, "A", "one", "k2") == Moved("B")  # rendered empty, says the same
    assert only_response(house).revision == 1, "what is unchanged is not saved again"
    clash = _send(house, secret, "A", "two", "k3")
    assert isinstance(clash, Clash)
    assert clash.items == ("A",)
    assert not clash.on_another_device
    assert cells(house)["A"]["v"] == "one"
    seen = mark(standing(house, secret).answers["A"])
    assert _send(house, secret, "A", "two", "k3", seen) == Moved("B")  # the key was not used up
    assert cells(house)["A"]["v"] == "two"


def test_of_two_devices_that_differ_both_answers_are_told(house: House, short: World) -> None:
    first = _begin(house, short)
    _send(house, first, "A", "one", "k1")
    words = words_for(house, standing(house, first))
    second = _begin(house, short)
    see_earlier(house, second, words or "")
    clash = _send(house, second, "A", "two", "k2")
    assert isinstance(clash, Clash)
    assert clash.on_another_device
    assert [answer.value for answer in clash.stored] == ["one"]
    assert [answer.value for answer in clash.given.values()] == ["two"]
    assert clash.at.isoformat() == cells(house)["A"]["at"]


def test_the_language_of_an_answer_is_kept_where_it_is_not_the_sittings(
    house: House, short: World
) -> None:
    secret = _begin(house, short, Sitting(lang="fr"))
    _send(house, secret, "A", "un", "k1", lang="fr")
    assert "l" not in cells(house)["A"]
    seen = mark(standing(house, secret).answers["A"])
    _send(house, secret, "A", "one", "k2", seen, lang="en")
    assert cells(house)["A"]["l"] == "en"


def test_a_question_left_empty_is_asked_about_once(house: House) -> None:
    made = world(house, SHORT.replace("required: hard", "required: soft"))
    secret = _begin(house, made)
    again = _send(house, secret, "B", "", "k1")
    assert isinstance(again, Again)
    assert (again.faults, again.reminders) == ((), ("B",))
    assert isinstance(_send(house, secret, "B", "", "k1", reminded=True), Moved)


def test_who_looks_back_goes_on_from_there_unless_the_check_sent_them(
    house: House, short: World
) -> None:
    secret = _begin(house, short)
    _send(house, secret, "A", "one", "k1")
    _send(house, secret, "B", "6", "k2")
    seen = mark(standing(house, secret).answers["A"])
    assert _send(house, secret, "A", "one", "k3", seen) == Moved("B")
    assert _send(house, secret, "A", "one", "k4", seen, to_check=True) == Moved("C")


def test_each_entry_names_the_session_that_acted(house: House, short: World) -> None:
    during(Occasion("one request"))
    first, second = _begin(house, short), _begin(house, short, person=1)
    _send(house, first, "A", "one", "k1")
    _send(house, first, "B", "2", "k2")
    standing(house, second)
    submit(house, first, "s")
    during(Occasion())
    with house.database.read() as session:
        rows = session.execute(
            select(AuditEntry.act, AuditEntry.sitting)
            .where(AuditEntry.act.in_(("response.start", "response.submit")))
            .order_by(AuditEntry.id)
        ).all()
    (started, one), (_other, two), (sent, three) = rows
    assert (started, sent) == ("response.start", "response.submit")
    assert one == three != two
    assert first not in str(rows)


def test_nobody_begins_where_the_door_has_closed_meanwhile(house: House, short: World) -> None:
    with pytest.raises(Conflict):
        begin(house, digest(house.keys.lookup, "no such code"), Sitting())
    with house.database.write() as session:
        session.execute(update(Wave).values(closed_at=now()))
    with pytest.raises(Conflict):
        _begin(house, short)
    assert _count(house, Response) == 0


def test_a_refused_form_changes_nothing_and_keeps_its_key(house: House, short: World) -> None:
    secret = _begin(house, short)
    _send(house, secret, "A", "one", "k1")
    before = only_response(house)
    again = _send(house, secret, "B", "many", "k2")
    assert isinstance(again, Again)
    assert [fault.place for fault in again.faults] == ["B"]
    after = only_response(house)
    assert (before.body, before.revision, before.saved_at) == (
        after.body,
        after.revision,
        after.saved_at,
    )
    assert _send(house, secret, "B", "7", "k2") == Moved("C")


def test_pages_off_the_path_and_fields_of_other_pages_are_left_alone(
    house: House, short: World
) -> None:
    secret = _begin(house, short)
    assert _send(house, secret, "C", "early", "k1") == Moved("A")
    more = Sent({"A": Submitted(("one",)), "B": Submitted(("9",))}, {}, "k2")
    assert answer_page(house, standing(house, secret, "k2"), "A", more) == Moved("B")
    assert set(cells(house)) == {"A"}


def test_a_later_answer_that_opens_an_earlier_page_leads_back_there(
    house: House, short: World
) -> None:
    secret = _begin(house, short)
    _send(house, secret, "A", "one", "k1")
    assert _send(house, secret, "B", "2", "k2") == Moved(CHECK)
    seen = mark(standing(house, secret).answers["B"])
    assert _send(house, secret, "B", "6", "k3", seen, to_check=True) == Moved("C")


def test_after_sending_nothing_changes(house: House, short: World) -> None:
    secret = _begin(house, short)
    with pytest.raises(Conflict):  # a page is still open
        submit(house, secret, "s0")
    _send(house, secret, "A", "one", "k1")
    _send(house, secret, "B", "2", "k2")
    found = standing(house, secret, "k3")
    submit(house, secret, "s1")
    before = only_response(house)
    with pytest.raises(AlreadySent):
        standing(house, secret)
    late = Sent({"A": Submitted(("late",))}, {"A": mark(found.answers["A"])}, "k3")
    with pytest.raises(AlreadySent):  # read before the sending, written after it
        answer_page(house, found, "A", late)
    assert only_response(house).body == before.body


def test_a_wave_that_closed_takes_nothing(house: House, short: World) -> None:
    secret = _begin(house, short)
    with house.database.write() as session:
        session.execute(update(Wave).values(closed_at=now()))
    with pytest.raises(WaveOver):
        standing(house, secret)
    with pytest.raises(WaveOver):
        submit(house, secret, "s1")
    with pytest.raises(Conflict):
        _begin(house, short, person=1)


@pytest.mark.parametrize(("device", "idle"), [("own", OWN_DEVICE), ("shared", SHARED_DEVICE)])
def test_an_idle_session_ends(house: House, short: World, device: Any, idle: Any) -> None:
    secret = _begin(house, short, Sitting(device=device))
    with house.database.write() as session:
        session.execute(update(ParticipantSession).values(seen_at=now() - idle * 0.9))
    _send(house, secret, "A", "one", "k1")  # answering keeps it open
    with house.database.read() as session:
        assert now() - session.query(ParticipantSession).one().seen_at < idle * 0.1
    with house.database.write() as session:
        session.execute(update(ParticipantSession).values(seen_at=now() - idle * 1.1))
    with pytest.raises(SessionEnded):
        standing(house, secret)


def test_an_ended_session_and_a_made_up_secret_hold_nothing(house: House, short: World) -> None:
    secret = _begin(house, short)
    end(house, secret)
    for made_up in (secret, "x" * 43, ""):
        with pytest.raises(SessionEnded):
            standing(house, made_up)


def test_the_secret_itself_is_stored_nowhere(house: House, short: World) -> None:
    secret = _begin(house, short)
    with house.database.read() as session:
        row = session.query(ParticipantSession).one()
    assert secret.encode() not in row.digest
    assert len(row.digest) == 32


def test_coming_back_with_the_code_goes_forward_only(house: House, short: World) -> None:
    first = _begin(house, short)
    _send(house, first, "A", "private", "k1")
    words = words_for(house, standing(house, first))
    assert words
    second = _begin(house, short, Sitting(role="helped", helper="reads"))
    found = standing(house, second)
    assert (found.held.sitting, found.role) == (1, "helped")
    assert not found.may_see("A")
    assert words_for(house, found) is None  # or a letter alone would open everything
    # neither the right guess nor a wrong one tells what was answered
    assert _send(house, second, "A", "private", "k2") == Moved(WORD)
    assert _send(house, second, "A", "else", "k3") == Moved(WORD)
    assert see_earlier(house, second, "pomme poire") == "wrong"
    assert not standing(house, second).may_see("A")
    assert see_earlier(house, second, words.upper().replace(" ", " - ")) == "right"
    assert standing(house, second).may_see("A")
    _send(house, second, "B", "3", "k4")
    assert cells(house)["B"]["s"] == 1
    assert [s["role"] for s in unpack(only_response(house).body)["sit"]] == ["self", "helped"]


def test_return_words_are_not_for_guessing(house: House, short: World) -> None:
    first = _begin(house, short)
    _send(house, first, "A", "private", "k1")
    words = words_for(house, standing(house, first))
    second = _begin(house, short)
    outcomes = [see_earlier(house, second, f"faux {n}") for n in range(11)]
    assert outcomes == ["wrong"] * 10 + ["throttled"]
    assert words
    assert see_earlier(house, second, words) == "throttled"
    assert _send(house, second, "B", "3", "k2") == Moved(CHECK)  # but going on is free


def test_return_words_differ_between_responses_and_forgive_accents() -> None:
    key = b"k" * 32
    assert len({return_words(key, number) for number in range(200)}) > 190
    assert same_words(key, 1, return_words(key, 1).title().replace("e", "é"))
    assert not same_words(key, 1, return_words(key, 2))
    assert all(word.isascii() and word.islower() for word in WORDS)


def test_what_the_person_said_survives_a_proxy_who_finishes(
    house: House,
    invited: World,
) -> None:
    first = _begin(house, invited)
    _send(house, first, "K1", "no", "k1")
    _send(house, first, "K3", "5", "k2")  # a feeling: not asked of a proxy
    second = _begin(house, invited, Sitting(role="proxy", relation="child"))
    for code, value in {"K4": "1", "K5": "x", "K6": "", "K7b": "1", "K8": "", "K9": ""}.items():
        _send(house, second, code, value, f"p{code}", reminded=True)
    submit(house, second, "s")
    kept = cells(house)
    assert kept["K3"]["v"] == "5"
    assert "K7a" not in kept
    assert (kept["K1"]["s"], kept["K4"]["s"]) == (0, 1)


def test_withdrawing_erases_the_answers_and_keeps_a_tombstone(house: House, short: World) -> None:
    secret = _begin(house, short)
    _send(house, secret, "A", "to be erased", "k1")
    _send(house, secret, "B", "2", "k2")
    submit(house, secret, "s1")
    code = receipt_code(house, standing(house, secret, sent=True))
    assert code
    before = only_response(house)
    assert withdrawable(house, "R 1234", "192.0.2.1").outcome == "typo"
    assert withdrawable(house, f"R {code}", "192.0.2.1").outcome == "sent"
    assert withdraw(house, f"r{code}", "192.0.2.1").outcome == "withdrawn"
    after = only_response(house)
    assert unpack(after.body) == {"a": {}, "sit": [], "v": 1}
    assert after.revision == before.revision + 1
    assert after.withdrawn_at is not None
    assert _count(house, SaveKey) == 0
    assert withdraw(house, code, "192.0.2.1").outcome == "withdrawn"
    assert only_response(house).revision == after.revision
    with pytest.raises(SessionEnded):
        standing(house, secret, sent=True)


def test_a_double_click_on_consent_makes_one_response(house: House, short: World) -> None:
    with ThreadPoolExecutor(6) as pool:
        secrets = list(pool.map(lambda _: _begin(house, short), range(6)))
    assert _count(house, Response) == 1
    assert all(standing(house, secret).held.sees_earlier for secret in secrets)
    assert entered(house, digest(house.keys.lookup, short.codes[0])).invited is not None
