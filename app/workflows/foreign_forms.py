"""Questionnaires from and for other programs: XLSForm, LimeSurvey, FHIR.

A form is read by a process of its own (``import_child``) that may use five seconds of processor
time and 256 MB: whatever it meets there, this process and the database do not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.definitions.documents import load
from app.definitions.files import (
    read_questionnaire,
    write_module_yaml,
    write_questionnaire_yaml,
)
from app.domain.errors import BadDefinition
from app.domain.questionnaire import Audience, Module, Questionnaire
from app.interchange.fhir_writing import write_fhir
from app.interchange.import_report import ForeignFault, ImportReport, Said, Tally, tally
from app.interchange.xlsform_writing import write_xlsform

MAX_BYTES = 8_000_000
WAIT = 90  # seconds for a process that gets little of the machine; the limit is its own time
ROOT = Path(__file__).parents[2]


class Format(StrEnum):
    """The formats that are read."""

    XLSFORM = "xlsform"
    LIMESURVEY = "limesurvey"
    FHIR = "fhir"


@dataclass(frozen=True, slots=True)
class ImportedForm:
    """A form as a questionnaire of ours, with what became of each of its parts."""

    questionnaire: Questionnaire
    lines: tuple[Said, ...]

    @property
    def tally(self) -> Tally:
        """How many of its questions came in, and how."""
        return tally(self.lines)

    def as_core(self, audience: Audience) -> str:
        """Our file of a national questionnaire for this audience."""
        return write_questionnaire_yaml(replace(self.questionnaire, audience=audience))

    def as_module(self, territory: str, core: Questionnaire, number: int | None, slot: str) -> str:
        """Our file of a territory's module with all its questions in one slot of the core."""
        module = Module(
            code=territory,
            audience=core.audience,
            territory=territory,
            core=core.code,
            core_number=number,
            title=self.questionnaire.title,
            languages=self.questionnaire.languages,
            pages_by_slot={slot: self.questionnaire.pages},
            source=self.questionnaire.source,
        )
        return write_module_yaml(module)


def format_of(content: bytes) -> Format:
    """The format that the file seems to have; ForeignFault where it is none of ours."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return Format.XLSFORM
    if start.startswith(b"<") and b"LimeSurveyDocType" in content:
        return Format.LIMESURVEY
    if start.startswith((b"{", b"[")):
        return Format.FHIR
    raise ForeignFault("-", "unreadable", format="XLSForm, LimeSurvey (.lss), FHIR (JSON)")


def read_form(content: bytes, form: Format) -> ImportedForm:
    """Read a whole form, or refuse it whole with ``ForeignFault``."""
    if len(content) > MAX_BYTES:
        raise ForeignFault("-", "too_large", most=MAX_BYTES // 1_000_000)
    told = _child(content, form)
    if "fault" in told:
        place, _fate, _about, rule, fills = told["fault"]
        raise ForeignFault(place, rule, **dict(fills))
    try:
        found = load(Questionnaire, told["questionnaire"])
        read_questionnaire(write_questionnaire_yaml(found))
    except (BadDefinition, KeyError, TypeError, ValueError) as error:
        raise ForeignFault("-", "unreadable", format=form.value) from error
    lines = tuple(
        Said(place, fate, about, rule, tuple((name, value) for name, value in fills))
        for place, fate, about, rule, fills in told["lines"]
    )
    return ImportedForm(found, lines)


def _child(content: bytes, form: Format) -> dict[str, Any]:
    """What the reading process answers; ForeignFault where its limits ended it."""
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "app.workflows.import_child", form.value],
            input=content,
            capture_output=True,
            timeout=WAIT,
            check=True,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
        )
        told = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise ForeignFault("-", "too_costly") from error
    return told if isinstance(told, dict) else {"fault": ["-", "", "", "too_costly", []]}


@dataclass(frozen=True, slots=True)
class Exported:
    """A questionnaire in a foreign format, and what that format has no place for."""

    content: bytes
    lines: tuple[Said, ...]


WRITERS: dict[Format, Callable[[Questionnaire, ImportReport], bytes]] = {
    Format.XLSFORM: write_xlsform,
    Format.FHIR: write_fhir,
}
SUFFIXES = {Format.XLSFORM: "xlsx", Format.FHIR: "json"}


def export_form(questionnaire: Questionnaire, form: Format) -> Exported:
    """The questionnaire in one of the formats of ``WRITERS``."""
    report = ImportReport()
    content = WRITERS[form](questionnaire, report)
    return Exported(content, tuple(dict.fromkeys(report.lines)))
