"""An extract of answers as CSV, from its files to the last byte, and ten times as many answers.

    python tests/benchmarks/answers_csv_bench.py [answers]

Answers of 73 columns in nine territories are written as the job of an extract writes them: rare
combinations looked for, pseudonyms, weights, codes. Beside it PostgreSQL copies the same bytes out
of a table that holds them as text (COPY to a file, CPU of the server and of the client together).
Files are made, and each size is written, in a process of its own: its memory is of that alone.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numbers_extract
import numpy as np
import postgres
import psycopg
from participant_path_bench import cpu_of
from psycopg import sql

from app.domain.text import Text
from app.interchange.extract_columns import cells
from app.interchange.extract_csv import write_answers
from app.interchange.extract_variables import FIXED, Variable
from app.workflows.extract_writing import Wanted

COLUMNS = 73
LIMIT = 2.0 / 100_000  # seconds of CPU an answer
Written = tuple[float, int, int]  # CPU seconds, bytes, largest memory in MB


def apart(work: Any, *given: Any) -> Any:
    """What ``work`` gives in a new process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def written(folder: Path, answers: int, path: Path) -> Written:
    """Write the extract of these files."""
    items = (
        Variable(f"Q{n}", Text.of(en="Question"), "choice", numbers_extract.CODES)
        for n in range(COLUMNS - len(FIXED))
    )
    numbers = np.arange(1, answers + 1, dtype=np.int64)
    wanted = Wanted(
        folder=folder,
        places=frozenset(numbers_extract.TERRITORIES),
        audiences=frozenset({"elderly"}),
        variables=(*FIXED, *items),
        key=b"k" * 32,
        purpose="extract:1",
        k=11.0,
        weights={"elderly": (numbers, np.ones(answers))},
    )
    began = time.process_time()
    with path.open("wb") as out:
        write_answers(wanted.frames(cells), out)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return time.process_time() - began, path.stat().st_size, most


def copied(server: postgres.Server, path: Path, again: Path) -> float:
    """CPU seconds of copying the same bytes out of a table: of the server and of the client."""
    with path.open("rb") as read, psycopg.connect(server.url("copy").render_as_string()) as there:
        names = read.readline().decode().strip().split(",")
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(n)) for n in names)
        there.execute("DROP TABLE IF EXISTS answers")
        there.execute(sql.SQL("CREATE TABLE answers ({})").format(columns))
        with there.cursor().copy("COPY answers FROM STDIN (FORMAT csv)") as into:
            while part := read.read(1 << 20):
                into.write(part)
        there.commit()
        began = time.process_time() + cpu_of(server.pid)
        with (
            again.open("wb") as out,
            there.cursor().copy("COPY answers TO STDOUT (FORMAT csv, HEADER)") as from_,
        ):
            for part in from_:
                out.write(part)
        return time.process_time() + cpu_of(server.pid) - began


def main(answers: int) -> None:
    """Print CPU, bytes and memory of both sizes, each beside the copy."""
    found = []
    with tempfile.TemporaryDirectory() as name, postgres.running(postgres.SPEED) as server:
        server.create("copy")
        for size in (answers, 10 * answers):
            folder = Path(name) / str(size)
            folder.mkdir()
            apart(numbers_extract.write, folder, size, COLUMNS - len(FIXED))
            path, again = folder / "answers.csv", folder / "copy.csv"
            seconds, length, most = apart(written, folder, size, path)
            beside = copied(server, path, again)
            found.append((seconds, most))
            sys.stdout.write(
                f"answers as CSV: {size} x {COLUMNS}: {seconds:.2f} s of CPU (limit "
                f"{LIMIT * size:.1f}), {length / 1e6:.0f} MB, largest memory {most} MB; copied out "
                f"of PostgreSQL ({again.stat().st_size / 1e6:.0f} MB): {beside:.2f} s, so "
                f"{beside / seconds:.1f} times the speed of the copy (least wanted 0.5)\n"
            )
            sys.stdout.flush()
    (less, before), (more, after) = found
    sys.stdout.write(
        f"ten times the answers: {more / less:.1f} times the CPU, {after - before} MB more\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
