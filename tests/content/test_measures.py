"""The shipped measures count what their notes say, for people who walk the real path."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from shipped_content import instrument, national, own

from app.domain.answers import Answer, Value, operand_of
from app.domain.frameworks import Framework, indicators
from app.domain.questionnaire import Audience, Question, Questionnaire, Why
from app.domain.routing import path_through
from app.evaluation.columns import AnswerColumns, ItemColumn, Status
from app.evaluation.components import definitions_of
from app.evaluation.scoring import score_component

STATUS = {
    Why.DONT_KNOW: Status.DONT_KNOW,
    Why.PREFER_NOT: Status.PREFER_NOT,
    Why.NOT_CONCERNED: Status.NOT_CONCERNED,
    Why.SKIPPED: Status.SKIPPED,
}
DK, NA = Why.DONT_KNOW, Why.NOT_CONCERNED
Given = dict[str, Value | Why]


def column(item: str, question: Question, answer: Answer | None, shown: bool) -> ItemColumn:
    """One person's answer to one item; an item on the path without an answer was skipped."""
    why = Why.SKIPPED if answer is None else answer.why
    status = Status.NOT_SHOWN if not shown else Status.VALUE if why is None else STATUS[why]
    operand = operand_of(question, answer) if status is Status.VALUE else None
    number = np.nan if operand is None or operand.number is None else operand.number
    codes = tuple(option.code for option in question.options)
    chosen = () if operand is None else operand.codes
    several = isinstance(answer.value, tuple) if answer else False
    one = codes.index(chosen[0]) if chosen and chosen[0] in codes and not several else -1
    scores = [option.score for option in question.options if option.score is not None]
    return ItemColumn(
        status=np.array([status], dtype=np.int8),
        given=np.array([number], dtype=np.float64),
        code=np.array([one], dtype=np.int16),
        codes=codes,
        ticked=np.array([[code in chosen for code in codes]]) if several else None,
        lowest=min(scores, default=None),
        highest=max(scores, default=None),
    )


def columns(questionnaire: Questionnaire, given: Given) -> AnswerColumns:
    answers = {
        item: Answer(why=found) if isinstance(found, Why) else Answer(found)
        for item, found in given.items()
    }
    shown = path_through(questionnaire, answers).items
    return AnswerColumns(
        1,
        {
            item: column(item, question, answers.get(item), item in shown)
            for item, question in questionnaire.question_by_item.items()
        },
    )


def scored(framework: Framework, code: str, audience: str, given: Given) -> float | None:
    """A person's score on an indicator, or None out of the base."""
    everything = (*indicators(framework), *framework.ledger)
    indicator = next(found for found in everything if found.code == code)
    definition = next(
        found for found in definitions_of(indicator) if found.audience is Audience(audience)
    )
    questionnaire = instrument(audience, framework.territory or "FR")
    scores = score_component(definition, columns(questionnaire, given))
    return float(scores.x[0]) if scores.d[0] else None


