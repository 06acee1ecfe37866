"""Published indices from files alone: printed figures from printed inputs, and rules by hand.

Inputs and figures of the Human Development Report are those of its data file of 2021/2022.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from app.cli.evaluate import evaluate
from app.evaluation.index_outliers import kurtosis, skewness, without_outliers
from app.evaluation.index_refusals import NotComputable


def run(folder: Path, index: str, data: str) -> Result:
    (folder / "i.yaml").write_text(f"format: covalue/index/1\n{index}", encoding="utf-8")
    (folder / "d.csv").write_text(data, encoding="utf-8")
    where = ["--data", str(folder / "d.csv"), "--framework", str(folder / "i.yaml")]
    return CliRunner().invoke(evaluate, ["composite", *where])


def said(folder: Path, index: str, data: str) -> Any:
    result = run(folder, index, data)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def scores(folder: Path, index: str, data: str) -> list[Any]:
    return [unit["score"] for unit in said(folder, index, data)["units"]]


def hdi(suffix: str, life: tuple[float, float]) -> str:
    return f"""
      - {{code: health{suffix}, column: le{suffix}, goalposts: [{life[0]}, {life[1]}]}}
      - code: education{suffix}
        parts:
          - {{code: eys{suffix}, goalposts: [0, 18]}}
          - {{code: mys{suffix}, goalposts: [0, 15]}}
      - {{code: income{suffix}, column: gni{suffix}, goalposts: [100, 75000], transform: log}}"""


HEAD = "unit: country\nscale: 1\navailability: 1\n"
ANGOLA = """country,le,eys,mys,gni,le_f,eys_f,mys_f,gni_f,le_m,eys_m,mys_m,gni_m,a_le,a_edu,a_inc
Angola,61.6434,12.1721,5.417390823,5465.617791,64.3066,11.5409,4.183875561,4751.373256,\
59.0291,12.9132,6.894268513,6196.650485,28.1877327,34.17144,28.87733
"""


def test_human_development_and_by_gender(tmp_path: Path) -> None:
    index = f"code: HDI\n{HEAD}aggregation: geometric\nparts:{hdi('', (20, 85))}"
    (whole,) = scores(tmp_path, index, ANGOLA)
    assert round(whole, 3) == 0.586
    gender = f"""code: GDI
{HEAD}aggregation: ratio
parts:
  - code: women
    aggregation: geometric
    parts:{hdi("_f", (22.5, 87.5))}
  - code: men
    aggregation: geometric
    parts:{hdi("_m", (17.5, 82.5))}
