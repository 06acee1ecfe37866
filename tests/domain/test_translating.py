"""Texts beside their translations: named, in a state, out to a workbook and back."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
import tiny

from app.definitions.nodes import read_document
from app.domain.errors import BadInput
from app.domain.translating import translated, wordings
from app.interchange import translations_xlsx

TWO = """\
format: covalue/questionnaire/1
languages: [fr, en]
title: {fr: Titre, en: Title}
sections:
  - code: s
    title: {fr: Partie, en: Part}
    items:
      - {code: A, type: text, text: {fr: Un, en: One}, shown_when: {not: answered B}}
      - code: B
        type: choice
        text: {fr: Deux, en: ""}
        options: [{code: "1", text: {fr: Oui, en: "Yes"}}, {code: "2", text: {fr: Non, en: "No"}}]
"""
NOW = read_document(TWO.replace("fr: Un,", "fr: Une,").replace('"Yes"', "Yeah")).data
BEFORE = read_document(TWO).data


def test_every_text_has_a_name_and_a_state() -> None:
    rows = {row.name: row for row in wordings(NOW, "fr", "en", BEFORE)}
    assert {name: row.state for name, row in rows.items()} == {
        "title": "done",
        "sections.s.title": "done",
        "A.text": "stale",
        "B.text": "missing",
        "B.options.1.text": "to_review",
        "B.options.2.text": "done",
    }
    assert rows["A.text"].home == "s"


def test_no_text_of_any_kind_is_left_out() -> None:
    for name in tiny.NAMES:
        data = read_document(tiny.text_of(name)).data
        names = [row.name for row in wordings(data, "fr", "en", None)]
        assert len(names) == len(set(names)), name
        said = dict.fromkeys(names, "x")
        marked = translated(data, "zz", said)
        assert all(row.target == "x" for row in wordings(marked, "fr", "zz", None))


def test_a_workbook_goes_out_and_comes_back_row_by_row() -> None:
    rows = wordings(NOW, "fr", "en", BEFORE)
    content = translations_xlsx.written(rows, "fr", "en")
    said, report = translations_xlsx.read(content, rows, "fr", "en")
    assert said == {}
    assert {each.outcome for each in report} == {"same", "empty"}
    others = wordings(BEFORE, "fr", "en", None)
    said, report = translations_xlsx.read(content, others, "fr", "en")
    outcomes = {each.name: each.outcome for each in report}
    assert outcomes["A.text"] == "source_changed"
    assert said == {"B.options.1.text": "Yeah"}
    known = [row for row in rows if row.name != "title"]
    _, report = translations_xlsx.read(content, known, "fr", "en")
    assert report[0].outcome == "unknown"


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 100])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        translations_xlsx.read(content, [], "fr", "en")


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (translations_xlsx.MOST_UNPACKED + 1))
    with pytest.raises(BadInput):
        translations_xlsx.read(file.getvalue(), [], "fr", "en")
