"""A finding of the checks, in words: the rule says how much it weighs and what to do."""

from __future__ import annotations

from app.domain.breakdown_words import BREAKDOWN_RULES
from app.domain.checks import Finding
from app.domain.condition_words import CONDITION_RULES
from app.domain.dispensation_words import DISPENSATION_RULES
from app.domain.framework_words import FRAMEWORK_RULES
from app.domain.questionnaire_words import QUESTIONNAIRE_RULES
from app.domain.text import Text, fill
from app.domain.typography import typeset_french

_RULES = (
    QUESTIONNAIRE_RULES | CONDITION_RULES | FRAMEWORK_RULES | BREAKDOWN_RULES | DISPENSATION_RULES
)


def finding(rule: str, place: str, **fills: object) -> Finding:
    """The finding of a rule at a place, in words; a text among the fills speaks both languages."""
    level, *wordings = _RULES[rule]
    terms = {
        language: {
            name: value.in_(language) if isinstance(value, Text) else str(value)
            for name, value in fills.items()
        }
        for language in ("fr", "en")
    }
    spoken = zip(wordings, ("fr", "en", "fr", "en"), strict=True)
    fr, en, remedy_fr, remedy_en = (fill(wording, terms[language]) for wording, language in spoken)
    message = Text.of(fr=typeset_french(fr), en=en)
    remedy = Text.of(fr=typeset_french(remedy_fr), en=remedy_en)
    return Finding(rule, level, place, message, remedy)