"""
    found = said(tmp_path, gender, ANGOLA)
    (unit,) = found["units"]
    assert unit["nodes"]["women"] == pytest.approx(0.556745058, abs=1e-6)
    assert unit["nodes"]["men"] == pytest.approx(0.616557703, abs=1e-6)
    assert round(unit["score"], 3) == 0.903
    assert found["weights"]["used"] == {"undefined": "no_shares", "place": "GDI"}
    assert found["indicators"][0]["effective_weight"]["undefined"] == "no_shares"
    assert found["indicators"][0]["left_out"]["mean_shift"] == {"undefined": "fewer_than_two_units"}


def adjusted(code: str, inner: str, column: str) -> str:
    """A dimension times 1 less its inequality, in per cent."""
    return f"""
  - code: {code}
    aggregation: product
    parts:
      {inner}
      - {{code: {code}_kept, column: {column}, normalisation: none,
         transform: [{{times: -0.01}}, {{plus: 1}}]}}"""


def test_human_development_adjusted_for_inequality(tmp_path: Path) -> None:
    life = "- {code: health, column: le, goalposts: [20, 85]}"
    school = (
        "- {code: education, parts: [{code: eys, goalposts: [0, 18]}, "
        "{code: mys, goalposts: [0, 15]}]}"
    )
    money = "- {code: income, column: gni, goalposts: [100, 75000], transform: log}"
    index = f"code: IHDI\n{HEAD}aggregation: geometric\nparts:" + "".join(
        (
            adjusted("A", life, "a_le"),
            adjusted("B", school, "a_edu"),
            adjusted("C", money, "a_inc"),
        )
    )
    assert round(scores(tmp_path, index, ANGOLA)[0], 3) == 0.407


GII = f"""code: GII
{HEAD}normalisation: none
aggregation: ratio
transform: [{{times: -1}}, {{plus: 1}}]
parts:
  - code: HARM
    aggregation: harmonic
    parts:
      - code: GF
        aggregation: geometric
        parts:
          - {{code: HF, aggregation: geometric, parts: [
              {{code: mmr,
                transform: [{{least: 10}}, {{most: 1000}}, {{power: -1}}, {{times: 10}}]}},
              {{code: abr, transform: [{{power: -1}}]}}]}}
          - {{code: EF, aggregation: geometric, parts: [
              {{code: pr_f, transform: [{{least: 0.1}}, {{times: 0.01}}]}},
              {{code: se_f, transform: {{times: 0.01}}}}]}}
          - {{code: LF, column: lf_f, transform: {{times: 0.01}}}}
      - code: GM
        aggregation: geometric
        parts:
          - {{code: HM, constant: 1}}
          - {{code: EM, aggregation: geometric, parts: [
              {{code: pr_m, transform: {{times: 0.01}}}},
              {{code: se_m, transform: {{times: 0.01}}}}]}}
          - {{code: LM, column: lf_m, transform: {{times: 0.01}}}}
  - code: BOTH
    aggregation: geometric
    parts:
      - code: H
        parts:
          - {{code: HF2, aggregation: geometric, parts: [
              {{code: mmr2, column: mmr,
                transform: [{{least: 10}}, {{most: 1000}}, {{power: -1}}, {{times: 10}}]}},
              {{code: abr2, column: abr, transform: [{{power: -1}}]}}]}}
          - {{code: HM2, constant: 1}}
      - code: E
        parts:
          - {{code: EF2, aggregation: geometric, parts: [
              {{code: prf2, column: pr_f, transform: [{{least: 0.1}}, {{times: 0.01}}]}},
              {{code: sef2, column: se_f, transform: {{times: 0.01}}}}]}}
          - {{code: EM2, aggregation: geometric, parts: [
              {{code: prm2, column: pr_m, transform: {{times: 0.01}}}},
              {{code: sem2, column: se_m, transform: {{times: 0.01}}}}]}}
      - code: L
        parts:
          - {{code: lff2, column: lf_f, transform: {{times: 0.01}}}}
          - {{code: lfm2, column: lf_m, transform: {{times: 0.01}}}}
"""


def test_gender_inequality(tmp_path: Path) -> None:
    data = """country,mmr,abr,pr_f,pr_m,se_f,se_m,lf_f,lf_m
Afghanistan,638,82.565,27.21518987,72.78481013,6.395730019,14.86571026,14.848,66.515
Angola,241,138.402,29.54545455,70.45454545,28.1639,51.54617,73.968,79.071
"""
    found = said(tmp_path, GII, data)
    assert [round(unit["score"], 3) for unit in found["units"]] == [0.678, 0.537]
    nobody = data.replace("27.21518987,72.78481013", "0,100").replace("638", "7")
    (unit, _) = said(tmp_path, GII, nobody)["units"]
    assert unit["flags"] == ["treated:mmr", "treated:pr_f", "treated:mmr2", "treated:prf2"]


def test_hunger_index(tmp_path: Path) -> None:
    """Each share over its fixed highest value; a third, a sixth, a sixth, a third."""
    index = """code: GHI
availability: 1
parts:
  - {code: hunger, goalposts: [0, 80], weight: 1/3}
  - {code: wasting, goalposts: [0, 30], weight: 1/6}
  - {code: stunting, goalposts: [0, 70], weight: 1/6}
  - {code: deaths, goalposts: [0, 35], weight: 1/3}
