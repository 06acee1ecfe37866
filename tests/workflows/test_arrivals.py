"""Completed responses from a file: judged by the rules of the form, all or none, only once."""

from __future__ import annotations

import io
from pathlib import Path

import collection
import people
import programme
import pytest
from sqlalchemy import func, select

from app.domain.errors import BadInput, Conflict, NotAllowed
from app.storage.audit import AuditEntry
from app.storage.participants import Participant, printable
from app.storage.responses import Response, answers_in, unpack
from app.workflows import arrivals
from app.workflows.acting import Actor, House
from app.workflows.arrivals import ArrivalReport, import_responses
from app.workflows.sample import issue_codes
from app.workflows.waves import close_wave

CORE = {
    "surveys/elderly/core.yaml": programme.CORE.replace(
        "      - slot:",
        """\
      - code: E03
        type: choices
        text: {fr: Qui vous aide ?, en: Who helps you?}
        options:
          - {code: child, text: {fr: Un enfant, en: A child}}
          - {code: nurse, text: {fr: Une infirmière, en: A nurse}}
          - {code: other, specify: true, text: {fr: Autre, en: Other}}
        ways_out: [dont_know]
        status: tested
      - code: E04
        type: number
        text: {fr: Combien de fois ?, en: How often?}
        limits: {minimum: 0, maximum: 10}
        required: hard
        status: tested
      - slot:""",
    )
}
HEAD = "reference,territory,audience,weight,role,submitted_at,E01,E02,E02_MAY,E03,E03_other,E04\n"
GOOD = HEAD + (
    "A-1,MAY,elderly,2.5,proxy,2026-02-03T10:00,yes,no,yes,child|other,Une voisine,3\n"
    "N-1,BDX,elderly,,,,yes,,,!dont_know,,0\n"
)


@pytest.fixture
def wave_id(house: House, tmp_path: Path) -> int:
    return collection.opened(house, tmp_path, CORE)


def bring(
    house: House, wave_id: int, text: str, actor: Actor | None = None, *, dry_run: bool = False
) -> ArrivalReport:
    stream = io.BytesIO(text.encode())
    acting = actor or collection.operator(house)
    return import_responses(house, acting, wave_id, stream, dry_run=dry_run)


def responses(house: House) -> list[Response]:
    with house.database.read() as session:
        return list(session.scalars(select(Response).order_by(Response.id)))


def places(house: House, wave_id: int, text: str) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        bring(house, wave_id, text)
    assert not responses(house)
    return [fault.place for fault in refusal.value.faults]


def test_answers_are_taken_as_the_form_would(house: House, wave_id: int) -> None:
    collection.with_sample(house, wave_id)
    issue_codes(house, collection.operator(house), wave_id)
    assert bring(house, wave_id, GOOD).new == 2
    first, second = responses(house)
    assert (first.channel, first.weight, first.territory) == ("import", 2.5, "MAY")
    assert first.submitted_at is not None
    assert first.submitted_at.isoformat() == "2026-02-03T09:00:00+00:00"
    document = unpack(first.body)
    assert document["sit"][0]["role"] == "proxy"
    answers = answers_in(document)
    assert answers["E03"].value == ("child", "other")
    assert answers["E03"].other == "Une voisine"
    assert answers["E04"].value == 3
    empty = answers_in(unpack(second.body))
    assert (empty["E02"].why, empty["E03"].why) == ("skipped", "dont_know")
    with house.database.read() as session:
        person = session.scalars(select(Participant).where(Participant.reference == "A-1")).one()
        assert first.participant_id == person.id
        added = session.scalars(select(Participant).where(Participant.reference == "N-1")).one()
        assert second.participant_id == added.id
        acts = session.scalars(select(AuditEntry).where(AuditEntry.act == "responses.import"))
        assert [entry.details["new"] for entry in acts] == [2]


def test_who_answered_gets_neither_code_nor_letter(house: House, wave_id: int) -> None:
    collection.with_sample(house, wave_id)
    bring(house, wave_id, GOOD)
    actor = collection.operator(house)
    assert issue_codes(house, actor, wave_id) == 2  # A-2 and B-1
    with house.database.read() as session:
        written = printable(session, wave_id, "MAY", None, ())
    assert [person.reference for person, _code in written] == ["A-2"]


def test_the_same_content_again_changes_nothing(house: House, wave_id: int) -> None:
    bring(house, wave_id, GOOD)
    report = bring(house, wave_id, GOOD + "N-2,BDX,elderly,,,,no,,,,,1\n")
    assert (report.new, report.same) == (1, 2)
    assert len(responses(house)) == 3
    with pytest.raises(BadInput) as refusal:
        bring(house, wave_id, GOOD.replace("yes,no,yes", "yes,yes,yes"))
    assert [fault.place for fault in refusal.value.faults] == ["2 reference"]


