"""A LimeSurvey structure file (.lss) as tables, and its texts by language.

The file is an XML dump of database tables. Before version 4 each row of a text has a language;
since then the texts stand in tables of their own (``…_l10ns``).
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.domain.text import Text
from app.interchange.foreign_languages import MOST, tag_of
from app.interchange.foreign_text import plain_text
from app.interchange.import_report import ForeignFault, ImportReport

MAX_ROWS = 120_000
Record = dict[str, str]


@dataclass
class Tables:
    """``rows``: by table; ``languages``: our tag by LimeSurvey's code, the first is the base."""

    rows: dict[str, list[Record]]
    languages: dict[str, str]
    texts: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)

    def unique(self, table: str, key: str) -> list[Record]:
        """One row for each key, whatever its languages, in order of the file."""
        found: dict[str, Record] = {}
        for row in self.rows[table]:
            found.setdefault(row.get(key, ""), row)
        return list(found.values())

    def written(self, table: str, key: str, column: str) -> dict[str, str]:
        """The text of a column by language, as written."""
        return self.texts.get((table, key, column), {})

    def text(self, report: ImportReport, place: str, by_language: dict[str, str]) -> Text:
        """A text of the file in plain words."""
        wordings: dict[str, str] = {}
        for code, tag in self.languages.items():
            if by_language.get(code) and tag not in wordings:
                plain, lost = plain_text(by_language[code])
                if lost:
                    report.approximated(place, "text", "markup", tags=", ".join(lost))
                if plain:
                    wordings[tag] = plain
        return Text(tuple(wordings.items()))


_TEXTS = {  # table: its own key, the table of texts with the key in it, the columns
    "groups": ("gid", "group_l10ns", "gid", ("group_name", "description")),
    "questions": ("qid", "question_l10ns", "qid", ("question", "help")),
    "subquestions": ("qid", "question_l10ns", "qid", ("question",)),
    "answers": ("", "answer_l10ns", "aid", ("answer",)),
    "surveys_languagesettings": (
        "surveyls_survey_id",
        "",
        "",
        ("surveyls_title", "surveyls_description", "surveyls_welcometext"),
    ),
}


def read_tables(content: bytes, report: ImportReport) -> Tables:
    """The tables of a file. Raises ``ForeignFault``."""
    root = _document(content)
    rows: dict[str, list[Record]] = defaultdict(list)
    count = 0
    for table in root:
        for row in table.iterfind("./rows/row"):
            count += 1
            if count > MAX_ROWS:
                raise ForeignFault(table.tag, "too_many", most=MAX_ROWS, what="rows")
            rows[table.tag].append({cell.tag: (cell.text or "").strip() for cell in row})
    given = [(e.text or "").strip() for e in root.iterfind("./languages/language")]
    given += rows["surveys"][0].get("additional_languages", "").split() if rows["surveys"] else []
    tables = Tables(rows, _languages(rows, given, report))
    for name, how in _TEXTS.items():
        _gather(tables, name, *how)
    written = {code for said in tables.texts.values() for code in said}
    for code in sorted(written.difference(tables.languages, given, ("",))):
        report.unsupported("languages", "language", "language_lost", name=code)
    return tables


def _document(content: bytes) -> Element:
    parser = importlib.import_module("defusedxml.ElementTree")
    try:
        root: Element = parser.fromstring(content, forbid_dtd=True)
    except MemoryError:
        raise
    except Exception as error:  # the parser and its guard have many
        raise ForeignFault("-", "unreadable", format="LimeSurvey (.lss)") from error
    if root.tag != "document" or root.findtext("LimeSurveyDocType", "").strip() != "Survey":
        raise ForeignFault("-", "unreadable", format="LimeSurvey (.lss)")
    return root


def _languages(
    rows: dict[str, list[Record]], given: list[str], report: ImportReport
) -> dict[str, str]:
    base = rows["surveys"][0].get("language", "") if rows["surveys"] else ""
    found: dict[str, str] = {}
    for code in dict.fromkeys([base, *given]):
        if not code:
            continue
        tag, _ = tag_of(code)
        if code not in found and (tag in found.values() or len(found) >= MOST):
            report.unsupported("languages", "language", "language_lost", name=code)
            continue
        found[code] = tag
    return found or {"en": "en"}


def _gather(
    tables: Tables, table: str, key: str, apart: str, apart_key: str, columns: tuple[str, ...]
) -> None:
    for row in tables.rows[table]:
        own = answer_key(row) if table == "answers" else row.get(key, "")
        for column in columns:
            if row.get(column):
                said = tables.texts.setdefault((table, own, column), {})
                said.setdefault(
                    row.get("language") or row.get("surveyls_language", ""), row[column]
                )
    keys = {row.get("aid", ""): answer_key(row) for row in tables.rows["answers"]}
    for row in tables.rows[apart] if apart else ():
        own = row.get(apart_key, "")
        own = keys.get(own, "") if table == "answers" else own
        for column in columns:
            if row.get(column):
                said = tables.texts.setdefault((table, own, column), {})
                said.setdefault(row.get("language", ""), row[column])


def answer_key(row: Record) -> str:
    """What tells an answer option from all others."""
    return f"{row.get('qid')}/{row.get('scale_id') or '0'}/{row.get('code')}"


def number(row: Record, column: str) -> int:
    """A whole number of the row; 0 where there is none."""
    written = row.get(column, "")
    return int(written) if written.lstrip("-").isdecimal() and len(written) < 10 else 0