"""
    data = "unit,hunger,wasting,stunting,deaths\nIndia 2023,16.6,18.7,35.5,3.1\n"
    assert round(scores(tmp_path, index, data)[0], 1) == 28.7


def test_a_product_of_exponentials(tmp_path: Path) -> None:
    """Human capital: survival x e^(.08 (school - 14)) x e^((.65 (adults - 1) + .35 (not
    stunted - 1))/2), the mean over the one that is known."""
    index = """code: HCI
normalisation: none
availability: 0.5
aggregation: product
parts:
  - {code: survival}
  - {code: school, transform: [{plus: -14}, {times: 0.08}, exp]}
  - code: health
    availability: 0.5
    transform: exp
    parts:
      - {code: adults, transform: [{plus: -1}, {times: 0.65}]}
      - {code: growth, transform: [{plus: -1}, {times: 0.35}]}
"""
    data = "unit,survival,school,adults,growth\nA,0.998,12.8,0.95,\nB,0.88,2.8,0.65,0.6\nC,,9,1,1\n"
    a, b, c = scores(tmp_path, index, data)
    assert a == pytest.approx(0.998 * np.exp(0.08 * -1.2) * np.exp(0.65 * -0.05), rel=1e-13)
    health = np.exp((0.65 * -0.35 + 0.35 * -0.4) / 2)
    assert b == pytest.approx(0.88 * np.exp(0.08 * -11.2) * health, rel=1e-13)
    assert c == {"undefined": "coverage_below"}


def test_ranks_made_exponential(tmp_path: Path) -> None:
    """Deprivation: -23 ln(1 - R (1 - e^(-100/23))), R the rank as a share, in each domain."""
    drop = 1 - math.exp(-100 / 23)
    index = f"""code: IMD
normalisation: none
availability: 1
parts:
  - {{code: income, weight: 22.5, transform: [rank, {{times: {-drop / 4!r}}}, {{plus: 1}}, log,
      {{times: -23}}]}}
  - code: crime
    weight: 9.3
    transform: [rank, {{times: {-drop / 4!r}}}, {{plus: 1}}, log, {{times: -23}}]
    parts: [{{code: theft}}, {{code: noise, weight: 2}}]
"""
    data = "unit,income,theft,noise\na,0.1,5,1\nb,0.4,1,1\nc,0.2,3,9\nd,0.3,0,2\n"
    ranks = np.array([[1, 3], [4, 1], [2, 4], [3, 2]]) / 4
    each = -23 * np.log(1 - ranks * drop)
    assert scores(tmp_path, index, data) == pytest.approx(each @ [22.5, 9.3] / 31.8, rel=1e-13)
    assert each.max() == pytest.approx(100)


def test_goals_of_indicators_with_caps_gaps_and_least_numbers(tmp_path: Path) -> None:
    """Goals are means of what is there; the index wants four of its five indicators."""
    index = """code: SDG
availability: 0
least_indicators: 4
parts:
  - code: one
    parts:
      - {code: poor, direction: down, goalposts: [0, 72.6], transform: {percentiles: [0, 0.75]}}
      - {code: gap, direction: down, goalposts: [0, 40]}
  - code: two
    least_parts: 2
    availability: 0.5
    parts:
      - {code: a, goalposts: [0, 1]}
      - {code: b, goalposts: [0, 1], transform: {winsorise: [1, 0]}}
      - {code: c, goalposts: [-1, 1], capped: false}
"""
    data = """unit,poor,gap,a,b,c
U,10,10,0.5,0.1,0
V,20,,0.5,0.5,3
W,,,0.5,0.5,1
X,30,20,0.5,,
Y,80,0,1,1,1
"""
    found = said(tmp_path, index, data)["units"]
    cap = float(np.quantile([10, 20, 30, 80], 0.75))
    goal = 100 * np.array([1 - 10 / 72.6, 1 - 20 / 72.6, 1 - 30 / 72.6, 1 - cap / 72.6])
    assert found[0]["score"] == pytest.approx(
        ((goal[0] + 75) / 2 + 100 * (0.5 + 0.5 + 0.5) / 3) / 2
    )
    assert "treated:b" in found[0]["flags"]
    assert found[1]["score"] == pytest.approx((goal[1] + 100 * (0.5 + 0.5 + 2) / 3) / 2)
    assert found[1]["coverage"] == pytest.approx(0.75)
    assert found[2]["score"] == found[3]["score"] == {"undefined": "coverage_below"}
    assert found[3]["nodes"]["two"] == {"undefined": "coverage_below"}
    assert found[4]["nodes"]["one"] == pytest.approx((goal[3] + 100) / 2)


def test_pieces_bands_extremes_and_a_mean_of_zero(tmp_path: Path) -> None:
    index = """code: X
