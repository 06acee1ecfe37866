"""What may be written to a log: one line of JSON with fields from a list, and nothing else.

An answer, a name, a code or an address with its query must not come into a log, also not by way of
another library's message or of an exception's words: PostgreSQL puts the whole row that it refused
into them. So a line has the constant words of its message, numbers, the fields named in ``FIELDS``,
and of an exception its kind and its places in the code.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import orjson

OWN = "covalue"
FIELDS = (  # extra fields of our own records; none is about a person
    "kind",  # of an exception or a job
    "place",  # in the code: file:line
    "endpoint",
    "method",
    "status",
    "ms",
    "job",
    "outcome",
    "request",  # number of the request, as the audit log has it
)
_PLAIN = re.compile(r"[\w.:/<>-]{1,160}")
_HOLE = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_UNTOLD = "…"


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, event; then the fields allowed, and the exception's kind."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "event": event_of(record),
        }
        line |= {name: value for name in FIELDS if _may_stand(value := record.__dict__.get(name))}
        line.setdefault("place", f"{record.module}:{record.lineno}")
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["exception"] = type(error).__name__
            line["places"] = list(places(error.__traceback__))
            if getattr(error, "tellable", False):
                line["words"] = str(error)
        return orjson.dumps(line).decode()


def _may_stand(value: object) -> bool:
    if isinstance(value, str):
        return bool(_PLAIN.fullmatch(value))
    return isinstance(value, int | float)


def event_of(record: logging.LogRecord) -> str:
    """The constant words of the message, with the numbers filled in.

    The words of another library that has nothing to fill in may be put together from anything.
    """
    words, values = str(record.msg), record.args
    if not values:
        ours = record.name == OWN or record.name.startswith(f"{OWN}.")
        return words if ours else _UNTOLD
    given = iter(values if isinstance(values, tuple) else ())

    def filled(_hole: re.Match[str]) -> str:
        value = next(given, None)
        return str(value) if isinstance(value, int | float) else _UNTOLD

    return _HOLE.sub(filled, words)


def places(trace: TracebackType | None) -> Iterator[str]:
    """Where an exception passed, outermost first: file and line, no words, no values."""
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{code.co_filename.rpartition('site-packages/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next


def last_place(error: BaseException) -> str:
    """Where an exception was raised."""
    return list(places(error.__traceback__))[-1] if error.__traceback__ else "?"


LOGGING: dict[str, Any] = {  # as logging.config takes it
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines}},
    "handlers": {
        "lines": {
            "class": "logging.StreamHandler",
            "formatter": "lines",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["lines"], "level": "INFO", "propagate": False},
        OWN: {"level": "INFO"},
    },
}
