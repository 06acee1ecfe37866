"""Pages of waves as coordinators use them: from planning to the letters, within their rights."""

from __future__ import annotations

import io
from pathlib import Path

import collection
import disguised_files
import people
import programme
import pytest
import xlsxwriter
from browser import Browser
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from app.storage.jobs import Job
from app.storage.participants import AccessCode, Participant
from app.workflows import jobs
from app.workflows.acting import House
from app.workflows.programmes import load_programme
from app.workflows.sample import issue_codes

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLAN = {
    "code": "V1",
    "title_fr": "Première vague",
    "title_en": "First wave",
    "frame": "all_75",
    "period_start": "2026-01-01",
    "period_end": "2026-06-30",
    "opens_at": "2026-01-05T09:00",
    "closes_at": "2099-01-05T18:00",
}


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


def file(text: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode()), "sample.csv"


def count(house: House, table: type) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.tries("coordinators.wave_codes", "coordinators.wave_job_file")
def test_from_planning_to_the_letters(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE)
    people.sign_in(client, house, people.ALICE)
    assert "pas encore de vague" in browser.get("/office/waves").words
    browser.click("Prévoir une vague")
    assert "Première vague" in browser.submit(PLAN).heading
    browser.click("Importer l’échantillon")
    page = browser.submit({"file": file(collection.SAMPLE)}, form="/sample")
    assert "Aperçu" in page.words
    assert count(house, Participant) == 0
    page = browser.submit(form="/import")
    assert "Le fichier est importé" in page.words
    assert count(house, Participant) == 3
    page = browser.submit(form="/codes")
    assert "Tout le monde a un code" in page.words
    page = browser.click("Première vague")
    assert "Le dossier de protection des données n’est pas encore complet" in page.words
    assert browser.click("Ouvrir le dossier").heading == "Dossier de protection des données"
    collection.with_dossier(house, collection.operator(house), 1)
    browser.get("/office/waves/1/open")
    page = browser.submit()
    assert "ouverte" in page.words
    browser.get("/office/waves/1/letters")
    page = browser.submit({"territory": "MAY"})
    assert "en attente" in page.words
    jobs.sweep(house)
    page = browser.click("Mes travaux")
    assert "terminé" in page.words
    page = browser.get("/office/jobs/1")
    sent = client.post("/office/jobs/1/file", data=token(page.html))
    assert sent.mimetype == "application/pdf"
    assert "no-store" in sent.headers["Cache-Control"]
    assert len(PdfReader(io.BytesIO(sent.data)).pages) == 2
    assert client.post("/office/jobs/1/file", data=token(page.html)).status_code == 409
    browser.get("/office/waves/1/close")
    assert "close" in browser.submit().words


def token(html: str) -> dict[str, str]:
    return {"csrf_token": html.split('name="csrf_token" value="')[1].split('"')[0]}


def test_a_plan_with_faults_comes_back_with_all_of_them(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE)
    people.sign_in(client, house, people.ALICE)
    browser.get("/office/waves/new")
    page = browser.submit({"code": "1", "title_fr": "Une vague"}, status=422)
    assert page.soup.select_one(".problems")
    assert "Donnez le premier jour de la période." in page.words
    page = browser.submit({**PLAN, "code": "1 2", "period_end": "2025-01-01"}, status=422)
    assert "Ce code ne convient pas" in page.words
    assert "La période finit avant de commencer" in page.words
    fields = {str(one["name"]): one.get("value") for one in page.soup.select("input[name]")}
    assert fields["title_fr"] == "Première vague"


