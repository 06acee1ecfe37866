"""Questionnaires as XLSForm workbooks, for ODK, KoboToolbox and what reads the same format."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import xlsxwriter

from app.domain.conditions import Compare, Condition, Includes, items_of
from app.domain.questionnaire import Kind, Limits, Option, Page, Question, Questionnaire, Required
from app.domain.text import Text
from app.interchange.accepted_files import media_of, type_of
from app.interchange.export_losses import bare, say_losses, unlabelled, whole_battery
from app.interchange.import_report import ImportReport
from app.interchange.xlsform_xpath import Xpath

_LANGUAGES = {"fr": "French", "en": "English", "es": "Spanish", "de": "German", "pt": "Portuguese"}
_TYPES = {
    Kind.TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.PLACE: "geopoint",
    Kind.INFORMATION: "note",
}
Cells = dict[str, str]
_ALWAYS = "always"


def write_xlsform(questionnaire: Questionnaire, report: ImportReport) -> bytes:
    """The workbook; what it has no place for is said in ``report``."""
    say_losses(questionnaire, report)
    writer = _Writer(questionnaire, report)
    for section in questionnaire.sections:
        writer.group(section.code, section.title)
        for page in section.pages:
            writer.page(page)
        writer.survey.append({"type": "end_group"})
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        survey = ["type", "name", *writer.headings("label"), *writer.headings("hint"), "required"]
        survey += ["relevant", "constraint", *writer.headings("constraint_message"), "appearance"]
        survey += ["parameters", "repeat_count", "choice_filter"]
        survey += ["body::accept"] if any(row.get("body::accept") for row in writer.survey) else []
        _sheet(book, "survey", survey, writer.survey)
        choices = ["list_name", "name", *writer.headings("label"), "score", "offered"]
        _sheet(book, "choices", choices, writer.choices)
        settings: Cells = {
            "form_title": questionnaire.title.in_(questionnaire.fallback),
            "form_id": questionnaire.code,
            "default_language": _language(questionnaire.fallback),
        }
        _sheet(book, "settings", list(settings), [settings])
    return out.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, headings: list[str], rows: list[Cells]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, headings, bold)
    sheet.freeze_panes(1, 0)
    for number, cells in enumerate(rows, 1):
        for column, head in enumerate(headings):
            if cells.get(head):
                sheet.write_string(number, column, cells[head])


def _language(tag: str) -> str:
    return f"{_LANGUAGES.get(tag[:2], tag)} ({tag})"


@dataclass
class _Writer:
    questionnaire: Questionnaire
    report: ImportReport
    survey: list[Cells] = field(default_factory=list)
    choices: list[Cells] = field(default_factory=list)
    _lists: dict[tuple[Option, ...], str] = field(default_factory=dict)

    @property
    def xpath(self) -> Xpath:
        """How conditions are said."""
        return Xpath(self.questionnaire)

    def headings(self, column: str) -> list[str]:
        """One column for each language."""
        return [f"{column}::{_language(tag)}" for tag in self.questionnaire.languages]

    def said(self, column: str, text: Text) -> Cells:
        """The text in its columns."""
        return {f"{column}::{_language(tag)}": wording for tag, wording in bare(text).wordings}

    def group(self, name: str, title: Text) -> None:
        self.survey.append({"type": "begin_group", "name": name, **self.said("label", title)})

    def page(self, page: Page) -> None:
        for question in page.questions:
            if question.of_list:
                continue
            if question.kind is Kind.BATTERY:
                parts = whole_battery(self.questionnaire, question)
                if parts[0] is question:
                    self.battery(question, parts)
            elif question.kind is Kind.LIST:
                self.list(question)
            else:
                self.question(question)

    def battery(self, question: Question, parts: tuple[Question, ...]) -> None:
        begin = {"type": "begin_group", "name": question.code, **self.said("label", question.text)}
        self.survey.append({**begin, "relevant": self.relevant(question)})
        for row in (row for part in parts for row in part.rows):
            self.question(
                Question(
                    row.code,
                    Kind.CHOICE,
                    row.text,
                    options=question.options,
                    required=question.required,
                    shown_when=row.shown_when,
                )
            )
        self.survey.append({"type": "end_group"})

    def list(self, question: Question) -> None:
        begin = {"type": "begin_repeat", "name": question.code, **self.said("label", question.text)}
        self.survey.append({**begin, "relevant": self.relevant(question)})
        name = {"type": "text", "name": f"{question.code}_name", "required": "yes"}
        self.survey.append({**name, **self.said("label", question.name)})
        for one in question.each:
            self.question(one)
        self.survey.append({"type": "end_repeat"})
        self.report.approximated(question.code, "limits", "out_lost", what=f"most: {question.most}")

    def question(self, question: Question) -> None:
        kind, parameters = self.type_of(question)
        row: Cells = {
            "type": kind,
            "name": question.code,
            **self.said("label", question.text),
            **self.said("hint", question.hint),
            "required": "yes" if question.required is Required.HARD else "",
            "relevant": self.relevant(question),
            "constraint": " and ".join(self.constraints(question)),
            **self.said("constraint_message", question.limits.pattern_text),
            "appearance": _look(question),
            "parameters": parameters,
            "body::accept": _media(question, kind),
            "choice_filter": self.choice_filter(question),
        }
        self.survey.append(row)
        for what, text in (("why_we_ask", question.why_we_ask), ("unit", question.unit)):
            if text.wordings:
                self.report.unsupported(question.code, "look", "out_lost", what=what)
        for option in question.options:
            if option.specify:
                self._specified(question, option)

    def _specified(self, question: Question, option: Option) -> None:
        """The field beside an option is a question of its own here."""
        ticked: Condition = Includes(question.code, (option.code,), every=False)
        if question.kind is not Kind.CHOICES:
            ticked = Compare(question.code, "=", option.code)
        relevant = self.xpath.of(ticked)
        self.survey.append(
            {
                "type": "text",
                "name": f"{question.code}_{option.code}_text",
                **self.said("label", option.text),
                "relevant": relevant,
            }
        )

    def type_of(self, question: Question) -> tuple[str, str]:
        if question.kind is Kind.NUMBER:
            return ("decimal" if question.limits.decimals else "integer"), ""
        if question.kind is Kind.RATING and unlabelled(question):
            low, high = question.options[0].code, question.options[-1].code
            return "range", f"start={low} end={high} step=1"
        if question.kind is Kind.FILE:
            return type_of(question.accepts), ""
        if question.options:
            word = "select_multiple" if question.kind is Kind.CHOICES else "select_one"
            return f"{word} {self.list_name(question)}", ""
        return ("barcode" if question.scan else _TYPES[question.kind]), ""

    def list_name(self, question: Question) -> str:
        """The name of the list of these options, written once."""
        options = tuple(option for option in question.options if not option.closed)
        if options not in self._lists:
            named = {listed: name for name, listed in self.questionnaire.option_lists}
            name = named.get(options, f"{question.code}_options")
            self._lists[options] = name
            conditions = _offered(options)
            for option in options:
                score = "" if option.score is None else f"{option.score:.15g}"
                self.choices.append(
                    {
                        "list_name": name,
                        "name": option.code,
                        **self.said("label", option.text),
                        "score": score,
                        "offered": conditions[option.shown_when] if len(conditions) > 1 else "",
                    }
                )
        return self._lists[options]

    # conditions and limits

    def choice_filter(self, question: Question) -> str:
        """Which options are offered: by the word that the column ``offered`` has for each."""
        conditions = _offered(tuple(o for o in question.options if not o.closed))
        said = [
            f"(offered = '{word}' and ({self.xpath.of(condition)}))"
            for condition, word in conditions.items()
            if condition is not None
        ]
        return " or ".join([f"offered = '{_ALWAYS}'", *said]) if said else ""

    def relevant(self, question: Question) -> str:
        condition = question.shown_when
        if condition is None:
            return ""
        own = {one.code for listed in self.questionnaire.questions for one in listed.each}
        counted = {q.code for q in self.questionnaire.questions if q.kind is Kind.LIST}
        if items_of(condition) - (set(self.questionnaire.question_by_item) - counted) - own:
            self.report.unsupported(question.code, "condition", "out_lost", what="shown_when")
            return ""
        return self.xpath.of(condition)

    def constraints(self, question: Question) -> Iterator[str]:
        limits = question.limits
        for op, bound in ((">=", limits.minimum), ("<=", limits.maximum)):
            if isinstance(bound, str) and question.kind is Kind.TIME:
                yield f"decimal-time(.) {op} decimal-time('{bound}')"
            elif isinstance(bound, str):
                yield f". {op} date('{(bound + '-01-01')[:10]}')"
            elif bound is not None:
                yield f". {op} {bound:.12g}"
        yield from _lengths(limits)
        for other in limits.compare:
            yield f". {other.op} ${{{other.item}}}"
        alone = [option.code for option in question.options if option.exclusive]
        for code in alone:
            yield f"not(selected(., '{code}') and count-selected(.) > 1)"


def _lengths(limits: Limits) -> Iterator[str]:
    for op, count in ((">=", limits.min_choices), ("<=", limits.max_choices)):
        if count is not None:
            yield f"count-selected(.) {op} {count}"
    for op, count in ((">=", limits.min_length), ("<=", limits.max_length)):
        if count is not None:
            yield f"string-length(.) {op} {count}"
    if limits.pattern is not None:
        yield f"regex(., '^{limits.pattern}$')"


def _offered(options: tuple[Option, ...]) -> dict[Condition | None, str]:
    """A word for each condition of these options."""
    conditions = dict.fromkeys((None, *(option.shown_when for option in options)))
    words = (_ALWAYS, *(f"c{number}" for number in range(1, len(conditions))))
    return dict(zip(conditions, words, strict=True))


def _media(question: Question, kind: str) -> str:
    """Which files are taken, where the type does not say it."""
    return ",".join(media_of(question.accepts)) if kind == "file" else ""


def _look(question: Question) -> str:
    if question.kind is Kind.LONG_TEXT:
        return "multiline"
    if question.kind is Kind.DATE:
        return {"month": "month-year", "year": "year"}.get(question.precision, "")
    return ""
