"""Cells of a row that are limits, or have no place with us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.questionnaire import Kind, Question, Required
from app.domain.text import Text
from app.interchange.foreign_form import Entry, Source
from app.interchange.foreign_leaves import Meaning
from app.interchange.foreign_text import at_what_time, in_degrees
from app.interchange.import_report import ImportReport
from app.interchange.lss_words import built_in
from app.interchange.xlsform_limits import NoLimit, limited
from app.interchange.xlsform_sheets import Row
from app.interchange.xlsform_texts import Columns
from app.interchange.xlsform_words import MEDIA, NO, QUIET_COLUMNS, ROW_COLUMNS, UNSPOKEN, YES


@dataclass
class Group:
    """A group or repeat that is open while the sheet is read."""

    place: str
    label: Text
    section: Text
    conditions: tuple[Source, ...]
    entry: Entry | None  # of the repeat around it, or of its own, that became a list
    asked: int  # how many questions there were before it
    listed: str = ""  # the list of options that its rows share
    matrix: bool = False
    ranks: list[str] = field(default_factory=list)  # the questions of a ranking so far


def required(report: ImportReport, row: Row) -> Required:
    """Whether an answer is wanted; a condition on it is said."""
    said = row.get("required").strip().casefold()
    if said in YES:
        return Required.HARD
    if said not in NO:
        report.approximated(row.place, "limits", "required_when", expression=row.get("required"))
    return Required.NO


def constrained(
    report: ImportReport,
    columns: Columns,
    meanings: dict[str, Meaning],
    question: Question,
    row: Row,
) -> Question:
    """The question with its constraint as limits, or a line that says why not."""
    written = row.get("constraint")
    message = columns.text(row, "constraint_message", None)
    if not written or question.kind is Kind.INFORMATION:
        return question
    try:
        found = limited(question, written, message, meanings.get)
    except NoLimit:
        report.unsupported(row.place, "limits", "constraint", expression=written)
        found = question
    if message.wordings and found.limits.pattern_text != message:
        report.approximated(row.place, "look", "constraint_message")
    return found


def leftovers(report: ImportReport, row: Row) -> None:
    """Say what else stands in the row and has no place with us."""
    if not row.get("type").casefold().startswith("begin"):
        for column, tell in _TOLD.items():
            if row.get(column):
                tell(report, row, row.get(column))
    for head in row.cells:
        column, _, rest = head.partition("::")
        if column in MEDIA:
            report.unsupported(row.place, "look", "media", what=f"{column} {rest}".strip())
        elif column in UNSPOKEN:
            report.unsupported(row.place, "look", UNSPOKEN[column])
        elif column not in ROW_COLUMNS and column not in QUIET_COLUMNS and not _read(row, head):
            report.unsupported(row.place, "look", "column", name=head)


def _read(row: Row, head: str) -> bool:
    """Whether a heading of few questions is read: the media types of a file."""
    return head == "body::accept" and row.get("type").casefold() == "file"


def default(report: ImportReport, row: Row, value: str) -> None:
    """Say that a default answer is not taken over."""
    report.unsupported(row.place, "look", "default", value=value)


def calculates(report: ImportReport, row: Row, _value: str) -> None:
    """Say that a formula would answer."""
    report.unsupported(row.place, "look", "calculated_answer")


def look(report: ImportReport, row: Row, value: str) -> None:
    """Say that an appearance is not taken over."""
    if value.casefold() not in ("multiline", "year", "month-year", "minimal", "quick", "label"):
        report.approximated(row.place, "look", "look", value=value)


def parameters(report: ImportReport, row: Row, value: str) -> None:
    """Say that parameters are not taken over; ranges and random order are read elsewhere."""
    if row.get("type").casefold() != "range" and "randomize" not in value.casefold():
        report.approximated(row.place, "look", "look", value=value)


def read_only(report: ImportReport, row: Row, value: str) -> None:
    """Say that a question was read only."""
    if value.casefold() not in NO and row.get("type").casefold() != "note":
        report.approximated(row.place, "look", "read_only")


_TOLD: dict[str, Callable[[ImportReport, Row, str], None]] = {
    "appearance": look,
    "default": default,
    "readonly": read_only,
    "calculation": calculates,
    "parameters": parameters,
}


def relevant(row: Row) -> tuple[Source, ...]:
    """The condition of a row."""
    return (Source(row.place, row.get("relevant")),) if row.get("relevant") else ()


def ending(text: Text, suffix: str) -> Text:
    """The words of a row that becomes several questions, as the one with this suffix asks."""
    return Text(tuple((tag, f"{words}\n{_part(tag, suffix)}") for tag, words in text.wordings))


def _part(tag: str, suffix: str) -> str:
    if suffix == "_time":
        return at_what_time(tag)
    if suffix in ("_lat", "_lon"):
        return in_degrees(tag, latitude=suffix == "_lat")
    return f"{built_in('rank', (tag,))[tag]} {suffix[1:]}"
