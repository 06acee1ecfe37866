"""What goes out is read by programs that are not ours; no questionnaire that came in stops it."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

import generated_forms
from pyxform.xls2xform import convert

from app.definitions.files import read_questionnaire
from app.domain.conditions import Condition, Operand, holds
from app.domain.questionnaire import Kind, Option, Questionnaire, Row
from app.domain.text import Text
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
    for questionnaire in (*_ours(), *_came_in(range(4))):
        made = convert(io.BytesIO(write_xlsform(questionnaire, ImportReport())))
        for question in questionnaire.questions:
            named = question.written_code in made.xform
            assert named or question.kind.value == "battery" or question.is_name


Asked = dict[str, tuple[Kind, tuple[Option, ...], Text, list[Condition]]]


def _asked(questionnaire: Questionnaire) -> Asked:
    """What is asked under each code: kind, options, wording and conditions."""
    found: Asked = {}
    for question in questionnaire.questions:
        for part in question.rows or (question,):
            conditions = [c for c in {question.shown_when, part.shown_when} if c is not None]
            kind = Kind.CHOICE if isinstance(part, Row) else question.kind
            code = part.code
            found[code] = kind, question.options, part.text, conditions
    return found


def _answers(dice: random.Random, asked: Asked) -> dict[str, Operand]:
    """Some answers, each of the kind of its question."""
    found: dict[str, Operand] = {}
    for code, (kind, options, _, _) in asked.items():
        if dice.random() < 0.3:
            continue
        if options:
            chosen = dice.sample(options, 1 if kind is not Kind.CHOICES else 2 % len(options) or 1)
            found[code] = Operand(tuple(one.code for one in chosen), chosen[0].score)
        elif kind in (Kind.NUMBER, Kind.LIST):
            number = dice.choice((0, 1, 2, 5, 60, 80))
            found[code] = Operand((str(number),), float(number))
        else:
            moments = {Kind.DATE: ("1940-01-01", "2026-05-05"), Kind.TIME: ("08:00", "20:30")}
            found[code] = Operand((dice.choice(moments.get(kind, ("x", "abc"))),))
    return found


def test_what_goes_out_comes_in_again() -> None:
    """Type, options, languages and wording; each condition holds for the same answers."""
    dice, compared = random.Random(7), 0
    for write, read in ((write_xlsform, read_xlsform), (write_fhir, read_fhir)):
        for questionnaire in _came_in(range(5)):
            report = ImportReport()
            before = _asked(questionnaire)
            after = _asked(read(write(questionnaire, report), report))
            if any(line.about == "condition" for line in report.lines):
                continue  # it has a condition that never holds, which is said
            samples = [_answers(dice, before) for _ in range(12)]
            for code, (kind, options, text, conditions) in before.items():
                same_kind, same_options, same_text, same_conditions = after[code]
                offered = [one for one in options if not one.closed]
                assert (kind, [one.code for one in offered]) == (
                    same_kind,
                    [one.code for one in same_options],
                )
                for ours, theirs in ((text, same_text), *_pairs(offered, same_options)):
                    assert [tag for tag, _ in ours.wordings] == [tag for tag, _ in theirs.wordings]
                for answers in samples:
                    shown = all(holds(one, answers.get) for one in conditions)
                    assert shown == all(holds(one, answers.get) for one in same_conditions), code
                    compared += 1
    assert compared > 1_000


def _pairs(ours: list[Option], theirs: tuple[Option, ...]) -> Iterator[tuple[Text, Text]]:
    yield from ((one.text, other.text) for one, other in zip(ours, theirs, strict=True))


def test_fhir_has_the_shape_and_the_signs_that_its_validators_want() -> None:
    count = 0
    for questionnaire in (*_ours(), *_came_in(range(10))):
        written = write_fhir(questionnaire, ImportReport()).decode()
        assert not {"\u00a0", "\u202f"} & set(written)
        links = [item["linkId"] for item in _items(json.loads(written))]
        assert len(links) == len(set(links))
        count += 1
    assert count > 25


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
