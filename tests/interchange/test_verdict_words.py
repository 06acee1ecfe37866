"""Verdicts as sentences: what excludes 0 never reads as if it did not."""

from __future__ import annotations

import pytest

from app.evaluation.tables import Observation, What
from app.evaluation.verdicts import Verdict
from app.interchange.verdict_words import verdict_sentence


@pytest.mark.parametrize(
    ("verdict", "low", "high", "language", "said"),
    [
        (Verdict.HIGHER_SIZE_UNCERTAIN, 0.04, 1.36, "fr", "entre à peine plus de 0 et +1,4"),
        (Verdict.HIGHER_SIZE_UNCERTAIN, 0.0, 1.4, "en", "between just above 0 and +1.4"),
        (Verdict.LOWER_SIZE_UNCERTAIN, -1.2, -0.01, "fr", "entre −1,2 et à peine moins de 0"),
        (Verdict.HIGHER_SIZE_UNCERTAIN, 0.06, 1.4, "en", "between +0.1 and +1.4"),
        (Verdict.STANDS_HIGHER, 2.2, 4.0, "fr", "+3,1 points, entre +2,2 et +4,0"),
    ],
)
def test_an_end_next_to_zero_is_said(
    verdict: Verdict, low: float, high: float, language: str, said: str
) -> None:
    seen = Observation(
        "MAY", "MAY", What.STANDING_SHIFT, value=3.1, low=low, high=high, verdict=verdict
    )
    assert verdict_sentence(seen, None, language).endswith(said)


@pytest.mark.parametrize(
    ("value", "language", "said"),
    [
        (1.9, "fr", "+1,9 point, "),
        (-0.4, "fr", "−0,4 point, "),
        (2.0, "fr", "+2,0 points, "),
        (11.0, "fr", "+11,0 points, "),
        (1.9, "en", "+1.9 points, "),
    ],
)
def test_french_counts_in_the_plural_from_two_on(value: float, language: str, said: str) -> None:
    seen = Observation(
        "MAY", "MAY", What.STANDING_SHIFT, value=value, low=1, high=2, verdict=Verdict.STANDS_HIGHER
    )
    assert said in verdict_sentence(seen, None, language)
