"""Running tests against a module of ours whose code was changed, in a process of its own.

A change inside functions is put into the functions that are there already, after the tests were run
once as they are: then only those need to run that go through the changed function, quickest first.
A change elsewhere is loaded with everything of ours imported anew.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

from _pytest.runner import call_and_report

ROOT = Path(__file__).parents[1]
LONGEST = 60  # seconds of work; a test that runs on with a change has noticed it
NOTICED, UNNOTICED, NOT_LOADED = 1, 0, 3
FAILS = "fails"
QUIET = ("-q", "--assert=plain", "-p", "no:cacheprovider", "-k", "not postgresql")
MADE_ONCE = {"house", "app", "public", "evaluated"}  # or from what a session makes once
Name = tuple[str, str, int]  # of a function: file, qualified name, first line


class Mutated(MetaPathFinder):
    """Finds one module of ours with its change in it."""

    def __init__(self, module: str, code: CodeType) -> None:
        self._module, self._code = module, code
        self.loaded = False

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """The module with the changed code; of any other, nothing."""
        if name != self._module:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        loader = SourceFileLoader(name, spec.origin)
        loader.get_code = lambda _name: self._code  # type: ignore[method-assign] # this module alone
        spec.loader, self.loaded = loader, True
        return spec


def functions(code: CodeType) -> dict[Name, CodeType]:
    """The code of every function in a module's code."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    found = {(each.co_filename, each.co_qualname, each.co_firstlineno): each for each in inner}
    return found | {name: made for each in inner for name, made in functions(each).items()}


def loaded_anew(module: str, code: CodeType, tests: Sequence[str]) -> bool:
    """Whether a test notices the code of a module, with all that is ours imported anew.

    Raises SystemExit where no test loads the module.
    """

    def run() -> int:
        mutated = Mutated(module, code)
        for name in [name for name, each in sys.modules.items() if _is_ours(each)]:
            del sys.modules[name]
        sys.meta_path.insert(0, mutated)
        failed = _pytest(tests, "-x") != 0
        return NOTICED if failed else UNNOTICED if mutated.loaded else NOT_LOADED

    if (found := _apart(run)) == NOT_LOADED:
        raise SystemExit(f"{', '.join(tests)} do not load {module}")
    return found == NOTICED


def _is_ours(module: object) -> bool:
    file = getattr(module, "__file__", None) or ""
    name = getattr(module, "__name__", "")
    return file.startswith(f"{ROOT}/") and "/site-packages/" not in file and name != "__main__"


def put_in_place(
    tests: Sequence[str], changed: Mapping[int, tuple[Name, CodeType]]
) -> Iterator[tuple[int, bool]]:
    """For each change (a number, the function in whose body it is, the module's code with it):
    whether a test that goes through the function notices.

    Raises SystemExit where a test fails without any change.
    """
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as out:
            tell = partial(print, file=out, flush=True)
            if ended := _pytest(tests, plugins=[Once(changed, tell)]):
                tell(FAILS, f"pytest itself, with {ended}")
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        for line in told:
            number, _, noticed = line.strip().partition(" ")
            if number == FAILS:
                raise SystemExit(f"fails without any change: {noticed}")
            yield int(number), noticed == "True"
    os.waitpid(pid, 0)


class Once:
    """Pytest's loop over the tests: once as they are, then once more for each change.

    Each in a fork of a process that has set up one test and run none, so that what the session
    makes is there, and no thread that a fork would leave behind.
    """

    def __init__(
        self, changed: Mapping[int, tuple[Name, CodeType]], tell: Callable[..., None]
    ) -> None:
        self._changed, self._tell = changed, tell
        self._files = {name[0] for name, _code in changed.values()}
        self._failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a failure."""
        self._failed = self._failed or (report.nodeid if report.failed else "")

    def pytest_runtestloop(self, session: Any) -> bool:
        """In place of pytest's own loop."""
        items = session.items
        self._set_up(max(items, key=lambda each: len(MADE_ONCE & set(each.fixturenames))))
        through, self._failed = self._through(items)
        if self._failed:
            self._tell(FAILS, self._failed)
            return True
        there = _there(self._files)
        for number, (name, code) in self._changed.items():
            tests = [items[at] for _, at in sorted(through.get(name, []))]
            noticed = bool(tests) and _apart(partial(self._with, code, there, tests)) == NOTICED
            self._tell(number, noticed)
        return True

    def _through(self, items: list[Any]) -> tuple[dict[Name, list[tuple[float, int]]], str]:
        """For each function the tests that go through it, with their seconds; a test that fails."""
        reading, writing = os.pipe()
        if (pid := os.fork()) == 0:
            os.close(reading)
            with os.fdopen(writing, "wb") as out:
                through = self._traced(items)
                pickle.dump((through, self._failed), out)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            said: tuple[dict[Name, list[tuple[float, int]]], str] = pickle.load(told)
        os.waitpid(pid, 0)
        return said

    def _traced(self, items: list[Any]) -> dict[Name, list[tuple[float, int]]]:
        found: dict[Name, list[tuple[float, int]]] = {}
        for at, item in enumerate(items):
            seen: set[Name] = set()
            note = partial(self._note, seen)
            began = time.process_time()
            threading.settrace(note)
            sys.settrace(note)
            self._run(item)
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type] # as the standard library takes it
            for name in seen:
                found.setdefault(name, []).append((time.process_time() - began, at))
        return found

    def _note(self, seen: set[Name], frame: FrameType, _event: str, _arg: object) -> None:
        code = frame.f_code
        if code.co_filename in self._files:
            seen.add((code.co_filename, code.co_qualname, code.co_firstlineno))

    def _set_up(self, item: Any) -> None:
        """As pytest's own protocol, without the test itself."""
        call_and_report(item, "setup", log=False)
        call_and_report(item, "teardown", log=False, nextitem=item.session)
        item._request, item.funcargs = False, None

    def _run(self, item: Any) -> None:
        """Run a test; what the session made stays for the next."""
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)

    def _with(
        self, code: CodeType, there: Mapping[Name, list[FunctionType]], tests: list[Any]
    ) -> int:
        for name, made in functions(code).items():
            for function in there.get(name, []):
                function.__code__ = made
        for item in tests:
            self._run(item)
            if self._failed:
                return NOTICED
        return UNNOTICED


def _there(files: set[str]) -> dict[Name, list[FunctionType]]:
    """Every function that there is of these files."""
    gc.unfreeze()
    found: dict[Name, list[FunctionType]] = {}
    for each in gc.get_objects():
        if type(each) is FunctionType and (code := each.__code__).co_filename in files:
            name = code.co_filename, code.co_qualname, code.co_firstlineno
            found.setdefault(name, []).append(each)
    gc.collect()
    gc.freeze()
    return found


def _pytest(tests: Sequence[str], *more: str, plugins: Sequence[object] = ()) -> int:
    import pytest

    paths = [str(ROOT / "tests" / each) for each in tests]
    with redirect_stdout(io.StringIO()):
        return int(pytest.main([*QUIET, *more, *paths], plugins=plugins))


def _apart(run: Callable[[], int]) -> int:
    """What it returns in a process of its own; an end of that process by itself was noticed."""
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        code = NOTICED
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
            signal.alarm(5 * LONGEST)  # one that waits for ever
            code = run()
        finally:
            os._exit(code)
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else NOTICED
