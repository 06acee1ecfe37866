"""The paper questionnaire: tagged, complete, the same words as on screen, a code on each sheet."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from tiny import NAMES, survey

from app.definitions.files import read_questionnaire
from app.domain.paper import numbers
from app.domain.questionnaire import Questionnaire
from app.domain.text import Text, fill
from app.print.papers import Sheet, Surroundings, papers_pdf
from app.print.routing_words import Routing
from app.print.wording import runs

MADE = datetime(2026, 10, 1, 12, tzinfo=UTC)
CHECKSUM = "3fa85f64" + "0" * 56
TEAM = {"fr": "l’équipe d’ici", "en": "the local team"}
ROOT = Path(__file__).parents[2]


def around(language: str = "fr", synthetic: bool = False) -> Surroundings:
    return Surroundings(
        language,
        "Programme d’essai",
        "Mayenne",
        "02 43 00 10 00",
        "30 novembre 2026",
        "https://avis.example.org",
        {"support_team": Text.of(TEAM)},
        synthetic,
    )


def made(asked: Questionnaire, sheets: list[Sheet], language: str = "fr") -> bytes:
    pdf, unshown = papers_pdf(asked, CHECKSUM, sheets, around(language), MADE)
    assert not unshown
    return pdf


def words(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page with single spaces, as pdftotext reads it."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return [" ".join(page.split()) for page in read.stdout.decode().split("\f")[:-1]]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_is_printed_tagged_in_both_languages(language: str, tmp_path: Path) -> None:
    every = survey("every_kind")
    pdf = made(every, [Sheet("1234 5678 9012", "A-1", "R 4321 8765 2109")], language)
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    text = " ".join(words(pdf, tmp_path)).replace("\u00a0", " ")
    for question in every.questions:
        asked = fill(question.text.in_(language), {"support_team": TEAM[language]})
        for part in (asked, *(o.text.in_(language) for o in question.options)):
            plain = part.replace("*", "")
            assert plain in text, plain
    if language == "fr":
        assert "Recevez-vous de l’aide de l’équipe d’ici ?" in text
        assert "Non → passez à la question 3" in text
        assert "Répondez seulement si vous avez coché « Oui » à la question 1." in text
        assert "Répondre est libre" in text
        assert "Recopiez ce code chez vous avant d’envoyer : R 4321 8765 2109" in text
        assert "Pour la personne elle-même." in text
        assert "La personne est-elle d’accord pour que vous répondiez ?" in text
        assert "Si c’est non, arrêtez ici. Rien ne sera utilisé." in text
        assert "5 Tutelle" in text
        assert "S’il refuse, arrêtez ici." in text
        assert "Ce que nous faisons de vos réponses" not in text, "no notice was given"
    else:
        assert "No → go to question 3" in text
        assert "Answer only if you ticked “Yes” at question 1." in text


def test_every_page_carries_code_sheet_version_and_help(tmp_path: Path) -> None:
    sheets = [Sheet("1234 5678 9012", "A-1"), Sheet("0000 0000 0000", "A-2")]
    pages = words(made(survey("every_kind"), sheets), tmp_path)
    own = [page for page in pages if "Feuille A-1" in page]
    for number, page in enumerate(own, 1):
        assert f"Feuille A-1 – page {number} / {len(own)} – version 3fa85f64" in page
        assert "1234 5678 9012" in page
        assert "0000 0000 0000" not in page
        assert "02 43 00 10 00" in page
    first = next(place for place, page in enumerate(pages) if "Feuille A-2" in page)
    assert first % 2 == 0, "somebody’s sheet begins on the back of somebody else’s"


def test_the_notice_stands_before_the_agreement_with_its_number(tmp_path: Path) -> None:
    told = replace(around(), notice="**Vos droits.** Vous pouvez arrêter.", notice_number="3")
    pdf, _unshown = papers_pdf(survey("every_kind"), CHECKSUM, [Sheet()], told, MADE)
    text = " ".join(words(pdf, tmp_path))
    heading, rights, number, consent = (
        text.index(each)
        for each in (
            "Ce que nous faisons de vos réponses",
            "Vos droits. Vous pouvez arrêter.",
            "Information n° 3.",
            "Votre accord",
        )
    )
    assert heading < rights < number < consent


def test_a_blank_has_room_for_a_code_and_no_reference(tmp_path: Path) -> None:
    pages = words(made(survey("every_kind"), [Sheet()]), tmp_path)
    assert all("Feuille page" in page for page in pages)
    assert not any(re.search(r"\d{4} \d{4} \d{4}", page) for page in pages)


def test_print_is_large_and_so_is_the_square() -> None:
    template = (ROOT / "app" / "print" / "paper.typ").read_text("utf-8")
    widths = [
        int(mm) for mm in re.findall(r"image\(bytes\(one.qr\), [^)]*width: (\d+)mm", template)
    ]
    assert max(widths) >= 30
    assert "size: 14pt" in template.partition("#show")[0]
    assert "width: 6mm, height: 6mm" in template


@pytest.mark.parametrize("name", NAMES)
def test_every_questionnaire_can_be_printed(name: str) -> None:
    asked = survey(name)
    for language in asked.languages:
        if language in ("fr", "en"):
            assert made(asked, [Sheet()], language).startswith(b"%PDF")


@pytest.mark.parametrize("audience", ["elderly", "family", "professional"])
def test_the_shipped_questionnaires_fit_into_a_letter(audience: str) -> None:
    text = (ROOT / "surveys" / audience / "core.yaml").read_text("utf-8")
    pdf = made(read_questionnaire(text), [Sheet()])
    assert 5 < len(PdfReader(io.BytesIO(pdf)).pages) <= 16


def test_words_are_never_markup(tmp_path: Path) -> None:
    text = (ROOT / "tests" / "surveys" / "text.yaml").read_text("utf-8")
    hostile = text.replace('fr: "', 'fr: "#panic() $x$ <a> @b ', 1).replace("{fr: ", "{fr: ", 1)
    asked = read_questionnaire(hostile)
    assert made(asked, [Sheet("#code()", "= A")]).startswith(b"%PDF")
    assert runs("Prenez **votre temps**, [ici](https://x.org).") == [
        ("Prenez ", ""),
        ("votre temps", "strong"),
        (", ", ""),
        ("ici", ""),
        (".", ""),
    ]


def test_conditions_are_said_in_words() -> None:
    asked = survey("operators")
    said = {
        language: {
            question.code: Routing(asked, numbers(asked), language, {}).only_if(question.shown_when)
            for question in asked.questions
            if question.shown_when
        }
        for language in ("fr", "en")
    }
    assert said["fr"]
    for language, sentences in said.items():
        for sentence in sentences.values():
            assert sentence.startswith(("Répondez seulement si ", "Answer only if "))
            assert not re.search(r"[A-Z]\d", sentence), (language, sentence)
            assert "None" not in sentence


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_list_has_lines_for_names_and_questions_for_each(language: str, tmp_path: Path) -> None:
    text = " ".join(words(made(survey("list"), [Sheet()], language), tmp_path))
    text = text.replace("\u00a0", " ")
    said = {
        "fr": (
            "2a. Prénom ou métier",
            "Répondez pour le nom écrit à la ligne 2a, s’il y en a un.",
            "à la ligne 2a, seulement si vous avez coché « Non » à la question 3.",
            "Répondez seulement si vous avez écrit 2 noms ou plus à la question 2.",
            "Un mot sur ces personnes ?",
        ),
        "en": (
            "2a. First name or job",
            "Answer for the name on line 2a, if there is one.",
            "on line 2a, only if you ticked “No” at question 3.",
            "Answer only if you wrote 2 names or more at question 2.",
            "A word on these people?",
        ),
    }[language]
    assert [one for one in said if one not in text] == []
    assert "{" not in text
