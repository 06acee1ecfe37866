"""Expressions of foreign forms as trees: the XPath of XLSForm and LimeSurvey's own language.

Only what both share is read: names, texts, numbers, comparisons, and, or, not, + - * /, calls.
Anything else is ``Unreadable``, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_LENGTH = 5_000
MAX_DEPTH = 40


class Unreadable(ValueError):
    """The expression is not of the part of the language that is understood."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number as written."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a question or a calculated value is called in the form; ``.`` is the one asked."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides with one of = != < <= > >= and or + - * /."""

    op: str
    left: Expression
    right: Expression


Expression = Literal | Name | Call | Binary
Token = tuple[str, str]

_XPATH = re.compile(
    r"""(?P<space>\s+)
    |\$\{\s*(?P<name>[^{}\s]{1,200})\s*\}
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<op><=|>=|!=|==|=|<|>|\(|\)|,|\+|-|\*)
    |(?P<path>(?:current\(\)/|\.{1,2}/|/)[A-Za-z0-9_\-./]*)
    |(?P<self>\.)(?![.\w/])
    |(?P<word>[A-Za-z_][A-Za-z0-9_\-]*(?::[A-Za-z_][A-Za-z0-9_\-]*)?)""",
    re.VERBOSE,
)
_LIME = re.compile(
    r"""(?P<space>\s+)
    |(?P<name>\d+X\d+X\d+[A-Za-z0-9_#]*(?:\.[A-Za-z]+)*)
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<op><=|>=|!=|<>|==|=|<|>|\(|\)|,|\+|-|\*|/|&&|\|\||!)
    |(?P<word>[A-Za-z_][A-Za-z0-9_#]*(?:[.:][A-Za-z0-9_#]+)*)""",
    re.VERBOSE,
)
_XPATH_WORDS = {"and": "and", "or": "or", "div": "/"}
_LIME_WORDS = {
    **_XPATH_WORDS,
    "eq": "=",
    "ne": "!=",
    "gt": ">",
    "ge": ">=",
    "lt": "<",
    "le": "<=",
    "not": "!",
}
_TYPED = str.maketrans("\u00a0‘’‚“”„", "\u0020'''\"\"\"")
_SIGNS = {"==": "=", "<>": "!=", "&&": "and", "||": "or"}
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
)


def read_xpath(text: str) -> Expression:
    """The tree of an XLSForm expression. Raises ``Unreadable``."""
    return _Parser(_tokens(text, _XPATH, _XPATH_WORDS)).whole()


def read_lime(text: str) -> Expression:
    """The tree of a LimeSurvey expression. Raises ``Unreadable``."""
    return _Parser(_tokens(text, _LIME, _LIME_WORDS)).whole()


def _tokens(text: str, pattern: re.Pattern[str], words: dict[str, str]) -> list[Token]:
    if len(text) > MAX_LENGTH:
        raise Unreadable
    text = text.translate(_TYPED)
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None or match.lastgroup is None:
            raise Unreadable
        position = match.end()
        token = _token(match.lastgroup, match[match.lastgroup], words)
        if token is not None:
            found.append(token)
    return found


def _token(kind: str, written: str, words: dict[str, str]) -> Token | None:
    if kind == "space":
        return None
    if kind == "text":
        return "literal", written[1:-1]
    if kind == "number":
        return "literal", written
    if kind == "self":
        return "name", "."
    if kind == "path":
        return "name", written.rstrip("/").rpartition("/")[2]
    if kind == "word" and written.casefold() in words:
        return "op", words[written.casefold()]
    if kind == "op":
        return "op", _SIGNS.get(written, written)
    return kind, written


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> Expression:
        found = self.level(0)
        if self.at != len(self.tokens):
            raise Unreadable
        return found

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def level(self, number: int) -> Expression:
        if number == len(_LEVELS):
            return self.single()
        left = self.level(number + 1)
        while self.peek()[0] == "op" and self.peek()[1] in _LEVELS[number]:
            op = self.take()[1]
            left = Binary(op, left, self.level(number + 1))
        return left

    def single(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable
        kind, written = self.take()
        found = _STARTS.get(kind, _refused)(self, written)
        self.depth -= 1
        return found

    def sign(self, written: str) -> Expression:
        if written == "(":
            found = self.level(0)
            self.expect(")")
            return found
        if written == "-":
            return Binary("-", Literal("0"), self.single())
        if written == "!":
            return Call("not", (self.single(),))
        raise Unreadable

    def word(self, written: str) -> Expression:
        if self.peek() != ("op", "("):
            return Name(written)
        self.take()
        arguments: list[Expression] = []
        if self.peek() != ("op", ")"):
            arguments.append(self.level(0))
            while self.peek() == ("op", ","):
                self.take()
                arguments.append(self.level(0))
        self.expect(")")
        return Call(written.casefold(), tuple(arguments))

    def expect(self, sign: str) -> None:
        if self.take() != ("op", sign):
            raise Unreadable


def _refused(_parser: _Parser, _written: str) -> Expression:
    raise Unreadable


_STARTS: dict[str, Callable[[_Parser, str], Expression]] = {
    "literal": lambda _, written: Literal(written),
    "name": lambda _, written: Name(written),
    "op": _Parser.sign,
    "word": _Parser.word,
}
