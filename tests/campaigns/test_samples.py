"""Samples of the campaigns: changed forms, calls with hostile values, broken tables of people."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import clocks
import forms
import guesses
import hostile_rosters
import pytest
from every_route import calls
from scipy.stats import mannwhitneyu
from werkzeug.datastructures import MultiDict

from app.workflows.throttling import MOST_WRONG

CASES, FORMS = 2000, 500
BODIES = ("form", "json", "bytes")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, catalogues: None) -> Iterator[forms.Service]:
    made = forms.Service(tmp_path_factory.mktemp("samples"))
    yield made
    made.house.database.dispose()


def test_changed_forms_meet_no_failure(service: forms.Service) -> None:
    outcome = next(forms.some(service, [1], FORMS))
    assert outcome.found == []
    assert outcome.counted["posts"] >= FORMS
    assert outcome.counted.get("answers of 3xx"), "some went through"


def test_hostile_calls_of_every_route_meet_no_failure(service: forms.Service) -> None:
    """Every route and method with odd values, as nobody, as staff, as a participant."""
    draw, app = random.Random(2), service.app
    clients = [app.test_client(), service.staff(), service.participant()]
    seen: Counter[int] = Counter()
    failed = []
    while seen.total() < CASES:
        for call in calls(
            app, {"code": "K1", "item": "K1", "wave_id": draw.choice((0, 1, 10**12))}
        ):
            client = draw.choice(clients)
            sent = MultiDict(forms.mutated(draw, [("territory", "FR"), ("page", "1")]))
            body = draw.choice(BODIES)
            more = {
                "form": {"data": sent},
                "json": {"data": '{"a": [1e999, NaN, {}]}', "content_type": "application/json"},
                "bytes": {"data": draw.randbytes(200), "content_type": "multipart/form-data"},
            }[body]
            answer = client.open(
                call.address,
                method=call.method,
                query_string={name: sent[name] for name in sent},
                **({} if call.method == "GET" else more),
            )
            answer.close()
            seen[answer.status_code] += 1
            known = call.endpoint.startswith("health.")  # says 503 where no worker beats
            if answer.status_code >= 500 and not known:
                failed.append(f"{call.method} {call.address}: {answer.status_code}")
    assert not failed
    assert {200, 303, 400, 404} <= set(seen)


def test_guessed_codes_are_told_to_wait_and_open_nothing() -> None:
    """Ten unknown codes from a source, then a pause; addresses of one network are one source."""
    outcome = next(guesses.guesses([1], count=2 * 600, live=50))
    assert outcome.found == []
    assert outcome.counted["guesses looked at"] <= guesses.SOURCES * MOST_WRONG
    assert outcome.counted["guesses told to wait"] > 0


def test_rank_sums_of_trials_add_up_to_the_test_of_one() -> None:
    """No clock is asserted on here: the campaigns ``times-…`` measure, equal work is counted."""
    draw = random.Random(3)
    one, other = ([draw.randrange(10**6) for _ in range(50)] for _ in range(2))
    sums = clocks.counted(one, other)
    p = mannwhitneyu(one, other, use_continuity=False, method="asymptotic").pvalue
    assert f"p = {p:.2f};" in clocks.told(sums)
    twice = {name: 2 * value for name, value in sums.items()}
    assert clocks.told(twice).startswith("200 times, 2 trials")
    apart = {**sums, "twice the rank sum of known": sums["twice what is expected"] * 3 // 2}
    apart["µs between medians"], apart["µs² between medians"] = 6000, 36_000_000
    assert "NOT HELD" in clocks.told(apart)


def test_what_comes_back_is_the_same_for_known_and_unknown(service: forms.Service) -> None:
    assert next(clocks.accounts(service, [1], each=2)).found == []
    assert next(clocks.codes(service, [1], each=2)).found == []


def test_broken_tables_of_people_are_taken_whole_or_refused_in_words() -> None:
    outcomes = list(hostile_rosters.trials([28, 29, 40, *range(61, 76)]))
    assert {outcome.seed: outcome.found for outcome in outcomes if outcome.found} == {}
    became = {what for outcome in outcomes for what in outcome.counted}
    assert "read" in became
    assert any(what.startswith("refused_") for what in became)
