"""Is the security layer held by tests: change its code a little, and see whether a test fails.

A trial is a mutant: a comparison, a condition, a number or an answer of one of the modules that
guard people is changed, or a call, a refusal or one of a set is left out, and that module's tests
run against it. A change that no test notices survives; what it was is kept.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import CodeType
from typing import NamedTuple

from changed_code import Name, functions, loaded_anew, put_in_place
from run import ROOT, Campaign, Outcome
from small_changes import changes

ACCOUNTS = ("workflows/test_accounts.py", "workflows/test_invitations.py")
ANSWERING = (
    *("workflows/test_collect.py", "workflows/test_cut_links.py", "workflows/test_throttling.py"),
    "web/test_participants_door.py",
)
AUDIT = ("workflows/test_audit_log.py",)
CODES = ("protection/test_access_codes.py",)
DISCLOSURE = ("evaluation/test_hand_worked.py", "evaluation/test_disclosure.py")
FACTORS = ("protection/test_passkeys.py", "workflows/test_second_factors.py")
INSTITUTION = ("web/test_institution.py",)
OFFICE = ("web/test_account_pages.py", "web/test_sign_in_pages.py")
PASSWORDS = ("protection/test_passwords.py", "protection/test_password_rules.py")
PRIVACY = ("protection/test_sealing.py", "workflows/test_erasing.py")
TOKENS = ("workflows/test_own_tokens.py",)
HELD_BY: dict[str, Sequence[str]] = {
    "app.domain.assent": ("domain/test_assent.py",),
    "app.domain.permissions": ("domain/test_permissions.py",),
    "app.evaluation.suppression": DISCLOSURE,
    "app.protection.audit_chain": AUDIT,
    "app.protection.codes": CODES,
    "app.protection.letter_links": CODES,
    "app.protection.logs": ("protection/test_logs.py",),
    "app.protection.passkeys": FACTORS,
    "app.protection.password_rules": PASSWORDS,
    "app.protection.passwords": PASSWORDS,
    "app.protection.pseudonyms": ("protection/test_pseudonyms.py",),
    "app.protection.receipts": ("workflows/test_receipts.py",),
    "app.protection.return_words": CODES,
    "app.protection.sealing": PRIVACY,
    "app.protection.second_factors": FACTORS,
    "app.protection.short_codes": CODES,
    "app.protection.sign_on": INSTITUTION,
    "app.protection.withdrawal_codes": CODES,
    "app.storage.accounts": ACCOUNTS,
    "app.storage.audit": AUDIT,
    "app.storage.erasures": PRIVACY,
    "app.storage.factors": (*FACTORS, "workflows/test_invitations.py"),
    "app.storage.privileges": ("storage/test_privileges.py",),
    "app.storage.response_keys": PRIVACY,
    "app.storage.sqlite": ("storage/test_privileges.py",),
    "app.storage.throttle": ANSWERING,
    "app.web.entrance": OFFICE,
    "app.web.headers": ("web/test_forged_headers.py",),
    "app.web.sessions": OFFICE,
    "app.workflows.account_care": ACCOUNTS,
    "app.workflows.accounts": ACCOUNTS,
    "app.workflows.acting": TOKENS,
    "app.workflows.api_tokens": TOKENS,
    "app.workflows.assisting": ("workflows/test_assisting.py",),
    "app.workflows.collect": ANSWERING,
    "app.workflows.entering": ANSWERING,
    "app.workflows.erasing": PRIVACY,
    "app.workflows.invitations": ACCOUNTS,
    "app.workflows.leaving": ANSWERING,
    "app.workflows.own_account": FACTORS,
    "app.workflows.proving": FACTORS,
    "app.workflows.refusals": ("workflows/test_refusals.py",),
    "app.workflows.retaining": ("workflows/test_retaining.py",),
    "app.workflows.rights": PRIVACY,
    "app.workflows.sealing_audit": AUDIT,
    "app.workflows.signing_in": (*ACCOUNTS, *FACTORS),
    "app.workflows.signing_on": INSTITUTION,
    "app.workflows.staff_sessions": (*ACCOUNTS, *FACTORS),
    "app.workflows.standing": ANSWERING,
    "app.workflows.throttling": ANSWERING,
    "app.workflows.verifying_audit": AUDIT,
}
LOADED_ONCE = (
    *("pytest", "hypothesis", "flask_wtf", "sqlalchemy.orm", "alembic.command", "numpy"),
    *("scipy.optimize", "polars", "apiflask", "bs4", "psycopg", "argon2", "webauthn"),
    *("app.factory", "app.storage.schema"),
)


class Mutant(NamedTuple):
    """A changed module; ``function``: in whose body it is changed, where that is enough to know."""

    words: str
    module: str
    code: CodeType
    function: Name | None


def named() -> dict[str, tuple[str, int]]:
    """Every mutant by the words that name it: its module and its number there."""
    return {
        f"{module.removeprefix('app.')} {change.words}": (module, number)
        for module in HELD_BY
        for number, change in enumerate(changes(_tree(module)))
    }


def drawn(every: Iterable[str], seeds: Sequence[int]) -> dict[int, str]:
    """One mutant a seed, no two the same, and each the same until its own code changes (or, seldom,
    that of one whose lot is as low)."""
    left, found = set(every), {}
    for seed in range(1, max(seeds, default=0) + 1):
        lots = ((hashlib.sha256(f"{seed} {words}".encode()).digest(), words) for words in left)
        found[seed] = min(lots)[1]
        left.remove(found[seed])
    return {seed: found[seed] for seed in seeds}


def mutant(words: str, module: str, number: int) -> Mutant:
    """The mutant with this number in its module."""
    tree, file = _tree(module), str(_file(module))
    before = functions(compile(tree, file, "exec", dont_inherit=True))
    change = next(islice(changes(tree), number, None))
    code = compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)
    after = functions(code)
    alike = all(
        name in after and after[name].co_freevars == made.co_freevars
        for name, made in before.items()
    )
    function = (file, *change.function) if change.function and alike else None
    return Mutant(words, module, code, function)


def _file(module: str) -> Path:
    return ROOT / (module.replace(".", "/") + ".py")


def _tree(module: str) -> ast.Module:
    return ast.parse(_file(module).read_text("utf-8"))


def mutants(seeds: list[int]) -> Iterator[Outcome]:
    """The mutants of these seeds: those inside functions by the tests that hold them, then the
    others, each with everything of ours imported anew."""
    for name in LOADED_ONCE:
        importlib.import_module(name)
    every = named()
    mine = {seed: mutant(words, *every[words]) for seed, words in drawn(every, seeds).items()}
    for tests in dict.fromkeys(HELD_BY[each.module] for each in mine.values()):
        inside = {
            seed: (each.function, each.code)
            for seed, each in mine.items()
            if each.function and HELD_BY[each.module] == tests
        }
        for seed, noticed in put_in_place(tests, inside) if inside else ():
            yield _outcome(seed, mine[seed], killed=noticed)
    for seed, each in mine.items():
        if not each.function:
            noticed = loaded_anew(each.module, each.code, HELD_BY[each.module])
            yield _outcome(seed, each, killed=noticed)


def _outcome(seed: int, mutant: Mutant, *, killed: bool) -> Outcome:
    counted = {"mutants": 1, "killed": int(killed)}
    return Outcome(seed, counted if killed else counted | {f"survived {mutant.words}": 1}, [])


def told(sums: Mapping[str, int]) -> str:
    """How many were noticed, and what was not."""
    made, killed = sums["mutants"], sums["killed"]
    left = sorted(each.partition(" ")[2] for each in sums if each.startswith("survived "))
    share = f"{killed:,} of {made:,} noticed ({100 * killed / made:.0f} %, bound 90 %)"
    words = ", ".join(f"`{each.replace('|', '/')}`" for each in left)
    return f"{share}; survived: {words or 'none'}"


CAMPAIGNS = {"mutants": Campaign(300, "mutants", mutants, told)}
