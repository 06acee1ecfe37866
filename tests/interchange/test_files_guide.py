"""The examples of docs/files.md are imported as they stand, into the programme that is shipped."""

from __future__ import annotations

import io
import re
from pathlib import Path

import collection
import pytest

from app.cli.wave import CHOICES
from app.workflows import waves
from app.workflows.acting import House
from app.workflows.arrivals import import_responses
from app.workflows.programmes import load_programme

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "files.md").read_text("utf-8")
EXAMPLES = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def wave_id(house: House) -> int:
    load_programme(house, ROOT, synthetic=True)
    actor = collection.operator(house)
    number = waves.create_wave(house, actor, collection.new_wave())
    collection.with_dossier(house, actor, number)
    waves.open_wave(house, actor, number)
    return number


def test_the_examples_are_imported(house: House, wave_id: int) -> None:
    sample, answers = EXAMPLES
    collection.with_sample(house, wave_id, sample)
    content = io.BytesIO(answers.encode())
    report = import_responses(house, collection.operator(house), wave_id, content)
    assert (report.new, report.dropped) == (2, 0)


def test_every_option_that_chooses_versions_is_explained() -> None:
    for flag in (*(flag for flag, _kind, _words in CHOICES), "--core-alone"):
        assert f"`{flag} " in GUIDE
