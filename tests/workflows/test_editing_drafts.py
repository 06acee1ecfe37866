"""Edits of drafts in the database: kept one by one, undone, and never over somebody else's."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import people
import programme
import pytest
from people import ALICE, MAYA
from sqlalchemy.engine import URL

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.plain_documents import Raw, digest, spot
from app.storage.audit import AuditEntry
from app.storage.database import Database
from app.storage.draft_edits import edits_of
from app.workflows import beginning_drafts, editing
from app.workflows.acting import Actor, House
from app.workflows.edit_act import Desk, desk

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def alice(house: House, tmp_path: Path) -> Actor:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA)
    return people.acting(house, ALICE)


def begun(house: House, actor: Actor) -> int:
    return beginning_drafts.begin_from(house, actor, "questionnaire", 1)


def now_at(house: House, actor: Actor, draft: int) -> Desk:
    with house.database.read() as session:
        return desk(session, actor, "questionnaire", draft)


def say(house: House, actor: Actor, draft: int, code: str, words: str) -> int:
    question = spot(now_at(house, actor, draft).document, code).question
    after = {**question, "text": {"fr": words, "en": words}}
    return editing.change_question(house, actor, draft, code, after, digest(question))


def words(document: Raw, code: str) -> str:
    return str(spot(document, code).question["text"]["fr"])


def test_every_edit_is_a_row_and_is_undone_to_the_letter(house: House, alice: Actor) -> None:
    draft = begun(house, alice)
    before = now_at(house, alice, draft)
    say(house, alice, draft, "E01", "un")
    editing.retire_question(house, alice, draft, "E02")
    code = editing.copy_question(house, alice, draft, "E01")
    assert words(now_at(house, alice, draft).document, code) == "un"
    for _ in range(3):
        editing.turn(house, alice, "questionnaire", draft, back=True)
    assert now_at(house, alice, draft).row.source == before.row.source
    with pytest.raises(Conflict):
        editing.turn(house, alice, "questionnaire", draft, back=True)
    editing.turn(house, alice, "questionnaire", draft, back=False)
    after = now_at(house, alice, draft)
    assert words(after.document, "E01") == "un"
    with house.database.read() as session:
        rows = edits_of(session, "questionnaire", draft)
        audited = session.query(AuditEntry).filter_by(thing=f"questionnaire:{draft}").count()
    assert [row.did for row in rows] == [
        "begin", "change", "retire", "copy", "undo", "undo", "undo", "redo",
    ]  # fmt: skip
    assert audited == len(rows)


def test_what_was_shown_must_still_stand(house: House, alice: Actor) -> None:
    draft = begun(house, alice)
    shown = spot(now_at(house, alice, draft).document, "E01").question
    say(house, alice, draft, "E01", "déjà")
    with pytest.raises(Conflict):
        editing.change_question(house, alice, draft, "E01", shown, digest(shown))
    say(house, alice, draft, "E02", "autre")
    assert words(now_at(house, alice, draft).document, "E01") == "déjà"


@once
def test_the_core_is_locked_for_a_territory(house: House, alice: Actor) -> None:
    maya = people.acting(house, MAYA)
    with pytest.raises(NotAllowed):
        begun(house, maya)
    draft = begun(house, alice)
    with pytest.raises(NotFound):
        editing.retire_question(house, maya, draft, "E01")
    module = beginning_drafts.begin_from(house, maya, "questionnaire", 2)
    with pytest.raises(NotFound):
        editing.retire_question(house, maya, module, "E01")


def _edits(url: str, house: House, actor: Actor, draft: int, told: Path) -> None:
    own = House(Database(url), house.keys, house.folder)
    for number in range(1000):
        say(own, actor, draft, "E01", f"n{number}")
        told.write_text(str(number))


@once
def test_edits_survive_the_death_of_the_process(
    house: House, alice: Actor, database_url: URL, tmp_path: Path
) -> None:
    draft, told = begun(house, alice), tmp_path / "told"
    url = database_url.render_as_string(hide_password=False)
    house.database.dispose()
    process = multiprocessing.get_context("fork").Process(
        target=_edits, args=(url, house, alice, draft, told)
    )
    process.start()
    while not told.exists() or not told.read_text() or int(told.read_text()) < 3:
        assert process.is_alive()
        process.join(0.01)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    acknowledged = int(told.read_text() or 0)
    found = now_at(house, alice, draft)
    kept = int(words(found.document, "E01")[1:])
    assert kept in (acknowledged, acknowledged + 1)
    editing.turn(house, alice, "questionnaire", draft, back=True)
    assert words(now_at(house, alice, draft).document, "E01") == f"n{kept - 1}"