normalisation: none
availability: 0.5
floor: 0
parts:
  - {code: pieces, column: v, transform: {through: [[0, 0], [10, 50], [30, 100]]}}
  - {code: bands, column: v, transform: {bands: [[0, 1], [10, 2], [30, 3]]}}
  - {code: low, aggregation: minimum, parts: [{code: v}, {code: w}]}
  - {code: high, aggregation: maximum, parts: [{code: v2, column: v}, {code: w2, column: w}]}
  - {code: both, aggregation: geometric, parts: [{code: v3, column: v}, {code: w3, column: w}]}
  - {code: root, column: w, transform: [{power: 0.5}, {least: 2}, {most: 4}]}
"""
    data = "unit,v,w\na,0,9\nb,10,1\nc,20,\nd,40,25\n"
    nodes = [unit["nodes"] | unit["normalised"] for unit in said(tmp_path, index, data)["units"]]
    assert [each["pieces"] for each in nodes] == [0, 50, 75, 100]
    assert [each["bands"] for each in nodes] == [1, 2, 2, 3]
    assert [each["low"] for each in nodes] == [0, 1, 20, 25]
    assert [each["high"] for each in nodes] == [9, 10, 20, 40]
    assert [each["both"] for each in nodes] == pytest.approx([0, 10**0.5, 20, 1000**0.5])
    assert [each["root"] for each in nodes] == [3, 2, {"undefined": "missing"}, 4]


def test_equal_weights_hold_for_the_coverage_of_a_maximum_too(tmp_path: Path) -> None:
    index = """code: X
normalisation: none
availability: 0.5
weights: equal
aggregation: maximum
parts: [{code: light, weight: 1}, {code: heavy, weight: 9}]
"""
    assert scores(tmp_path, index, "unit,light,heavy\na,3,\nb,1,2\n") == [3, 2]


def test_tiny_and_huge_units_of_measure_are_told_apart(tmp_path: Path) -> None:
    index = """code: X
