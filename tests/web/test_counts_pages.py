"""Counts that anybody may ask for: opened by who publishes, read by everybody, closed again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from browser import Browser
from evaluated import EVALUATOR, Evaluated
from sqlalchemy import delete, select, update

from app.domain.errors import Conflict
from app.evaluation.components import all_indicators
from app.evaluation.count_tables import CountRules
from app.factory import create_app
from app.settings import from_environment
from app.storage.count_tables import CountKeys, CountTable, kept_counts
from app.storage.cuts import forget_withdrawn, members_of
from app.storage.database import now
from app.storage.jobs import Job
from app.storage.published import content_of
from app.storage.releases import DataCut, Release
from app.storage.responses import Response
from app.web.evaluators import public_copies
from app.workflows import jobs, opening_counts
from app.workflows.accounts import operator
from app.workflows.evaluate import make_cut, verify_release
from app.workflows.opening_results import KIND

LIST = "/office/results"


def work(there: Evaluated) -> None:
    """Do what the worker would."""
    house = there.house()
    with house.database.read() as session:
        waiting = session.scalars(
            select(Job.id).where(Job.kind == KIND, Job.finished_at.is_(None))
        ).all()
    for job in waiting:
        assert jobs.run(house, job)
    with house.database.read() as session:
        assert [each for each in session.scalars(select(Job.failure)) if each] == []


def kept(there: Evaluated) -> dict[tuple[str, str, str], bytes]:
    """Every table of the release, open or not."""
    with there.house().database.read() as session:
        return kept_counts(session, 1)


@pytest.fixture(autouse=True, scope="module")
def few_pages() -> Iterator[None]:
    """Of the other public pages the first alone is drawn."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(public_copies, "addresses", lambda _seen: iter(("",)))
        patched.setattr(public_copies, "files", lambda *_: iter(()))
        yield


def published(there: Evaluated, release: int = 1) -> None:
    """The release stands as published."""
    at = now()
    with there.house().database.write() as session:
        session.execute(
            update(Release)
            .where(Release.id == release)
            .values(approved_at=at, checked_at=at, published_at=at)
        )


def withdrawn(there: Evaluated) -> None:
    """Somebody of the first cut takes their answers back."""
    with there.house().database.write() as session:
        session.get_one(Response, int(members_of(session, 1)[0])).withdrawn_at = now()


@pytest.fixture(scope="module")
def once(
    evaluated: Evaluated, catalogues: None, tmp_path_factory: pytest.TempPathFactory
) -> Evaluated:
    """A published release with open counts."""
    there = evaluated.copied(tmp_path_factory.mktemp("counts") / "once")
    published(there)
    staff = there.browser(EVALUATOR)
    assert "Effectifs" not in staff.get(LIST).words  # first the results themselves
    staff.submit(form="/public")
    page = staff.submit(form="/counts")
    assert "le risque" in page.words
    work(there)
    return there


@pytest.fixture
def shown(once: Evaluated, tmp_path: Path) -> Evaluated:
    """A copy of it that the test may change."""
    return once.copied(tmp_path / "own")


@pytest.mark.tries("evaluators.set_counts")
def test_everybody_counts_by_one_question_and_by_two(shown: Evaluated) -> None:
    staff = shown.browser(EVALUATOR)
    public = create_app(from_environment(shown.environment), "public")
    anybody = Browser(public.test_client(), "fr")
    start = anybody.get("/results/DEMO")
    base = str(start.soup.select("main li a")[0]["href"])
    assert str(start.soup.select("main li a")[1]["href"]) == f"{base}/counts"
    assert anybody.get(base).soup.select(f'a[href="{base}/counts"]')
    page = anybody.get(f"{base}/counts")
    assert "8 personnes au plus" in page.words
    audiences = [str(each["href"]) for each in page.soup.select("nav .under a")]
    assert len(audiences) == 3
    questions = [str(each["value"]) for each in page.soup.select("#rows option")]
    assert "ESEX" in questions
    assert "E04" not in questions  # sensitive
    page = anybody.get(f"{base}/counts?audience=elderly&rows=ESEX&columns=EAGE&territory=FR")
    cells = [each.get_text().split()[0] for each in page.soup.select("table td.n")]
    assert len(cells) >= 9
    csv_address = str(page.soup.select("a[download]")[0]["href"])
    answer = public.test_client().get(csv_address)
    rows = list(csv.DictReader(answer.get_data(as_text=True).splitlines()))
    assert [each["people"] for each in rows] == cells  # what is shown is what is in the file
    assert all("8 personnes" in each["note"] for each in rows)
    crossed = anybody.get(f"{base}/counts?audience=elderly&rows=EAGE&columns=ESEX&territory=FR")
    turned = [each.get_text().split()[0] for each in crossed.soup.select("table td.n")]
    assert sorted(turned) == sorted(cells)
    english = Browser(public.test_client(), "en").get(
        csv_address.replace("/fr/counts.csv", "/en/counts")
    )
    assert "at most 8 people" in english.words
    known = {"If-None-Match": answer.headers["ETag"]}
    again = public.test_client().get(csv_address, headers=known)
    assert again.status_code == 304
    assert "max-age" in answer.headers["Cache-Control"]
    for wrong in ("/results/DEMO/none/fr/counts", base.replace("/fr", "/xx") + "/counts"):
        assert public.test_client().get(wrong).status_code == 404
    page = anybody.get(f"{base}/counts?audience=nobody&rows=nothing&columns=nothing")
    assert page.soup.select("table")
    staff.get(LIST)
    staff.submit(form="/counts")
    assert public.test_client().get(f"{base}/counts").status_code == 404
    assert "counts" not in anybody.get("/results/DEMO").html
    before = kept(shown)
    staff.get(LIST)
    staff.submit(form="/counts")
    work(shown)
    assert kept(shown) == before
    assert public.test_client().get(f"{base}/counts").status_code == 200
    staff.get(f"{LIST}/1/state")
    staff.submit({"reason": "Un total était faux."}, form="/withdraw")
    assert public.test_client().get(f"{base}/counts").status_code == 404
    staff.get(LIST)
    staff.submit(form="/public")
    assert "Effectifs" not in staff.get(LIST).words


