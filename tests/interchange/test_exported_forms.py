"""What goes out is read by programs that are not ours; no questionnaire that came in stops it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import generated_forms
from pyxform.xls2xform import convert

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Questionnaire
from app.interchange.fhir_reading import read_fhir
from app.interchange.fhir_writing import write_fhir
from app.interchange.import_report import ForeignFault, ImportReport
from app.interchange.lss_reading import read_lss
from app.interchange.xlsform_reading import read_xlsform
from app.interchange.xlsform_writing import write_xlsform

SURVEYS = Path(__file__).parents[2] / "surveys"


def _ours() -> Iterator[Questionnaire]:
    for path in sorted(SURVEYS.glob("*/core.yaml")):
        yield read_questionnaire(path.read_text("utf-8"))


def _came_in(seeds: range) -> Iterator[Questionnaire]:
    for make, read in (
        (generated_forms.fhir, read_fhir),
        (generated_forms.lss, read_lss),
        (generated_forms.xlsform, read_xlsform),
    ):
        for seed in seeds:
            try:
                yield read(make(seed).content, ImportReport())
            except ForeignFault:
                continue  # it asks nothing


def test_pyxform_makes_forms_of_our_workbooks() -> None:
    for questionnaire in (*_ours(), *_came_in(range(6))):
        made = convert(io.BytesIO(write_xlsform(questionnaire, ImportReport())))
        for question in questionnaire.questions:
            named = question.written_code in made.xform
            assert named or question.kind.value == "battery" or question.is_name


def test_fhir_has_the_shape_and_the_signs_that_its_validators_want() -> None:
    count = 0
    for questionnaire in (*_ours(), *_came_in(range(15))):
        written = write_fhir(questionnaire, ImportReport()).decode()
        assert not {"\u00a0", "\u202f"} & set(written)
        links = [item["linkId"] for item in _items(json.loads(written))]
        assert len(links) == len(set(links))
        count += 1
    assert count > 40


def _items(holder: dict[str, object]) -> Iterator[dict[str, object]]:
    inner = holder.get("item", [])
    assert isinstance(inner, list)
    for item in inner:
        kind = item["type"]
        assert ("item" in item) or kind != "group"
        assert ("answerOption" in item) == (kind in ("choice", "open-choice"))
        for when in item.get("enableWhen", ()):
            assert len([name for name in when if name.startswith("answer")]) == 1
        yield item
        yield from _items(item)