normalisation: min_max
availability: 1
parts: [{code: tiny}, {code: huge, normalisation: percentile_rank}]
"""
    data = "unit,tiny,huge\na,1e-56,1e15\nb,2e-56,1000000000000001\nc,3e-56,1000000000000100\n"
    assert scores(tmp_path, index, data) == pytest.approx([0, 50, 100])


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ("[{code: v, transform: log}]", "d.csv:b v: A logarithm wants values above 0."),
        ("[{code: v, transform: {power: -1}}]", "d.csv:b v: This value does not have this power."),
        ("[{code: v, transform: [{times: 1e9}, exp]}]", "d.csv:a v: The result is too large"),
        ("[{code: v, transform: {winsorise: [1, 1]}}]", "d.csv:v: There are fewer units"),
        ("[{code: v, transform: {outliers: [2, 3.5, 0.5]}}]", "index_step parts[0].transform"),
        ("[{code: v, transform: {most: 0}, normalisation: goalposts, goalposts: [1, 2]}]",
         "d.csv:v: After the steps (transform) both goalposts are the same."),
        ("[{code: v}, {code: one, normalisation: percentile_rank}]", "d.csv:one: All values are"),
        ("[{code: v}, {code: one, transform: percentile_rank}]", "d.csv:one: All values are"),
        ("[{code: r, aggregation: ratio, parts: [{code: w}, {code: v}]}]",
         "d.csv:b r: This ratio would divide by zero."),
        ("[{code: p, aggregation: product, parts: [{code: w, weight: 0.5}, {code: v}]}]",
         "d.csv:b p: A negative value has no power"),
        ("[{code: r, aggregation: ratio, parts: [{code: v}]}]", "index_ratio parts[0].parts"),
        ("[{code: v, transform: {plus: 1, times: 2}}]", "index_step parts[0].transform"),
        ("[{code: v, transform: {bands: [[1, 1], [1, 2]]}}]", "index_step parts[0].transform"),
        ("[{code: v, transform: rank, goalposts: [0, 1]}]", "index_ends_in_steps"),
        ("[{code: v, constant: 1, goalposts: [0, 1]}]", "index_constant"),
        ("[{code: v, transform: root}]", "choice"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_said_with_unit_and_column(
    tmp_path: Path, parts: str, words: str
) -> None:
    index = f"code: X\nnormalisation: none\navailability: 1\nparts: {parts}\n"
    result = run(tmp_path, index, "unit,v,w,one\na,2,1,5\nb,0,-3,\n")
    assert result.exit_code == 1
    assert words in " ".join(result.output.split()), result.output


TWELVE = np.array([3.0, 5, 4, 6, 2, 5, 7, 4, 3, 6, 5, 900])


def test_innovation_with_outliers_logarithms_and_least_parts(tmp_path: Path) -> None:
    """Two sub-indices; an outlier is brought in, a skewed column goes through a logarithm, a pillar
    wants two of its sub-pillars."""
    rng = np.random.default_rng(7)
    skewed, level, share = rng.lognormal(2, 2.5, 12), rng.normal(50, 9, 12), rng.random(12)
    known = share.copy()
    known[4] = np.nan
    columns = {"rnd": TWELVE, "patents": skewed, "rule": level, "women": known}
    lines = ["country," + ",".join(columns)]
    for row in range(12):
        cells = ("" if np.isnan(each[row]) else repr(float(each[row])) for each in columns.values())
        lines.append(f"c{row}," + ",".join(cells))
    index = f"""code: GII
unit: country
normalisation: min_max
availability: 0.6
parts:
  - code: input
    parts:
      - code: institutions
        least_parts: 2
        parts:
          - {{code: politics, parts: [{{code: rule}}]}}
          - {{code: people, parts: [{{code: women, direction: down}}]}}
      - {{code: research, parts: [{{code: rnd, transform: {{outliers: [2.25, 3.5, 5]}}}}]}}
  - code: output
    parts:
      - code: patents
        transform: [min_max, {{times: {float(skewed.max()) - 1!r}}}, {{plus: 1}}, log]
"""

    def scaled(x: np.ndarray) -> np.ndarray:
        return 100 * (x - np.nanmin(x)) / (np.nanmax(x) - np.nanmin(x))

    logged = np.log((skewed.max() - 1) * (skewed - skewed.min()) / np.ptp(skewed) + 1)
    institutions = (scaled(level) + 100 - scaled(known)) / 2  # missing with one of its two
    research = scaled(np.where(TWELVE == 900, 7.0, TWELVE))
    wanted = ((institutions + research) / 2 + scaled(logged)) / 2
    found = said(tmp_path, index, "\n".join(lines) + "\n")["units"]
    assert found[4]["nodes"]["institutions"] == {"undefined": "coverage_below"}
    assert found[4]["score"] == {"undefined": "coverage_below"}
    assert "treated:rnd" in found[11]["flags"]
    rest = [row for row in range(12) if row != 4]
    assert [found[row]["score"] for row in rest] == pytest.approx(wanted[rest], rel=1e-12)


def test_environment_with_percentiles_targets_and_what_a_country_cannot_have(
    tmp_path: Path,
) -> None:
    """The logarithm between two percentiles; a fixed target and the worst of the table; a country
    without a coast has an empty cell, and the other issue takes its weight."""
    rng = np.random.default_rng(3)
    dust, forest, fish = rng.lognormal(3, 1, 40), rng.random(40), rng.random(40)
    fish[::5] = np.nan
    lines = ["country,dust,forest,fish"]
    for a, b, c in zip(dust.tolist(), forest.tolist(), fish.tolist(), strict=True):
        lines.append(f"c{len(lines)},{a!r},{b!r},{'' if np.isnan(c) else repr(c)}")
    index = """code: EPI