@pytest.mark.tries("coordinators.wave_sample_large")
@once
def test_a_large_file_is_looked_through_in_the_background(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.planned(house, tmp_path)
    people.settle(house, people.ALICE)
    people.sign_in(client, house, people.ALICE)
    rue = "rue de l’Exemple " * 6
    text = collection.SAMPLE + "".join(
        f"L-{n};MAY;elderly;;;;Mme Longue {rue};{rue}{n // 2};{rue}\n" for n in range(1300)
    )
    browser.get(f"/office/waves/{wave_id}/sample")
    page = browser.submit({"file": file(text)}, form="/sample")
    assert "en attente" in page.words
    jobs.sweep(house)
    page = browser.get(page.address)
    assert "1303 nouvelles personnes" in page.words.replace("\u202f", "")
    assert "1300 avec le nom" in page.words
    assert count(house, Participant) == 0
    browser.submit(form="/sample/large/1")
    jobs.sweep(house)
    assert "Le fichier est importé" in browser.get("/office/jobs/2").words
    assert count(house, Participant) == 1303
    assert not list((house.folder / "uploads").iterdir())
    assert client.post(f"/office/waves/{wave_id}/sample/large/9").status_code == 400
    assert b"Longue" not in b"".join(
        each.read_bytes() for each in house.folder.rglob("*") if each.is_file()
    )


def test_a_file_with_faults_is_refused_line_by_line(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.planned(house, tmp_path)
    people.settle(house, people.MAYA)
    people.sign_in(client, house, people.MAYA)
    browser.get(f"/office/waves/{wave_id}/sample")
    page = browser.submit({"file": file(collection.SAMPLE)}, form="/sample", status=422)
    assert "4 territory" in page.words
    assert "Durand" not in page.words
    page = browser.submit({"file": file("")}, form="/sample", status=422)
    assert "Aucun fichier" in page.words
    assert count(house, Participant) == 0


def test_a_workbook_says_which_sheet_is_read_and_where_a_formula_has_no_value(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.planned(house, tmp_path)
    people.settle(house, people.ALICE)
    people.sign_in(client, house, people.ALICE)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Liste")
        sheet.write_row(0, 0, ["Identifiant", "Territoire", "Public", "Poids"])
        sheet.write_row(1, 0, ["A-9", "MAY", "elderly", 2.5])
        book.add_worksheet("Vide")
        book.add_worksheet("Suite <2>").write(3, 2, "A-10")
    content = out.getvalue()
    browser.get(f"/office/waves/{wave_id}/sample")
    page = browser.submit({"file": (io.BytesIO(content), "s.xlsx")}, form="/sample")
    assert "Seule la feuille « Liste » est lue" in page.words.replace("\u00a0", " ")
    assert "Suite <2>. Si des personnes y figurent" in page.words
    assert "Vide" not in page.words
    page = browser.submit(form="/sample/columns")
    assert "Aperçu" in page.words
    bad = disguised_files.with_cell(content, "D2", "<c><f>5/2</f></c>")
    browser.get(f"/office/waves/{wave_id}/sample")
    browser.submit({"file": (io.BytesIO(bad), "s.xlsx")}, form="/sample")
    page = browser.submit(form="/sample/columns", status=422)
    assert "2 weight" in page.words
    assert "formule sans résultat enregistré" in page.words
    assert count(house, Participant) == 0


def test_the_preview_of_somebody_else_imports_nothing(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.planned(house, tmp_path)
    people.settle(house, people.MAYA, people.ALICE)
    people.sign_in(client, house, people.MAYA)
    own = "\n".join(collection.SAMPLE.splitlines()[:3])
    browser.get(f"/office/waves/{wave_id}/sample")
    page = browser.submit({"file": file(own)}, form="/sample")
    stolen = str(page.soup.select_one("input[name=token]")["value"])  # type: ignore[index]
    [kept] = (house.folder / "uploads").iterdir()
    assert b"Durand" not in kept.read_bytes()
    people.sign_in(client, house, people.ALICE)
    page = browser.get(f"/office/waves/{wave_id}/sample")
    sent = client.post(
        f"/office/waves/{wave_id}/sample/import", data={**token(page.html), "token": stolen}
    )
    assert sent.status_code == 409
    assert count(house, Participant) == 0


def test_a_coordinator_of_mayenne_never_sees_bordeaux(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    issue_codes(house, collection.operator(house), wave_id)
    people.settle(house, people.MAYA)
    people.sign_in(client, house, people.MAYA)
    for page in ("sample", "letters", "fieldwork"):
        seen = browser.get(f"/office/waves/{wave_id}/{page}")
        assert "Mayenne" in seen.words
        assert "Bordeaux" not in seen.words
    browser.get(f"/office/waves/{wave_id}/outcomes")
    fields = {"reference": "B-1", "disposition": "moved"}
    assert "n’existe pas" in browser.submit(fields, status=422).words
    fields["reference"] = "A-1"
    assert "C’est noté" in browser.submit(fields).words
    browser.get(f"/office/waves/{wave_id}/letters")
    page = browser.get(f"/office/waves/{wave_id}/letters")
    sent = client.post(
        f"/office/waves/{wave_id}/letters", data={**token(page.html), "territory": "BDX"}
    )
    assert sent.status_code == 422
    assert count(house, Job) == 0
    for verb in ("open", "close"):
        assert client.get(f"/office/waves/{wave_id}/{verb}").status_code == 403
        sent = client.post(f"/office/waves/{wave_id}/{verb}", data=token(page.html))
        assert sent.status_code == 403


def test_the_next_step_is_offered_to_who_may_take_it(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    people.settle(house, people.EVA, people.MAYA)
    for person, offered in ((people.EVA, False), (people.MAYA, True)):
        people.sign_in(client, house, person)
        html = browser.get(f"/office/waves/{wave_id}").html
        assert (f"/office/waves/{wave_id}/sample" in html) == offered


def test_a_lost_code_is_replaced_by_its_reference(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    issue_codes(house, collection.operator(house), wave_id)
    people.settle(house, people.MAYA)
    people.sign_in(client, house, people.MAYA)
    browser.get(f"/office/waves/{wave_id}/sample")
    page = browser.submit({"reference": "B-1"}, form="/again", status=422)
    assert "n’existe pas dans vos territoires" in page.words
    assert "nouveau code" in browser.submit({"reference": "A-1"}, form="/again").words
    assert count(house, AccessCode) == 4


def test_opening_says_why_it_cannot(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    files = {
        name: text for name, text in programme.FILES.items() if not name.startswith("config/fr")
    }
    for name, text in files.items():
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    load_programme(house, tmp_path / "files", synthetic=True)
    people.settle(house, people.ALICE)
    people.sign_in(client, house, people.ALICE)
    browser.get("/office/waves/new")
    browser.submit(PLAN)
    page = browser.get("/office/waves/1/open")
    assert "Le cadre national n’est pas publié" in page.words
    sent = client.post("/office/waves/1/open", data=token(page.html))
    assert sent.status_code == 422
    programme.loaded(house, tmp_path / "files")
    collection.with_dossier(house, collection.operator(house), 1)
    browser.get("/office/waves/1/open")
    browser.submit()
    sent = client.post("/office/waves/1/open", data=token(page.html))
    assert sent.status_code == 409


def test_the_template_can_be_downloaded(house: House, client: FlaskClient, tmp_path: Path) -> None:
    collection.planned(house, tmp_path)
    people.settle(house, people.MAYA)
    people.sign_in(client, house, people.MAYA)
    sent = client.get("/office/sample-template.csv")
    assert sent.mimetype == "text/csv"
    assert sent.data.startswith(b"\xef\xbb\xbfreference;territory;audience")


def test_responses_are_checked_then_imported(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    people.settle(house, people.MAYA)
    people.sign_in(client, house, people.MAYA)
    browser.get(f"/office/waves/{wave_id}/responses")
    assert "Choisissez un fichier" in browser.submit({"file": file("")}, status=422).words
    good = "reference;territory;audience;E01;E02;E02_MAY\nA-1;MAY;elderly;yes;no;yes\n"
    browser.submit({"file": file(good)}, button="Vérifier seulement")
    jobs.sweep(house)
    assert "Rien n’est encore importé" in browser.get("/office/jobs/1").words
    browser.get(f"/office/waves/{wave_id}/responses")
    browser.submit({"file": file(good)}, button="import")
    jobs.sweep(house)
    assert "Le fichier est importé" in browser.get("/office/jobs/2").words
    browser.get(f"/office/waves/{wave_id}/responses")
    browser.submit({"file": file(good.replace("MAY;", "BDX;"))})
    jobs.sweep(house)
    assert "2 territory" in browser.get("/office/jobs/3").words
    page = browser.get(f"/office/waves/{wave_id}/fieldwork")
    assert page.soup.select_one("svg[aria-label='1 sur 1']"), page.html


def test_versions_are_chosen_until_the_opening(
    house: House, client: FlaskClient, browser: Browser, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE)
    people.sign_in(client, house, people.ALICE)
    browser.get("/office/waves/new")
    page = browser.submit({**PLAN, "core.BDX.elderly": "not_asked"})
    assert "non interrogés" not in page.words  # nothing of Bordeaux is asked: it has no line
    assert "Partout, la version la plus récente" not in page.words
    browser.click("Choisir les versions")
    page = browser.submit({"core.BDX.elderly": "", "module.MAY.elderly": "none"})
    assert "1 sans le module" in page.words
    assert "En gras" in page.words
    browser.click("Choisir les versions")
    page = browser.submit({"core.FR.elderly": "7"}, status=422)
    assert "Cette version n’existe pas" in page.words
    collection.with_dossier(house, collection.operator(house), 1)
    browser.get("/office/waves/1/open")
    assert "Figées à l’ouverture" in browser.submit().words
    page = browser.get("/office/waves/1/versions")
    assert "déjà été ouverte" in page.words
    sent = client.post("/office/waves/1/versions", data=token(page.html))
    assert sent.status_code == 409
