"""Moments: what they are, and that order and partition never change them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import E, F, P

from app.evaluation import rows
from app.evaluation.columns import Respondents
from app.evaluation.estimation import estimates
from app.evaluation.moments import Layout, ScoredAudience, empty_part, merge, moments

LAYOUT = Layout(((E, ("a.elderly", "b.elderly")), (F, ("c.family",)), (P, ())))


def people(rng: np.random.Generator, n: int, k: int) -> ScoredAudience:
    d = rng.random((k, n)) < 0.8
    who = Respondents(
        n=n,
        territory=rng.integers(0, 2, n),
        territories=("B", "A"),
        stratum=rng.integers(-1, 2, n),
        psu=rng.integers(0, 9, n),
        weight=rng.choice([0.0, 0.5, 1.0, 2.5], n),
        proxy=rng.random(n) < 0.2,
        channel=np.zeros(n, dtype=np.int8),
    )
    x = np.where(d, rng.choice([0.0, 25.0, 50.0, 100.0], (k, n)), 0.0)
    return ScoredAudience(who, x, d, rng.random((k, n)) < 0.1)


def taken(scored: ScoredAudience, order: np.ndarray) -> ScoredAudience:
    who = scored.respondents
    return ScoredAudience(
        Respondents(
            n=len(order),
            territory=who.territory[order],
            territories=who.territories,
            stratum=who.stratum[order],
            psu=who.psu[order],
            weight=who.weight[order],
            proxy=who.proxy[order],
            channel=who.channel[order],
        ),
        scored.x[:, order],
        scored.d[:, order],
        scored.unsure[:, order],
    )


def same(one, other) -> None:
    assert one.parts.keys() == other.parts.keys()
    for key, part in one.parts.items():
        for name in part.__dataclass_fields__:
            np.testing.assert_allclose(
                getattr(part, name), getattr(other.parts[key], name), rtol=1e-12, atol=1e-9
            )


def by_definition(block) -> dict:
    """The moments, person by person, as the module's docstring says."""
    psus: dict = {}
    starts = {E: 0, F: 5, P: 8}
    for audience, scored in block.items():
        who, k = scored.respondents, len(scored.x)
        for i in range(who.n):
            key = (who.territories[who.territory[i]], int(who.stratum[i]), 0)
            u = psus.setdefault(key, {}).setdefault(int(who.psu[i]), np.zeros(LAYOUT.width))
            w, s = who.weight[i], starts[audience]
            u[s] += w
            u[s + 1 : s + 1 + k] += w * scored.d[:, i]
            u[s + 1 + k : s + 1 + 2 * k] += w * (scored.x[:, i] - 50) * scored.d[:, i]
    return psus


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(0, 30))
def test_moments_are_what_they_say(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    block = {E: people(rng, n, 2), F: people(rng, m, 1)}
    found = moments(block, LAYOUT)
    psus = by_definition(block)
    assert found.parts.keys() == psus.keys()
    for key, part in found.parts.items():
        rows_ = np.array(list(psus[key].values()))
        assert part.psus == len(rows_)
        np.testing.assert_allclose(part.total, rows_.sum(axis=0), atol=1e-9)
        np.testing.assert_allclose(part.cross, rows_.T @ rows_, atol=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 80))
def test_order_and_partition_change_nothing(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    block = {E: people(rng, n, 2), F: people(rng, n // 2, 1)}
    whole = moments(block, LAYOUT)
    shuffled = {
        audience: taken(each, rng.permutation(each.respondents.n))
        for audience, each in block.items()
    }
    same(whole, moments(shuffled, LAYOUT))
    halves = []
    for half in (0, 1):  # whole PSUs: by the parity of their number
        part = {}
        for audience, each in block.items():
            part[audience] = taken(each, np.flatnonzero(each.respondents.psu % 2 == half))
        halves.append(moments(part, LAYOUT))
    same(whole, merge(halves))
    one, other = estimates(whole, frozenset()), estimates(merge(halves[::-1]), frozenset())
    for territory, each in one.items():
        np.testing.assert_allclose(each.covariance, other[territory].covariance, atol=1e-8)


def test_blocks_are_cut_between_psus(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    block = {E: people(rng, 300, 2), F: people(rng, 100, 1)}
    whole = moments(block, LAYOUT)
    monkeypatch.setattr(rows, "CELLS", 35)
    same(whole, moments(block, LAYOUT))


def test_counts_over_people() -> None:
    rng = np.random.default_rng(5)
    scored = people(rng, 200, 2)
    found = merge([moments({E: scored}, LAYOUT)])
    weighted = scored.respondents.weight > 0
    total = sum(part.count for part in found.parts.values())
    assert total.tolist() == [*(scored.d & weighted).sum(axis=1), 0]
    proxies = sum(part.proxies for part in found.parts.values())
    assert proxies.tolist()[:2] == [*(scored.d & weighted & scored.respondents.proxy).sum(axis=1)]
    outside = sum(part.unsure_outside for part in found.parts.values())
    assert outside.tolist()[:2] == [*(scored.unsure & ~scored.d & weighted).sum(axis=1)]
    heaviest = max(part.heaviest[0] for part in found.parts.values())
    assert heaviest == scored.respondents.weight[scored.d[0]].max()


def test_what_cannot_be_merged_is_refused() -> None:
    with pytest.raises(ValueError, match="no moments"):
        merge([])
    other = Layout(((E, ("a.elderly",)),))
    one = moments({}, LAYOUT)
    with pytest.raises(ValueError, match="different layouts"):
        merge([one, moments({}, other)])
    assert empty_part(other, 3).psus == 3


def test_a_psu_lies_in_one_cell() -> None:
    rng = np.random.default_rng(1)
    scored = people(rng, 30, 2)
    who = scored.respondents
    split = Respondents(
        **{name: getattr(who, name) for name in who.__dataclass_fields__ if name != "cell"},
        cell=np.arange(30),
    )
    with pytest.raises(ValueError, match="two cells"):
        moments({E: ScoredAudience(split, scored.x, scored.d, scored.unsure)}, LAYOUT)