unit: country
normalisation: min_max
availability: 0.5
parts:
  - code: health
    weight: 0.4
    parts:
      - {code: dust, direction: down, transform: [log, {percentiles: [0.05, 0.95]}]}
  - code: life
    weight: 0.6
    parts:
      - {code: forest, weight: 0.55, direction: down, transform: {percentiles: [0, 0.99]},
         normalisation: distance_to_target, target: 0.05, capped: true}
      - {code: fish, weight: 0.45}
"""
    low, high = np.quantile(np.log(dust), [0.05, 0.95])
    clean = 100 * (high - np.clip(np.log(dust), low, high)) / (high - low)
    worst = np.quantile(forest, 0.99)
    woods = 100 * np.minimum((worst - np.minimum(forest, worst)) / (worst - 0.05), 1)
    sea = 100 * (fish - np.nanmin(fish)) / (np.nanmax(fish) - np.nanmin(fish))
    life = np.where(np.isnan(sea), woods, 0.55 * woods + 0.45 * sea)
    wanted = 0.4 * clean + 0.6 * life
    assert scores(tmp_path, index, "\n".join(lines) + "\n") == pytest.approx(wanted, rel=1e-12)


def test_wellbeing_as_istat_adds_it_up(tmp_path: Path) -> None:
    """From 70 to 130 around a reference, less what the parts differ; of ills more."""
    index = """code: BES
normalisation: goalposts
scale: [70, 130]
availability: 0.5
choices: {aggregation: [framework, arithmetic]}
parts:
  - code: goods
    aggregation: mazziotta_pareto
    parts: [{code: a, goalposts: [0, 10]}, {code: b, goalposts: [0, 10], weight: 3}]
  - code: ills
    aggregation: mazziotta_pareto_of_ills
    parts: [{code: c, column: a, goalposts: [0, 10]}, {code: d, column: b, goalposts: [0, 10]}]
"""
    units = said(tmp_path, index, "unit,a,b\nx,5,5\ny,0,10\nz,,2\n")["units"]
    # y: 70 and 130; weights 1 and 3: mean 115, variance 675; equal: 100 and 900
    assert [each["nodes"]["goods"] for each in units] == pytest.approx([100, 115 - 675 / 115, 82])
    assert [each["nodes"]["ills"] for each in units] == pytest.approx([100, 109, 82])
    index = index.replace("[70, 130]", "[-1, 0]")
    result = run(tmp_path, index, "unit,a,b\nx,5,5\n")
    assert "d.csv:x goods: This mean is not above 0" in " ".join(result.output.split())


def test_skewness_and_kurtosis_are_those_of_a_sample() -> None:
    assert skewness(TWELVE) == pytest.approx(stats.skew(TWELVE, bias=False), rel=1e-12)
    assert kurtosis(TWELVE) == pytest.approx(stats.kurtosis(TWELVE, bias=False), rel=1e-12)
    assert without_outliers(TWELVE, (2.25, 3.5, 5), "x").max() == 7
    assert without_outliers(-TWELVE, (2.25, 3.5, 5), "x").min() == -7
    assert without_outliers(TWELVE[:3], (0.1, 0.1, 5), "x").tolist() == [3, 5, 4]


def test_outliers_at_both_ends_are_brought_in_from_the_end_to_which_the_column_leans() -> None:
    """The far one first, then, once the column leans to the other side, the one there."""
    both = np.array([*range(1, 31), 1000.0, -300.0])
    found = without_outliers(both, (2, 3.5, 5), "x")
    assert found.tolist() == [*range(1, 31), 30, 1]
    assert without_outliers(-both, (2, 3.5, 2), "x").tolist() == (-found).tolist()
    with pytest.raises(NotComputable):
        without_outliers(both, (2, 3.5, 1), "x")
