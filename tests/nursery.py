"""A process that has imported the service once, and of which every server of a journey is a fork.

Importing costs seconds of CPU; a fork costs none, and the server that runs is the same gunicorn.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).parents[1]
GUNICORN = ["gunicorn", "-c", "config/gunicorn.py", "wsgi:app"]


class Nursery:
    """The side of the tests: asks for servers, and for their end."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line

    @contextmanager
    def running(
        self, listener: socket.socket, log: BinaryIO, environment: Mapping[str, str]
    ) -> Iterator[None]:
        """A server on this socket, with this environment alone, until it is left."""
        asked = json.dumps(environment).encode()
        socket.send_fds(self.line, [asked], [listener.fileno(), log.fileno()])
        number = self.line.recv(64)
        try:
            yield
        finally:
            self.line.send(number)
            self.line.recv(64)


@contextmanager
def opened() -> Iterator[Nursery]:
    """A nursery of its own for this run."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, str(Path(__file__)), str(theirs.fileno())]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with (
        ours,
        subprocess.Popen(
            command,
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
        ),
    ):
        theirs.close()
        yield Nursery(ours)
        ours.shutdown(socket.SHUT_RDWR)


def _serve(environment: dict[str, str], listener: int, log: int) -> Any:
    """Become gunicorn."""
    from gunicorn.app.wsgiapp import run

    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(environment, COVALUE_BIND=f"fd://{listener}")
    sys.argv = GUNICORN
    run()


def _import_everything() -> None:
    import app.api
    import app.web.accounts
    import app.web.coordinators
    import app.web.evaluators
    import app.web.officer
    import app.web.participants
    import app.workflows.jobs  # noqa: F401


def _main(line: socket.socket) -> None:
    _import_everything()
    while True:
        asked, fds, _, _ = socket.recv_fds(line, 65536, 2)
        if not asked:
            return
        if not fds:
            os.kill(int(asked), signal.SIGTERM)
            os.waitpid(int(asked), 0)
            line.send(asked)
            continue
        if (number := os.fork()) == 0:
            try:
                line.close()
                _serve(json.loads(asked), *fds)
            finally:
                os._exit(0)
        for each in fds:
            os.close(each)
        line.send(str(number).encode())


if __name__ == "__main__":
    _main(socket.socket(fileno=int(sys.argv[1])))
