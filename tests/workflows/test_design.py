"""Design: who may draft and publish what, what a change means, and what stops it."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from people import ALICE, ANNA, BASILE, EVA, MAYA
from sqlalchemy import select

from app.domain.differences import Severity
from app.domain.errors import BadDefinition, Conflict, NotAllowed, NotFound
from app.storage.audit import AuditEntry
from app.storage.frameworks import latest_framework
from app.storage.surveys import QuestionnaireVersion, latest_questionnaire
from app.workflows import design, reviewing
from app.workflows.acting import Actor, House
from app.workflows.design import Draft, Shown
from app.workflows.reach import Family

CORE, MODULE, NATIONAL, OWN = (
    programme.CORE,
    programme.MODULE,
    programme.NATIONAL,
    programme.OWN,
)
NEW_WORDS = CORE.replace("Êtes-vous bien chez vous", "Vivez-vous bien chez vous")
NEW_QUESTION = CORE.replace(
    "      - slot:",
    """\
      - code: E03
        type: choice
        text: {fr: Une question de plus ?, en: One more question?}
        options: yes_no
        status: tested
      - slot:""",
)
NEW_OPTION_LIST = """\
        options:
          - {code: "yes", score: 1, text: {fr: Oui, en: "Yes"}}
          - {code: never, score: 0, text: {fr: Jamais, en: Never}}
        status: tested
        shown_when"""
WITHOUT_OPTION = CORE.replace(
    "        options: yes_no\n        status: tested\n        shown_when", NEW_OPTION_LIST
)
OTHER_TYPE = CORE.replace(
    "        options: yes_no\n        status: tested\n        shown_when",
    "        status: tested\n        shown_when",
).replace("code: E02\n        type: choice", "code: E02\n        type: text")
WITHOUT_CONDITION = CORE.replace("        shown_when: E01 = yes\n", "")
WITHOUT_SLOT = CORE.replace("      - slot: {code: after_E02, minutes: 1}\n", "")
UNFINISHED = CORE.replace(
    "{fr: Connaissez-vous l’équipe ?, en: Do you know the team?}", "{fr: Quoi ?}"
)


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, ANNA, MAYA)
    return house


@pytest.fixture
def alice(staffed: House) -> Actor:
    return people.acting(staffed, ALICE)


@pytest.fixture
def anna(staffed: House) -> Actor:
    return people.acting(staffed, ANNA)


@pytest.fixture
def maya(staffed: House) -> Actor:
    return people.acting(staffed, MAYA)


def saved(house: House, actor: Actor, source: str) -> int:
    result = design.save_draft(house, actor, source)
    assert result.draft_id is not None, [finding.rule for finding in result.findings]
    return result.draft_id


def seen(house: House, actor: Actor, draft_id: int, family: Family = "questionnaire") -> Draft:
    with house.database.read() as session:
        return design.draft(session, actor, family, draft_id)


def published(house: House, actor: Actor, draft_id: int, family: Family = "questionnaire") -> int:
    shown = seen(house, actor, draft_id, family).shown
    return design.publish(house, actor, family, draft_id, shown, "A note")


def versions(house: House) -> list[tuple[str, int | None]]:
    with house.database.read() as session:
        rows = session.scalars(select(QuestionnaireVersion).order_by(QuestionnaireVersion.id))
        return [(row.territory, row.number) for row in rows]


def test_a_new_wording_is_published_as_the_next_version(staffed: House, alice: Actor) -> None:
    draft_id = saved(staffed, alice, NEW_WORDS)
    draft = seen(staffed, alice, draft_id)
    assert draft.publishable
    assert (draft.row.number, draft.row.based_on) == (None, 1)
    assert draft.comparison.severity is Severity.WORDING
    assert [(d.place, d.part, d.language) for d in draft.comparison.differences] == [
        ("E01", "text", "fr")
    ]
    assert published(staffed, alice, draft_id) == 2
    with staffed.database.read() as session:
        row = latest_questionnaire(session, alice.programme_id, "elderly")
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert row is not None
    assert entry is not None
    assert (row.number, row.published_by, row.note) == (2, alice.account_id, "A note")
    assert row.published_at is not None
    assert (entry.act, entry.thing) == ("questionnaire.publish", f"questionnaire:{draft_id}")
    assert entry.details["change"] == "wording"


def test_the_impact_names_indicators_territories_and_conditions(
    staffed: House, alice: Actor
) -> None:
    found = seen(staffed, alice, saved(staffed, alice, NEW_WORDS)).comparison.impact
    assert set(found.indicators) == {("NAT", "OUT1"), ("MAY", "OUT1")}
    assert found.territories == ("MAY",)
    assert found.conditions == ("E02",)


def test_an_addition_is_additive(staffed: House, alice: Actor) -> None:
    draft_id = saved(staffed, alice, NEW_QUESTION)
    assert seen(staffed, alice, draft_id).comparison.severity is Severity.ADDITIVE
    assert published(staffed, alice, draft_id) == 2


@pytest.mark.parametrize("source", [WITHOUT_OPTION, OTHER_TYPE], ids=["option", "type"])
def test_another_meaning_needs_another_code(
    staffed: House, alice: Actor, anna: Actor, source: str
) -> None:
    draft_id = saved(staffed, alice, source)
    draft = seen(staffed, alice, draft_id)
    assert not draft.publishable
    assert [f.place for f in draft.findings if f.rule == "needs_new_code"] == ["E02"]
    with pytest.raises(BadDefinition) as refusal:
        published(staffed, anna, draft_id)
    assert "needs_new_code" in {finding.rule for finding in refusal.value.findings}


def test_a_code_that_comes_back_keeps_its_meaning(
    staffed: House, alice: Actor, anna: Actor
) -> None:
    start = CORE.index("      - code: E02")
    without = CORE[:start] + CORE[CORE.index("      - slot:") :]
    assert published(staffed, anna, saved(staffed, alice, without)) == 2
    again = seen(staffed, alice, saved(staffed, alice, OTHER_TYPE))
    assert [f.place for f in again.findings if f.rule == "needs_new_code"] == ["E02"]
    same = seen(staffed, alice, saved(staffed, alice, CORE))
    assert not [f for f in same.findings if f.rule == "needs_new_code"]


def test_a_break_is_published_by_another_national_owner(
    staffed: House, alice: Actor, anna: Actor
) -> None:
    draft_id = saved(staffed, alice, WITHOUT_CONDITION)
    assert seen(staffed, alice, draft_id).comparison.severity is Severity.BREAKING
    with pytest.raises(NotAllowed) as refusal:
        published(staffed, alice, draft_id)
    assert "other than the draft’s author" in refusal.value.message.in_("en")
    assert published(staffed, anna, draft_id) == 2


def test_a_break_in_a_module_is_published_by_a_national_owner(
    staffed: House, alice: Actor, maya: Actor
) -> None:
    second = MODULE + "      shown_when: E01 = yes\n"
    draft_id = saved(staffed, maya, second)
    with pytest.raises(NotAllowed) as refusal:
        published(staffed, maya, draft_id)
    assert "a national owner has to publish" in refusal.value.message.in_("en")
    assert published(staffed, alice, draft_id) == 2


def test_a_coordinator_publishes_the_module_of_the_territory(
    staffed: House, maya: Actor, alice: Actor
) -> None:
    draft_id = saved(staffed, maya, MODULE.replace("Le plan est-il écrit", "Le plan existe-t-il"))
    with pytest.raises(NotAllowed):
        published(staffed, maya, draft_id)
    review = reviewing.submit(staffed, maya, draft_id, "a note")
    reviewing.decide(staffed, alice, review, approve=True, words="")
    assert published(staffed, maya, draft_id) == 2
    with staffed.database.read() as session:
        core = latest_questionnaire(session, maya.programme_id, "elderly")
        module = latest_questionnaire(session, maya.programme_id, "elderly", "MAY")
    assert core is not None
    assert module is not None
    assert (module.number, module.core_id) == (2, core.id)


@pytest.mark.parametrize(
    "source",
    [
        NEW_WORDS,
        MODULE.replace("code: MAY", "code: BDX").replace("territory: MAY", "territory: BDX"),
        NATIONAL.replace("Bien chez soi", "Chez soi"),
    ],
    ids=["core", "foreign module", "national framework"],
)
def test_a_coordinator_cannot_touch_what_is_not_the_territorys(
    staffed: House, maya: Actor, source: str
) -> None:
    before = versions(staffed)
    with pytest.raises(NotAllowed):
        design.save_draft(staffed, maya, source)
    assert versions(staffed) == before
    with staffed.database.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert last.outcome == "refused"


def test_drafts_of_others_do_not_exist_for_a_coordinator(
    staffed: House, alice: Actor, maya: Actor
) -> None:
    national = saved(staffed, alice, NEW_WORDS)
    people.settle(staffed, BASILE, EVA)
    own = saved(staffed, maya, MODULE.replace("Le plan est-il écrit", "Le plan existe-t-il"))
    basile = people.acting(staffed, BASILE)
    for actor, draft_id in ((maya, national), (basile, own)):
        with pytest.raises(NotFound):
            seen(staffed, actor, draft_id)
        with pytest.raises(NotFound):
            design.discard_draft(staffed, actor, "questionnaire", draft_id)
        with pytest.raises(NotFound):
            design.publish(staffed, actor, "questionnaire", draft_id, Shown("x", 1), "note")
    eva = people.acting(staffed, EVA)
    shown = seen(staffed, eva, own).shown
    with pytest.raises(NotAllowed):
        design.publish(staffed, eva, "questionnaire", own, shown, "note")


def test_an_unreadable_file_stores_nothing(staffed: House, alice: Actor) -> None:
    before = versions(staffed)
    for hostile in (
        "",
        "just words",
        "a: &a [*a]",
        "!!python/object/apply:os.system ['true']",
        "[" * 5000,
        "format: covalue/questionnaire/1\n" * 2,
        CORE.replace("audience: elderly", "audience: pets"),
        CORE + "surprise: 1\n",
        programme.TERRITORIES,
    ):
        result = design.save_draft(staffed, alice, hostile)
        assert result.draft_id is None
        assert result.findings
    assert versions(staffed) == before


def test_a_module_of_an_unknown_territory_is_refused_with_a_finding(
    staffed: House, alice: Actor
) -> None:
    result = design.save_draft(staffed, alice, MODULE.replace("territory: MAY", "territory: XXX"))
    assert result.draft_id is None
    assert "unknown_territory" in {finding.rule for finding in result.findings}


def test_a_draft_with_errors_is_kept_and_cannot_be_published(staffed: House, alice: Actor) -> None:
    draft_id = saved(staffed, alice, UNFINISHED)
    draft = seen(staffed, alice, draft_id)
    assert not draft.publishable
    assert draft.findings[0].rule == "language_missing"
    line = UNFINISHED.splitlines().index("      - code: E02") + 1
    assert draft.findings[0].line == line
    with pytest.raises(BadDefinition):
        published(staffed, alice, draft_id)


def test_what_changed_meanwhile_is_not_published(staffed: House, alice: Actor) -> None:
    draft_id = saved(staffed, alice, NEW_WORDS)
    shown = seen(staffed, alice, draft_id).shown
    later = design.save_draft(
        staffed, alice, NEW_QUESTION, replaces=(draft_id, Shown(shown.checksum))
    )
    assert later.draft_id == draft_id
    with pytest.raises(Conflict):
        design.publish(staffed, alice, "questionnaire", draft_id, shown, "note")
    with pytest.raises(Conflict):
        design.save_draft(staffed, alice, NEW_WORDS, replaces=(draft_id, Shown(shown.checksum)))


def test_a_difference_that_is_no_longer_the_difference_is_not_published(
    staffed: House, alice: Actor
) -> None:
    first, second = saved(staffed, alice, NEW_WORDS), saved(staffed, alice, NEW_QUESTION)
    shown = seen(staffed, alice, second).shown
    published(staffed, alice, first)
    with pytest.raises(Conflict):
        design.publish(staffed, alice, "questionnaire", second, shown, "note")
    assert published(staffed, alice, second) == 3


def test_the_same_file_makes_one_draft_and_what_is_published_none(
    staffed: House, alice: Actor
) -> None:
    assert saved(staffed, alice, NEW_WORDS) == saved(staffed, alice, NEW_WORDS + "# a comment\n")
    result = design.save_draft(staffed, alice, CORE)
    assert (result.draft_id, result.findings[0].rule) == (None, "nothing_changed")


def test_a_draft_can_be_discarded_a_version_cannot(staffed: House, alice: Actor) -> None:
    draft_id = saved(staffed, alice, NEW_WORDS)
    design.discard_draft(staffed, alice, "questionnaire", draft_id)
    with pytest.raises(NotFound):
        seen(staffed, alice, draft_id)
    with pytest.raises(NotFound):
        design.discard_draft(staffed, alice, "questionnaire", 1)
    assert versions(staffed) == [("FR", 1), ("MAY", 1)]


def test_a_new_core_says_which_modules_it_leaves_behind(
    staffed: House, alice: Actor, anna: Actor
) -> None:
    draft_id = saved(staffed, alice, WITHOUT_SLOT)
    (left,) = seen(staffed, alice, draft_id).comparison.recompose
    assert (left.territory, left.number, left.findings[0].rule) == ("MAY", 1, "unknown_slot")
    assert published(staffed, anna, draft_id) == 2


def test_a_territorys_framework_is_drafted_compared_and_published(
    staffed: House, maya: Actor
) -> None:
    draft_id = saved(staffed, maya, OWN.replace("Cadre de la Mayenne", "Cadre mayennais"))
    draft = seen(staffed, maya, draft_id, "framework")
    assert draft.comparison.severity is Severity.PRESENTATION
    assert published(staffed, maya, draft_id, "framework") == 2
    with staffed.database.read() as session:
        national = latest_framework(session, maya.programme_id)
        own = latest_framework(session, maya.programme_id, "MAY")
    assert national is not None
    assert own is not None
    assert own.national_id == national.id


def test_new_weights_break_the_national_framework(
    staffed: House, alice: Actor, anna: Actor
) -> None:
    draft_id = saved(staffed, alice, NATIONAL.replace("weight: 60", "weight: 30"))
    comparison = seen(staffed, alice, draft_id, "framework").comparison
    assert comparison.severity is Severity.BREAKING
    assert comparison.impact.indicators == (("NAT", "OUT1"), ("NAT", "SQ1"))
    assert comparison.to_carry_over == ("MAY",)
    with pytest.raises(NotAllowed):
        published(staffed, alice, draft_id, "framework")
    assert published(staffed, anna, draft_id, "framework") == 2


BY_E01 = """\
breakdowns:
  - {code: WELL, title: {fr: Bien ou non, en: Well or not}, audience: elderly, by: question,
     question: E01, groups: [
       {code: well, title: {fr: Bien, en: Well}, options: ["yes"]},
       {code: others, title: {fr: Autres, en: Others}, options: ["no"]}]}
"""


def test_the_impact_names_the_breakdowns_that_a_question_decides(
    staffed: House, alice: Actor, anna: Actor
) -> None:
    draft_id = saved(staffed, alice, NATIONAL + BY_E01)
    declared = seen(staffed, alice, draft_id, "framework").comparison.impact
    assert (declared.indicators, declared.breakdowns) == ((), (("NAT", "WELL"),))
    published(staffed, anna, draft_id, "framework")
    found = seen(staffed, alice, saved(staffed, alice, NEW_WORDS)).comparison.impact
    assert found.breakdowns == (("NAT", "WELL"),)
    assert ("NAT", "OUT1") in found.indicators
