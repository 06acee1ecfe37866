"""A release on its way out: states, two persons, alerts, the record, and pages for everybody."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import people
import pytest
from browser import Browser
from evaluated import COORDINATOR, EVALUATOR, Evaluated
from sqlalchemy import func, select, update

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.factory import create_app
from app.interchange.mail import read_server
from app.settings import from_environment
from app.storage.accounts import account_by_email, grants_of
from app.storage.database import now
from app.storage.jobs import Job
from app.storage.outbox import OutgoingMessage
from app.storage.public_pages import PublicPage
from app.storage.published import published
from app.storage.releases import Release
from app.web.evaluators import public_copies
from app.workflows import alerting, jobs, publishing
from app.workflows.accounts import operator
from app.workflows.acting import Actor, House
from app.workflows.mail import content_of

SECOND = "relecture@exemple.invalid"
ADDRESS = "/office/results/1/state"


@pytest.fixture
def own(evaluated: Evaluated, catalogues: None, tmp_path: Path) -> Evaluated:
    """A copy that the test may change."""
    return evaluated.copied(tmp_path / "own")


def actor_of(house: House, email: str) -> Actor:
    chief = operator(house, "DEMO")
    with house.database.read() as session:
        account = account_by_email(session, email)
        assert account is not None
        return replace(
            chief, grants=grants_of(session, account.id, chief.programme_id), account_id=account.id
        )


def test_a_release_is_checked_by_one_approved_by_another_and_told_to_who_follows(
    own: Evaluated,
) -> None:
    house = replace(
        own.house(), mail=read_server("smtp://127.0.0.1:9", "results@example.org", rate=9)
    )
    first, second = actor_of(house, EVALUATOR), actor_of(house, SECOND)
    coordinator = actor_of(house, COORDINATOR)
    alerting.follow(house, coordinator, {"MAY"})
    alerting.follow(house, second, {"FR", "BDX"})
    with pytest.raises(NotFound):
        alerting.follow(house, coordinator, {"BDX"})
    assert alerting.followed(house, coordinator) == {"MAY"}
    with pytest.raises(Conflict):
        publishing.approve_release(house, second, 1)
    with pytest.raises(NotAllowed):
        publishing.check_release(house, coordinator, 1)
    publishing.check_release(house, first, 1)
    with pytest.raises(Conflict):
        publishing.approve_release(house, first, 1)
    with pytest.raises(Conflict):
        publishing.publish_release(house, second, 1)
    publishing.approve_release(house, second, 1)
    publishing.publish_release(house, second, 1)
    with pytest.raises(Conflict):
        publishing.publish_release(house, second, 1)
    with house.database.read() as session:
        row = session.get_one(Release, 1)
        assert row.state == "published"
        waiting = session.scalars(select(OutgoingMessage)).all()
        said = {each["to"]: each["text"] for each in (content_of(house, m) for m in waiting)}
    assert set(said) == {COORDINATOR, SECOND}
    assert "Mayenne" in said[COORDINATOR]
    assert "Bordeaux" not in said[COORDINATOR]
    assert "/office/results/1" in said[COORDINATOR]
    publishing.withdraw_release(house, first, 1, "  Un total connu était faux. ")
    way = publishing.way_of(house, coordinator, 1)
    assert (way.state, way.why, way.may) == (
        "withdrawn", "Un total connu était faux.", frozenset()
    )  # fmt: skip
    assert [step.by for step in way.steps][1:3] == ["Évaluation", "Relecture nationale"]


def test_a_file_that_is_not_as_it_was_made_stops_the_check(own: Evaluated) -> None:
    house = own.house()
    kept = next((own.folder / "releases").rglob("*-fr.csv"))
    kept.write_bytes(kept.read_bytes() + b"x")
    with pytest.raises(Conflict):
        publishing.check_release(house, actor_of(house, EVALUATOR), 1)


@pytest.mark.tries("evaluators.check", "evaluators.approve", "evaluators.publish")
def test_pages_of_staff_lead_from_draft_to_withdrawn(own: Evaluated) -> None:
    visitor = own.browser(EVALUATOR)
    visitor.get("/office")  # Mayenne's verdict in three clicks at most
    visitor.click("Résultats")
    assert visitor.page
    page = visitor.get(str(visitor.page.soup.select_one("main tbody th a")["href"]))
    assert "Mayenne" in page.words
    page = visitor.click("Mayenne")
    assert page.heading == "Mayenne"
    assert "Change-t-il" in page.words or "cadre" in page.words
    assert "Provisoire" in visitor.get("/office/results/1").words
    visitor.get(ADDRESS)
    page = visitor.submit(form="/check")
    assert "vérifiée" in page.words
    assert "une autre personne" in page.words
    other = own.browser(SECOND)
    other.get(ADDRESS)
    other.submit(form="/approve")
    page = other.submit(form="/publish")
    assert "publiée" in page.words
    assert "Provisoire" not in visitor.get("/office/results/1").words
    visitor.get(ADDRESS)
    assert (
        "Il faut dire pourquoi"
        in visitor.submit({"reason": " "}, form="/withdraw", status=422).words
    )
    page = visitor.submit({"reason": "Un total était faux."}, form="/withdraw")
    assert "Un total était faux." in page.words
    assert "Un total était faux." in visitor.get("/office/results/1").words
    other.get("/office/results/follow")
    page = other.submit({"territory": ["FR", "MAY"]})
    assert [str(box["value"]) for box in page.soup.select("input[checked]")] == ["FR", "MAY"]
    before = visitor.get("/office/results/mine").soup.select("tbody tr")
    visitor.client.get("/office/results/1/downloads/fr/csv")
    first, *others = visitor.get("/office/results/mine").soup.select("tbody tr")
    assert ".csv" in first.get_text()
    assert others == before[: len(others)], "the newest comes first, and the page has an end"
    visitor.get("/office/results/1/protection", status=403)


def test_the_officer_reads_what_is_withheld_and_what_could_be_derived(own: Evaluated) -> None:
    house = own.house()
    people.settle(house, people.DORA)
    there = replace(own, passwords=own.passwords | {people.DORA.email: people.PASSWORD})
    page = there.browser(people.DORA.email).get("/office/results/1/protection")
    with house.database.read() as session:
        record = session.get_one(Release, 1).protection
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for table in page.soup.select("table") if "Chaque" in table.get_text()
        for row in table.select("tbody tr")
    ]  # fmt: skip
    assert len(rows) == len(record["cells"]) > 5
    assert all(len(row) == 6 and row[5] for row in rows)
    assert "moins de personnes que le seuil" in page.words


def test_who_publishes_sees_how_far_the_public_pages_are_and_makes_them_again(
    own: Evaluated,
) -> None:
    with own.house().database.write() as session:
        at = now()
        session.execute(update(Release).values(approved_at=at, checked_at=at, published_at=at))
    visitor = own.browser(EVALUATOR)
    visitor.get("/office/results")
    visitor.submit(form="/public")
    house = own.house()
    with house.database.write() as session:
        job = session.scalars(select(Job).where(Job.kind == "public_pages")).one()
        job.started_at, job.done, job.total = at, 1200, 4800
    for address in ("/office/results", ADDRESS):
        page = visitor.get(address)
        bar = page.soup.select_one("progress")
        assert bar is not None
        assert (bar["value"], bar["max"]) == ("1200", "4800")
        assert "1\u202f200 sur 4\u202f800" in page.html
        assert not page.soup.select('a[href*="/results/DEMO"]')  # nothing to read there yet
    steps = [each.get_text() for each in visitor.get(ADDRESS).soup.select("tbody th")]
    assert steps == ["Établie", "Vérifiée", "Approuvée", "Publiée"]
    with house.database.write() as session:
        session.execute(update(Job).values(finished_at=at, failure="failure"))
    assert "n’ont pas pu être faites" in visitor.get("/office/results").words
    assert "n’ont pas pu être faites" in visitor.get(ADDRESS).words
    visitor.submit(form="/public")
    with house.database.read() as session:
        count = session.scalar(select(func.count()).where(Job.kind == "public_pages"))
    assert count == 2
    assert "se préparent" in visitor.get("/office/results").words


def test_everybody_reads_a_published_release_where_the_programme_shows_it(
    own: Evaluated, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = ("", "/compare", "/cross", "/indicators", "/indicators/OUT1", "/territories/MAY",
        "/comparability?indicator=OUT1", "/quality", "/methods", "/glance",
        "/compare?territory=MAY", "/indicators/OUT1?territory=MAY",
        "/indicators/SQ5?audience=family",
    )  # fmt: skip
    seen = published(own.house().database, 1, 1)
    assert seen is not None
    assert set(some) <= set(public_copies.addresses(seen))
    monkeypatch.setattr(public_copies, "addresses", lambda _seen: iter(some))
    with own.house().database.write() as session:
        session.execute(update(Release).values(approved_at=now(), checked_at=now()))
    visitor = own.browser(EVALUATOR)
    visitor.get("/office/results")
    visitor.submit(form="/public")
    visitor.get(ADDRESS)
    visitor.submit(form="/publish")
    assert "ses pages publiques se préparent" in visitor.get(ADDRESS).words
    house = own.house()
    with house.database.read() as session:
        job = session.scalars(select(Job.id).where(Job.kind == "public_pages")).one()
    assert jobs.run(house, job)
    assert "se préparent" not in visitor.get(ADDRESS).words
    with house.database.read() as session:
        assert session.get_one(Job, job).failure is None
    public = create_app(from_environment(own.environment), "public")
    anybody = Browser(public.test_client(), "fr")
    start = anybody.get("/results/DEMO")
    base = start.soup.select("main a")[0]["href"]
    assert str(base).endswith("-1/fr")
    staff = visitor.get("/office/results/1/indicators/OUT1")
    for rest in some:
        page = anybody.get(f"{base}{rest}")
        assert "/office" not in page.html
        assert "Déconnexion" not in page.words
        assert "synthétiques" in page.words
    page = anybody.get(f"{base}/indicators/OUT1")
    cited = page.words.partition(f"Pour citer : {seen.manifest['citation']['fr']} ")[2]
    assert cited.partition(" ")[0] == f"http://localhost{base}/indicators/OUT1"
    tables = [each.select_one("main table").get_text() for each in (page.soup, staff.soup)]
    assert tables[0] == tables[1]
    kept = public.test_client().get(f"{base}/indicators/OUT1")
    assert "max-age" in kept.headers["Cache-Control"]
    again = public.test_client().get(
        f"{base}/indicators/OUT1", headers={"If-None-Match": kept.headers["ETag"]}
    )
    assert again.status_code == 304
    told = public.test_client().get(f"{base}/indicators/OUT1.json")
    codes = {each["code"].partition(".")[0] for each in json.loads(told.data)["figures"]}
    assert codes == {"OUT1"}
    assert (
        public.test_client().get(f"{base}/figures.csv").data
        == visitor.client.get("/office/results/1/downloads/fr/csv").data
    )
    assert public.test_client().get(f"{base}/nothing").status_code == 404
    page = anybody.get(f"{base}/indicators/OUT1")
    chosen = page.soup.select_one(".narrowing")
    assert chosen is not None
    assert [each["href"] for each in chosen.select("a")] == [
        f"{base}/indicators/OUT1?territory=MAY"
    ]
    page = anybody.get(f"{base}/indicators/OUT1?territory=MAY")
    staff = visitor.get("/office/results/1/indicators/OUT1?territory=MAY")
    tables = [each.select_one("main table").get_text() for each in (page.soup, staff.soup)]
    assert tables[0] == tables[1]
    assert "Bordeaux" not in tables[0]
    file = next(str(each["href"]) for each in page.soup.select("a[download]"))
    rows = list(csv.DictReader(public.test_client().get(file).get_data(as_text=True).splitlines()))
    assert {each["territory"] for each in rows} == {"FR", "MAY"}
    assert {re.split("[.@]", each["code"])[0] for each in rows} == {"OUT1"}
    visitor.get(ADDRESS)
    visitor.submit({"reason": "Un total était faux."}, form="/withdraw")
    assert public.test_client().get(str(base)).status_code == 404
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PublicPage)) == 0
