"""How long a service is away while its database is restored: ``make restoration ANSWERS=1000000``.

A database of so many sealed answers on PostgreSQL, each response with its key, code, saved pages
and entries of a sealed log. A pair of backup files is made of it, checked and brought back into an
empty database, whose roles are given their rights, until both surfaces say that they are ready.
Results go to build/restore.txt.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import postgres
from builders import World, sealing_house, world
from extract_bench import bodies
from participant_path_bench import DURABLE, HERE, SECRET
from sqlalchemy import insert

from app.cli.backup import READY
from app.definitions.files import read_questionnaire
from app.protection.receipts import receipt
from app.protection.sealed_files import new_identity
from app.storage.audit import record_participant
from app.storage.database import now
from app.storage.item_layout import layout_of
from app.storage.participants import Participant
from app.storage.response_keys import add_keys
from app.storage.responses import Response, SaveKey, pack, unpack
from app.storage.row_security import EVERYTHING, guards
from app.storage.schema import TABLES, upgrade
from app.workflows import backing_up
from app.workflows.acting import House
from app.workflows.sealing_audit import seal

KEPT = HERE.parents[1] / "build" / "restore.txt"
PAGES = 25  # saved by each participant
ACTS = ("notice.shown", "response.begin", "response.send")
AT_ONCE = 1000


def put_in(house: House, made: World, documents: list[bytes]) -> int:
    """Answers of everybody, each sealed under a key of its own; how many answers."""
    answers, at = 0, now()
    for start in range(0, len(documents), AT_ONCE):
        people = range(start, min(start + AT_ONCE, len(documents)))
        rows, keys, told = [], [], []
        for number in people:
            own = f"own {number}".encode()
            document = unpack(documents[number])
            answers += len(document["a"])
            sealed = house.database.sealing.new_key(own)
            assert sealed is not None
            keys.append({"secret_digest": own, "sealed": sealed})
            body = house.database.sealing.close(pack(document), sealed, own)
            told.append(receipt(house.keys.receipts, own, document["a"]))
            rows.append(
                {
                    "wave_id": made.wave_id,
                    "participant_id": made.participants[number],
                    "territory": "BDX",
                    "audience": "elderly",
                    "instrument_id": made.instrument_id,
                    "secret_digest": own,
                    "body": body,
                    "revision": PAGES,
                    "consented_at": at,
                    "started_at": at,
                    "saved_at": at,
                    "submitted_at": at,
                }
            )
        with house.database.write() as session:
            add_keys(session, keys)
            found = session.scalars(insert(Response).returning(Response.id), rows).all()
            for page in range(PAGES):
                session.execute(
                    insert(SaveKey),
                    [
                        {"response_id": one, "key": f"{page:032}", "goes_to": f"Q{page}", "at": at}
                        | {"receipt": last}
                        for one, last in zip(found, told, strict=True)
                    ],
                )
            for one in found:
                for act in ACTS:
                    record_participant(session, act, f"response:{one}", "BDX", made.programme_id)
    return answers


def timed(what: str, work: Callable[[], Any], lines: list[str]) -> Any:
    """Do it, and say how long it took."""
    begun = time.monotonic()
    found = work()
    lines.append(f"{what}: {time.monotonic() - begun:.0f} s")
    sys.stdout.write(f"{lines[-1]}\n")
    sys.stdout.flush()
    return found


def ready(house: House) -> None:
    """Both surfaces, in a process of their own, say that they are ready."""
    environment = os.environ | {
        "COVALUE_DATABASE": house.database.url.render_as_string(hide_password=False),
        "COVALUE_FOLDER": str(house.folder),
        "COVALUE_SECRET": SECRET,
        "COVALUE_HOSTS": "localhost",
    }
    subprocess.run(
        [sys.executable, "-c", READY, "localhost"],
        cwd=HERE.parents[1],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def main(wanted: int) -> None:
    """PostgreSQL as a deployment has it, on this machine's disk."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as name, postgres.running(DURABLE) as server:
        folder = Path(name)
        private, public = new_identity()
        (folder / "key").write_text(private)
        (folder / "data").mkdir()
        secret = SECRET.encode()
        house = sealing_house(server.create("lived_in"), secret, folder / "data")
        whole = house.seen_by(EVERYTHING)
        upgrade(house.database)
        asked = read_questionnaire((HERE / "workload.yaml").read_text())
        layout = layout_of([asked])
        count = -(-wanted // len(layout))
        made = world(whole, asked, people=count)
        some = bodies(layout, min(count, AT_ONCE))
        answers = timed(
            "put in",
            lambda: put_in(whole, made, [some[n % len(some)] for n in range(count)]),
            lines,
        )
        timed("log sealed", lambda: seal(whole), lines)
        backup = timed(
            "backup made and read again",
            lambda: backing_up.make(house, folder / "backups", [public], [public]),
            lines,
        )
        sizes = [f"{path.stat().st_size / 1e6:.0f} MB" for path in (backup.backup, backup.keys)]
        keys = [folder / "key"]
        timed("checked", lambda: backing_up.verify(house, backup, keys), lines)
        (folder / "place").mkdir()
        place = sealing_house(server.create("place"), secret, folder / "place")
        back = timed("restored", lambda: backing_up.restore(place, backup, keys), lines)
        assert back.log_holds
        assert not back.receipts.differing
        orders = list(guards(TABLES))
        timed("rights given", lambda: server.execute(*orders, database="place"), lines)
        timed("both surfaces ready", lambda: ready(place), lines)
        with place.database.seen_by(EVERYTHING).read() as session:
            there = session.query(Participant).count()
        rows = sum(number for number, _digest in back.opened.backup["tables"].values())
        lines.insert(0, f"{answers} answers of {there} people, {rows} rows, files {sizes}")
        house.database.dispose()
        place.database.dispose()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text("\n".join(lines) + "\n")
    sys.stdout.write(KEPT.read_text())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
