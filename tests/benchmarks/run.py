"""Run every benchmark (``*_bench.py``), each in a process of its own, and keep what it prints.

``python tests/benchmarks/run.py [part of a name …]``. Results go to build/benchmarks.txt, with the
machine they are from. See README.md beside this file.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KEPT = ROOT / "build" / "benchmarks.txt"


def machine() -> str:
    """What a figure cannot be read without."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} cores, load before {load}"
    )


def main(wanted: list[str]) -> int:
    """Returns 1 if a benchmark failed."""
    found = [
        path
        for path in sorted(HERE.glob("*_bench.py"))
        if not wanted or any(part in path.name for part in wanted)
    ]
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        "OPENBLAS_NUM_THREADS": "1",
    }
    lines, failed = [machine()], False
    sys.stdout.write(lines[0] + "\n")
    for path in found:
        done = subprocess.run(
            [sys.executable, path],
            cwd=ROOT,
            env=environment,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
        )
        failed = failed or done.returncode != 0
        lines.append(f"\n{path.stem}\n{done.stdout.strip() or 'FAILED'}")
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text("\n".join(lines) + "\n")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
