"""What participants are sent: tagged, in both languages, one address on each letter."""

from __future__ import annotations

import io
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from app.print.feedback import feedback_pdf

MADE = datetime(2026, 10, 1, 12, tzinfo=UTC)
SAID: dict[str, Any] = {
    "findings": [
        {
            "code": f"SQ{place}",
            "title": {"fr": "Titre", "en": "Title"},
            "figure": {"fr": f"{place}3,2 %", "en": f"{place}3.2%"},
            "words": {"fr": f"Constat {place} #strong[net].", "en": f"Finding {place} $x$."},
        }
        for place in (1, 2, 3)
    ],
    "change": {"fr": "Un seul numéro.", "en": "One number."},
    "decided": {"fr": "Le comité.", "en": "The committee."},
    "when": {"fr": "En juin.", "en": "In June."},
    "verdict": {"fr": "Au-dessus des autres.", "en": "Above the others."},
    "place": {"fr": "Mayenne", "en": "Mayenne"},
    "programme": {"fr": "Programme d’essai", "en": "Trial programme"},
    "synthetic": True,
}
FRENCH = (
    *("Programme d’essai – Mayenne", "Démonstration – chiffres synthétiques"),
    *("Constat 1 #strong[net]. (13,2 %)", "Constat 3", "(33,2 %)", "À côté des autres territoires"),
    *("Au-dessus des autres.", "Un seul numéro.", "Le comité.", "En juin."),
)
ENGLISH = (
    *("Trial programme – Mayenne", "Demonstration – synthetic figures", "Finding 1 $x$. (13.2%)"),
    *("Finding 3", "(33.2%)", "Beside the other territories", "Above the others."),
    *("One number.", "The committee.", "In June."),
)


def pages(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page with single plain spaces, as pdftotext reads it."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    whole = read.stdout.decode().replace("\u00a0", " ").replace("\u202f", " ")
    return [" ".join(page.split()) for page in whole.split("\f")[:-1]]


def tags(pdf: bytes) -> Counter[str]:
    """How often each kind of element stands in the structure of the document."""
    found: Counter[str] = Counter()
    waiting = [PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "/S" in node:
                found[str(node["/S"])] += 1
            waiting += [node["/K"]] if "/K" in node else []
    return found


def test_the_sheet_says_it_in_both_languages_with_tags(tmp_path: Path) -> None:
    pdf = feedback_pdf(SAID, [("fr", ()), ("en", ())], MADE)
    french, english = pages(pdf, tmp_path)
    assert [part for part in FRENCH if part not in french] == []
    assert [part for part in ENGLISH if part not in english] == []
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "fr")
    found = tags(pdf)
    assert (found["/H1"], found["/H2"], found["/L"], found["/LI"]) == (2, 10, 2, 6)


def test_each_letter_has_its_own_address_on_paper_of_its_own(tmp_path: Path) -> None:
    people = [
        (tag, (f"Mme Personne {number}", f"{number} rue de l’Exemple"))
        for number, tag in enumerate(("fr", "en", "de"), 1)
    ]
    found = pages(feedback_pdf(SAID, people, MADE), tmp_path)
    assert [bool(page) for page in found] == [True, False, True, False, True]  # nobody's back
    for number, page in enumerate(found[::2], 1):
        assert [each for each in (1, 2, 3) if f"Mme Personne {each}" in page] == [number]
    assert "What came of your answers" in found[2]
    assert "Ce que vos réponses ont donné" in found[4]  # a language without a sheet: French


def test_the_longest_texts_stay_whole(tmp_path: Path) -> None:
    long = " ".join(["mot"] * 99) + " fin."
    both = {"fr": long, "en": long}
    findings = [each | {"words": both} for each in SAID["findings"]]
    said = SAID | {"findings": findings, "change": both, "decided": both, "when": both}
    text = " ".join(pages(feedback_pdf(said, [("fr", ("Mme Personne",))], MADE), tmp_path))
    assert (text.count("fin."), text.count("mot")) == (6, 6 * 99)
