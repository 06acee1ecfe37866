"""Figures from the files of a request: what the command gives, limits, refusals."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from click.testing import CliRunner
from evaluated import EVALUATOR, Evaluated
from flask.testing import FlaskClient

from app.api import evaluating
from app.cli.evaluate_table import evaluate

DATA = "h,y,g,a,b,c\n" + "".join(
    f"s{k % 3},{(k * 7) % 11},{'xy'[k % 2]},{k % 5},{(k + k // 4) % 5},{(2 * k) % 5}\n"
    for k in range(40)
)
DESIGN = """format: covalue/design/1
stages: [{stratum: h}]
estimates: [{mean: y, by: g}, {shares: g}]
covariance: true
"""
INDEX = """format: covalue/index/1
code: I
availability: 1
parts: [{code: y, goalposts: [0, 10]}]
"""
MARGINS = "format: covalue/margins/1\nmargins: [{columns: g, targets: {x: 30, y: 10}}]\n"


@pytest.fixture
def evaluator(evaluated: Evaluated) -> FlaskClient:
    return evaluated.browser(EVALUATOR).client


def sent(client: FlaskClient, what: str, **parts: str) -> Any:
    """The answer to a request; parts that hold a line break are files."""
    form = {
        name: (io.BytesIO(value.encode()), f"{name}.txt") if "\n" in value else value
        for name, value in parts.items()
    }
    return client.post(f"/api/v1/evaluate/{what}", data=form)


def test_the_same_as_the_command(evaluator: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DATA, encoding="utf-8")
    (tmp_path / "d.yaml").write_text(DESIGN, encoding="utf-8")
    where = ["--data", str(tmp_path / "d.csv"), "--design", str(tmp_path / "d.yaml")]
    typed = json.loads(CliRunner().invoke(evaluate, ["table", *where]).stdout)
    answer = sent(evaluator, "table", data=DATA, design=DESIGN)
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.text) == typed | {"warnings": []}


def test_every_other_command(evaluator: FlaskClient) -> None:
    unit = DATA.replace("h,y", "unit,y").split("\n")
    table = "\n".join([unit[0], *unit[1:2], *unit[2:3], *unit[3:4]]) + "\n"
    index = sent(evaluator, "composite", data=table, framework=INDEX)
    assert [each["score"] for each in index.get_json(force=True)["units"]] == [0, 70, 30]
    scale = sent(evaluator, "reliability", data=DATA, items="a, b, c").get_json(force=True)
    assert scale["n"] == 40
    few = sent(evaluator, "dif", data=DATA, items="a,b,c", group="g", focal="x")
    assert few.get_json(force=True)["mantel"]["undefined"] == "not_assessable"
    orders = sent(evaluator, "ranks", data=table, variants="y,\r a").get_json(force=True)
    assert orders["ranks"]["y"] == {"s0": 3, "s1": 1, "s2": 2}
    plan = "format: covalue/distances/1\nvariables: [{column: y, kind: numeric}]\n"
    apart = sent(evaluator, "distances", data=table, variables=plan).get_json(force=True)
    assert apart["matrix"][0] == [0.0, 1.0, pytest.approx(3 / 7)]
    raked = sent(evaluator, "rake", data=DATA, margins=MARGINS).get_json(force=True)
    assert raked["report"]["converged"]
    assert raked["weights"][:2] == pytest.approx([1.5, 0.5])


@pytest.mark.parametrize(
    ("what", "parts", "words"),
    [
        ("table", {"data": DATA}, ("design", "This file is missing.")),
        ("table", {"design": DESIGN}, ("data", "This file is missing.")),
        (
            "table",
            {"data": DATA, "design": DESIGN.replace("mean: y", "mean: z")},
            ("data.txt", "z"),
        ),
        ("table", {"data": DATA, "design": DESIGN.replace("[{s", "[{r")}, ("design.txt", "2: ")),
        ("rake", {"data": DATA, "margins": MARGINS.replace("x: 30", "z: 30")}, ("g: z",)),
        ("dif", {"data": DATA, "items": "a,b"}, ("bad_form", "group")),
    ],
)
def test_what_cannot_be_taken_is_said_with_file_and_place(
    evaluator: FlaskClient, what: str, parts: dict[str, str], words: tuple[str, ...]
) -> None:
    answer = sent(evaluator, what, **parts)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    for word in words:
        assert word in answer.text


def test_too_much_for_a_request_is_refused_with_the_way_to_do_it(
    evaluator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("MOST_ROWS", "MOST_FIGURES", "MOST_WORK"):
        with monkeypatch.context() as small:
            small.setattr(evaluating, limit, 3)
            answer = sent(evaluator, "table", data=DATA, design=DESIGN)
        assert answer.status_code == 422
        assert "flask evaluate" in answer.text
    assert sent(evaluator, "table", data=DATA, design=DESIGN).status_code == 200


def test_one_computation_at_a_time(evaluator: FlaskClient) -> None:
    with evaluating.alone():
        answer = sent(evaluator, "table", data=DATA, design=DESIGN)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert sent(evaluator, "table", data=DATA, design=DESIGN).status_code == 200


def test_only_who_is_signed_in(browser: Browser) -> None:
    for what in ("table", "composite", "reliability", "dif", "rake", "ranks", "distances"):
        assert sent(browser.client, what, data=DATA).status_code == 401
