"""The columns of an XLSForm by language, and its texts with earlier answers in our spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.piping import SPOKEN
from app.domain.text import Text
from app.interchange.foreign_languages import MOST, guessed, tag_of
from app.interchange.foreign_leaves import Formula, Item, Meaning
from app.interchange.foreign_text import plain_text, without_braces
from app.interchange.import_report import ImportReport
from app.interchange.xlsform_sheets import Row, Sheet

_NAMED = re.compile(r"\$\{\s*([^{}\s]{1,200})\s*\}")
_SAID = ("label", "hint", "constraint_message", "required_message", "guidance_hint")


@dataclass
class Columns:
    """``tags``: our tag by the form's name of a language; the empty name has the default one."""

    report: ImportReport
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags, in the order of the file."""
        return tuple(dict.fromkeys(self.tags.values()))

    def text(self, row: Row, column: str, meanings: dict[str, Meaning] | None) -> Text:
        """A text of the row; ``meanings``: what may be filled in, None where nothing may."""
        wordings: dict[str, str] = {}
        for name, tag in self.tags.items():
            written = row.cells.get(f"{column}::{name}" if name else column, "")
            wording = self._said(written, row.place, meanings) if written else ""
            if wording and wordings.setdefault(tag, wording) != wording:
                told = {"name": name or tag, "text": wording}
                self.report.unsupported(row.place, "language", "wording_twice", **told)
        return Text(tuple(wordings.items()))

    def _said(self, written: str, place: str, meanings: dict[str, Meaning] | None) -> str:
        plain, lost = plain_text(written)
        if lost:
            self.report.approximated(place, "text", "markup", tags=", ".join(lost))
        pieces: list[str] = []
        position = 0
        for match in _NAMED.finditer(plain):
            pieces.append(without_braces(plain[position : match.start()]))
            pieces.append(self._filled(match[1], place, meanings))
            position = match.end()
        return "".join((*pieces, without_braces(plain[position:])))

    def _filled(self, name: str, place: str, meanings: dict[str, Meaning] | None) -> str:
        found = (meanings or {}).get(name)
        while isinstance(found, Formula):
            inner = getattr(found.expression, "name", None)
            found = (meanings or {}).get(inner) if isinstance(inner, str) else None
        if isinstance(found, Item) and found.kind in SPOKEN:
            return f"{{answer:{found.code}|…}}"
        self.report.approximated(place, "text", "text_reference", name=name)
        return "…"


def columns_of(sheets: Iterable[Sheet], default: str, report: ImportReport) -> Columns:
    """The languages of the columns of these sheets; ``default``: what the settings say."""
    names: dict[str, None] = {}
    unnamed: list[str] = []
    for sheet in sheets:
        for head in sheet.headings:
            column, _, name = head.partition("::")
            if column not in _SAID:
                continue
            names.setdefault(name)
            if not name:
                unnamed += [row.cells.get(head, "") for row in sheet.rows[:400]]
    found = Columns(report)
    if "" in names or not names:
        found.tags[""] = _default(default, unnamed, report)
    for name in names:
        if name and name not in found.tags:
            _add(found, name)
    return found


def _default(said: str, texts: list[str], report: ImportReport) -> str:
    if said and said.casefold() != "default":
        tag, known = tag_of(said)
        if not known:
            report.approximated("settings", "form", "unknown_language", name=said, code=tag)
        return tag
    return guessed(texts)


def _add(columns: Columns, name: str) -> None:
    tag, known = tag_of(name)
    if name.casefold() == "default":
        tag, known = "en", True
    if not known:
        while tag in columns.tags.values():
            tag = _next(tag)
        columns.report.approximated("survey:1", "form", "unknown_language", name=name, code=tag)
    if len(columns.languages) >= MOST and tag not in columns.tags.values():
        columns.report.unsupported("survey:1", "language", "language_lost", name=name)
        return
    columns.tags[name] = tag


def _next(tag: str) -> str:
    """Another tag of three letters."""
    last = "a" if len(tag) < 3 else chr((ord(tag[2]) - 96) % 26 + 97)
    return tag[:2] + last
