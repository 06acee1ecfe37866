"""The pages that the law asks for: from settings files, complete, in both languages, linked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from browser import Browser
from flask import Flask

from app.definitions.legal_reading import Audit, read_institution, read_statement
from app.domain.errors import BadDefinition
from app.web.legal import CONFIG

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESSES = ("/accessibilite", "/mentions-legales", "/donnees-personnelles", "/plan-du-site")
IMPOSED = (  # headings of the French model, in their order
    "État de conformité",
    "Résultats des tests",
    "Contenus non accessibles",
    "Non-conformités",
    "Dérogations pour charge disproportionnée",
    "Contenus non soumis à l’obligation d’accessibilité",
    "Établissement de cette déclaration d’accessibilité",
    "Technologies utilisées pour la réalisation du service",
    "Environnement de test",
    "Outils pour évaluer l’accessibilité",
    "Pages du site ayant fait l’objet de la vérification de conformité",
    "Retour d’information et contact",
    "Voies de recours",
)


@pytest.fixture
def audited(public: Flask) -> Flask:
    """The same service, after an audit that found 92 % of the criteria met."""
    who, said = public.extensions["covalue.legal"]
    audit = Audit("Cabinet d’essai", date(2026, 9, 1), 92, 96.4)
    public.extensions["covalue.legal"] = (
        replace(who, fictitious=False),
        replace(said, audit=audit, plan_url="https://example.org/plan"),
    )
    return public


@once
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_leads_to_them(public: Flask, language: str) -> None:
    browser = Browser(public.test_client(), language)
    for address in (*ADDRESSES, "/", "/aide"):
        page = browser.get(address)
        linked = {str(a["href"]) for a in page.soup.select("footer a")}
        assert linked >= set(ADDRESSES), address


@once
def test_without_an_audit_the_statement_says_not_compliant(public: Flask) -> None:
    page = Browser(public.test_client()).get("/accessibilite")
    assert page.heading == "Accessibilité\xa0: non conforme".replace("\xa0", " ")
    headings = [h.get_text(" ", strip=True) for h in page.soup.select("main h2, main h3")]
    assert headings == list(IMPOSED)
    assert "Libre réponse 71120" in page.words
    assert "sont inventés" in page.words  # the demonstration's own names


@once
def test_after_an_audit_it_says_what_was_found(audited: Flask) -> None:
    page = Browser(audited.test_client()).get("/accessibilite")
    assert page.heading.endswith("partiellement conforme")
    assert "92 % des critères" in page.words.replace("\xa0", " ")
    assert "Cabinet d’essai" in page.words
    assert "sont inventés" not in page.words
    assert page.soup.select_one('a[href="https://example.org/plan"]')
    assert "partiellement" in Browser(audited.test_client()).get("/").words


@once
def test_staff_pages_lead_to_them_too(app: Flask) -> None:
    page = Browser(app.test_client()).get("/office/sign-in")
    linked = {str(a["href"]) for a in page.soup.select("footer a")}
    assert linked >= {"http://localhost/accessibilite", "http://localhost/mentions-legales"}


@once
def test_what_goes_wrong_is_told_in_the_participants_frame(app: Flask) -> None:
    client = app.test_client()
    page = Browser(client).get("/nulle-part", status=404)
    assert page.soup.select_one("body.participant .help")
    assert "/aide" in str(page.soup.select_one("header"))
    staff = Browser(client).get("/office/nowhere", status=404)
    assert staff.soup.select_one("body.office")


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("covalue/accessibility/1", "covalue/accessibility/9", "format"),
        ("established: 2026-11-23", "established: soon", "established"),
        ("technologies:", "technology:", "technology"),
        ("# audit:", "audit: {by: Me, date: 2026-09-01, percent: 140, average: 9}\n#", "audit"),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_its_place(
    before: str, after: str, place: str
) -> None:
    text = (CONFIG / "accessibility.yaml").read_text("utf-8")
    assert read_statement(text).state == "none"
    with pytest.raises(BadDefinition) as refused:
        read_statement(text.replace(before, after, 1))
    assert any(finding.place.startswith(place) for finding in refused.value.findings)


def test_a_statement_counts_its_audit() -> None:
    said = read_statement((CONFIG / "accessibility.yaml").read_text("utf-8"))
    states = {
        percent: replace(said, audit=Audit("x", date(2026, 9, 1), percent, percent)).state
        for percent in (49, 50, 99.9, 100)
    }
    assert states == {49: "none", 50: "partial", 99.9: "partial", 100: "full"}


def test_the_institution_is_read() -> None:
    who = read_institution((CONFIG / "institution.yaml").read_text("utf-8"))
    assert who.fictitious
