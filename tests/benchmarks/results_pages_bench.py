"""Pages of a frozen release: server CPU of each against the least that the framework can do.

    python tests/benchmarks/results_pages_bench.py [requests]

A small programme of the shipped content (three territories) is filled, released and shown to
everybody; then some of its pages are asked for, small and large, through gunicorn as it is shipped.
The floor is as many requests to an empty view of a bare Flask, asked for in turn with those to the
page, so that a busy machine weighs on both alike. Pages for everybody were drawn when the release
was published; those of staff, each kind of them, by the first of these requests. Each asks the
database who it is, what they may see, and whether the release is still as it was.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluated import EVALUATOR, Evaluated, evaluate
from participant_path_bench import HERE, Walker, cpu_of, serving
from sqlalchemy import select, update

from app.factory import create_app
from app.settings import from_environment
from app.storage.database import Database, now
from app.storage.jobs import Job
from app.storage.public_pages import PublicPage
from app.storage.releases import Release
from app.storage.schema import upgrade
from app.workflows import jobs
from app.workflows.accounts import operator
from app.workflows.opening_results import KIND, set_public

SECRET = b"a secret that is only good for a bench"
LIMIT = 3.0
STAFF = (
    "",
    "/compare",
    "/cross",
    "/robustness",
    "/glance",
    "/indicators",
    "/indicators/OUT1",
    "/indicators/OUT1?audience=elderly&territory=MAY",
    "/comparability",
    "/coproduction",
    "/audiences",
    "/territories/MAY",
    "/quality",
    "/weights",
    "/methods",
    "/downloads",
    "/downloads?territory=MAY&subject=scores",
)
TURNS = 10
Measured = tuple[str, float, float]  # what was asked for, CPU seconds of one request, of the floor


def released(folder: Path) -> Evaluated:
    """A programme whose one release is published, its pages drawn for everybody."""
    empty = Database(f"sqlite:///{folder / 'empty.sqlite'}")
    upgrade(empty)
    empty.dispose()
    (folder / "own").mkdir()
    made = evaluate(folder / "empty.sqlite", folder / "own", SECRET)
    house = made.house()
    with house.database.write() as session:
        session.execute(update(Release).values(published_at=now()))
    create_app(from_environment(made.environment), "both")  # registers who draws
    set_public(house, operator(house, "DEMO"), public=True)
    with house.database.read() as session:
        job = session.scalars(select(Job.id).where(Job.kind == KIND)).one()
    jobs.run(house, job)
    house.database.dispose()
    return made


def some_pages(made: Evaluated) -> list[tuple[str, int]]:
    """Addresses of five French pages for everybody with their sizes, from the largest on."""
    house = made.house()
    with house.database.read() as session:
        found = session.execute(
            select(PublicPage.address, PublicPage.body).where(
                PublicPage.type.startswith("text/html")
            )
        ).all()
    house.database.dispose()
    sizes = [(len(body), f"/results/{address}") for address, body in found if "/fr" in address]
    pages = [(address, size) for size, address in sorted(sizes, reverse=True)]
    return pages[:: max(1, len(pages) // 5)]


def each(
    target: str,
    environment: dict[str, str],
    addresses: Sequence[str],
    requests: int,
    cookies: dict[str, str] | None = None,
) -> Iterator[Measured]:
    """CPU seconds of one request of each address and of the floor, after some that do not count."""
    environment = environment | {"PYTHONPATH": f"{HERE}:{HERE.parents[1]}"}
    with serving("empty:app", environment) as bare, serving(target, environment) as ours:
        floor, walker = Walker(bare[0], cookies or {}), Walker(ours[0], cookies or {})
        for address in addresses:
            for _ in range(8):
                status = walker.ask("GET", address)[0]
                assert status == 200, (address, status)
                floor.ask("GET", address)
            page, least = 0.0, 0.0
            for _ in range(TURNS):
                page += _spent(walker, ours[1], address, requests // TURNS)
                least += _spent(floor, bare[1], address, requests // TURNS)
            yield address, page / requests, least / requests
        walker.connection.close()
        floor.connection.close()


def _spent(walker: Walker, process: int, address: str, requests: int) -> float:
    before = cpu_of(process)
    for _ in range(requests):
        walker.ask("GET", address)
    return cpu_of(process) - before


def measured(made: Evaluated, requests: int) -> Iterator[Measured]:
    """Pages for everybody, then pages of staff."""
    environment = made.environment | {"COVALUE_HOSTS": "127.0.0.1,localhost"}
    sizes = dict(some_pages(made))
    for address, *seconds in each("wsgi:public", environment, list(sizes), requests):
        yield f"everybody {address} ({sizes[address] // 1000} kB)", *seconds
    browser = made.browser(EVALUATOR)
    kept = {name: cookie.value for (_, _, name), cookie in browser.client._cookies.items()}
    addresses = [f"/office/results/{made.release_id}{rest}" for rest in STAFF]
    for address, *seconds in each("wsgi:office", environment, addresses, requests, kept):
        yield f"staff {address}", *seconds


def main(requests: int) -> None:
    """Print each with its ratio to the floor."""
    with tempfile.TemporaryDirectory() as folder:
        for name, seconds, floor in measured(released(Path(folder)), requests):
            sys.stdout.write(
                f"{name}: {1000 * seconds:.2f} ms of CPU, the floor {1000 * floor:.2f} ms,"
                f" {seconds / floor:.1f} floors (limit {LIMIT:.0f})\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
