"""Small forms of our own writing in the formats of other programs."""

# ruff: noqa: RUF005  tables read better with their empty cells counted

from __future__ import annotations

import io
import json
from typing import Any

import xlsxwriter

SURVEY = [
    ["type", "name", "label::French (fr)", "label::English (en)", "hint::French (fr)", "required"]
    + ["relevant", "constraint", "appearance", "default", "calculation", "choice_filter"],
    ["begin group", "home", "Chez vous", "At home", "", "", "", "", "", "", "", ""],
    ["select_one yn", "garden", "Un jardin ?", "A garden?", "Même petit", "yes"] + [""] * 6,
    ["select_multiple who", "helpers", "Qui aide ?", "Who helps?", "", "", "${garden} = 'yes'"]
    + ["not(selected(., 'none') and count-selected(.) > 1)", "", "", "", ""],
    ["integer", "age", "Votre âge ?", "Your age?", "", "true()", "selected(${helpers}, 'gp')"]
    + [". >= 60 and . < 120", "", "75", "", ""],
    ["calculate", "old", "", "", "", "", "", "", "", "", "if(${age} >= 85, 1, 0)", ""],
    ["note", "thanks", "Merci ${age}", "Thanks", "", "", "${old} = 1"] + [""] * 5,
    ["text", "why", "Pourquoi ?", "Why?", "", "", "${garden} != 'yes'", "", "multiline"] + [""] * 3,
    ["end group"] + [""] * 11,
    ["begin repeat", "people", "Les proches", "Relatives"] + [""] * 8,
    ["range", "near", "Proche ?", "Near?", "", "", "", "", "", "", "", ""],
    ["date", "since", "Depuis ?", "Since?", "", "", "${near} > 5", "", "month-year"] + [""] * 3,
    ["end repeat"] + [""] * 11,
    ["image", "photo", "Photo", "Photo"] + [""] * 8,
    ["select_one town", "town", "Ville", "Town"] + [""] * 7 + ["area=${garden}"],
    ["hologram", "shape", "Forme", "Shape"] + [""] * 8,
]
CHOICES = [
    ["list_name", "name", "label::French (fr)", "label::English (en)", "area"],
    ["yn", "yes", "Oui", "Yes", ""],
    ["yn", "no", "Non", "No", ""],
    ["who", "gp", "Médecin", "Doctor", ""],
    ["who", "none", "Personne", "Nobody", ""],
    ["who", "home-help", "Aide", "Help", ""],
    ["town", "a", "Laval", "Laval", "yes"],
    ["town", "b", "Évron", "Évron", "no"],
]


