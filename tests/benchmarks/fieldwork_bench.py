"""Fieldwork at 100,000 people: the import of a sample, and what lists, search and monitor cost.

    python tests/benchmarks/fieldwork_bench.py [people] [engine …] [pages]

The import: the largest memory of a process that reads the file, for a hundredth, a tenth and all of
the people, and CPU for each. The pages: CPU of the application for the page of a wave with all of
them against the same page of an empty wave, with the statements that it asks, what these take by
themselves on the bare driver, and the tables that one of them reads from end to end. The ratio is
without the statements, and with them in brackets; of PostgreSQL the database's own CPU is in
neither. With ``pages`` the people are put in directly and no import is measured.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import collection
import people
import postgres
import programme
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, text
from sqlalchemy.engine import make_url

from app.domain.calls import name_keys
from app.factory import create_app
from app.protection.keys import Keys
from app.settings import Settings
from app.storage.calls import Call, NameKey
from app.storage.contacting import Contact, ContactStep
from app.storage.database import now
from app.storage.participants import AccessCode, Participant
from app.storage.responses import Response, pack
from app.storage.schema import upgrade
from app.storage.waves import instruments_of
from app.workflows.acting import House
from app.workflows.counting import count_due
from app.workflows.known_people import name_digest
from app.workflows.sample import sealed_contact, sealed_reach
from app.workflows.sample_job import bring_file
from app.workflows.waves import create_wave, open_wave

TIMES = 5
HEADER = "reference;territory;audience;case;stratum;language;name;address1;address2;email;phone\n"
LIMIT = 5


def application(database: str, folder: Path) -> Any:
    """The service on this database, without the tokens of forms."""
    settings = Settings(
        database=make_url(database),
        folder=folder,
        keys=Keys.derive(b"a secret that is only good for a bench"),
        public_url="http://localhost",
        office_url="http://localhost",
        hosts=("localhost",),
        secure_cookies=False,
        demonstration=False,
    )
    app = create_app(settings, "both")
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def sample_file(path: Path, size: int) -> None:
    """A sample of this size: names, addresses, telephones; one in three a family member."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for n in range(size):
            place, who = ("MAY", "BDX")[n % 2], "family" if n % 3 == 2 else "elderly"
            file.write(
                f"P{n:06};{place};{who};C{n // 3};s{n % 7};fr;Mme Jeanne {name_of(n)};"
                f"{n} rue de l’Exemple;53000 LAVAL;p{n}@example.org;06{n:08}\n"
            )


def name_of(number: int) -> str:
    """A name of five letters that nobody else has."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(5)).title()


def imported(database: str, folder: Path, file: Path, wave: int) -> None:
    """In a process of its own: bring the file in; memory (MB), CPU (s), steps of progress."""
    app = application(database, folder)
    house: House = app.extensions["covalue"]
    actor = collection.operator(house)
    told: list[int] = []
    begun, before = time.process_time(), peak()
    with file.open("rb") as stream:
        bring_file(house, actor, wave, stream, dry_run=False, progress=told.append)
    house.database.dispose()
    sys.stdout.write(f"{before:.0f} {peak():.0f} {time.process_time() - begun:.1f} {len(told)}\n")


def peak() -> float:
    """The largest memory of this process so far, in MB: its own, not that of who started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def planned(house: House, code: str) -> int:
    """An open wave."""
    actor = collection.operator(house)
    wave = create_wave(house, actor, collection.new_wave(code=code))
    collection.with_dossier(house, actor, wave)
    open_wave(house, actor, wave)
    return wave


def put_in(house: House, wave: int, size: int) -> None:
    """The people of ``sample_file``, each with a code, the keyed words of a name, and a letter;
    one in ten was called."""
    at = now() - timedelta(days=3)
    with house.database.write() as session:
        step = ContactStep(
            wave_id=wave,
            territory="FR",
            audience="elderly",
            channel="letter",
            kind="invitation",
            after_days=0,
            subject={},
            text={},
            made_at=at,
        )
        session.add(step)
        session.flush()
        letter = {"step_id": step.id, "channel": "letter", "at": at}
    for start in range(0, size, 5000):
        some = range(start, min(size, start + 5000))
        with house.database.write() as session:
            session.execute(insert(Participant), [_person(house, wave, n, at) for n in some])
            first = session.scalars(
                select(Participant.id).where(
                    Participant.wave_id == wave, Participant.reference == f"P{start:06}"
                )
            ).one()
            ids = {n: first + n - start for n in some}
            session.execute(
                insert(AccessCode),
                [
                    {"participant_id": one, "digest": f"c{one}".encode(), "sealed": b"x" * 60}
                    | {"made_at": at}
                    for one in ids.values()
                ],
            )
            session.execute(
                insert(NameKey),
                [
                    {"wave_id": wave, "participant_id": one, "whole": key == whole}
                    | {"digest": name_digest(house.keys.lookup, wave, key)}
                    for n, one in ids.items()
                    for whole in (f"whole {n - n % 50 % 2}",)  # one in fifty is there twice
                    for key in (*name_keys(f"Mme Jeanne {name_of(n)}"), whole)
                ],
            )
            session.execute(
                insert(Contact),
                [letter | {"participant_id": one} for one in ids.values()],
            )
            session.execute(
                insert(Call),
                [
                    {"participant_id": one, "at": at, "result": "no_answer", "next_at": at}
                    for n, one in ids.items()
                    if n % 10 == 7
                ],
            )


