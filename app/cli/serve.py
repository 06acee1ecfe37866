"""What ``make run`` starts: a secret, the tables, the programme, then the server and the worker.

``python -m app.cli.serve``. Ctrl-C stops both processes; either one that ends takes the other
along, so that nothing is left half running. Without COVALUE_HOSTS it is the demonstration.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi:app")
SERVER = (sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "wsgi:app")
GRACE = 35  # seconds that the server may take to finish what it was asked


def main() -> int:
    """Prepare, start, wait. Returns the exit status."""
    os.chdir(ROOT)
    folder = Path(os.environ.setdefault("COVALUE_FOLDER", str(ROOT / "var")))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("COVALUE_SECRET", secret(folder / "secret"))
    bind = os.environ.setdefault("COVALUE_BIND", "127.0.0.1:8000")
    if "COVALUE_HOSTS" not in os.environ:
        os.environ.setdefault("COVALUE_DEMONSTRATION", "1")
    for name in ("COVALUE_PUBLIC_URL", "COVALUE_OFFICE_URL"):
        os.environ.setdefault(name, f"http://{bind}")
    if taken(bind):
        say(f"Something answers at {bind} already. Stop it, or: COVALUE_BIND=127.0.0.1:8001 …")
        return 1
    demonstration = os.environ.get("COVALUE_DEMONSTRATION") == "1"
    if demonstration:
        say("Making the demonstration ready; the first time this takes a minute or more …")
    try:
        for step in steps(demonstration):
            subprocess.run([*FLASK, *step], check=True)
    except subprocess.CalledProcessError as error:
        return error.returncode
    say(f"\nParticipants  {os.environ['COVALUE_PUBLIC_URL']}/")
    say(f"Staff         {os.environ['COVALUE_OFFICE_URL']}/office/sign-in")
    say("Stop with Ctrl-C.\n")
    return together([SERVER, (*FLASK, "worker")])


def steps(demonstration: bool) -> tuple[tuple[str, ...], ...]:
    """The commands to run before the doors open; each changes nothing the second time."""
    upgrade = ("database", "upgrade")
    if demonstration:
        return upgrade, ("programme", "load", "--synthetic"), ("demo", "fill")
    return upgrade, ("programme", "load")


def secret(path: Path) -> str:
    """The installation's secret: made once, in a file that only its owner may read."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def taken(bind: str) -> bool:
    """Whether something listens at ``host:port`` already."""
    host, _, port = bind.rpartition(":")
    if not port.isdigit():
        return False  # a Unix socket or a handle: the server itself will say
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, int(port))) == 0


def together(commands: Sequence[Sequence[str]]) -> int:
    """Run commands side by side until one ends or a signal comes; then stop them all."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for process in running:
            process.terminate()

    running = [subprocess.Popen(command, start_new_session=True) for command in commands]
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    os.wait()  # the first to end, asked or not
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return 0 if stopping else 1


def say(words: str) -> None:
    """Tell the person at the terminal, at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
