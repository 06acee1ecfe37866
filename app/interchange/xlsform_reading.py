"""XLSForm workbooks (ODK, Kobo, SurveyCTO, CommCare) to questionnaires. See docs/formats.md."""

from __future__ import annotations

from app.domain.questionnaire import Questionnaire
from app.domain.text import Text
from app.interchange.foreign_expressions import read_xpath
from app.interchange.foreign_form import ForeignForm
from app.interchange.import_report import ForeignFault, ImportReport
from app.interchange.xlsform_kinds import KINDS
from app.interchange.xlsform_options import lists_of
from app.interchange.xlsform_sheets import SHEETS, Sheet, read_sheets
from app.interchange.xlsform_survey import SurveyReader
from app.interchange.xlsform_texts import columns_of
from app.interchange.xlsform_words import OPTION_COLUMNS

_SETTINGS = frozenset(
    "form_title title form_id id_string id version default_language allow_choice_duplicates".split()
)


def read_xlsform(content: bytes, report: ImportReport) -> Questionnaire:
    """The questionnaire of a workbook. Raises ``ForeignFault``."""
    sheets = read_sheets(content)
    survey = sheets.get("survey")
    if survey is None:
        raise ForeignFault("-", "no_sheet")
    if "type" not in survey.headings or not {"name", "label"} & {
        head.partition("::")[0] for head in survey.headings
    }:
        raise ForeignFault("survey:1", "no_columns")
    for name in sheets:
        if name not in SHEETS and sheets[name].rows:
            report.unsupported(name, "form", "sheet", name=name)
    empty = Sheet("choices")
    choices = sheets.get("choices", empty)
    settings = _settings(sheets.get("settings", empty), report)
    spoken = (survey, choices, sheets.get("external_choices", empty))
    columns = columns_of(spoken, settings.get("default_language", ""), report)
    languages = columns.languages
    written = settings.get("form_title") or settings.get("title") or settings.get("form_id") or "…"
    title = Text(tuple((tag, written) for tag in languages))
    form = ForeignForm(report, languages, title, read_xpath)
    lists = {
        **lists_of(sheets.get("external_choices", empty), columns, report),
        **lists_of(choices, columns, report),
    }
    reader = SurveyReader(form, columns, lists, KINDS)
    for row in survey.rows:
        reader.row(row)
    if reader.groups:
        raise ForeignFault(reader.groups[-1].place, "unbalanced")
    _unread(reader, survey, choices)
    return form.finish(settings.get("form_id") or settings.get("id_string") or "form")


def _unread(reader: SurveyReader, survey: Sheet, choices: Sheet) -> None:
    """Say which lists no question uses, and which columns nothing reads."""
    report = reader.report
    for name, listed in reader.lists.items():
        if name not in reader.used and listed.options:
            told = {"name": name, "number": len(listed.options)}
            report.unsupported(listed.place, "form", "list_unused", **told)
    for sheet in (survey, choices):
        for head in sheet.doubled:
            report.unsupported(f"{sheet.name}:1", "form", "column_twice", name=head)
    filters = " ".join(row.get("choice_filter") for row in survey.rows)
    for head in dict.fromkeys(filter(None, choices.headings)):
        if head.partition("::")[0] not in OPTION_COLUMNS and head not in filters.casefold():
            report.unsupported(f"{choices.name}:1", "look", "column", name=head)


def _settings(sheet: Sheet, report: ImportReport) -> dict[str, str]:
    found = dict(sheet.rows[0].cells) if sheet.rows else {}
    for name, value in found.items():
        if name not in _SETTINGS:
            report.unsupported(sheet.rows[0].place, "form", "setting", name=f"{name} = {value}")
    return found
