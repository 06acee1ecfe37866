"""How the server runs; every value that a machine decides comes from the environment."""

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.protection.logs import LOGGING
from app.settings import DEFAULT_FOLDER, BadSetting, address

workers_given = os.environ.get("COVALUE_WORKERS") or str(os.cpu_count() or 1)
if not workers_given.isdecimal() or workers_given == "0":
    raise BadSetting("COVALUE_WORKERS", "not a number above 0", "Write how many, in digits")

metrics = address(os.environ, "COVALUE_METRICS")
bind = [os.environ.get("COVALUE_BIND", "127.0.0.1:8000"), *([metrics] if metrics else [])]
workers = int(workers_given)
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 30
keepalive = 75  # longer than a proxy keeps an idle connection: none is closed under a request
backlog = 1024
worker_connections = 1000
max_requests = 50_000  # starting anew takes seconds of CPU, and every page that was kept
max_requests_jitter = 10_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # a full disk stops no heartbeat
preload_app = False  # each worker opens its own connections
control_socket_disable = True
accesslog = None  # addresses of participants are kept nowhere
errorlog = "-"
logconfig_dict = LOGGING
proc_name = "covalue"

if metrics:  # each process writes its part there; read together by whichever is asked
    parts = Path(os.environ.get("COVALUE_FOLDER", DEFAULT_FOLDER)).resolve() / "metrics"
    parts = parts / metrics.rpartition(":")[2]
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(parts)


def on_starting(server: Any) -> None:
    """Begin with empty figures; not at all on a clock that is behind the audit log.

    Another process looks: this one stays without a module of ours (see ``post_fork``).
    """
    module, _, surface = server.app.app_uri.partition(":")
    if module == "wsgi":
        ask = "import sys, wsgi; wsgi.hold_clock(sys.argv[1])"
        looked = subprocess.run([sys.executable, "-c", ask, surface], check=False)
        if looked.returncode:
            raise SystemExit(looked.returncode)
    if metrics:
        shutil.rmtree(parts, ignore_errors=True)
        parts.mkdir(parents=True)


def post_fork(_server: Any, _worker: Any) -> None:
    """After a reload take the new release whole: nothing of ours that the first process knows."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("app", "wsgi")]:
        del sys.modules[name]


def post_worker_init(worker: Any) -> None:
    """Let the application ask how many requests wait for a thread of this process.

    What was loaded until here lives as long as the process, so the collector need not look at it.
    """
    worker.wsgi.extensions["covalue.waiting"] = worker.tpool._work_queue.qsize
    gc.collect()
    gc.freeze()  # what the pages are made of stays: it is not looked through again and again


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the momentary figures of a process that ended."""
    if metrics:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)