def workbook(**sheets: list[list[str]]) -> bytes:
    """An XLSX file with these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def xlsform() -> bytes:
    """A form with groups, conditions, a repeat and things that have no place here."""
    settings = [["form_title", "form_id", "style"], ["Un essai", "trial", "pages"]]
    return workbook(survey=SURVEY, choices=CHOICES, settings=settings)


def table(name: str, rows: list[dict[str, str]]) -> str:
    lines = "".join(
        "<row>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in row.items()) + "</row>"
        for row in rows
    )
    return f"<{name}><rows>{lines}</rows></{name}>"


def _texts(qid: str, fr: str, en: str) -> list[dict[str, str]]:
    return [
        {"qid": qid, "language": "fr", "question": fr, "help": ""},
        {"qid": qid, "language": "en", "question": en, "help": ""},
    ]


def lss() -> bytes:
    """A survey as recent versions of LimeSurvey write it."""
    asked = [("1", "Q1", "L", ""), ("2", "Q2", "M", 'Q1.NAOK == "A1"'), ("3", "Q3", "F", "1")]
    asked += [("4", "Q4", "N", 'Q2_S1.NAOK == "Y" and !is_empty(Q1.NAOK)'), ("5", "Q5", "R", "1")]
    asked += [("6", "Q6", "|", "1"), ("7", "Q7", "T", 'Q3_R1 == "2"'), ("8", "Q8", "1", "1")]
    questions = [
        {"qid": q, "parent_qid": "0", "sid": "7", "gid": "1", "type": kind, "title": title}
        | {"question_order": q, "mandatory": "Y" if q == "1" else "N", "relevance": when}
        | {"other": "Y" if q == "1" else "N"}
        for q, title, kind, when in asked
    ]
    inner = [("11", "2", "S1"), ("12", "2", "S2"), ("13", "3", "R1"), ("14", "3", "R2")]
    inner += [("15", "8", "D1"), ("16", "5", "K1"), ("17", "5", "K2")]
    subquestions = [
        {"qid": q, "parent_qid": p, "title": t, "question_order": q, "scale_id": "0"}
        for q, p, t in inner
    ]
    words = [text for q, *_ in asked for text in _texts(q, f"<p>Question {q} ?</p>", f"Q {q}?")]
    words += [text for q, _, t in inner for text in _texts(q, f"Ligne {t}", f"Row {t}")]
    answers = [
        {"aid": f"{q}{scale}{code}", "qid": q, "code": code, "scale_id": scale}
        | {"sortorder": code[-1], "assessment_value": "0"}
        for q, scale, codes in (
            ("1", "0", ("A1", "A2")),
            ("3", "0", ("1", "2")),
            ("8", "0", ("1", "2")),
            ("8", "1", ("1", "2")),
        )
        for code in codes
    ]
    said = [
        {"aid": a["aid"], "language": tag, "answer": f"{word} {a['code']}"}
        for a in answers
        for tag, word in (("fr", "Réponse"), ("en", "Answer"))
    ]
    attributes = [{"qid": "4", "attribute": "num_value_int_only", "value": "1", "language": ""}]
    attributes += [{"qid": "4", "attribute": "max_num_value_n", "value": "24", "language": ""}]
    attributes += [{"qid": "3", "attribute": "array_filter", "value": "Q9", "language": ""}]
    attributes += [{"qid": "7", "attribute": "time_limit", "value": "30", "language": ""}]
    survey = [{"sid": "7", "language": "fr", "additional_languages": "en"}]
    title = [
        {"surveyls_survey_id": "7", "surveyls_language": "fr", "surveyls_title": "Un essai"},
        {"surveyls_survey_id": "7", "surveyls_language": "en", "surveyls_title": "A trial"},
    ]
    body = (
        table("answers", answers)
        + table("answer_l10ns", said)
        + table("groups", [{"gid": "1", "sid": "7", "group_order": "1"}])
        + table(
            "group_l10ns",
            [{"gid": "1", "group_name": "Partie", "description": "Bonjour", "language": "fr"}],
        )
        + table("questions", questions)
        + table("subquestions", subquestions)
        + table("question_l10ns", words)
        + table("question_attributes", attributes)
        + table("surveys", survey)
        + table("surveys_languagesettings", title)
        + table("quota", [{"id": "1", "name": "Half", "qlimit": "50"}])
    )
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>600</DBVersion>"
    spoken = "<languages><language>fr</language><language>en</language></languages>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><document>{head}{spoken}{body}</document>'.encode()
    )


_MORE = {";": [("X", "1")], "K": [("C", "0")]}  # C is never shown


def lss_parts() -> bytes:
    """A survey of an older version whose rows, options and cells have conditions and filters."""
    kinds = {
        "1": "M",
        "2": "F",
        "3": "P",
        "4": "K",
        "5": ";",
        "6": "R",
        "7": "L",
        "8": "T",
        "9": "S",
    }
    whens = {"7": "", "8": 'that.Q2.sq_A == "1"', "9": 'Q7_other == "" && !is_empty(Q3_Acomment)'}
    questions = [
        {"qid": q, "parent_qid": "0", "sid": "7", "gid": "1", "type": kind, "title": f"Q{q}"}
        | {"question": f"Q {q}?", "question_order": q, "relevance": whens.get(q, "1")}
        | {"language": "en", "other": "Y" if kind == "L" else "N"}
        for q, kind in kinds.items()
    ]
    when = {"2B": 'self.sq_A == "1"', "3A": 'Q1_A.NAOK == "Y"', "4A": 'Q1_B == "Y"', "4C": "0"}
    subquestions = [
        {"qid": f"{q}{n}", "parent_qid": q, "title": title, "question": title, "language": "en"}
        | {"question_order": str(n), "scale_id": scale, "relevance": when.get(q + title, "1")}
        for q, kind in kinds.items()
        if kind in "MFPK;"
        for n, (title, scale) in enumerate([("A", "0"), ("B", "0"), *_MORE.get(kind, ())], 1)
    ]
    answers = [
        {"qid": q, "code": code, "answer": f"Answer {code}", "sortorder": str(n), "language": "en"}
        | {"scale_id": "0"}
        for q, codes in (("2", "12"), ("6", "AB"), ("7", "12"))
        for n, code in enumerate(codes)
    ]
    filters = [("3", "array_filter_exclude", "Q1"), ("4", "array_filter", "Q9")]
    filters += [("5", "array_filter", "Q1"), ("6", "array_filter", "Q1"), ("9", "hidden", "0")]
    attributes = [{"qid": q, "attribute": name, "value": v} for q, name, v in filters]
    conditions = [
        {
            "qid": "7",
            "cqid": "1",
            "cfieldname": "7X1X1",
            "method": "==",
            "value": v,
            "scenario": "1",
        }
        for v in "AB"
    ]
    body = (
        table("answers", answers)
        + table("conditions", conditions)
        + table("groups", [{"gid": "1", "group_name": "Part", "language": "en"}])
        + table("questions", questions)
        + table("subquestions", subquestions)
        + table("question_attributes", attributes)
        + table("surveys", [{"sid": "7", "language": "en"}])
    )
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>177</DBVersion>"
    spoken = "<languages><language>en</language></languages>"
    return f"<document>{head}{spoken}{body}</document>".encode()


def translated(name: str, words: str, fr: str) -> dict[str, Any]:
    """An element with its French translation."""
    inner = [{"url": "lang", "valueCode": "fr"}, {"url": "content", "valueString": fr}]
    url = "http://hl7.org/fhir/StructureDefinition/translation"
    return {name: words, f"_{name}": {"extension": [{"url": url, "extension": inner}]}}


def questionnaire() -> dict[str, Any]:
    """A FHIR Questionnaire with a contained value set."""
    hidden = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
    concept = [translated("display", "Good", "Bien") | {"code": "good"}]
    concept += [translated("display", "Bad", "Mal") | {"code": "LA-2"}]
    when = {"question": "1.1", "operator": "=", "answerBoolean": True}
    return {
        "resourceType": "Questionnaire",
        "language": "en",
        "status": "draft",
        **translated("title", "A trial", "Un essai"),
        "contained": [
            {
                "resourceType": "ValueSet",
                "id": "vs",
                "status": "draft",
                "compose": {"include": [{"system": "http://example.org", "concept": concept}]},
            }
        ],
        "item": [
            {
                "linkId": "1",
                "type": "group",
                **translated("text", "Health", "Santé"),
                "item": [
                    {"linkId": "1.1", "type": "boolean", **translated("text", "Ill?", "Malade ?")},
                    {
                        "linkId": "1.2",
                        "type": "choice",
                        **translated("text", "How?", "Comment ?"),
                        "answerValueSet": "#vs",
                        "enableWhen": [when],
                    },
                ],
            },
            {
                "linkId": "2",
                "type": "integer",
                "required": True,
                **translated("text", "Pills?", "Comprimés ?"),
                "enableBehavior": "any",
                "enableWhen": [
                    {"question": "1.1", "operator": "!=", "answerBoolean": True},
                    {"question": "1.2", "operator": "=", "answerCoding": {"code": "LA-2"}},
                ],
            },
            {"linkId": "3", "type": "attachment", "text": "A picture"},
            {
                "linkId": "4",
                "type": "group",
                "repeats": True,
                **translated("text", "Drugs", "Médicaments"),
                "item": [{"linkId": "4.1", "type": "string", "text": "Which one?"}],
            },
            {
                "linkId": "5",
                "type": "string",
                "text": "Never seen",
                "extension": [{"url": hidden, "valueBoolean": True}],
            },
        ],
    }


def fhir() -> bytes:
    """The Questionnaire as a file."""
    return json.dumps(questionnaire()).encode()
