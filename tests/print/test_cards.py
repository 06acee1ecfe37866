"""Show-cards: tagged, large, one for each question with answers to choose from, both languages."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tiny import NAMES, survey

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Questionnaire
from app.domain.text import Text
from app.print.cards import TEMPLATE, carded, cards_pdf
from app.print.papers import Surroundings

MADE = datetime(2026, 10, 1, 12, tzinfo=UTC)
CHECKSUM = "3fa85f64" + "0" * 56
ROOT = Path(__file__).parents[2]


def made(asked: Questionnaire, language: str) -> bytes:
    around = Surroundings(
        language,
        "Programme d’essai",
        "Mayenne",
        "",
        "",
        "",
        {"support_team": Text.of(fr="l’équipe d’ici", en="the local team")},
        synthetic=True,
    )
    pdf, unshown = cards_pdf(asked, CHECKSUM, around, MADE)
    assert not unshown
    return pdf


def words(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page with single spaces, as pdftotext reads it."""
    path = tmp_path / "cards.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    text = read.stdout.decode().replace("\u00a0", " ")
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def headings(pdf: bytes) -> int:
    """How many headings the structure of the document holds."""
    found = 0
    waiting: list[Any] = [PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            found += node.get("/S") == "/H1"
            waiting.append(node.get("/K"))
    return found


@pytest.mark.parametrize(
    ("language", "cards"),
    [
        (
            "fr",
            [
                "Question 1 Recevez-vous de l’aide de l’équipe d’ici ? • Oui • Non",
                "Question 2 Quelles aides recevez-vous ? Plusieurs réponses sont possibles. "
                "• Le ménage • Les repas • Une autre aide • Aucune",
                "Question 3 À quel point êtes-vous satisfait ? "
                "• 0 – pas du tout • 1 • 2 • 3 • 4 • 5 – tout à fait",
                "Question 7 Ces derniers jours… • Jamais • Parfois • Toujours",
            ],
        ),
        (
            "en",
            [
                "Question 1 Do you get help from the local team? • Yes • No",
                "Question 2 Which help do you get? Several answers are possible. "
                "• Cleaning • Meals • Other help • None",
                "Question 3 How satisfied are you? "
                "• 0 – not at all • 1 • 2 • 3 • 4 • 5 – completely",
                "Question 7 These last days… • Never • Sometimes • Always",
            ],
        ),
    ],
)
def test_one_tagged_card_for_each_question_with_options(
    language: str, cards: list[str], tmp_path: Path
) -> None:
    pdf = made(survey("every_kind"), language)
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    foot = {
        "fr": " Mayenne version 3fa85f64 Démonstration – questionnaire synthétique",
        "en": " Mayenne version 3fa85f64 Demonstration – synthetic questionnaire",
    }[language]
    assert words(pdf, tmp_path) == [card + foot for card in cards]
    assert headings(pdf) == len(cards)


def test_what_a_list_asks_of_each_entry_shares_a_card(tmp_path: Path) -> None:
    pages = words(made(survey("list"), "fr"), tmp_path)
    assert len(pages) == 3
    assert pages[1].startswith("Questions 3, 6, 9 cette personne vous écoute-t-il ? • Oui • Non")


def test_a_long_list_goes_on_under_the_same_heading(tmp_path: Path) -> None:
    text = (ROOT / "tests" / "surveys" / "choice.yaml").read_text("utf-8")
    more = "".join(
        f'\n          - {{code: more{n}, text: {{fr: "Réponse {n}", en: "Answer {n}"}}}}'
        for n in range(60)
    )
    text = text.replace("        extra_options:", f"        extra_options:{more}", 1)
    pdf = made(read_questionnaire(text), "fr")
    pages = [page for page in words(pdf, tmp_path) if "Vivez-vous seul ?" in page]
    assert len(pages) > 2
    assert all(page.startswith("Question 1 Vivez-vous seul ?") for page in pages)
    listed = re.findall(r"Réponse (\d+)", " ".join(pages))
    assert listed == [str(n) for n in range(60)]
    assert headings(pdf) == len(carded(read_questionnaire(text))), "what is repeated is no heading"


@pytest.mark.parametrize("name", NAMES)
def test_every_questionnaire_with_options_has_cards(name: str) -> None:
    asked = survey(name)
    for language in {"fr", "en"}.intersection(asked.languages) if carded(asked) else ():
        assert made(asked, language).startswith(b"%PDF")


@pytest.mark.parametrize("audience", ["elderly", "family", "professional"])
def test_no_way_out_and_no_closed_option_is_on_a_card(audience: str, tmp_path: Path) -> None:
    asked = read_questionnaire((ROOT / "surveys" / audience / "core.yaml").read_text("utf-8"))
    pages = words(made(asked, "fr"), tmp_path)
    assert len(pages) >= len(carded(asked)) > 5
    assert not [page for page in pages if "Je préfère ne pas répondre" in page]


def test_nothing_is_smaller_than_18_points() -> None:
    sizes = re.findall(r"size: (\d+)pt", TEMPLATE.read_text("utf-8"))
    assert sizes
    assert min(map(int, sizes)) == 18
