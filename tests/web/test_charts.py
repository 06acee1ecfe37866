"""Charts: words of any length stay inside their drawing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.web.charts import FITS, WORDS_FIT, Chart, Mark, Row, Scale, draw

NAME = "Personnes qui vivent avec leur proche depuis plus de cinq ans, jour et nuit"
FIGURE = "36,4 (25,5 à 47,4)"


def chart(loud: str) -> Chart:
    marks = (Mark(36.4, 25.5, 47.4), Mark(40.0, tone="own", lane=1))
    rows = [Row("Mayenne", marks, ((loud, FIGURE), ("autres", FIGURE)))]
    return draw("groups", "title", "description", rows, Scale(((0, "0"), (100, "100"))))


@pytest.mark.parametrize("loud", [NAME[:length] for length in (1, 17, 18, 25, 26, 36, 44, 75)])
def test_words_too_long_for_a_line_take_several(loud: str) -> None:
    made = chart(loud)
    for drawing, fits in ((made.broad, WORDS_FIT), (made.narrow, FITS)):
        pairs = [each for each in drawing.shapes if each.look == "pair"]
        lines = [each.text.replace("\n", " ").strip() for each in pairs]
        assert all(len(line) <= fits for line in lines)
        assert " ".join(lines) == f"{loud.strip()} {FIGURE} autres {FIGURE}"
        heights = [each.y for each in pairs]
        assert all(later - earlier >= 20 for earlier, later in pairwise(heights))
        assert all(0 < y < drawing.height for y in heights)
