"""What is written and read again is the same: documents for storage, files for people."""

from __future__ import annotations

import json
from datetime import date

from definition_strategies import (
    CONDITIONS,
    modules,
    nationals,
    own_files,
    questionnaires,
)
from frameworks_at_hand import NATIONAL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import NAMES, module, survey

from app.definitions import files
from app.definitions.checksums import checksum
from app.definitions.conditions import parse_condition, write_condition
from app.definitions.documents import dump, load
from app.domain.conditions import Condition
from app.domain.frameworks import Framework, global_weights, indicators, node_weight
from app.domain.questionnaire import Module, Questionnaire
from app.domain.territories import Territory
from app.domain.territory_history import as_of
from app.domain.text import NO_TEXT

SOME = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(CONDITIONS)
def test_conditions(condition: Condition) -> None:
    assert parse_condition(write_condition(condition)) == condition


@SOME
@given(questionnaires())
def test_questionnaires(questionnaire: Questionnaire) -> None:
    document = json.loads(json.dumps(files.dump_questionnaire(questionnaire)))
    assert files.load_questionnaire(document) == questionnaire
    assert files.read_questionnaire(files.write_questionnaire_yaml(questionnaire)) == questionnaire


@SOME
@given(modules())
def test_modules(one: Module) -> None:
    assert files.load_module(json.loads(json.dumps(files.dump_module(one)))) == one
    assert files.read_module(files.write_module_yaml(one), None) == one


@SOME
@given(nationals())
def test_national_frameworks(national: Framework) -> None:
    document = json.loads(json.dumps(files.dump_framework(national)))
    assert files.load_framework(document) == national
    assert files.read_framework(files.write_framework_yaml(national)) == national
    assert sum(global_weights(national).values()) == 1


@SOME
@given(st.data(), nationals())
def test_own_frameworks(data: st.DataObject, national: Framework) -> None:
    own = files.read_framework(data.draw(own_files(national)), national)
    document = json.loads(json.dumps(files.dump_framework(own)))
    assert files.load_framework(document) == own
    assert files.read_framework(files.write_framework_yaml(own), national) == own
    assert sum(global_weights(own).values()) == 1
    for dimension in own.dimensions:
        assert sum(node_weight(child) for child in dimension.children) == 100


def test_the_tiny_questionnaires() -> None:
    for name in NAMES:
        questionnaire = survey(name)
        assert (
            files.read_questionnaire(files.write_questionnaire_yaml(questionnaire)) == questionnaire
        )
        assert files.load_questionnaire(files.dump_questionnaire(questionnaire)) == questionnaire
    assert files.read_module(files.write_module_yaml(module()), None) == module()


def test_a_source_of_one_line_is_stored_as_that_line() -> None:
    """What was frozen before sources had languages keeps its document, and so its checksum."""
    written = NATIONAL.replace(
        "            weight: 1\n",
        "            weight: 1\n            source: DREES 2017\n"
        "            target: {value: 60, owner: Agence, date: 2026-01-01}\n",
    )
    national = files.read_framework(written)
    (quality,) = [each for each in indicators(national) if each.code == "SQ1"]
    assert [quality.source.in_(tag) for tag in ("fr", "en", "de")] == ["DREES 2017"] * 3
    document = files.dump_framework(national)
    indicator = document["dimensions"][1]["children"][0]["children"][0]["indicator"]
    assert (indicator["source"], indicator["target"]["owner"]) == ("DREES 2017", "Agence")
    assert files.dump_framework(files.load_framework(document)) == document
    spoken = written.replace("DREES 2017", "{fr: Question propre, en: Own item}")
    document = files.dump_framework(files.read_framework(spoken))
    indicator = document["dimensions"][1]["children"][0]["children"][0]["indicator"]
    assert indicator["source"] == {"fr": "Question propre", "en": "Own item"}


def test_the_source_of_a_population_may_go_from_a_day_on() -> None:
    written = """\
format: covalue/territories/1
programme: {code: P, title: {fr: P, en: P}}
territories:
  - {code: FR, name: {fr: France, en: France}}
  - code: BDX
    parent: FR
    name: {fr: Bordeaux, en: Bordeaux}
    population_source: {fr: Recensement, en: Census}
    changes: [{from: 2016-01-01, population_source: ""}]
"""
    programme = files.read_territories(written)
    assert files.read_territories(files.write_territories_yaml(programme)) == programme
    bordeaux = programme.territories[1]
    assert load(Territory, dump(bordeaux)) == bordeaux
    assert as_of(bordeaux, date(2015, 1, 1)).population_source.in_("en") == "Census"
    assert as_of(bordeaux, date(2016, 1, 1)).population_source == NO_TEXT


def test_a_checksum_is_of_the_content_only() -> None:
    document = files.dump_questionnaire(survey("choice"))
    turned = dict(reversed(document.items()))
    assert checksum(document) == checksum(turned) == checksum(json.loads(json.dumps(document)))
    assert checksum({"a": 1}) == checksum({"a": 1.0}) != checksum({"a": True})
    assert len({checksum(files.dump_questionnaire(survey(name))) for name in NAMES}) == len(NAMES)
