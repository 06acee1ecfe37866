"""A line of the log says what happened and where, and nothing that anybody wrote."""

from __future__ import annotations

import json
import logging
import logging.config
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.protection.logs import FIELDS, LOGGING, Lines
from app.settings import BadSetting

CANARY = "Zébulon"


def line(name: str, words: str, *values: object, error: Any = None, **extra: Any) -> dict[str, Any]:
    """What is written for a record."""
    caught = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, "x.py", 7, words, values, caught)
    record.__dict__.update(extra)
    written = Lines().format(record)
    assert written.splitlines() == [written]
    assert CANARY not in written
    found: dict[str, Any] = json.loads(written)
    return found


def test_our_own_words_and_listed_fields_are_kept() -> None:
    told = line("covalue.jobs", "job ended", job=4, outcome="done", a=CANARY, kind=f"a {CANARY}")
    assert (told["event"], told["job"], told["outcome"], told["place"]) == (
        "job ended",
        4,
        "done",
        "x:7",
    )
    assert told.keys() <= {"at", "level", "logger", "process", "event", *FIELDS}
    assert "kind" not in told  # words with a space are no stable name


@pytest.mark.parametrize(
    ("words", "values", "event"),
    [
        ("Booting worker with pid: %s", (17,), "Booting worker with pid: 17"),
        ("Error handling request %s", (f"/r/E1?code={CANARY}",), "Error handling request …"),
        ("Invalid request from ip=%s: %s", ("192.0.2.7", CANARY), "Invalid request from ip=…: …"),
        ("%(answer)s is wrong", ({"answer": CANARY},), "… is wrong"),
        (f"put together with {CANARY}", (), "…"),
    ],
)
def test_others_words_are_told_without_values(words: str, values: Any, event: str) -> None:
    assert line("gunicorn.error", words, *values)["event"] == event


def test_an_exception_is_told_by_kind_and_places() -> None:
    try:
        raise ValueError(f"Failing row contains ({CANARY})")
    except ValueError as error:
        told = line("gunicorn.error", "Exception", error=error)
    assert told["exception"] == "ValueError"
    assert told["places"][-1].endswith(f"test_logs.py:{sys._getframe().f_lineno - 4}")
    assert "words" not in told


def test_what_is_wrong_with_a_setting_is_said() -> None:
    error = BadSetting("COVALUE_X", "not a number", "Write digits")
    assert line("gunicorn.error", "Exception", error=error)["words"].startswith("COVALUE_X: ")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\x85", '"}\n', "\0"])
def test_no_line_is_forged_by_what_somebody_sends(end: str) -> None:
    forged = f'x{end}{{"level": "CRITICAL", "event": "all is well"}}'
    for told in (
        line("gunicorn.error", "Invalid request from %s", forged),
        line("gunicorn.error", forged),
        line("covalue.web", "page failed", outcome=forged, kind=forged),
        line("covalue.web", "page failed", error=ValueError(forged)),
    ):
        assert told["level"] == "error"
        assert "all is well" not in json.dumps(told)


@pytest.fixture
def _logging_again() -> Iterator[None]:
    """Logging as it was, after a test that sets it up."""
    root, server = logging.getLogger(), logging.getLogger("gunicorn.error")
    before = [(each, each.level, each.handlers[:], each.propagate) for each in (root, server)]
    yield
    for each, level, handlers, propagate in before:
        each.setLevel(level)
        each.handlers[:], each.propagate = handlers, propagate


@pytest.mark.parametrize(
    ("name", "told"),
    [("covalue.earlier", 1), ("covalue.later", 1), ("gunicorn.error", 1), ("urllib3", 0)],
)
@pytest.mark.usefixtures("_logging_again")
def test_a_process_tells_our_own_course_once_and_of_others_what_is_wrong(
    name: str, told: int, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("covalue.earlier")  # made before, as by an import
    logging.config.dictConfig(LOGGING)
    logging.getLogger(name).info("as it should be")
    logging.getLogger(name).warning("something is wrong")
    levels = [json.loads(line)["level"] for line in capsys.readouterr().err.splitlines()]
    assert levels == ["info"] * told + ["warning"]
