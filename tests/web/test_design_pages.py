"""The pages of questionnaires and frameworks, as a coordinator's browser sees them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import people
import programme
import pytest
from browser import Browser, Page
from flask.testing import FlaskClient
from people import ALICE, ANNA, BASILE, DORA, EVA, FELIX, MAYA, OSCAR, Person

from app.workflows.acting import House

CORE = programme.CORE
NEW_WORDS = CORE.replace("Êtes-vous bien chez vous", "Vivez-vous bien chez vous")
XSS = "<script>alert(1)</script>"


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    return house


def signed_in(client: FlaskClient, house: House, person: Person) -> Browser:
    people.settle(house, person)
    people.sign_in(client, house, person)
    return Browser(client)


def uploaded(
    browser: Browser, source: str, *, status: int = 200, kind: str = "questionnaire"
) -> Page:
    browser.get(f"/office/{kind}s/drafts/new")
    return browser.submit({"file": (BytesIO(source.encode()), "file.yaml")}, status=status)


def test_the_list_shows_what_the_territory_may_read(client: FlaskClient, staffed: House) -> None:
    page = signed_in(client, staffed, BASILE).get("/office/questionnaires")
    assert "Socle national" in page.words
    assert "Mayenne" not in page.words
    page = signed_in(client, staffed, MAYA).get("/office/questionnaires")
    row = page.soup.select("tbody tr")[1].get_text(" ", strip=True)
    assert row.startswith("Mayenne 1 fr, en 1")


def test_a_version_reads_like_a_questionnaire(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, MAYA)
    browser.get("/office/questionnaires")
    page = browser.click("Socle national")
    assert "Connaissez-vous l’équipe ?" in page.words
    assert "Posée seulement si E01 vaut «\u00a0Oui\u00a0»." in page.html
    assert "Emplacement after_E02" in page.words
    assert not page.soup.find("a", string="Préparer la version suivante")
    file = client.get(page.link("Télécharger"))
    assert file.get_data(as_text=True) == CORE
    assert file.mimetype == "application/yaml"
    assert "attachment" in file.headers["Content-Disposition"]


def test_from_file_to_published_version(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, ALICE)
    page = uploaded(browser, NEW_WORDS)
    assert page.heading == "Brouillon : Votre avis compte"
    assert "Formulation" in page.words
    assert page.soup.select_one("td[lang=fr] ins")
    page = browser.submit({"note": ""}, form="/publish", status=422)
    assert page.soup.select_one("#note[aria-invalid=true]")
    assert page.soup.title is not None
    assert page.soup.title.get_text().startswith("Erreur")
    page = browser.submit({"note": "Plus simple"}, form="/publish")
    assert "Vivez-vous bien chez vous" in page.words
    assert "Alice" in page.words
    assert "Plus simple" in page.words


def test_the_text_of_a_version_can_be_taken_up(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, MAYA)
    browser.get("/office/questionnaires")
    browser.click("Mayenne")
    browser.click("Préparer la version suivante")
    assert browser.page is not None
    area = browser.page.soup.textarea
    assert area is not None
    text = area.get_text().lstrip("\n")
    assert text == programme.MODULE
    page = browser.submit({"text": text.replace("écrit ?", "rédigé ?").replace("\n", "\r\n")})
    assert "rédigé" in page.words
    page = browser.click("Modifier le texte")
    page = browser.submit({"text": text.replace("écrit ?", "signé ?")})
    assert "signé" in page.words
    page = browser.submit(form="/discard")
    assert page.address == "/office/questionnaires"
    assert not page.soup.find("a", string=lambda words: bool(words and "Brouillon" in words))


def test_a_bad_file_is_explained_with_its_lines(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, ALICE)
    page = uploaded(browser, CORE.replace("type: choice", "type: riddle", 1), status=422)
    assert "Rien n’a été enregistré" in page.words
    line = CORE.splitlines().index("        type: choice") + 1
    assert str(line) in [cell.get_text(strip=True) for cell in page.soup.select("tbody td.n")]
    assert "riddle" in str(page.soup.textarea)  # what was sent is there to be mended


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a: &a [*a]", b"!!python/name:os.system x", b"x: " + b"[" * 3000],
)
def test_hostile_files_are_refused_quietly(
    client: FlaskClient, staffed: House, content: bytes
) -> None:
    browser = signed_in(client, staffed, ALICE)
    browser.get("/office/questionnaires/drafts/new")
    page = browser.submit({"file": (BytesIO(content), "x.yaml")}, status=422)
    assert "Rien n’a été enregistré" in page.words


def test_texts_are_text(client: FlaskClient, staffed: House) -> None:
    hostile = CORE.replace("fr: Votre avis compte", f'fr: "{XSS}"').replace(
        "Êtes-vous bien", f"{XSS} Êtes-vous bien"
    )
    page = uploaded(signed_in(client, staffed, ALICE), hostile)
    assert XSS not in page.html
    assert XSS in page.words  # shown as it was written
    assert not page.soup.find("script")


def test_a_coordinator_cannot_upload_the_core(client: FlaskClient, staffed: House) -> None:
    page = uploaded(signed_in(client, staffed, MAYA), NEW_WORDS, status=403)
    assert "n’a pas ce droit" in page.words


def test_a_framework_goes_to_its_own_page(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, MAYA)
    page = uploaded(browser, programme.OWN, status=422)
    assert "une autre sorte" in page.words
    changed = programme.OWN.replace("Cadre de la Mayenne", "Cadre mayennais")
    page = uploaded(browser, changed, kind="framework")
    assert page.heading == "Brouillon : Cadre mayennais"


@pytest.mark.tries("coordinators.framework_publish")
def test_what_a_question_touches_names_its_breakdowns(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, ALICE)
    declared = (
        programme.NATIONAL
        + """breakdowns:
  - {code: WELL, title: {fr: Bien, en: Well}, audience: elderly, by: question, question: E01,
     groups: [{code: well, title: {fr: Bien, en: Well}, options: ["yes"]},
              {code: others, title: {fr: Autres, en: Others}, options: ["no"]}]}