def test_without_references_the_same_file_is_recognised(house: House, wave_id: int) -> None:
    text = "territory;audience;E01;E04\n" + "BDX;elderly;no;1\n" * 3
    assert bring(house, wave_id, text).new == 3
    again = bring(house, wave_id, text)
    assert (again.new, again.same) == (0, 3)
    assert all(row.participant_id is None for row in responses(house))


def test_a_cut_link_names_nobody(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path, CORE, link_after_submission="cut")
    collection.with_sample(house, wave_id)
    bring(house, wave_id, GOOD)
    assert bring(house, wave_id, GOOD).same == 2
    assert all(row.participant_id is None for row in responses(house))
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Participant)) == 3


def test_what_is_off_the_path_is_left_out_and_named(house: House, wave_id: int) -> None:
    report = bring(house, wave_id, HEAD + "X-1,BDX,elderly,,,,no,yes,yes,child,Une voisine,1\n")
    assert (report.new, report.dropped) == (1, 3)
    assert report.named == ["2 E02", "2 E02_MAY", "2 E03_other"]
    assert set(answers_in(unpack(responses(house)[0].body))) == {"E01", "E03", "E04"}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("X,MAY,elderly,,,,maybe,,,,,1", "2 E01"),
        ("X,MAY,elderly,,,,=1+1,,,,,1", "2 E01"),
        ("X,MAY,elderly,,,,!dont_know,,,,,1", "2 E01"),
        ("X,MAY,elderly,,,,!nonsense,,,,,1", "2 E01"),
        ("X,MAY,elderly,,,,yes,,,child|cat,,1", "2 E03"),
        ("X,MAY,elderly,,,,yes,,,,,11", "2 E04"),
        ("X,MAY,elderly,,,,yes,,,,,", "2 E04"),
        ("X,MAY,elderly,0,,,yes,,,,,1", "2 weight"),
        ("X,MAY,elderly,,boss,,yes,,,,,1", "2 role"),
        ("X,MAY,elderly,,,2999-01-01,yes,,,,,1", "2 submitted_at"),
        ("X,MAY,elderly,,,yesterday,yes,,,,,1", "2 submitted_at"),
        ("X,FR,elderly,,,,yes,,,,,1", "2 territory"),
        ("X,MAY,family,,,,yes,,,,,1", "2 audience"),
        ("=X,MAY,elderly,,,,yes,,,,,1", "2 reference"),
        ("X,MAY,elderly,,,,yes,,,,1", "2"),
        ("X,MAY,elderly,,,,yes\x00,,,,,1", "2 E01"),
    ],
)
def test_what_is_wrong_keeps_everything_out(
    house: House, wave_id: int, line: str, place: str
) -> None:
    found = places(house, wave_id, HEAD + line + "\nGOOD,MAY,elderly,,,,yes,,,,,1\n")
    assert found == [place]


def test_a_reference_twice_or_elsewhere_is_refused(house: House, wave_id: int) -> None:
    collection.with_sample(house, wave_id)
    line = "B-1,BDX,elderly,,,,yes,,,,,1\n"
    assert places(house, wave_id, HEAD + line + line) == ["3 reference"]
    assert places(house, wave_id, HEAD + line.replace("BDX", "MAY")) == ["2 reference"]


def test_an_unknown_column_is_refused_at_once(house: House, wave_id: int) -> None:
    assert places(house, wave_id, HEAD.replace("E04", "E99") + "X\n") == ["1 n° 12"]


def test_a_dry_run_says_what_would_be_and_changes_nothing(house: House, wave_id: int) -> None:
    report = bring(house, wave_id, GOOD, dry_run=True)
    assert (report.new, report.dry_run) == (2, True)
    assert not responses(house)


def test_batches_are_seams_that_do_not_show(
    house: House, wave_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "BATCH", 7)
    lines = [f"R-{n},BDX,elderly,,,,yes,no,,,,{n % 10}\n" for n in range(50)]
    assert bring(house, wave_id, HEAD + "".join(lines)).new == 50
    assert [answers_in(unpack(r.body))["E04"].value for r in responses(house)] == [
        n % 10 for n in range(50)
    ]


def test_rights_and_states(house: House, wave_id: int) -> None:
    people.settle(house, people.MAYA, people.EVA)
    maya = people.acting(house, people.MAYA)
    with pytest.raises(BadInput) as refusal:
        bring(house, wave_id, GOOD, maya)
    assert [fault.place for fault in refusal.value.faults] == ["3 territory"]
    with pytest.raises(NotAllowed):
        bring(house, wave_id, GOOD, people.acting(house, people.EVA))
    close_wave(house, collection.operator(house), wave_id)
    with pytest.raises(Conflict):
        bring(house, wave_id, GOOD)
