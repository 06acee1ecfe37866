"""How fast packed answers become columns: ``python tests/benchmarks/extract_bench.py [rows]``.

Measures decoding and column building, writing and reading back, against a named limit of the same
run: orjson decoding the same documents and doing nothing with them.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path

import orjson
import polars as pl

from app.definitions.files import read_questionnaire
from app.storage.answer_columns import CompletedRow, frame_of
from app.storage.extract import BATCH, metadata_of, write_parquet
from app.storage.extract_reading import columns
from app.storage.item_layout import layout_of
from app.storage.responses import pack

ROOT = Path(__file__).parents[2]


def bodies(layout, count: int) -> list[bytes]:
    """Distinct packed documents with an answer of the right form to every item."""
    draw = random.Random(7)
    made = []
    for _ in range(count):
        answers = {}
        for item, each in layout.items():
            if draw.random() < 0.06:
                answers[item] = {"why": "dont_know", "s": 0, "at": "2026-03-02T10:00:00Z"}
                continue
            value = {
                "choice": lambda each=each: draw.choice(each.codes),
                "choices": lambda each=each: draw.sample(each.codes, 2),
                "number": lambda: draw.randrange(10),
                "written": lambda: str(draw.randrange(1930, 1951)),
                "status": lambda: "words",
            }[each.form]()
            answers[item] = {"v": value, "s": 0, "at": "2026-03-02T10:00:00Z"}
        sitting = {"role": "self", "channel": "web", "lang": "fr"}
        made.append(pack({"a": answers, "sit": [sitting], "v": 1}))
    return made


def main(rows: int) -> None:
    """Print one line of JSON with rates in responses per second."""
    text = (ROOT / "surveys/elderly/core.yaml").read_text(encoding="utf-8")
    layout = layout_of([read_questionnaire(text)])
    some = bodies(layout, min(rows, BATCH))
    begun = time.process_time()
    for start in range(0, rows, BATCH):
        for body in some[: rows - start]:
            orjson.loads(body[1:])
    decoding = time.process_time() - begun
    begun = time.process_time()
    frames = []
    for start in range(0, rows, BATCH):
        part = some[: rows - start]
        known = [
            CompletedRow(start + i, 1, 1.0, "S", f"c{i % 5000}", None, "web")
            for i in range(len(part))
        ]
        frames.append(frame_of(known, part, layout))
    building = time.process_time() - begun
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        write_parquet(pl.concat(frames), folder / "BDX.elderly.parquet", metadata_of(layout))
        writing = time.perf_counter() - begun
        size = (folder / "BDX.elderly.parquet").stat().st_size
        begun = time.perf_counter()
        columns(folder, ("BDX",))
        reading = time.perf_counter() - begun
    print(  # noqa: T201 - the benchmark's result
        json.dumps(
            {
                "rows": rows,
                "items": len(layout),
                "body_bytes": round(sum(map(len, some)) / len(some)),
                "decode_only_per_s": round(rows / decoding),
                "decode_and_build_per_s": round(rows / building),
                "ratio_to_decoding": round(building / decoding, 2),
                "write_per_s": round(rows / writing),
                "read_per_s": round(rows / reading),
                "file_bytes_per_row": round(size / rows, 1),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
