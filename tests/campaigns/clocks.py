"""Times of known and unknown people, taken in turns at random and compared.

A trial of ``times-accounts`` is a hundred sign-ins through the page with the address of an account
and a wrong password, and a hundred with an address that nobody has; of ``times-codes``, three
hundred codes each, live and unknown, judged at the door. Counters are emptied in between.

The test is van Elteren's: Wilcoxon's rank sums of all trials, each drawn in its own order and under
its own load of the machine, added up. Beside it stands how large a difference can be: the mean over
the trials of the difference of the medians, with 99 %. Held is: p over 0.01, or that interval
within five milliseconds.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist, median

import forms
from run import Campaign, Outcome
from scipy.stats import rankdata
from sqlalchemy import delete

from app.protection.codes import new_code
from app.storage.throttle import Throttle
from app.workflows.acting import House
from app.workflows.entering import Door, enter

ACCOUNTS, CODES, BOUND, SURE = 100, 300, 5000, 2.576  # of a kind; microseconds; 99 %
TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')
DOORS = {True: Door.OPEN, False: Door.UNKNOWN}
Try = Callable[[], str]  # what came back


def compared(
    seed: int, each: int, prepare: Callable[[bool], Try], between: Callable[[], None]
) -> Outcome:
    """Time ``each`` attempts of both kinds, known and not, in an order drawn with the seed."""
    order = [True, False] * each
    random.Random(seed).shuffle(order)
    times: dict[bool, list[int]] = {True: [], False: []}
    answers = set()
    for known in (True, False):  # whatever is only done once is done
        prepare(known)()
    for known in order:
        between()
        attempt = prepare(known)
        begun = time.perf_counter_ns()
        answer = attempt()
        times[known].append((time.perf_counter_ns() - begun) // 1000)
        answers.add(answer)
    found = ["what came back differs"] if len(answers) > 1 else []
    return Outcome(seed, counted(times[True], times[False]), found)


def counted(known: Sequence[int], unknown: Sequence[int]) -> dict[str, int]:
    """What adds up over trials. Both as many, in microseconds."""
    each = len(known)
    ranks = rankdata([*known, *unknown])
    apart = round(median(known) - median(unknown))
    return {
        "times": 2 * each,
        "trials": 1,
        "pairs": each * each,
        "twice the rank sum of known": round(2 * ranks[:each].sum()),
        "twice what is expected": each * (2 * each + 1),
        "twelve times its variance": each * each * (2 * each + 1),
        "µs between medians": apart,
        "µs² between medians": apart * apart,
    }


def told(sums: Mapping[str, int]) -> str:
    """The test over everything counted, and how large a difference can be."""
    over = (sums["twice the rank sum of known"] - sums["twice what is expected"]) / 2
    deviation = (sums["twelve times its variance"] / 12) ** 0.5
    chance = 2 * (1 - NormalDist().cdf(abs(over / deviation)))
    share = 0.5 + over / sums["pairs"]
    trials = sums["trials"]
    mean = sums["µs between medians"] / trials
    spread = sums["µs² between medians"] / trials - mean**2
    within = SURE * (spread / max(trials - 1, 1)) ** 0.5
    low, high = mean - within, mean + within
    held = chance > 0.01 or (trials > 1 and max(abs(low), abs(high)) < BOUND)
    return (
        f"{sums['times']:,} times, {trials} trials; p = {chance:.2f}; "
        f"a known one takes longer in {100 * share:.1f} % of pairs; "
        f"medians {mean:+.0f} µs apart (99 %: {low:+.0f} to {high:+.0f}, "
        f"bound ±{BOUND:,}): {'held' if held else 'NOT HELD'}"
    )


def accounts(
    service: forms.Service, seeds: Sequence[int], each: int = ACCOUNTS
) -> Iterator[Outcome]:
    """So many sign-ins of each kind a seed, through the page."""
    client = service.app.test_client()
    token = forms.fields_of(client, "/office/sign-in")[1]

    def prepare(exists: bool) -> Try:
        email = forms.OWEN.email if exists else "x" + forms.OWEN.email[1:]
        typed = dict(token) | {"email": email, "password": "not the password of anybody"}

        def attempt() -> str:
            answer = client.post("/office/sign-in", data=typed)
            page = TOKEN.sub("", answer.get_data(as_text=True)).replace(email, "")
            return f"{answer.status_code} {page}"

        return attempt

    for seed in seeds:
        yield compared(seed, each, prepare, lambda: _empty(service.house))


def codes(service: forms.Service, seeds: Sequence[int], each: int = CODES) -> Iterator[Outcome]:
    """So many codes of each kind a seed, judged at the door."""
    draw = random.Random(0)

    def prepare(exists: bool) -> Try:
        code = draw.choice(service.world.codes) if exists else new_code()
        return lambda: str(enter(service.house, code, "192.0.2.7").door is DOORS[exists])

    for seed in seeds:
        yield compared(seed, each, prepare, lambda: _empty(service.house))


def _empty(house: House) -> None:
    with house.database.write() as session:
        session.execute(delete(Throttle))


def _trials(
    kind: Callable[[forms.Service, Sequence[int]], Iterator[Outcome]],
) -> Callable[[Sequence[int]], Iterator[Outcome]]:
    def trials(seeds: Sequence[int]) -> Iterator[Outcome]:
        with tempfile.TemporaryDirectory() as name:
            service = forms.Service(Path(name))
            yield from kind(service, seeds)
            service.house.database.dispose()

    return trials


CAMPAIGNS = {
    "times-accounts": Campaign(4_000, "times", _trials(accounts), told),
    "times-codes": Campaign(12_000, "times", _trials(codes), told),
}
