"""LimeSurvey structure files (.lss) to questionnaires. See docs/formats.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from app.domain.questionnaire import (
    Kind,
    Question,
    Questionnaire,
)
from app.domain.text import NO_TEXT, Text
from app.interchange import lss_choices, lss_fields
from app.interchange.foreign_form import Entry, ForeignForm, Source
from app.interchange.foreign_names import plain_code
from app.interchange.foreign_text import beside
from app.interchange.import_report import ImportReport
from app.interchange.lss_survey import Asked, LssSurvey, Meanings, source
from app.interchange.lss_tables import Record, Tables, number, read_tables
from app.interchange.lss_words import NAMES, NOTHING, QUIET, SPOKEN

_KINDS: dict[str, Callable[[LssSurvey, Asked], None]] = {
    **dict.fromkeys("L!OYG5", lss_choices.single),
    **dict.fromkeys("MP", lss_choices.several),
    **dict.fromkeys("FABCEH", lss_choices.array),
    "1": lss_choices.dual,
    **dict.fromkeys("KQ", lss_fields.parts_asked),
    **dict.fromkeys(":;", lss_fields.cells),
    "R": lss_choices.ranks,
    **dict.fromkeys("STUN", lss_fields.written),
    "D": lss_fields.moment,
    "|": lss_fields.file,
    "X": lss_fields.told,
    "*": lss_fields.equation,
}


def _group(reader: LssSurvey, row: Record, questions: list[Record]) -> None:
    """A group of the survey with its questions."""
    gid = row.get("gid", "")
    place = f"groups[{gid}]"
    title = reader.text(place, reader.tables.written("groups", gid, "group_name"), filled=False)
    reader.form.section(title)
    conditions = source(f"{place}.grelevance", row.get("grelevance", ""))
    if row.get("randomization_group"):
        reader.report.unsupported(place, "look", "attribute", name="randomization_group", value="")
    description = reader.text(place, reader.tables.written("groups", gid, "description"))
    if description.wordings:
        code = reader.form.code(f"{place}.description", plain_code(f"G{gid}", "G"))
        told = Question(code, Kind.INFORMATION, description)
        reader.form.add(Entry(f"{place}.description", told, conditions))
    if not questions and title.wordings:
        reader.report.unsupported(place, "form", "children_of_option")
    for question in questions:
        _question(reader, question, conditions)


def _question(reader: LssSurvey, row: Record, group: tuple[Source, ...]) -> None:
    """One question of the survey, whatever its type."""
    qid, title = row.get("qid", ""), row.get("title", "") or "Q"
    place = f"questions[{title}]"
    relevance = row.get("relevance", "").strip()
    if relevance in ("", "1"):
        relevance = reader.older.get(qid, "")
    asked = Asked(
        row,
        place,
        title,
        reader.text(place, reader.tables.written("questions", qid, "question")),
        reader.text(place, reader.tables.written("questions", qid, "help")),
        reader.parts[qid],
        reader.answers[qid],
        reader.attributes[qid],
        (*group, *source(place, relevance)),
    )
    kind = row.get("type", "")
    reader.filters_known(asked)
    if (asked.attribute("hidden") or relevance == "0") and kind != "*":
        reader.report.unsupported(place, "form", "hidden")
        return
    if kind in _KINDS:
        _KINDS[kind](reader, asked)
    elif kind == "I":
        reader.report.unsupported(place, "form", "device_value", type=NAMES["I"])
    else:
        reader.report.unsupported(place, "type", "not_taken", type=NAMES.get(kind, kind))
    _leftovers(reader, asked)


def _leftovers(reader: LssSurvey, asked: Asked) -> None:
    if asked.row.get("question_theme_name", "").startswith("image_select"):
        reader.report.unsupported(asked.place, "look", "option_media")
    for name, read_for in (("min_answers", "MP"), ("max_answers", "MPR")):
        if asked.attribute(name) and asked.row.get("type", "") not in read_for:
            told = f"{name}={asked.attribute(name)}"
            reader.report.unsupported(asked.place, "limits", "constraint", expression=told)
    for name, said in asked.attributes.items():
        value = next((v for v in said.values() if v not in NOTHING), "")
        if value and (name not in QUIET or name in SPOKEN):
            reader.report.unsupported(asked.place, "look", "attribute", name=name, value=value)


def read_lss(content: bytes, report: ImportReport) -> Questionnaire:
    """The questionnaire of a structure file. Raises ``ForeignFault``."""
    tables = read_tables(content, report)
    survey = tables.rows["surveys"][0] if tables.rows["surveys"] else {}
    sid = survey.get("sid", "")
    languages = tuple(tables.languages.values())
    form = ForeignForm(report, languages, NO_TEXT, blank_is_zero=True)
    rows = (*tables.rows["questions"], *tables.rows["subquestions"])
    form.meanings = Meanings({row.get("qid", ""): row.get("title", "") for row in rows})
    reader = LssSurvey(tables, report, form)
    form.parse = reader.read
    spoken = "surveys_languagesettings"
    form.title = reader.text("surveys", tables.written(spoken, sid, "surveyls_title"), filled=False)
    if not form.title.wordings:
        form.title = Text(tuple((tag, f"Survey {sid}") for tag in languages))
    welcome = [
        reader.text("surveys", tables.written(spoken, sid, f"surveyls_{part}"), filled=False)
        for part in ("description", "welcometext")
    ]
    form.introduction = (
        beside(*welcome)
        if all(w.wordings for w in welcome)
        else (welcome[1] if welcome[1].wordings else welcome[0])
    )
    _elsewhere(tables, report)
    by_group: dict[str, list[Record]] = defaultdict(list)
    for row in sorted(tables.unique("questions", "qid"), key=lambda r: number(r, "question_order")):
        if row.get("parent_qid", "0") in ("", "0"):
            by_group[row.get("gid", "")].append(row)
    for group in sorted(tables.unique("groups", "gid"), key=lambda r: number(r, "group_order")):
        _group(reader, group, by_group.pop(group.get("gid", ""), []))
    for gid, lost in by_group.items():
        report.approximated(f"groups[{gid}]", "form", "group_missing", number=len(lost))
        _group(reader, {"gid": gid}, lost)
    return form.finish(plain_code(f"L{sid}", "L"))


def _elsewhere(tables: Tables, report: ImportReport) -> None:
    """Parts of the file outside the questions."""
    for table in (
        "quota",
        "assessments",
        "defaultvalues",
        "quota_members",
        "survey_url_parameters",
    ):
        for row in tables.rows[table]:
            told = ", ".join(f"{k}={v}" for k, v in row.items() if v and k != "sid")[:120]
            report.unsupported(table, "look", "element", name=f"{table}: {told}")
    for row in tables.rows["surveys_languagesettings"]:
        for name, value in row.items():
            if value and name in ("surveyls_endtext", "surveyls_policy_notice", "surveyls_url"):
                report.unsupported(f"surveys_languagesettings.{name}", "look", "element", name=name)
