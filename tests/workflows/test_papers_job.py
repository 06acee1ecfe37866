"""Paper questionnaires as background work: one for each person, codes only in the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import collection
import people
import pytest
from pypdf import PdfReader

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.fieldwork import NO_LETTER
from app.storage.participants import Participant, printable
from app.storage.waves import Wave
from app.workflows import jobs, own_jobs, papers
from app.workflows.acting import Actor, House
from app.workflows.entering import Door, enter_by_link
from app.workflows.fieldwork import record_disposition
from app.workflows.own_jobs import JobView
from app.workflows.papers import blank_paper, start_papers
from app.workflows.sample import issue_codes
from app.workflows.waves import close_wave, open_wave


def ready(house: House, root: Path) -> tuple[int, Actor]:
    wave_id = collection.opened(house, root)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    return wave_id, actor


def done(house: House, actor: Actor, job_id: int) -> JobView:
    jobs.run(house, job_id)
    return own_jobs.one(house, actor, job_id)


def text(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_everybody_gets_one_in_their_language(house: House, tmp_path: Path) -> None:
    wave_id, actor = ready(house, tmp_path)
    job_id = start_papers(house, actor, wave_id, "MAY")
    seen = done(house, actor, job_id)
    assert seen.state == "done", seen.result
    assert (seen.done, seen.total) == (2, 2)
    assert seen.result == {"papers": 2, "parts": 2}
    name, content = own_jobs.take_file(house, actor, job_id)
    assert name == "questionnaires-W1-MAY-synthetic.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        made = [text(archive.read(each)) for each in archive.namelist()]
    english, french = sorted(made, key=lambda words: "Feuille" in words)
    assert "A-1" in french
    assert "il ouvre votre questionnaire" in " ".join(french.split()).replace("\u00a0", " ")
    assert "A-2" in english
    assert "Le plan est-il" in french, "the territory’s own question is there"


def test_the_square_of_a_sheet_is_the_persons_own_way_in(house: House, tmp_path: Path) -> None:
    wave_id, _actor = ready(house, tmp_path)
    with house.database.read() as session:
        wave = session.get_one(Wave, wave_id)
        rows = printable(session, wave_id, "MAY", None, NO_LETTER)
    made = list(papers._sheets(house, wave, rows))
    assert len({sheet.link for sheet in made}) == 2
    for sheet in made:
        entered = enter_by_link(house, sheet.link.rpartition("/q/")[2], "192.0.2.1")
        assert entered.door is Door.OPEN
        assert entered.invited
        with house.database.read() as session:
            person = session.get_one(Participant, entered.invited.participant_id)
        assert person.reference == sheet.reference


def test_only_who_asked_for_paper(house: House, tmp_path: Path) -> None:
    wave_id, actor = ready(house, tmp_path)
    none = done(house, actor, start_papers(house, actor, wave_id, "MAY", asked_only=True))
    assert none.failure == "conflict"
    record_disposition(house, actor, wave_id, "A-2", "asked_paper")
    one = done(house, actor, start_papers(house, actor, wave_id, "MAY", asked_only=True))
    assert one.result["papers"] == 1


def test_a_cancelled_job_leaves_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "PART", 1)
    wave_id, actor = ready(house, tmp_path)
    job_id = start_papers(house, actor, wave_id, "MAY")
    own_jobs.cancel(house, actor, job_id)
    assert done(house, actor, job_id).state == "cancelled"
    with pytest.raises(NotFound):
        own_jobs.take_file(house, actor, job_id + 1)


def test_a_blank_is_of_an_open_wave_and_ones_own_place(house: House, tmp_path: Path) -> None:
    wave_id = collection.planned(house, tmp_path)
    actor = collection.operator(house)
    with pytest.raises(Conflict):
        blank_paper(house, actor, wave_id, "MAY", "elderly", "fr")
    with pytest.raises(Conflict):
        start_papers(house, actor, wave_id, "MAY")
    open_wave(house, actor, wave_id)
    blank = text(blank_paper(house, actor, wave_id, "MAY", "elderly", "fr"))
    assert "Êtes-vous bien chez vous" in blank
    assert "il ouvre votre questionnaire" not in " ".join(blank.split()).replace("\u00a0", " ")
    for territory, audience, language in (
        ("FR", "elderly", "fr"),
        ("MAY", "family", "fr"),
        ("MAY", "elderly", "de"),
        ("XXX", "elderly", "fr"),
        ("MAY", "nobody", "fr"),
    ):
        with pytest.raises(NotFound):
            blank_paper(house, actor, wave_id, territory, audience, language)
    people.settle(house, people.MAYA, people.FELIX)
    with pytest.raises(NotAllowed):
        blank_paper(house, people.acting(house, people.MAYA), wave_id, "BDX", "elderly", "fr")
    with pytest.raises(NotAllowed):
        blank_paper(house, people.acting(house, people.FELIX), wave_id, "MAY", "elderly", "fr")
    close_wave(house, actor, wave_id)
    with pytest.raises(Conflict):
        start_papers(house, actor, wave_id, "MAY")
