"""One sample of a known population judged: which intervals hold the truth, who is said to move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from population import TERRITORIES, World, sample, truth, world

from app.domain.frameworks import indicators
from app.evaluation.comparison import Shift, standing_shift
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Crosswalk, crosswalk
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.estimation import estimates
from app.evaluation.figures import Programme
from app.evaluation.intervals import student
from app.evaluation.judging import Judge
from app.evaluation.measurement import measure
from app.evaluation.quantities import Quantity


@dataclass(frozen=True)
class Trial:
    """Of one sample: shifts whose own 95 % interval holds the truth, of how many; whether all the
    simultaneous intervals do; whether any excludes 0."""

    covered: int
    of: int
    all_covered: bool
    moved: bool


def trial(kind: str, seed: int, *, alike: bool) -> Trial:
    """Draw the sample with this seed and judge it as the product does."""
    known, crosswalks, true = _known(kind, alike)
    frameworks = (known.national, *known.own.values())
    definitions = components_of(frameworks)
    shares = frozenset(name for name, each in definitions.items() if each.is_share)
    moments = measure(sample(known, seed), definitions, known.asked)
    programme = Programme(
        known.national,
        known.own,
        known.asked,
        TERRITORIES,
        {},
        definitions,
        estimates(moments, shares),
    )
    draft = Draft(programme, crosswalks, Withheld())
    judge = Judge(draft, seed, 11)
    assert judge.critical is not None
    covered, simultaneous, moved = 0, True, False
    for code, shift in draft.shifts.items():
        assert isinstance(shift, Shift)
        df = judge.df[code]
        assert df is not None
        se = judge.errors.se(shift.shift)
        away = abs(shift.shift.value - true[code])
        covered += away <= student(df) * se
        simultaneous &= away <= judge.critical * se
        moved |= abs(shift.shift.value) > judge.critical * se
    return Trial(covered, len(true), simultaneous, moved)


@cache
def _known(kind: str, alike: bool) -> tuple[World, dict[str, Crosswalk], dict[str, float]]:
    known = world(kind, alike=alike)
    crosswalks = {
        code: crosswalk(known.national, own, known.asked) for code, own in known.own.items()
    }
    return known, crosswalks, {code: _true(known, crosswalks[code]) for code in crosswalks}


def _true(known: World, walk: Crosswalk) -> float:
    """The shift of a territory in the whole population."""
    place = TERRITORIES.index(walk.territory)
    own = known.own[walk.territory]
    wanted = {each.code: each for each in (*indicators(known.national), *indicators(own))}
    values = {
        code: [truth(known, k, each) for k in range(len(TERRITORIES))]
        for code, each in wanted.items()
    }
    here = {code: Quantity(each[place]) for code, each in values.items()}
    rest = {
        code: Quantity((sum(each) - each[place]) / (len(each) - 1)) for code, each in values.items()
    }
    found = standing_shift(known.national, own, walk, here, rest)
    assert isinstance(found, Shift)
    return found.shift.value
