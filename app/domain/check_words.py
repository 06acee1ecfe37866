"""A finding of the checks, in words: the rule says how much it weighs and what to do."""

from __future__ import annotations

from app.domain.checks import Finding
from app.domain.framework_words import FRAMEWORK_RULES
from app.domain.questionnaire_words import QUESTIONNAIRE_RULES
from app.domain.text import Text, fill

_RULES = QUESTIONNAIRE_RULES | FRAMEWORK_RULES


def finding(rule: str, place: str, **fills: object) -> Finding:
    """The finding of a rule at a place, in words."""
    level, *wordings = _RULES[rule]
    terms = {name: str(value) for name, value in fills.items()}
    fr, en, remedy_fr, remedy_en = (fill(wording, terms) for wording in wordings)
    return Finding(rule, level, place, Text.of(fr=fr, en=en), Text.of(fr=remedy_fr, en=remedy_en))