E, F, P = "elderly", "family", "professional"
CARE: Given = {"ECARE": "yes"}
NATIONAL: list[tuple[str, str, Given, float | None]] = [
    ("OUT1", E, {"E01": "4"}, 100),
    ("OUT1", E, {"E01": "leave"}, None),
    ("LEAVE", E, {"E01": "leave"}, 100),
    ("OUT3", E, {"E03": "5", "E04": "1", "E05": "1", "E06": "1"}, 100),
    ("OUT4", E, {"E07": ("a", "d")}, 50),
    ("OUT4", E, {"E07": ("saw_none",)}, 0),
    ("OUT4", E, {"E07": DK}, None),
    ("OUT5", E, {"E08": "0", "E13": "yes"}, 0),
    ("OUT6", E, {"E09": NA}, None),
    ("OUT7", F, {"F01": "1", "F02": "5", "F03": NA, "F04": "5"}, 100),
    ("SQ1", E, {"E10": "yes", "E11": "yes"}, 100),
    ("SQ1", E, {"E10": "yes", "E11": DK}, 0),
    ("SQ1", E, {"E10": "no"}, 0),
    ("SQ1", E, {"E10": DK}, 0),
    ("SQ1", E, {}, None),
    ("SQ2", E, {"ECARE": "no", "E12": "5"}, None),
    ("SQ3", E, {"E13": "yes", "E14": "yes"}, 100),
    ("SQ3", E, {"E13": "yes", "E14": "partly"}, 0),
    ("SQ3", E, {"E13": "yes", "E14": "none_needed"}, None),
    ("SQ3", E, {"E13": "yes", "E14": "not_home"}, None),
    ("SQ3", E, {"E13": "no"}, None),
    ("SQ4", E, CARE | {"E15": "5"}, 0),
    ("SQ5", E, {"E16": DK}, 0),
    ("SQ5", E, {"E16": NA}, None),
    ("SQ5", F, {"F06": "yes"}, 100),
    ("SQ6", F, {"F07": "d2_3"}, 100),
    ("SQ6", F, {"F07": "no_answer"}, 0),
    ("SQ6", F, {"F07": "no_request"}, None),
    ("SQ8", F, {"F08a": "5", "F08b": "1"}, 50),
    ("TL1", E, CARE | {"E18": "4"}, 75),
    ("TL4", E, CARE | {"E12": "5", "E15": "1", "E17": "5", "E22": "1", "E20": "hard"}, 75),
    ("TL4", E, CARE | {"E12": "5", "E15": "1", "E17": "5", "E22": "1", "E20": "careful"}, None),
    ("TL4", E, CARE | {"E12": "5", "E15": "1", "E17": "5", "E22": "1"}, None),
    ("TL5", E, {"E21": DK}, None),
    ("TL5", E, {"E21": "no"}, 0),
    ("TL6", P, {"P02a": "5", "P02b": "3"}, 75),
    ("CP3", E, {"E24": ("b", "d")}, 50),
    ("CP3", E, {"E24": ("none",)}, 0),
    ("CP3", P, {"P03a": "yes", "P03b": "no", "P03c": "no", "P03d": "no"}, 25),
    ("CP4", E, {"E24": ("b",), "E24L": ("me", "group")}, 100),
    ("CP4", E, {"E24": ("b",), "E24L": ("me",)}, 0),
    ("CP4", E, {"E24": ("none",)}, 0),
    ("CP4", P, {"P04": ("individual",)}, 0),
    ("CP4", P, {"P04": ("individual", "representatives")}, 100),
    ("CP5", E, {"E24": ("d",), "E25": "yes"}, 100),
    ("CP5", E, {"E24": ("a",)}, None),
    ("CP5", P, {"P03d": "yes", "P15": "no"}, 0),
    ("EF2", F, {"F12": "1"}, 100),
    ("EF2", P, {"P12": "3"}, 0),
    ("EF3", P, {"P13": "not_used"}, 0),
    ("EF3", P, {"P13": NA}, None),
]
NAMED: Given = {"QMAY4": 2, "QMAY4_1": "Anne", "QMAY4_2": "L’infirmière"}
LOCAL: list[tuple[str, str, str, Given, float | None]] = [
    ("BDX", "SQ5_BDX", E, {"E16": "yes", "E16_BDX": "no"}, 0),
    ("BDX", "SQ5_BDX", E, {"E16": "yes", "E16_BDX": "yes"}, 100),
    ("BDX", "BDX2", E, {"E08": "1", "QBDX2F": "yes", "QBDX2": "4"}, 100),
    ("BDX", "BDX2", E, {"E08": "0"}, None),
    ("BDX", "BDX3", P, {"P16c": "solo", "QBDX3": "2"}, 0),
    ("BDX", "BDX3", P, {"P16c": "group"}, None),
    ("I37", "SQ3_I37", E, {"E13": "yes", "E14": "yes", "QI372": "2"}, 50),
    ("I37", "SQ3_I37", E, {"E13": "yes", "E14": "yes", "QI372": NA}, 100),
    ("I37", "SQ3_I37", E, {"E13": "yes", "E14": "not_home", "QI372": "5"}, 100),
    ("I37", "SQ3_I37", E, {"E13": "no"}, None),
    ("PAR", "SQ5_PAR", E, {"E16_PAR": "m2a"}, 100),
    ("PAR", "SQ5_PAR", F, {"F06_PAR": DK}, 0),
    ("PAR", "PAR1", F, {"QPAR1": "2"}, 100),
    ("PAR", "PAR1", F, {"QPAR1": NA}, None),
    ("PAR", "PAR2", F, {"F14": "no_relief"}, 0),
    ("PAR", "PAR2", F, {"F14": "no_need"}, None),
    ("COR", "COR2", E, {"E19": "alone", "QCOR2": "yes"}, 100),
    ("COR", "COR2", E, {"E19": "relative"}, None),
    ("NAN", "SQ6_NAN", F, {"F07_NAN": "never_got"}, 0),
    ("NAN", "SQ6_NAN", F, {"F07_NAN": "not_asked"}, None),
    ("NAN", "NAN1", P, {"QNAN1": "no_answer"}, 0),
    ("NAN", "NAN1", P, {"QNAN1": "never_called"}, None),
    ("HPY", "HPY2", E, {"QHPY2": "2"}, 100),
    ("HPY", "HPY3", E, {"QHPY1": "no"}, None),
    ("MAY", "SQ1_MAY", E, {"E10": "yes", "E11": "yes", "E11_MAY": "no"}, 50),
    ("MAY", "SQ1_MAY", E, {"E10": "no"}, 0),
    ("MAY", "MAY1", P, {"P14": 2, "QMAY1": "3"}, 100),
    ("MAY", "MAY1", P, {"P14": 0}, None),
    ("MAY", "MAY2", P, {"P16c": "solo", "QMAY2": NA}, None),
    ("MAY", "INFORMED_MAY", F, NAMED | {"QMAY5_1": "4", "QMAY5_2": "2"}, 50),
    ("MAY", "INFORMED_MAY", F, NAMED | {"QMAY5_1": "5"}, 100),
    ("MAY", "INFORMED_MAY", F, {"QMAY4": NA}, None),
    ("MAY", "ANSWERING_MAY", F, NAMED | {"QMAY6_1": NA, "QMAY6_2": "3"}, 0),
    ("MAY", "ANSWERING_MAY", F, NAMED | {"QMAY6_1": NA, "QMAY6_2": NA}, None),
    ("MAY", "TALKING_MAY", F, NAMED | {"QMAY7": "5"}, 100),
    ("MAY", "TALKING_MAY", F, {"QMAY4": 1, "QMAY4_1": "Anne"}, None),
    ("VAL", "CP7_VAL", P, {"P10_hospital": "3", "P10E_hospital": "4"}, 100),
    ("VAL", "CP7_VAL", P, {"P10_hospital": "0"}, 0),
    ("VAL", "CP7_VAL", P, {"P16c": "hospital"}, None),
    ("VAL", "VAL1", P, {"QVAL1": ("falls", "malnutrition", "depression")}, 0),
    ("VAL", "VAL1", P, {"QVAL1": ("falls", "malnutrition", "depression", "medicines")}, 100),
    ("BOU", "TL6_BOU", P, {"P02a": "1", "P02b": "5"}, 100),
    ("BOU", "BOU1", P, {"P16a": "home_help", "QBOU1": "yes"}, 100),
    ("BOU", "BOU1", P, {"P16a": "gp"}, None),
]