"""
    )
    page = uploaded(browser, declared, kind="framework")
    assert "Ventilations WELL (NAT)" in page.soup.select_one("dl.touched").get_text(" ", strip=True)  # type: ignore[union-attr] # it touches something
    browser.submit({"note": "Une ventilation"}, form="/publish")
    page = uploaded(browser, NEW_WORDS)
    assert "Ventilations WELL (NAT)" in page.soup.select_one("dl.touched").get_text(" ", strip=True)  # type: ignore[union-attr] # it touches something


def test_publishing_what_is_stale_is_refused(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, ALICE)
    uploaded(browser, NEW_WORDS)
    assert browser.page is not None
    fields = {"note": "note", "checksum": "0" * 64}
    page = browser.submit(fields, form="/publish", status=409)
    assert "a changé depuis" in page.words


@pytest.mark.tries("coordinators.questionnaire_publish")
def test_a_break_waits_for_another_owner(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, ALICE)
    page = uploaded(browser, CORE.replace("        shown_when: E01 = yes\n", ""))
    assert "un autre responsable national" in page.words
    assert not page.soup.select("form[action$='/publish']")
    address = page.address
    browser = signed_in(client, staffed, ANNA)
    browser.get(address)
    page = browser.submit({"note": "À tout le monde"}, form="/publish")
    assert "À tout le monde" in page.words


def test_frameworks_show_their_weights_and_what_is_their_own(
    client: FlaskClient, staffed: House
) -> None:
    browser = signed_in(client, staffed, EVA)
    page = browser.get("/office/frameworks")
    own = next(row for row in page.soup.select("tbody tr") if "Mayenne" in row.get_text())
    assert "90\u00a0%" in own.get_text()  # OUT 50 and SQ 40 of 50 are also national
    page = browser.click("Mayenne")
    assert "10\u00a0%" in page.html  # MAY1: a fifth of half
    assert "repondéré" in page.words
    assert "Les équipes écrivent ensemble" in page.words
    assert "Part des personnes pour qui E02_MAY vaut «\u00a0Oui\u00a0»." in page.html
    page = browser.get("/office/frameworks")
    page = browser.click("Cadre national")
    assert "60\u00a0%" in page.html
    assert client.get(page.link("Télécharger")).get_data(as_text=True) == programme.NATIONAL


ROUTES = (
    "/office/questionnaires",
    "/office/questionnaires/{module}",
    "/office/questionnaires/{module}.yaml",
    "/office/questionnaires/drafts/new",
    "/office/questionnaires/drafts/new?from={module}",
    "/office/questionnaires/drafts/{module}",
    "/office/frameworks",
    "/office/frameworks/{own}",
    "/office/frameworks/{own}.yaml",
    "/office/frameworks/drafts/new",
)
#         the list, version, file, new, taken up, a version as draft, frameworks …
EXPECTED: dict[Person, tuple[int, ...]] = {
    ALICE: (200, 200, 200, 200, 200, 404, 200, 200, 200, 200),
    MAYA: (200, 200, 200, 200, 200, 404, 200, 200, 200, 200),
    BASILE: (200, 404, 404, 200, 404, 404, 200, 404, 404, 200),
    EVA: (200, 200, 200, 403, 403, 404, 200, 200, 200, 403),
    DORA: (200, 200, 200, 403, 403, 404, 200, 200, 200, 403),
    OSCAR: (403,) * 10,
    FELIX: (403,) * 10,
}


@pytest.mark.parametrize("person", EXPECTED, ids=lambda person: person.name)
def test_who_opens_what(client: FlaskClient, staffed: House, person: Person) -> None:
    people.settle(staffed, person)
    people.sign_in(client, staffed, person)
    found = [client.get(route.format(module=2, own=2)).status_code for route in ROUTES]
    assert tuple(found) == EXPECTED[person]


def test_nobody_opens_anything_without_signing_in(client: FlaskClient, staffed: House) -> None:
    for route in ROUTES:
        answer = client.get(route.format(module=2, own=2))
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/office/sign-in?next=/office/")


@pytest.mark.parametrize("act", ["publish", "discard", "edit"])
@pytest.mark.parametrize("person", [BASILE, EVA], ids=lambda person: person.name)
def test_foreign_drafts_are_left_alone(
    client: FlaskClient, staffed: House, act: str, person: Person
) -> None:
    page = uploaded(
        signed_in(client, staffed, MAYA), programme.MODULE.replace("écrit ?", "signé ?")
    )
    browser = signed_in(client, staffed, person)
    field = browser.get("/office/").soup.select_one("[name=csrf_token]")
    assert field is not None
    data = {"csrf_token": field["value"], "note": "x", "text": programme.MODULE}
    answer = client.post(f"{page.address}/{act}", data=data)
    assert answer.status_code == (404 if person is BASILE else 403)
    people.sign_in(client, staffed, MAYA)
    assert client.get(page.address).status_code == 200