def test_counts_tell_nothing_of_what_the_release_withholds_and_come_out_the_same(
    shown: Evaluated,
) -> None:
    house = shown.house()
    actor = operator(house, "DEMO")
    with house.database.read() as session:
        withheld = session.get_one(Release, 1).protection["cells"]
        content = content_of(house.database, session, 1)
        tables = {
            (each.audience, each.rows, each.columns): json.loads(each.body)
            for each in session.scalars(select(CountTable))
        }
    measures = {
        (indicator.code, part.audience.value): repr(part.measure)
        for framework in (content.national, *content.own.values())
        for indicator in all_indicators(framework)
        for part in indicator.components
    }
    looked = 0
    for each in withheld:
        code, audience = each["component"].split(".")[:2]
        measure = measures.get((code, audience), "")
        for (whose, *items), layers in tables.items():
            if whose == audience and any(item and f"'{item}'" in measure for item in items):
                looked += 1
                assert each["territory"] not in layers
    assert looked > 10
    both = [repr_ for repr_ in measures.values() if repr_.count("item='") > 1]
    assert both
    crossed = [(whose, one, other) for whose, one, other in tables if other]
    assert len(crossed) > 50
    for (code, audience), measure in measures.items():
        for whose, one, other in crossed:
            assert not (whose == audience and f"'{one}'" in measure and f"'{other}'" in measure), (
                code
            )
    assert verify_release(house, actor, 1)["counts"] is True


def test_a_wave_s_counts_come_from_one_cut(shown: Evaluated) -> None:
    house = shown.house()
    actor = operator(house, "DEMO")
    with house.database.read() as session:
        assert session.scalars(select(CountKeys.cut_id)).all() == [1]
    withdrawn(shown)
    cut = make_cut(house, actor, 1)
    assert cut != 1
    with house.database.write() as session:
        first = session.get_one(Release, 1)
        names = ("made_at", "threshold", "manifest", "figures", "protection", "checksum")
        same = {name: getattr(first, name) for name in names}
        later = Release(cut_id=cut, number=1, **same)
        session.add(later)
        session.flush()
        other = later.id
    published(shown, other)
    assert not opening_counts.open_counts(house, actor.programme_id, other)
    assert opening_counts.open_counts(house, actor.programme_id, 1)  # as they were kept
    with house.database.read() as session:
        assert set(session.scalars(select(CountTable.release_id))) == {1}


def test_where_somebody_was_erased_no_counts_are_made(
    evaluated: Evaluated, catalogues: None, tmp_path: Path
) -> None:
    own = evaluated.copied(tmp_path / "own")
    published(own)
    house = own.house()
    actor = operator(house, "DEMO")
    with pytest.raises(Conflict):
        opening_counts.set_counts(house, actor, asked=True)
    withdrawn(own)
    staff = own.browser(EVALUATOR)
    staff.get(LIST)
    staff.submit(form="/public")
    with house.database.read() as session:
        assert forget_withdrawn(session, house.folder, 1) == 1
        assert session.get_one(DataCut, 1).checksum
    staff.get(LIST)
    staff.submit(form="/counts")
    work(own)
    with house.database.read() as session:
        assert session.scalars(select(CountTable)).all() == []
    assert "counts" not in staff.get("/results/DEMO").html


def test_where_too_few_answered_nothing_leads_to_a_page_that_is_not_there(
    shown: Evaluated, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = shown.house()
    with house.database.write() as session:
        session.execute(delete(CountTable))
        session.execute(delete(CountKeys))
    monkeypatch.setattr(opening_counts, "CountRules", partial(CountRules, people=10**9))
    programme = operator(house, "DEMO").programme_id
    assert not opening_counts.open_counts(house, programme, 1)
    assert kept(shown), "what might be asked is kept: nothing"
    assert not opening_counts.open_counts(house, programme, 1), "nor the next time"
    public = create_app(from_environment(shown.environment), "public")
    anybody = Browser(public.test_client(), "fr")
    links = [str(each["href"]) for each in anybody.get("/results/DEMO").soup.select("main li a")]
    assert len(links) == 1
    anybody.get(f"{links[0]}/counts", status=404)
