"""FHIR R4 Questionnaires, with the usual part of SDC, to questionnaires. See docs/formats.md."""

from __future__ import annotations

import re

from app.domain.questionnaire import Questionnaire
from app.domain.text import NO_TEXT, Text
from app.interchange.fhir_expressions import PathReader
from app.interchange.fhir_items import ItemReader
from app.interchange.fhir_parts import booleans_of, variables_of
from app.interchange.fhir_resources import (
    Json,
    Wordings,
    inside,
    listed,
    read_resources,
    text_of,
    wordings_of,
)
from app.interchange.fhir_stu3 import renamed
from app.interchange.foreign_form import ForeignForm
from app.interchange.foreign_names import plain_code
from app.interchange.import_report import ImportReport

_ROOT = frozenset(
    "resourceType id meta text url version name title _title status date publisher _publisher "
    "description _description item extension contained language copyright subjectType experimental "
    "identifier".split()
)


def read_fhir(content: bytes, report: ImportReport) -> Questionnaire:
    """The questionnaire of a JSON file. Raises ``ForeignFault``."""
    resources = read_resources(content, report)
    root = resources.root
    renamed(root)
    wordings = wordings_of(root, report)
    title = wordings.text("title", root, "title")
    name = text_of(root.get("name")) or text_of(root.get("id")) or "F"
    if not title.wordings:
        title = Text(tuple((tag, name) for tag in wordings.languages))
    form = ForeignForm(report, wordings.languages, title)
    form.introduction = wordings.text("description", root, "description")
    form.licence = _line(text_of(root.get("copyright")))
    form.source = _source(root, wordings)
    for element in root:
        if element not in _ROOT:
            report.unsupported(element, "look", "element", name=element)
    for one in listed(root, "extension"):
        report.unsupported(
            "-", "look", "extension", name=text_of(one.get("url")).rpartition("/")[2]
        )
    paths = PathReader(variables_of(root), booleans_of(root))
    reader = ItemReader(resources, wordings, form, paths)
    reader.items(listed(root, "item"), "item", NO_TEXT, (), 0)
    _unused(root, report)
    return form.finish(plain_code(name, "F"))


def _source(root: Json, wordings: Wordings) -> Text:
    """Who publishes the form: in every language of the form, or one line for all."""
    said = wordings.text("publisher", root, "publisher").wordings
    if len(said) == len(wordings.languages) > 1:
        return Text(tuple((tag, _line(words)) for tag, words in said))
    return Text.written(_line(text_of(root.get("publisher"))))


def _line(words: str) -> str:
    return re.sub(r"\s+", " ", words)[:500].strip()


def _unused(root: Json, report: ImportReport) -> None:
    """Say which value sets of the file no question uses."""
    used = {text_of(one.get("answerValueSet")).partition("|")[0] for one in inside(root)}
    for number, one in enumerate(listed(root, "contained")):
        names = {f"#{text_of(one.get('id'))}", text_of(one.get("url"))}
        if one.get("resourceType") == "ValueSet" and not (names - {""}) & used:
            place = f"contained[{number}]"
            report.unsupported(place, "form", "element", name=text_of(one.get("id")))
