"""Archives: bytes depend on the files alone, and large files pass through piece by piece."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from app.interchange.archive import write_archive

DATED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_file_on_disk_gives_the_same_archive_and_is_never_whole_in_memory(tmp_path: Path) -> None:
    large = tmp_path / "answers.csv"
    large.write_bytes(b"a line of answers\r\n" * 2_000_000)  # 38 MB
    content = large.read_bytes()
    wanted = write_archive("whole", {"answers.csv": content, "b.txt": b"b"}, {"schema": 1}, DATED)
    size = len(content)
    del content
    tracemalloc.start()
    made = write_archive("whole", {"answers.csv": large, "b.txt": b"b"}, {"schema": 1}, DATED)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == wanted
    assert most < size / 4
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.getinfo("whole/answers.csv").file_size == size
