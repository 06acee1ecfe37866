"""Every shipped file loads, passes its checks, composes, and speaks both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest
from shipped_content import (
    AUDIENCES,
    ROLES,
    ROOT,
    TERRITORIES,
    core,
    instrument,
    modules,
    national,
    own,
    programme,
)

from app.domain.checks import Finding, Level
from app.domain.framework_checks import check_framework
from app.domain.frameworks import Framework, Measure, indicators, items_of
from app.domain.questionnaire import Audience, Kind, Question, Why
from app.domain.questionnaire_checks import check_module, check_questionnaire
from app.domain.territory_checks import check_territories
from app.domain.text import NO_TERMS, Text, fill, names_in

MODULES = {
    "elderly": {"BDX", "I37", "PAR", "COR", "HPY", "MAY", "VAL"},
    "family": {"BDX", "PAR", "NAN", "MAY"},
    "professional": {"BDX", "I37", "PAR", "COR", "NAN", "MAY", "VAL", "BOU"},
}
ITEMS = {
    "elderly": {f"E{number:02}" for number in range(1, 26)} | {"E24L", "EAGE", "ESEX", "ECARE"},
    "family": {f"F{number:02}" for number in range(1, 15) if number != 8}
    | {"F08a", "F08b", "F03J", "F11L", "FREL", "FHOME", "FHOURS", "FJOB"},
    "professional": {"P01", "P02a", "P02b", "P03a", "P03b", "P03c", "P03d", "P03L", "P04"}
    | {f"P{number:02}" for number in (5, 6, 7, 8, 9, 11, 12, 13, 14, 15)}
    | {"P16a", "P16b", "P16c"},
}
OTHERS_INSTRUMENTS = re.compile(
    r"EQ-?5D|ASCOT|ICECAP|WHO-?5|PRISMA|Katz|Lawton|Zarit|P3CEQ|PACIC|IEXPAC|PEICS"
    r"|Relational Coordination|Jefferson|Nuño",
    re.IGNORECASE,
)
GENDERED = re.compile(r"\([a-zé]{1,4}\)|·|\w\.e\b")
INSTRUMENTS = [(audience, territory) for audience in AUDIENCES for territory in TERRITORIES]


def local_names() -> frozenset[str]:
    return frozenset(name for place in programme().territories for name in place.terms)


def grave(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(found.rule, found.place) for found in findings if found.level is Level.ERROR]


def texts_in(thing: object) -> Iterator[Text]:
    """Every text, however deep; an absent optional one has no wordings and is left out."""
    if isinstance(thing, Text):
        yield from [thing] if thing.wordings else []
        return
    parts: Iterable[object] = ()
    if is_dataclass(thing):
        parts = [getattr(thing, part.name) for part in fields(thing)]
    elif isinstance(thing, Mapping):
        parts = thing.values()
    elif isinstance(thing, tuple | list):
        parts = thing
    for part in parts:
        yield from texts_in(part)


def all_content() -> Iterator[object]:
    yield programme()
    for audience in AUDIENCES:
        yield core(audience)
        yield from modules(audience).values()
    yield national()
    yield from map(own, TERRITORIES)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_core_passes_its_checks(audience: str) -> None:
    assert grave(check_questionnaire(core(audience), local_names())) == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_modules_are_those_of_the_territories_that_ask_something(audience: str) -> None:
    assert set(modules(audience)) == MODULES[audience]
    for code, module in modules(audience).items():
        assert (module.code, module.territory, module.audience) == (code, code, audience)
        assert grave(check_module(module, core(audience), local_names())) == []


@pytest.mark.parametrize(("audience", "territory"), INSTRUMENTS)
def test_instrument_composes_and_keeps_the_whole_core(audience: str, territory: str) -> None:
    composed = instrument(audience, territory)
    assert grave(check_questionnaire(composed, local_names())) == []
    kept = [q.code for q in composed.questions if q.code in core(audience).question_by_item]
    assert kept == [
        q.code for q in core(audience).questions if q.code in core(audience).question_by_item
    ]


def test_territories_pass_their_checks() -> None:
    assert check_territories(programme()) == ()


def test_national_framework_passes_its_checks_on_the_cores_alone() -> None:
    cores = {Audience(audience): [core(audience)] for audience in AUDIENCES}
    assert check_framework(national(), None, cores) == ()


@pytest.mark.parametrize("territory", TERRITORIES)
def test_own_framework_passes_its_checks(territory: str) -> None:
    asked = {Audience(audience): [instrument(audience, territory)] for audience in AUDIENCES}
    assert grave(check_framework(own(territory), national(), asked)) == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_core_asks_every_national_item(audience: str) -> None:
    asked = set(core(audience).question_by_item)
    ties = {f"{kind}_{role}" for kind in ("P10", "P10E") for role in ROLES}
    assert asked == ITEMS[audience] | (ties if audience == "professional" else set())


def test_every_text_is_there_in_both_languages() -> None:
    texts = [text for thing in all_content() for text in texts_in(thing)]
    assert len(texts) > 500
    assert [text for text in texts if not (text.has("fr") and text.has("en"))] == []


def test_every_local_name_used_is_given_by_the_nation_and_by_each_territory() -> None:
    used = {
        name
        for audience in AUDIENCES
        for thing in (core(audience), *modules(audience).values())
        for text in texts_in(thing)
        for wording in text.as_dict().values()
        for name in names_in(wording)
    }
    used.discard("entry")  # the name that a person gives an entry of a list
    assert used == {"support_team", "shared_tool", "support_platform", "help_line"}
    for place in programme().territories:
        assert used <= place.terms.keys(), place.code


def test_territories_of_the_demonstration() -> None:
    by_code = {place.code: place for place in programme().territories}
    assert set(by_code) == {"FR", *TERRITORIES}
    unknown = {code for code in TERRITORIES if by_code[code].population_75 is None}
    assert unknown == {"VAL", "BOU"}
    assert sum(by_code[c].population_75 or 0 for c in TERRITORIES) == 149_800
    assert by_code["MAY"].sub_areas == ("north", "south")
    fictitious = re.compile(r"(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49) \d\d \d\d")
    for place in programme().territories:
        assert fictitious.fullmatch(place.help_phone), place.code
        assert place.help_phone in place.terms["help_line"].in_("fr")


def questions() -> Iterator[Question]:
    for audience in AUDIENCES:
        yield from core(audience).questions
        for module in modules(audience).values():
            yield from (
                q for pages in module.pages_by_slot.values() for p in pages for q in p.questions
            )


def test_no_wording_claims_to_be_tested_and_none_forces_an_answer() -> None:
    assert {question.status for question in questions()} == {"draft"}
    asked = [q for q in questions() if q.kind is not Kind.INFORMATION and not q.is_name]
    forced = {q.code: q.required.value for q in asked}
    assert set(forced.values()) == {"soft"}


def test_french_has_no_gendered_endings_and_its_own_spaces() -> None:
    for text in texts_in([*questions()]):
        wording = fill(text.in_("fr"), NO_TERMS)
        assert not GENDERED.search(wording), wording
        said = re.sub(r"\]\(tel:\d+\)", "]", wording.replace("**", ""))  # where a number leads
        assert not re.search(r"[^\u00a0][?!:;»]|'", said), wording


def test_questions_are_short() -> None:
    for question in questions():
        if question.kind is not Kind.INFORMATION:
            words = [word for word in question.text.in_("fr").split() if re.search(r"\w", word)]
            assert len(words) <= 15, question.code


def test_sensitive_questions_can_be_declined_and_say_why() -> None:
    sensitive = {question.code: question for question in questions() if question.sensitive}
    assert set(sensitive) == {"E04", "E05", "E20", "F04"}
    for question in sensitive.values():
        assert Why.PREFER_NOT in {way.why for way in question.ways_out}
        assert question.why_we_ask.has("fr")


def measures(framework: Framework) -> Iterator[tuple[str, Audience, Measure]]:
    for indicator in (*indicators(framework), *framework.ledger):
        for component in indicator.components:
            yield indicator.code, component.audience, component.measure


@pytest.mark.parametrize("territory", TERRITORIES)
def test_each_territory_asks_all_that_its_framework_measures(territory: str) -> None:
    for code, audience, measure in measures(own(territory)):
        asked = instrument(audience.value, territory).question_by_item.keys()
        assert items_of(measure) <= asked, code


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_module_question_serves_its_territorys_framework(audience: str) -> None:
    """Nobody is asked for nothing: filters serve by deciding who is asked, names about whom."""
    for territory, module in modules(audience).items():
        read = {item for _, _, measure in measures(own(territory)) for item in items_of(measure)}
        added = {
            code
            for pages in module.pages_by_slot.values()
            for page in pages
            for question in page.questions
            if not question.is_name
            for code in question.item_codes
        }
        assert added <= read, territory


def test_no_instrument_of_others_is_shipped() -> None:
    files = [*(ROOT / "surveys").rglob("*.yaml"), *(ROOT / "config").rglob("*.yaml")]
    assert len(files) >= 33
    for path in files:
        found = OTHERS_INSTRUMENTS.search(path.read_text(encoding="utf-8"))
        assert found is None, path.name
    for audience in AUDIENCES:
        assert core(audience).source.in_("en").startswith("Own wording")
        assert core(audience).licence
