"""Five hundred letters, and as many paper questionnaires, in one job each: seen, and stopped."""

from __future__ import annotations

import io
import re
import subprocess
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import collection
import pytest
from pypdf import PdfReader

from app.domain.errors import Conflict
from app.workflows import jobs, letters, own_jobs
from app.workflows.acting import Actor, House
from app.workflows.letters import start_letters
from app.workflows.papers import start_papers
from app.workflows.sample import issue_codes

pytestmark = [
    pytest.mark.full,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
MANY = 500
PRINTS = {"letters": start_letters, "papers": start_papers}
CODES = {"letters": 1, "papers": 2}  # on paper also the one that withdraws
Start = Callable[[House, Actor, int, str], int]


@pytest.fixture
def printing(house: House, tmp_path: Path) -> tuple[int, Actor]:
    """A wave with five hundred people of one territory, each with a code."""
    wave_id = collection.opened(house, tmp_path)
    lines = (
        f"A-{n};MAY;elderly;;1;fr;Mme Exemple {n};{n} rue de l’Exemple;53000 LAVAL"
        for n in range(1, MANY + 1)
    )
    collection.with_sample(house, wave_id, "\n".join((collection.HEADER, *lines)) + "\n")
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    return wave_id, actor


def watched(house: House, actor: Actor, job_id: int, stop_at: int | None = None) -> list[int]:
    """Run the job, and tell how far it was seen to be; with ``stop_at``, cancel it from there."""
    seen: list[int] = []
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(jobs.run, house, job_id)
        while not running.done():
            found = own_jobs.one(house, actor, job_id)
            seen.append(found.done or 0)
            if stop_at is not None and seen[-1] >= stop_at:
                own_jobs.cancel(house, actor, job_id)
                stop_at = None
            time.sleep(0.2)
        running.result()
    return seen


def pdfs(content: bytes) -> list[bytes]:
    if content.startswith(b"%PDF"):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def pages(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page, as pdftotext reads it."""
    path = tmp_path / "part.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return read.stdout.decode().split("\f")[:-1]


@pytest.mark.parametrize("kind", PRINTS)
def test_stopped_it_leaves_nothing_and_begun_again_it_prints_them_all(
    house: House,
    printing: tuple[int, Actor],
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wave_id, actor = printing
    with monkeypatch.context() as small:
        small.setattr(letters, "PART", 25)  # heard sooner; so many questionnaires are a part
        stopped = PRINTS[kind](house, actor, wave_id, "MAY")
        watched(house, actor, stopped, stop_at=1)
    assert own_jobs.one(house, actor, stopped).state == "cancelled"
    with pytest.raises(Conflict):
        own_jobs.take_file(house, actor, stopped)
    job_id = PRINTS[kind](house, actor, wave_id, "MAY")
    seen = watched(house, actor, job_id)
    found = own_jobs.one(house, actor, job_id)
    assert found.state == "done", found.result
    assert (found.done, found.total) == (MANY, MANY)
    assert found.result[kind] == MANY
    assert seen == sorted(seen)
    assert any(0 < done < MANY for done in seen), "seen on its way"
    made = pdfs(own_jobs.take_file(house, actor, job_id)[1])
    assert all(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"] for pdf in made)
    text = " ".join(page for pdf in made for page in pages(pdf, tmp_path))
    assert set(re.findall(r"\bA-(\d+)\b", text)) == {str(n) for n in range(1, MANY + 1)}
    codes = set(re.findall(r"\b\d{4} \d{4} \d{4}\b", text))
    assert len(codes) == MANY * CODES[kind]
