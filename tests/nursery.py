"""A process that has imported the service once, and of which every server of a journey is a fork.

Importing costs seconds of CPU; a fork costs none, and the server that runs is the same gunicorn.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).parents[1]
GUNICORN = ["gunicorn", "-c", "tests/nursery_settings.py"]


class Child:
    """A server that a nursery started, in a session of its own."""

    def __init__(self, line: socket.socket, pid: int) -> None:
        self._line, self.pid = line, pid
        self._status: int | None = None

    def wait(self) -> int:
        """Wait for its end; its exit code, negative for the signal that ended it."""
        if self._status is None:
            self._line.send(str(self.pid).encode())
            self._status = os.waitstatus_to_exitcode(int(self._line.recv(64)))
        return self._status

    @property
    def runs(self) -> bool:
        """Whether nobody has waited for its end yet."""
        return self._status is None

    def end(self) -> None:
        """Ask it to stop, and wait."""
        if self.runs:
            os.kill(self.pid, signal.SIGTERM)
            self.wait()


class Nursery:
    """The side of the tests: asks for servers."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line

    def start(
        self,
        application: str,
        listener: socket.socket,
        log: BinaryIO,
        environment: Mapping[str, str],
    ) -> Child:
        """A gunicorn of ``wsgi:application`` on this socket, with this environment alone."""
        asked = json.dumps([application, dict(environment)]).encode()
        socket.send_fds(self.line, [asked], [listener.fileno(), log.fileno()])
        return Child(self.line, int(self.line.recv(64)))


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


def _serve(application: str, environment: dict[str, str], listener: int, log: int) -> None:
    """Become gunicorn."""
    from gunicorn.app.wsgiapp import run

    os.setsid()
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(environment, COVALUE_BIND=f"fd://{listener}")
    sys.argv = [*GUNICORN, f"wsgi:{application}"]
    run()


def _import_everything(folder: str) -> None:
    """All that is the same for every server: modules, tables, compiled templates."""
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache
    from sqlalchemy.orm import configure_mappers

    from app.factory import create_app
    from app.settings import from_environment

    kept = FileSystemBytecodeCache(folder)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": kept}
    never_serves = {
        "COVALUE_SECRET": "a secret that nobody is asked for",
        "COVALUE_FOLDER": folder,
        "COVALUE_RESERVE": "0",
        "COVALUE_DATABASE": f"sqlite:///{folder}/none.sqlite",
        "COVALUE_HOSTS": "localhost",
        "COVALUE_PUBLIC_URL": "http://localhost",
        "COVALUE_OFFICE_URL": "http://localhost",
    }
    create_app(from_environment(never_serves))
    configure_mappers()
    gc.collect()
    gc.freeze()  # no fork looks through it again


def _main(line: socket.socket) -> None:
    with tempfile.TemporaryDirectory(prefix="covalue-nursery-") as folder:
        _import_everything(folder)
        _start_what_is_asked(line)


def _start_what_is_asked(line: socket.socket) -> None:
    while True:
        asked, fds, _, _ = socket.recv_fds(line, 65536, 2)
        if not asked:
            return
        if not fds:
            line.send(str(os.waitpid(int(asked), 0)[1]).encode())
            continue
        if (number := os.fork()) == 0:
            code = 1
            try:
                line.close()
                _serve(*json.loads(asked), *fds)
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
            finally:
                os._exit(code)
        for each in fds:
            os.close(each)
        line.send(str(number).encode())


if __name__ == "__main__":
    _main(socket.socket(fileno=int(sys.argv[1])))
