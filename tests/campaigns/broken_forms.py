"""Forms of other programs made to break their reader: each is refused in words, or read whole.

A trial of ``hostile-xlsform``, ``hostile-limesurvey``, ``hostile-fhir`` or ``hostile-yaml`` (our
own files) is one file given to the reading process. Found is: anything but a questionnaire of ours
or a refusal, a message with a path, a tag or a trace in it, or a database that is another
afterwards.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from broken_files import attempt, attempt_definition
from run import Campaign, Outcome

from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows.acting import House
from app.workflows.foreign_forms import Format


def trials(form: Format, seeds: list[int]) -> Iterator[Outcome]:
    """One file a seed, beside a database that must stay what it is."""
    yield from _beside_database(partial(attempt, form), seeds)


def _beside_database(
    attempted: Callable[[int], tuple[str, list[str]]], seeds: list[int]
) -> Iterator[Outcome]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "covalue.sqlite"
        house = House(Database(f"sqlite:///{path}"), Keys.derive(b"of no use" * 4), Path(name))
        upgrade(house.database)
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        for seed in seeds:
            became, found = attempted(seed)
            if hashlib.sha256(path.read_bytes()).hexdigest() != before:
                found.append("the database changed")
            yield Outcome(seed, {"files": 1, became.replace(": ", "_"): 1}, found)
        house.database.dispose()


_RUNS: dict[str, Callable[[list[int]], Iterator[Outcome]]] = {
    f"hostile-{form.value}": partial(trials, form) for form in Format
}
_RUNS["hostile-yaml"] = partial(_beside_database, attempt_definition)
CAMPAIGNS = {name: Campaign(300, "files", run) for name, run in _RUNS.items()}
