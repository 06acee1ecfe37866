"""The field monitor: targets, alerts by mail, where people leave, duplicates, calendar, rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import collection
import people
import pytest
from browser import Browser
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.domain.errors import NotAllowed, NotFound
from app.domain.field_alerts import Wanted
from app.interchange.mail import MailServer
from app.storage.database import Database, now
from app.storage.outbox import OutgoingMessage
from app.storage.participants import Participant
from app.storage.responses import Response, SaveKey, pack
from app.storage.waves import Wave, instruments_of
from app.workflows import field_leaving, field_monitor
from app.workflows.acting import House
from app.workflows.field_warning import warn_today

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BORDERS = """{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"code": "MAY"}, "geometry":
    {"type": "Polygon", "coordinates": [[[-1, 48], [0, 48], [0, 49], [-1, 48]]]}},
  {"type": "Feature", "properties": {}, "geometry":
    {"type": "Polygon", "coordinates": [[[-5, 42], [8, 42], [8, 51], [-5, 42]]]}}]}"""
SAMPLE = "reference;territory;audience;name;address1\n" + "".join(
    f"{place}-{n};{place};elderly;M. {place} {'Double' if n < 2 else 'Nom' + chr(97 + n)};1 rue\n"
    for place in ("MAY", "BDX")
    for n in range(20)
)


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    """A wave that runs for a month, with 20 people in each of two territories; Mayenne lags."""
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id, SAMPLE)
    people.settle(house, people.ALICE, people.MAYA, people.BASILE, people.FELIX)
    begun = now() - timedelta(days=30)
    with house.database.write() as session:
        session.execute(update(Wave).values(opens_at=begun, opened_at=begun))
        asked = instruments_of(session, wave_id)
        for place, number in (("MAY", 9), ("BDX", 12)):
            those = select(Participant).where(Participant.territory == place)
            some = those.order_by(Participant.id).limit(number)
            for at, person in enumerate(session.scalars(some)):
                session.add(response(person, asked[place, "elderly"], sent=at < 2))
        session.flush()
        for at, row in enumerate(session.scalars(select(Response).order_by(Response.id)).all()):
            page = "E02" if at % 2 else "E01"
            session.add(SaveKey(response_id=row.id, key=f"k{at}", goes_to=page, at=now()))
    return wave_id


def response(person: Participant, instrument: int, *, sent: bool) -> Response:
    at = now() - timedelta(days=20)
    return Response(
        wave_id=person.wave_id,
        participant_id=person.id,
        territory=person.territory,
        audience=person.audience,
        instrument_id=instrument,
        secret_digest=person.reference.encode(),
        body=pack({"a": {}, "sit": [], "v": 1}),
        consented_at=at,
        started_at=at,
        saved_at=at,
        submitted_at=at if sent else None,
    )


def test_targets_are_set_at_home_and_progress_is_told(house: House, wave: int) -> None:
    maya, felix = people.acting(house, people.MAYA), people.acting(house, people.FELIX)
    field_monitor.set_target(house, maya, wave, Wanted("MAY", "elderly", "", "target", 40))
    field_monitor.set_target(house, maya, wave, Wanted("MAY", "elderly", "", "target", 20))
    for who, place in ((maya, "BDX"), (felix, "MAY")):
        with pytest.raises(NotAllowed):
            field_monitor.set_target(house, who, wave, Wanted(place, "elderly", "", "quota", 3))
    found = field_monitor.watched(house, maya, wave)
    [one] = found.progress
    assert (one.wanted.people, one.answers.shown) == (20, 2)
    assert {each.kind for each in found.alerts} == {"behind", "silent"}
    assert {each.territory for each in found.alerts} == {"MAY"}
    field_monitor.set_target(house, maya, wave, Wanted("MAY", "elderly", "", "target", 0))
    assert field_monitor.watched(house, maya, wave).progress == ()
    with pytest.raises(NotAllowed):
        field_monitor.watched(house, felix, wave)
    with pytest.raises(NotFound):
        field_monitor.watched(house, maya, 99)


def test_where_people_leave_and_who_is_there_twice(house: House, wave: int) -> None:
    alice, maya = people.acting(house, people.ALICE), people.acting(house, people.MAYA)
    left = field_leaving.left(house, alice, wave)["elderly"]
    assert [(each.code, each.people) for each in left] == [("E01", 9), ("E02", 8)]
    assert [each.people for each in field_leaving.left(house, maya, wave)["elderly"]] == [7]
    found = field_leaving.duplicates(house, maya, wave)
    [pair] = found.within
    assert [reference for reference, _, _ in pair.people] == ["MAY-0", "MAY-1"]
    assert len(field_leaving.duplicates(house, alice, wave).within) == 2


@once
def test_coordinators_hear_once_a_week_of_their_own(house: House, wave: int) -> None:
    worker = Database(house.database.url, surface="job", sealing=house.database.sealing)
    server = MailServer("localhost", 25, "none", "s@example.org")
    mailing = replace(house, database=worker, mail=server)
    assert warn_today(mailing) == 3  # Alice, Maya and Basile, whose territory is silent too
    assert warn_today(mailing) == 0
    (house.folder / "field-warned.txt").unlink()
    assert warn_today(mailing) == 0  # the week's was queued
    worker.dispose()
    with house.database.read() as session:
        keys = session.scalars(select(OutgoingMessage.key)).all()
    assert len({key.rsplit(":", 1)[0] for key in keys}) == 3


@once
def test_the_pages_are_read_and_used(
    house: House, wave: int, client: FlaskClient, browser: Browser
) -> None:
    people.sign_in(client, house, people.MAYA)
    browser.get(f"/office/waves/{wave}")
    page = browser.click("Alertes et objectifs")
    assert "aucune réponse depuis 20 jours" in page.words
    assert page.soup.select_one("svg.tiles title")
    assert "BDX" not in page.soup.select_one("svg.tiles").get_text()  # type: ignore[union-attr]
    page = browser.submit({"territory": "MAY", "people": "x"}, form="/monitor", status=422)
    assert "Écrivez un nombre entier" in page.words
    page = browser.submit({"people": "20", "audience": "elderly"}, form="/monitor")
    assert "2 réponses, le plan en prévoit 10" in page.words
    for content, told, paths in (
        (BORDERS, "Les limites viennent du fichier de l’exploitant", 2),
        ('{"features":', "Le fichier des limites n’est pas du JSON.", 1),
    ):
        (house.folder / "borders.geojson").write_text(content, "utf-8")
        page = browser.get(f"/office/waves/{wave}/monitor")
        assert told in page.words
        assert len(page.soup.select("svg.tiles path")) == paths
    assert "Autres pages" in browser.click("Où les gens s’arrêtent").words
    browser.get(f"/office/waves/{wave}/monitor")
    page = browser.click("Qui est deux fois")
    assert "MAY-0" in page.words
    assert "BDX-0" not in page.words
    page = browser.get(f"/office/waves/{wave}/calendar")
    assert "Ouverture de la vague" in page.words
    page = browser.get(f"/office/waves/{wave}/own-rate")
    assert [cell.get_text() for cell in page.soup.select("tbody tr td")][-1] == "10"
    assert client.get(f"/office/waves/{wave}/own-rate?territory=BDX").status_code == 404
