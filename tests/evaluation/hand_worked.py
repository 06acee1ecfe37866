"""The example of docs/methods.md: ten people, two territories, three frameworks."""

from samples import (
    E,
    agree,
    answers,
    at_least,
    dimension,
    framework,
    indicator,
    place,
    respondents,
    scale,
)

from app.domain.frameworks import Relation, Share
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.crosswalk import Asked

O1 = indicator("O1", agree("E1"))
O2 = indicator("O2", scale("E2"))
S1 = indicator("S1", scale("E3"))
S1_A = indicator("S1_A", Share(at_least("E3", 4)), origin="S1", relation=Relation.ADAPTED)
A1 = indicator("A1", agree("E5"), relation=Relation.ADDED)
O1_TWICE = indicator("O1", agree("E1"), relation=Relation.REWEIGHTED)
B1 = indicator("B1", agree("E6"), relation=Relation.ADDED)

NATIONAL = framework(
    "NAT", dimension("OUT", 60, (O1, 50), (O2, 50)), dimension("SQ", 40, (S1, 100))
)
OWN = {
    "A": framework(
        "A", dimension("OUT", 40, (O1, 100)), dimension("SQ", 60, (S1_A, 80), (A1, 20)),
        territory="A",
    ),
    "B": framework(
        "B", dimension("OUT", 60, (O1_TWICE, 100), (O2, 50)),
        dimension("SQ", 40, (S1, 80), (B1, 20)), territory="B",
    ),
}  # fmt: skip
ASKED = Asked(
    {
        "A": {E: frozenset({"E1", "E2", "E3", "E5"})},
        "B": {E: frozenset({"E1", "E2", "E3", "E6"})},
    }
)
ANSWERS = answers(
    E1=[5, 4, 2, 5, 1, 4, 1, 2, 1, 5],
    E2=[5, 3, 4, 2, 1, 3, 4, 5, 4, 4],
    E3=[4, 5, 2, 3, 5, 2, 4, 1, 3, 1],
    E5=[4, 5, 1, 4, 5, None, None, None, None, None],
    E6=[None, None, None, None, None, 5, 2, 4, 1, 4],
)
WHO = respondents(["A"] * 5 + ["B"] * 5)
PLACES = [place("A", 3000), place("B", 1000)]


def worked(threshold: int = 5) -> Assessment:
    """The assessment of the example; five people are enough here."""
    return assess({E: (ANSWERS, WHO)}, NATIONAL, OWN, ASKED, PLACES, Settings(threshold))
