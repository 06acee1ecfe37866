"""Forms of other programs made to break their reader: each is refused in words, or read whole.

A trial of ``hostile-xlsform``, ``hostile-limesurvey`` or ``hostile-fhir`` is one file given to the
reading process. Found is: anything but a questionnaire of ours or a refusal, a message with a
path, a tag or a trace in it, or a database that is another afterwards.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import hostile_forms
from run import Campaign, Outcome

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Audience
from app.interchange.import_report import ForeignFault, Said
from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows.acting import House
from app.workflows.foreign_forms import Format, format_of, read_form

UNSAFE = re.compile(r"Traceback|File \"|/[a-z]+/[a-z]+/|[\x00-\x1f\u202e]")


def attempt(form: Format, seed: int) -> tuple[str, list[str]]:
    """What became of one file, and what must not be."""
    content = hostile_forms.hostile(form, seed)
    try:
        read = read_form(content, format_of(content))
    except ForeignFault as fault:
        return f"refused: {fault.said.rule}", list(_unsafe((fault.said,)))
    found = list(_unsafe(read.lines))
    if read_questionnaire(read.as_core(Audience.FAMILY)).audience is not Audience.FAMILY:
        found.append("not ours")
    return "read", found


def _unsafe(lines: tuple[Said, ...]) -> Iterator[str]:
    for line in lines:
        own = dict(line.fills)
        for language in ("fr", "en"):
            words = line.message.in_(language)
            bare = words
            for value in own.values():  # what the file said itself is shown, on one line
                bare = bare.replace(value, "") if value else bare
            if UNSAFE.search(bare) or "\n" in words or "\u202e" in words:
                yield f"unsafe: {line.rule}"


def trials(form: Format, seeds: list[int]) -> Iterator[Outcome]:
    """One file a seed, beside a database that must stay what it is."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "covalue.sqlite"
        house = House(Database(f"sqlite:///{path}"), Keys.derive(b"of no use" * 4), Path(name))
        upgrade(house.database)
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        for seed in seeds:
            became, found = attempt(form, seed)
            if hashlib.sha256(path.read_bytes()).hexdigest() != before:
                found.append("the database changed")
            yield Outcome(seed, {"files": 1, became.replace(": ", "_"): 1}, found)
        house.database.dispose()


_RUNS: dict[str, Callable[[list[int]], Iterator[Outcome]]] = {
    f"hostile-{form.value}": partial(trials, form) for form in Format
}
CAMPAIGNS = {name: Campaign(300, "files", run) for name, run in _RUNS.items()}
