"""The process that reads one foreign form and nothing else: ``python -m`` this, form on stdin.

It bounds its own processor time, memory and files before it looks at the form, and answers with
one JSON document. What it answers is read again like any uploaded file.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.questionnaire import Questionnaire
    from app.interchange.import_report import ImportReport, Said

SECONDS = 5
BYTES = 256 * 1024 * 1024


def bounded() -> None:
    """Give this process five seconds of processor time, 256 MB, and no file to write."""
    for limit, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a system without this limit
            resource.setrlimit(limit, (most, most))


def _reader(form: str) -> Callable[[bytes, ImportReport], Questionnaire]:
    """The reader of one format; only that one is loaded."""
    if form == "xlsform":
        from app.interchange.xlsform_reading import read_xlsform as read
    elif form == "limesurvey":
        from app.interchange.lss_reading import read_lss as read
    else:
        from app.interchange.fhir_reading import read_fhir as read
    return read


def answer(form: str, content: bytes) -> dict[str, Any]:
    """The questionnaire and the lines of the report, or the fault for which all is refused."""
    from app.definitions.documents import dump
    from app.interchange.import_report import ForeignFault, ImportReport

    report = ImportReport()
    try:
        found = _reader(form)(content, report)
    except ForeignFault as fault:
        return {"fault": _told(fault.said)}
    except (MemoryError, RecursionError):
        return {"fault": _told(ForeignFault("-", "too_costly").said)}
    return {"questionnaire": dump(found), "lines": [_told(line) for line in report.lines]}


def _told(said: Said) -> list[Any]:
    return [said.place, said.fate, said.about, said.rule, list(said.fills)]


if __name__ == "__main__":
    bounded()
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl does without it, and small
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps(answer(sys.argv[1], sys.stdin.buffer.read())))
