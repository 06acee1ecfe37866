"""CPU of the server for one edit in a questionnaire of 300 questions, and for the page after it.

    python tests/benchmarks/builder_bench.py

Prints milliseconds of process CPU (median of ten): saving by itself (POST, answered in JSON),
opening the editor, and the preview. SQLite, the process's own client: no network in it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import people
import programme

from app.factory import create_app
from app.protection.keys import Keys
from app.settings import Settings
from app.storage.schema import upgrade
from app.workflows import beginning_drafts

SIZE, TIMES = 300, 10


def core() -> str:
    """A core of this size: choices with a shared list, every third depending on the one before."""
    items = [
        f"      - {{code: Q{n:03}, type: choice, text: {{fr: Question {n} sur votre vie ?, "
        f"en: Question {n} on your life?}}, options: yes_no, ways_out: [dont_know]"
        + (f", shown_when: Q{n - 1:03} = yes" if n % 3 == 2 else "")
        + "}\n"
        for n in range(SIZE)
    ]
    head = programme.CORE.partition("      - code: E01")[0]
    return head.replace("elderly", "professional") + "".join(items)


def measured(act: Callable[[], object]) -> float:
    """Milliseconds of CPU, the median."""
    taken = []
    for _ in range(TIMES):
        before = time.process_time()
        act()
        taken.append((time.process_time() - before) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database=f"sqlite:///{folder}/bench.sqlite",
            folder=Path(folder),
            keys=Keys.derive(b"a secret that is only good for a bench"),
            public_url="http://localhost",
            office_url="http://localhost",
            hosts=("localhost",),
            secure_cookies=False,
            demonstration=False,
        )
        app = create_app(settings, "both")
        app.config["WTF_CSRF_ENABLED"] = False
        house = app.extensions["covalue"]
        upgrade(house.database)
        files = {"surveys/professional/core.yaml": core()}
        programme.loaded(house, Path(folder) / "files", files)
        people.settle(house, people.ALICE)
        client = app.test_client()
        alice = people.sign_in(client, house, people.ALICE)
        with house.database.read() as session:
            from app.storage.surveys import latest_questionnaire

            row = latest_questionnaire(session, alice.programme_id, "professional")
            assert row is not None
            version = row.id
        draft = beginning_drafts.begin_from(house, alice, "questionnaire", version)
        address = f"/office/questionnaires/drafts/{draft}/build/q/Q150"
        seen = client.get(address).get_data(as_text=True).split('name="seen" value="')[1][:12]

        def save() -> None:
            nonlocal seen
            fields = {"seen": seen, "code": "Q150", "type": "choice", "text-fr": seen}
            answer = client.post(address, data=fields, headers={"Accept": "application/json"})
            assert answer.status_code == 200, answer.get_data(as_text=True)
            seen = answer.get_json()["seen"]

        for name, act in (
            ("edit saved by itself", save),
            ("editor opened", lambda: client.get(address)),
            ("preview", lambda: client.get(f"/office/preview/{draft}/Q150")),
        ):
            sys.stdout.write(f"{name}: {measured(act):.0f} ms of CPU, {SIZE} questions\n")


if __name__ == "__main__":
    main()
