"""Is the security layer held by tests: change its code a little, and see whether a test fails.

A trial is a mutant: a comparison, a condition, a number or an answer of one of the modules that
guard people is changed, and that module's tests run against it in a process of its own, which has
imported everything else already. A change that no test notices survives; what it was is kept.
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import io
import os
import random
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType
from typing import Any

from run import ROOT, Campaign, Outcome

HELD_BY: dict[str, Sequence[str]] = {
    "app.domain.permissions": ("domain/test_permissions.py",),
    "app.domain.assent": ("domain/test_assent.py",),
    "app.protection.codes": ("protection/test_sealing.py",),
    "app.protection.sealing": ("protection/test_sealing.py",),
    "app.protection.passwords": ("protection/test_passwords.py",),
    "app.protection.audit_chain": ("workflows/test_audit_log.py",),
    "app.workflows.collect": ("workflows/test_collect.py",),
    "app.workflows.standing": ("workflows/test_collect.py", "workflows/test_cut_links.py"),
    "app.workflows.entering": ("web/test_participants_door.py", "workflows/test_cut_links.py"),
    "app.evaluation.suppression": (
        "evaluation/test_hand_worked.py",
        "evaluation/test_disclosure.py",
    ),
}
PAIRS = (
    *((ast.Eq, ast.NotEq), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)),
    *((ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
)
OTHER = dict(PAIRS) | {other: one for one, other in PAIRS}
LONGEST = 240  # seconds; a mutant that runs on is one that was noticed
Change = tuple[str, int]  # module, number of the change in it


def changes(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Each change that a module takes, made in place until the next is asked for; what it is."""
    for node in ast.walk(tree):
        before = copy.copy(node.__dict__)
        if words := _changed(node):
            yield node, words
            node.__dict__.clear()
            node.__dict__.update(before)


def _changed(node: ast.AST) -> str:
    """Change a node; in words, or nothing where it takes no change."""
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        node.ops = [OTHER[type(node.ops[0])](), *node.ops[1:]]
        return f"{line}: comparison"
    if isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return f"{line}: and, or"
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return f"{line}: condition"
    if isinstance(node, ast.Constant) and type(node.value) in (int, bool):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
        return f"{line}: constant"
    if isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant | None):
        node.value = ast.copy_location(ast.Constant(None), node.value)
        return f"{line}: answer"
    return ""


class Mutated(MetaPathFinder):
    """Finds one module of ours with its change in it."""

    def __init__(self, module: str, code: CodeType) -> None:
        self._module, self._code = module, code

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """The module with the changed code; of any other, nothing."""
        if name != self._module:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        loader = SourceFileLoader(name, spec.origin)
        loader.get_code = lambda _name: self._code  # type: ignore[method-assign] # this module alone
        spec.loader = loader
        return spec


def _trees() -> dict[str, ast.Module]:
    files = {module: ROOT / (module.replace(".", "/") + ".py") for module in HELD_BY}
    return {module: ast.parse(file.read_text("utf-8")) for module, file in files.items()}


def mutants(seeds: list[int]) -> Iterator[Outcome]:
    """One mutant a seed, in an order that is always the same until the code changes."""
    _import_all_but_ours()
    trees = _trees()
    every: list[Change] = [
        (module, number)
        for module, tree in trees.items()
        for number, _change in enumerate(changes(tree))
    ]
    random.Random(0).shuffle(every)
    sound: set[str] = set()  # modules whose tests pass as they are
    for seed in seeds:
        module, number = every[(seed - 1) % len(every)]
        for here, (_node, words) in enumerate(changes(trees[module])):
            if here == number:
                code = compile(trees[module], module, "exec", dont_inherit=True)
                place = f"{module}:{words}"
        if module not in sound and _fails(None, HELD_BY[module]):
            raise SystemExit(f"the tests of {module} fail without any change")
        sound.add(module)
        killed = _fails(Mutated(module, code), HELD_BY[module])
        counted = {"mutants": 1, "killed": int(killed)}
        yield Outcome(seed, counted if killed else counted | {f"survived {place}": 1}, [])


def _import_all_but_ours() -> None:
    for name in ("pytest", "hypothesis", "flask_wtf", "sqlalchemy.orm", "alembic.command", "numpy"):
        importlib.import_module(name)
    for name in ("scipy.optimize", "polars", "apiflask", "bs4", "psycopg", "argon2", "webauthn"):
        importlib.import_module(name)


def _fails(mutated: Mutated | None, tests: Sequence[str]) -> bool:
    """Whether a test fails with it, or nothing can be imported, or it runs on and on."""
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        code = 1
        try:
            import pytest

            signal.alarm(LONGEST)
            sys.meta_path[:0] = [mutated] if mutated else []
            paths = [str(ROOT / "tests" / each) for each in tests]
            with redirect_stdout(io.StringIO()):
                more = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider"]
                code = int(pytest.main([*more, "-k", "not postgresql", *paths]) != 0)
        finally:
            os._exit(code)
    _pid, status = os.waitpid(pid, 0)
    return status != 0


def told(sums: Mapping[str, int]) -> str:
    """How many were noticed, and what was not."""
    made, killed = sums["mutants"], sums["killed"]
    left = sorted(each.partition(" ")[2] for each in sums if each.startswith("survived "))
    share = f"{killed:,} of {made:,} noticed ({100 * killed / made:.0f} %, bound 90 %)"
    return f"{share}; survived: {', '.join(left) or 'none'}"


CAMPAIGNS = {"mutants": Campaign(300, "mutants", mutants, told)}