def _person(house: House, wave: int, n: int, at: datetime) -> dict[str, Any]:
    reference, who = f"P{n:06}", (f"Mme Jeanne {name_of(n)}", f"{n} rue de l’Exemple")
    return {
        "wave_id": wave,
        "reference": reference,
        "territory": ("MAY", "BDX")[n % 2],
        "audience": "family" if n % 3 == 2 else "elderly",
        "case_reference": f"C{n // 3}",
        "stratum": f"s{n % 7}",
        "sealed_contact": sealed_contact(house, wave, reference, who),
        "sealed_reach": sealed_reach(house, wave, reference, "", f"06{n:08}"),
        "has_phone": True,
        "coded": True,
        "disposition": {3: "refused", 13: "moved", 23: "deceased"}.get(n % 40),
        "created_at": at,
    }


def answered(house: House, wave: int) -> None:
    """Four in ten have sent, one in ten has begun."""
    at = now() - timedelta(hours=3)
    with house.database.read() as session:
        asked = instruments_of(session, wave)
        found = session.execute(
            select(Participant.id, Participant.territory, Participant.audience)
            .where(Participant.wave_id == wave)
            .order_by(Participant.id)
        ).all()
    some = next(iter(asked.values()))
    rows = [
        {
            "wave_id": wave,
            "participant_id": person,
            "territory": territory,
            "audience": audience,
            "instrument_id": asked.get((territory, audience), some),
            "secret_digest": f"{person}".encode(),
            "body": pack({"a": {}, "sit": [], "v": 1}),
            "consented_at": at,
            "started_at": at,
            "saved_at": at,
            "submitted_at": at if number % 10 < 4 else None,
        }
        for number, (person, territory, audience) in enumerate(found)
        if number % 10 < 5
    ]
    for start in range(0, len(rows), 5000):
        with house.database.write() as session:
            session.execute(insert(Response), rows[start : start + 5000])


def pages(wave: int) -> Iterator[tuple[str, Callable[[FlaskClient], Any]]]:
    """The pages of fieldwork by name."""
    base = f"/office/waves/{wave}"
    yield "wave", lambda client: client.get(base)
    yield "sample", lambda client: client.get(f"{base}/sample")
    yield "list (API)", lambda client: client.get(f"/api/v1/waves/W{wave}/sample?per_page=100")
    yield "search by sheet", lambda client: client.post(f"{base}/desk", data={"words": "P000050"})
    yield (
        "search by name",
        lambda client: client.post(f"{base}/desk", data={"words": f"jeanne {name_of(50)}"}),
    )
    yield "search by common name", lambda c: c.post(f"{base}/desk", data={"words": "jeanne"})
    yield "call list", lambda client: client.get(f"{base}/calls")
    for name in (
        "fieldwork",
        "monitor",
        "leaving",
        "duplicates",
        "calendar",
        "own-rate",
        "rates",
        "forecast",
    ):
        yield name, lambda client, at=name: client.get(f"{base}/{at}")


def measured(client: FlaskClient, act: Callable[[FlaskClient], Any]) -> float:
    """Milliseconds of CPU, the median."""
    taken = []
    for _ in range(TIMES):
        before = time.process_time()
        answer = act(client)
        taken.append((time.process_time() - before) * 1000)
        assert answer.status_code == 200, answer.status
    return statistics.median(taken)