@pytest.mark.parametrize(("code", "audience", "given", "expected"), NATIONAL)
def test_national_measure(code: str, audience: str, given: Given, expected: float | None) -> None:
    assert scored(national(), code, audience, given) == expected


@pytest.mark.parametrize(("territory", "code", "audience", "given", "expected"), LOCAL)
def test_measure_of_a_territory(
    territory: str, code: str, audience: str, given: Given, expected: float | None
) -> None:
    assert scored(own(territory), code, audience, given) == expected


def ties(roles: Iterable[str], contact: str) -> Given:
    return {f"P10_{role}": contact for role in roles}


def test_ties_leave_out_ones_own_role_and_roles_that_do_not_exist_here() -> None:
    """A nurse: easy with the doctor, hard with the pharmacist, never sees three, two not here."""
    given: Given = {
        "P16a": "nurse",
        "P10_gp": "3",
        "P10E_gp": "3",
        "P10_pharmacist": "2",
        "P10E_pharmacist": "1",
        "P10_support_team": NA,
        "P10_nursing_home": NA,
    } | ties(("home_help", "social_worker", "hospital"), "0")
    assert scored(national(), "CP7", P, given) == pytest.approx(100 / 5)


def test_gaps_stand_beside_the_scores_and_leave_out_who_did_not_say() -> None:
    given: Given = CARE | {"E12": "5", "E15": "1", "E17": "5", "E22": "5"}
    assert scored(national(), "EQ_HARDSHIP", E, given | {"E20": "hard"}) == 100
    assert scored(national(), "EQ_HARDSHIP", E, given) is None
