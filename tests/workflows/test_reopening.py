"""A wave closed too early is opened again with a reason; a sample sent with other columns."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.errors import BadInput, Conflict
from app.storage.audit import AuditEntry
from app.storage.participants import Participant
from app.workflows.acting import House
from app.workflows.sample_import import import_sample, preview_sample
from app.workflows.waves import close_wave, reopen_wave, wave

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@once
def test_a_wave_is_opened_again_with_a_reason(house: House, tmp_path: Path) -> None:
    wave_id, actor = collection.opened(house, tmp_path), collection.operator(house)
    with pytest.raises(Conflict):
        reopen_wave(house, actor, wave_id, "It is open already.")
    close_wave(house, actor, wave_id)
    with pytest.raises(BadInput):
        reopen_wave(house, actor, wave_id, " ")
    reopen_wave(house, actor, wave_id, "Letters of one town were late.")
    assert wave(house, actor, wave_id).state == "open"
    with house.database.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert last.details == {"reopened": "Letters of one town were late."}


@once
def test_what_was_cut_stays_cut(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path, link_after_submission="cut")
    close_wave(house, collection.operator(house), wave_id)
    with pytest.raises(Conflict):
        reopen_wave(house, collection.operator(house), wave_id, "No.")


@once
def test_somebody_who_is_there_twice_is_told(house: House, tmp_path: Path) -> None:
    wave_id, actor = collection.opened(house, tmp_path), collection.operator(house)
    header = "reference;territory;audience;name;address1\n"
    first = f"{header}A-1;MAY;elderly;Mme Élise Durand;1 rue\nA-2;MAY;elderly;M. X;2 rue\n"
    import_sample(house, actor, wave_id, collection.read(actor, first).rows)
    second = f"{header}B-1;MAY;elderly;Durand Elise;1 RUE\nB-2;MAY;elderly;M. Y;3 rue\n"
    report = preview_sample(house, actor, wave_id, collection.read(actor, second).rows)
    assert (report.new, report.twice, report.before) == (2, 1, 0)


@once
def test_the_columns_of_a_file_are_named_on_a_page(
    house: House, tmp_path: Path, client: FlaskClient, browser: Any
) -> None:
    wave_id = collection.opened(house, tmp_path)
    people.settle(house, people.MAYA)
    people.sign_in(client, house, people.MAYA)
    content = b"Identifiant;Territoire;Qui;Commentaire\nA-1;MAY;elderly;secret\n"
    browser.get(f"/office/waves/{wave_id}/sample")
    browser.submit({"file": (io.BytesIO(content), "a.csv")}, form="/sample")
    page = browser.submit({"column-2": "audience"}, form="/columns")
    assert "Aperçu" in page.words
    browser.submit(form="/import")
    with house.database.read() as session:
        assert session.scalars(select(Participant.reference)).all() == ["A-1"]
    browser.get(f"/office/waves/{wave_id}/forecast?half_width=5")
