"""Conditions made to break the reader, the checks or the path; and good ones with what they mean.

A good condition is made together with a function that says when it holds, which knows nothing of
the product's own evaluator: both must agree on every answer. A hostile one (wrong shapes, signs
that mean nothing, depth, width, large values, programs in disguise) must be read or refused with
findings, whatever is answered.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.definitions.checking import Companions, check_file
from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.answers import Answer, Why
from app.domain.errors import BadDefinition
from app.domain.questionnaire import Questionnaire
from app.domain.routing import path_through

Written = Any
Given = Mapping[str, Answer]
Means = Callable[[Given], bool]
DAY = "2026-03-15"  # on which everything is answered
HEAD = """format: covalue/questionnaire/1
code: conditions
audience: professional
languages: [fr]
title: {fr: Essai}
sections:
  - code: one
    title: {fr: Un}
    items:
"""
OPTIONS = "[{code: '1', score: 1, text: {fr: Un}}, {code: '2', score: 2, text: {fr: Deux}}, "
OPTIONS += "{code: '3', score: 3, text: {fr: Trois}}, {code: x, text: {fr: Autre}}]"
ASKED = {
    "C1": f"type: choice, options: {OPTIONS}",
    "C2": f"type: choice, options: {OPTIONS}",
    "C3": f"type: choice, options: {OPTIONS}",
    "C4": f"type: choice, options: {OPTIONS}",
    "M1": "type: choices, options: [{code: a, text: {fr: A}}, {code: b, text: {fr: B}}, "
    "{code: c, text: {fr: C}}]",
    "N1": "type: number, limits: {minimum: 0, maximum: 120, decimals: 1}",
    "D1": "type: date, precision: day",
    "T1": "type: text",
}
SLOW = 1.0  # seconds of CPU to read and check a file, and 50 ms for a path
SLOW_PATH = 0.05
UNSAFE = re.compile(r"Traceback|File \"|/[a-z]+/[a-z]+/|[\x00-\x1f\u202e]")
NASTY = (
    *("", " ", "\x00", "\u202e", "\ud7ff", "é" * 40, "=", "!=", ">=", "<", "[", "]", "{", "}", '"'),
    *("in", "includes", "includes any", "answered", "not", "all", "years since", "length of"),
    *("9**9**9", "().__class__", "__import__('os').system('true')", "C1 or True", "C1; C2"),
    *("${C1} = 1", "{{7*7}}", "{C1}", "NaN", "1e999", "-0", "9" * 400, "0x10", "1_000", "²", "٣"),
    *("-" * 4000, "(" * 4000, "C1 = " * 900, "A" * 9000, "C1 = '1' --", "<script>", "%s%n"),
)
WORDS = ("all", "any", "not", "or", "ALL", "", "all ", "__class__", "shown_when")


def file_of(written: Written) -> str:
    """A questionnaire whose last question is shown when ``written``."""
    lines = [f"      - {{code: {code}, {kind}, text: {{fr: Q}}}}\n" for code, kind in ASKED.items()]
    shown = json.dumps(written, ensure_ascii=True)
    return (
        HEAD
        + "".join(lines)
        + f"      - {{code: Z, type: text, text: {{fr: Z}}, shown_when: {shown}}}\n"
    )


# Good ones, with what they mean.


def good(draw: random.Random, depth: int = 0) -> tuple[Written, Means]:
    """A condition as files write it, and when it holds."""
    if depth > 5 or draw.random() < 0.35:
        return draw.choice(ATOMS)(draw)
    if draw.random() < 0.25:
        inner, means = good(draw, depth + 1)
        return {"not": inner}, lambda given: not means(given)
    word = draw.choice(("all", "any"))
    parts = [good(draw, depth + 1) for _ in range(draw.randint(1, 4))]
    every = [means for _written, means in parts]
    count = len(every) if word == "all" else 1
    return (
        {word: [written for written, _means in parts]},
        lambda given: sum(means(given) for means in every) >= count,
    )


def _value(given: Given, item: str) -> Any:
    return given[item].value if item in given else None


SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: not a > b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: not a < b,
}


def _spaced(draw: random.Random, *parts: str) -> str:
    return draw.choice(("", " ", "  ")).join(parts)


def _choice(draw: random.Random) -> tuple[Written, Means]:
    item, sign, code = (
        draw.choice(("C1", "C2", "C3", "C4")),
        draw.choice([*SIGNS]),
        draw.choice("123x"),
    )
    if sign in ("=", "!="):
        return (
            _spaced(draw, item, sign, code),
            lambda given: (
                _value(given, item) is not None and SIGNS[sign](_value(given, item), code)
            ),
        )
    bound = draw.choice(("1", "2", "2.5", "-1", "3e0"))
    return (
        _spaced(draw, item, sign, bound),
        lambda given: (
            _value(given, item) in ("1", "2", "3")
            and SIGNS[sign](int(_value(given, item)), float(bound))
        ),
    )


def _one_of(draw: random.Random) -> tuple[Written, Means]:
    item, codes = draw.choice(("C1", "C2")), draw.choices("123x", k=draw.randint(1, 4))
    return (
        f"{item} in [{', '.join(codes)}]",
        lambda given: str(_value(given, item)) in codes,
    )


def _ticked(draw: random.Random) -> tuple[Written, Means]:
    codes, how = draw.choices("abc", k=draw.randint(1, 3)), draw.choice(("any", "all"))
    return (
        f"M1 includes {how} [{','.join(codes)}]",
        lambda given: (
            bool(_value(given, "M1"))
            and (
                set(codes) <= set(_value(given, "M1"))
                if how == "all"
                else not set(codes).isdisjoint(_value(given, "M1"))
            )
        ),
    )


def _number(draw: random.Random) -> tuple[Written, Means]:
    sign, bound = (
        draw.choice([*SIGNS]),
        draw.choice(("0", "18", "18.0", "65.5", "120", "1e2", "-3")),
    )
    return (
        _spaced(draw, "N1", sign, bound),
        lambda given: (
            _value(given, "N1") is not None and SIGNS[sign](_value(given, "N1"), float(bound))
        ),
    )


def _day(draw: random.Random) -> tuple[Written, Means]:
    sign, bound = (
        draw.choice(("<", "<=", ">", ">=")),
        draw.choice(("1950", "1950-06", "1950-06-15")),
    )
    return (
        _spaced(draw, "D1", sign, bound),
        lambda given: (
            _value(given, "D1") is not None
            and SIGNS[sign](
                _value(given, "D1").split("-")[: bound.count("-") + 1], bound.split("-")
            )
        ),
    )


def _since(draw: random.Random) -> tuple[Written, Means]:
    unit, sign, bound = (
        draw.choice(("years", "days")),
        draw.choice([*SIGNS]),
        draw.choice((0, 18, 75)),
    )

    def means(given: Given) -> bool:
        written = _value(given, "D1")
        if written is None:
            return False
        day, today = date.fromisoformat(written), date.fromisoformat(DAY)
        passed = (today - day).days
        if unit == "years":
            passed = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        return SIGNS[sign](passed, bound)

    return f"{unit} since D1 {sign} {bound}", means


def _length(draw: random.Random) -> tuple[Written, Means]:
    sign, bound = draw.choice([*SIGNS]), draw.choice((0, 1, 3, 12))
    return (
        f"length of T1 {sign} {bound}",
        lambda given: (
            _value(given, "T1") is not None and SIGNS[sign](len(_value(given, "T1")), bound)
        ),
    )


def _answered(draw: random.Random) -> tuple[Written, Means]:
    item = draw.choice([*ASKED])
    return f"answered {item}", lambda given: _value(given, item) is not None


ATOMS = (_choice, _choice, _one_of, _ticked, _number, _day, _since, _length, _answered)


def answers(draw: random.Random) -> Given:
    """Answers to some of the questions; some passed with a reason."""
    values: dict[str, Callable[[], Any]] = {
        **dict.fromkeys(("C1", "C2", "C3", "C4"), lambda: draw.choice("123x")),
        "M1": lambda: tuple(code for code in "abc" if draw.random() < 0.5) or ("a",),
        "N1": lambda: draw.choice((0, 17, 18, 18.5, 65.5, 100, 120)),
        "D1": lambda: (
            f"{draw.choice((1949, 1950, 1951, 2008))}-{draw.choice(('06-14', '06-15', '03-15'))}"
        ),
        "T1": lambda: draw.choice(("a", "abc", "18", "x" * 12)),
    }
    found = {}
    for item, value in values.items():
        dice = draw.random()
        if dice < 0.65:
            found[item] = Answer(value(), at=f"{DAY}T12:00:00+00:00")
        elif dice < 0.8:
            found[item] = Answer(why=Why.DONT_KNOW)
    return found


# Hostile ones.


def hostile(draw: random.Random) -> Written:
    """A condition that is broken, or costs much."""
    return draw.choice(HOSTILE)(draw)


def _texts(draw: random.Random) -> Written:
    atom = str(_atom(draw))
    for _ in range(draw.randint(1, 4)):
        place, change = draw.randrange(len(atom) + 1), draw.randrange(4)
        if change == 0:
            atom = atom[:place] + atom[place + draw.randint(1, 3) :]
        elif change == 1:
            atom = atom[:place] + draw.choice(NASTY) + atom[place:]
        elif change == 2:
            atom = atom[:place] + chr(draw.randrange(32, 0x2FF)) + atom[place:]
        else:
            atom += atom[:place]
    return _wrapped(draw, atom)


def _atom(draw: random.Random) -> Written:
    return draw.choice(ATOMS)(draw)[0]


def _wrapped(draw: random.Random, inner: Written) -> Written:
    if draw.random() < 0.5:
        return inner
    return draw.choice(
        ({"not": inner}, {"all": [_atom(draw), inner]}, {"any": [inner, _atom(draw)]})
    )


def _shapes(draw: random.Random) -> Written:
    nothing = (None, True, 0, -1, 1e308, "", [], {}, [[]], [None], {"": None}, ["C1 = 1"])
    written = {draw.choice(WORDS): draw.choice((*nothing, "C1 = 1", [_atom(draw)], {"all": []}))}
    if draw.random() < 0.3:
        written[draw.choice(WORDS)] = draw.choice(nothing)
    return draw.choice((written, draw.choice(nothing), {"all": [written, draw.choice(nothing)]}))


def _deep(draw: random.Random) -> Written:
    written: Written = _atom(draw)
    for _ in range(draw.choice((5, 20, 35, 60, 200))):
        written = draw.choice(({"not": written}, {"all": [written]}, {"any": [written, "C1 = 1"]}))
    return written


def _wide(draw: random.Random) -> Written:
    count = draw.choice((50, 300, 1500))
    never = {
        "all": ["C1 = 1", "C2 = 2", "C3 = 3", "C4 = 1", {"not": "M1 includes any [a]"}, "C1 = 2"]
    }
    part = draw.choice((lambda: _atom(draw), lambda: never, lambda: {"not": _atom(draw)}))
    return {draw.choice(("any", "all")): [part() for _ in range(count)]}


def _values(draw: random.Random) -> Written:
    value = draw.choice(
        (
            "9" * 300,
            "1e308",
            "1e-320",
            "-1e999",
            "inf",
            "nan",
            "0000",
            "1950-99-99",
            '"' + "y" * 190 + '"',
        )
    )
    item = draw.choice(("C1", "N1", "D1", "T1", "Z", "NOBODY", "M1"))
    start = draw.choice(("", "years since ", "days since ", "length of "))
    return _wrapped(draw, f"{start}{item} {draw.choice([*SIGNS])} {value}")


def _lists(draw: random.Random) -> Written:
    codes = [
        draw.choice(("1", "2", "a", "zz", "é", '"a b"', "9" * 60))
        for _ in range(draw.choice((1, 30, 700)))
    ]
    start = draw.choice(("C1 in", "M1 includes any", "M1 includes all", "N1 in", "T1 in"))
    return _wrapped(draw, f"{start} [{draw.choice((',', ', ', ' ,', ''))!s}{', '.join(codes)}]")


HOSTILE = (_texts, _texts, _texts, _shapes, _shapes, _deep, _wide, _values, _lists)


# One attempt.


@dataclass
class Attempt:
    """What became of a condition, and what must not be."""

    became: str = ""
    found: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)


def attempt(seed: str) -> Attempt:
    """Make the condition of this seed, read it, check it, and walk with it."""
    draw = random.Random(f"condition {seed}")
    means: Means | None = None
    if draw.random() < 0.4:
        written, means = good(draw)
    else:
        written = hostile(draw)
    done = Attempt()
    begun = time.thread_time()
    try:
        read = _read(file_of(written), done, wanted=means is not None)
    except Exception as error:
        done.found.append(f"{type(error).__name__} while it is read")
        return done
    if time.thread_time() - begun > SLOW:
        done.slow.append("slow to read")
    if read is not None:
        _walk(read, draw, means, done)
    return done


def _read(text: str, done: Attempt, *, wanted: bool) -> Questionnaire | None:
    findings = check_file(text, Companions())
    for finding in findings:
        for language in ("fr", "en"):
            words = f"{finding.message.in_(language)} {finding.remedy.in_(language)}"
            if UNSAFE.search(words) or not words.strip():
                done.found.append(f"unsafe words of {finding.rule}")
    try:
        read = read_questionnaire(text)
    except BadDefinition as refused:
        if wanted:
            done.found.append("a good one is refused")
        done.became = f"refused_{refused.findings[0].rule}"
        return None
    done.became = "good" if wanted else "read"
    if read_questionnaire(write_questionnaire_yaml(read)) != read:
        done.found.append("written and read again it is another")
    return read


def _walk(read: Questionnaire, draw: random.Random, means: Means | None, done: Attempt) -> None:
    for _ in range(8):
        given = answers(draw)
        begun = time.thread_time()
        try:
            shown = path_through(read, given).page("Z") is not None
        except Exception as error:
            done.found.append(f"{type(error).__name__} on the path")
            return
        if time.thread_time() - begun > SLOW_PATH:
            done.slow.append("slow on the path")
        if means is not None and shown is not means(given):
            done.found.append("the path and the second evaluator differ")