def of_statements(house: House, statements: list[tuple[str, Any]]) -> float:
    """Milliseconds of CPU of these questions asked of the driver, and their answers fetched."""
    asked = [each for each in statements if each[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    taken = []
    with house.database.engine.connect() as connection:
        for _ in range(TIMES):
            before = time.process_time()
            for statement, values in asked:
                connection.exec_driver_sql(statement, values or ()).all()
            taken.append((time.process_time() - before) * 1000)
    return statistics.median(taken)


def read_whole(house: House, statements: list[tuple[str, Any]], engine: str) -> str:
    """Large tables that one of these statements reads from end to end."""
    found: set[str] = set()
    large = ("participant", "response", "name_key", "access_code", "save_key", "call", "contact")
    with house.database.engine.connect() as connection:
        for statement, values in statements:
            if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            asked = "EXPLAIN " if engine == "postgresql" else "EXPLAIN QUERY PLAN "
            for row in connection.exec_driver_sql(asked + statement, values or ()).all():
                line = str(row[-1])
                mark = "Seq Scan on " if engine == "postgresql" else "SCAN "
                if mark in line:
                    name = line.split(mark, 1)[1].split(" ", 1)[0]
                    found |= {name} & set(large)
    return ", ".join(sorted(found)) or "none"


def compare(engine: str, database: str, folder: Path, size: int, *, pages_only: bool) -> None:
    """Import, then the pages of a full and of an empty wave, printed."""
    app = application(database, folder)
    house: House = app.extensions["covalue"]
    upgrade(house.database)
    programme.loaded(house, folder / "files")
    people.settle(house, people.ALICE)
    empty, full = planned(house, "W1"), 0
    if pages_only:
        full = planned(house, "W2")
        put_in(house, full, size)
    for number, part in enumerate(() if pages_only else (size // 100, size // 10, size)):
        full = planned(house, f"W{number + 2}")
        file = folder / "sample.csv"
        sample_file(file, part)
        done = subprocess.run(
            [sys.executable, __file__, "import", database, folder, file, str(full)],
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        )
        before, most, taken, steps = done.stdout.split()
        sys.stdout.write(
            f"{engine}: import of {part:,} rows ({file.stat().st_size / 1e6:.1f} MB): "
            f"largest memory {most} MB, {before} MB before; "
            f"{taken} s of CPU, progress said {steps} times\n"
        )
        sys.stdout.flush()
    answered(house, full)
    before = time.process_time()
    count_due(house)  # as the worker does
    sys.stdout.write(
        f"{engine}: counting of {size:,} people by the worker: "
        f"{time.process_time() - before:.2f} s of CPU\n"
    )
    if engine == "postgresql":
        with house.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    client = app.test_client()
    people.sign_in(client, house, people.ALICE)
    for wave in (empty, full):
        people.say_why(client, wave)
    statements: list[tuple[str, Any]] = []
    event.listen(
        house.database.engine,
        "before_cursor_execute",
        lambda _c, _k, statement, values, _x, _m: statements.append((statement, values)),
    )
    for (name, few), (_, many) in zip(pages(empty), pages(full), strict=True):
        least = measured(client, few)
        statements.clear()
        many(client)
        asked = list(statements)
        most, own = measured(client, many), of_statements(house, asked)
        ratio = max(0.0, most - own) / least
        over = "" if ratio <= LIMIT else f", over {LIMIT}"
        whole = most / least
        sys.stdout.write(
            f"{engine}: {name}: {most:.0f} ms of CPU, {own:.0f} ms of it {len(asked)} statements; "
            f"empty {least:.0f} ms; ratio of the rest {ratio:.1f}{over} (of all {whole:.1f}); "
            f"read whole: {read_whole(house, asked, engine)}\n"
        )
        sys.stdout.flush()
    house.database.dispose()


def main(arguments: list[str]) -> None:
    """Measure and print."""
    if arguments[:1] == ["import"]:
        imported(arguments[1], Path(arguments[2]), Path(arguments[3]), int(arguments[4]))
        return
    size = int(arguments[0]) if arguments else 100_000
    pages_only = "pages" in arguments
    engines = {"sqlite", "postgresql"} & set(arguments) or {"sqlite", "postgresql"}
    with tempfile.TemporaryDirectory() as kept:
        if "sqlite" in engines:
            folder = Path(kept) / "sqlite"
            folder.mkdir()
            compare(
                "sqlite", f"sqlite:///{folder}/bench.sqlite", folder, size, pages_only=pages_only
            )
        if "postgresql" in engines:
            folder = Path(kept) / "postgresql"
            folder.mkdir()
            with postgres.running() as server:
                url = server.create("bench").render_as_string(hide_password=False)
                compare("postgresql", url, folder, size, pages_only=pages_only)


if __name__ == "__main__":
    main(sys.argv[1:])
