"""FHIRPath over the answers of a questionnaire, to expressions: the part that conditions use.

Read are paths to one item by its ``linkId``, its value or code, comparisons, and, or, not,
``exists``, ``empty``, ``count``, ``in`` and variables that stand for such. In FHIRPath nothing
compared with anything is nothing, which does not hold: so ``!=`` and ``not`` ask for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.interchange.fhir_tokens import Token, split
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name, Unreadable

MAX_LENGTH = 20_000
MAX_DEPTH = 30
_ROOTS = frozenset({"%resource", "%context", "%questionnaireresponse", "questionnaireresponse"})
_INSIDE = frozenset({"item", "answer", "value", "code", "coding", "display", "$this"})
_SAME = frozenset({"first", "single", "repeat", "descendants", "children", "oftype", "distinct"})
_SAME |= frozenset({"tostring", "tointeger", "todecimal", "trim"})
_LEVELS = (("or",), ("and",), ("in", "contains"), ("=", "!=", "~"), ("<", "<=", ">", ">="), ("|",))
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class _Place:
    """A path: to the item with this link, or to no item yet."""

    link: str = ""


@dataclass(frozen=True, slots=True)
class _Several:
    """Values with | between them."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sure:
    """What holds or does not, whatever is answered: ``exists`` and what is made of such."""

    holds: Expression


_Node = Expression | _Place | _Several | _Sure


@dataclass
class PathReader:
    """``variables``: expressions by name; ``booleans``: links of the items that are yes or no."""

    variables: Mapping[str, str] = field(default_factory=dict)
    booleans: frozenset[str] = frozenset()
    _depth: int = 0

    def condition(self, text: str) -> Expression:
        """The tree of a condition. Raises ``Unreadable``."""
        self._depth = 0
        return self.truth(self.node(text))

    def node(self, text: str, here: str = "") -> _Node:
        """What the whole text is; ``here``: link of the item that it is about."""
        self._depth += 1
        if len(text) > MAX_LENGTH or self._depth > MAX_DEPTH:
            raise Unreadable
        parser = _Parser(self, split(text), here)
        found = parser.level(0)
        if parser.at != len(parser.tokens):
            raise Unreadable
        self._depth -= 1
        return found

    def truth(self, node: _Node) -> Expression:
        """When the node holds: a yes where it is yes or no, else that it is answered."""
        if isinstance(node, _Place) and node.link:
            name = Name(node.link)
            wanted = (name, Literal("true"))
            return Call("selected", wanted) if node.link in self.booleans else _given(name)
        if isinstance(node, _Sure):
            return node.holds
        if isinstance(node, _Place | _Several):
            raise Unreadable
        if isinstance(node, Literal) and node.value in ("true", "false"):
            return Call(node.value, ())
        return node


def _given(name: Expression) -> Expression:
    return Call("boolean", (name,))


@dataclass
class _Parser:
    reader: PathReader
    tokens: list[Token]
    here: str
    at: int = 0

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, wanted: str = "") -> Token:
        token = self.peek()
        if wanted and token[1] != wanted:
            raise Unreadable
        self.at += 1
        return token

    def level(self, number: int) -> _Node:
        if number == len(_LEVELS):
            return self.single()
        left = self.level(number + 1)
        while self.peek()[0] != "literal" and self.peek()[1] in _LEVELS[number]:
            op = self.take()[1]
            left = self.joined(op, left, self.level(number + 1))
        return left

    def joined(self, op: str, left: _Node, right: _Node) -> _Node:
        if isinstance(left, _Sure) and op == "=" and isinstance(right, Literal):
            return left if right.value == "true" else _Sure(Call("not", (left.holds,)))
        if op in ("and", "or"):
            found = Binary(op, self.reader.truth(left), self.reader.truth(right))
            return _Sure(found) if isinstance(left, _Sure) and isinstance(right, _Sure) else found
        if op == "|":
            return _Several((*_values(left), *_values(right)))
        if op in ("in", "contains"):
            one, among = (left, right) if op == "in" else (right, left)
            return self.one_of(one, among)
        if isinstance(left, Literal) and isinstance(right, _Place):
            return self.compared(_TURNED.get(op, op), right, left)
        return self.compared(op, left, right)

    def one_of(self, left: _Node, among: _Node) -> Expression:
        """Whether the answer is one of several values, or the value one of several answers."""
        if isinstance(left, Literal):
            return self.same(among, left.value)
        wanted = _values(among)
        found = self.same(left, wanted[0])
        for value in wanted[1:]:
            found = Binary("or", found, self.same(left, value))
        return found

    def compared(self, op: str, left: _Node, right: _Node) -> Expression:
        if isinstance(left, Name) and isinstance(right, Literal):  # the linkId of a filter
            return Binary(op, left, right)
        if not isinstance(right, Literal):
            raise Unreadable
        if op in ("=", "~"):
            return self.same(left, right.value)
        if op == "!=":
            return Binary("and", *self.other(left, right.value))
        return Binary(op, self.asked(left), right)

    def same(self, left: _Node, value: str) -> Expression:
        if isinstance(left, Call | Binary) and value in ("true", "false"):
            return left if value == "true" else Call("not", (left,))
        if isinstance(left, Call):  # a count
            return Binary("=", left, Literal(value))
        return Call("selected", (self.asked(left), Literal(value)))

    def other(self, left: _Node, value: str) -> tuple[Expression, Expression]:
        return _given(self.asked(left)), Call("not", (self.same(left, value),))

    def asked(self, node: _Node) -> Expression:
        if isinstance(node, _Place) and node.link:
            return Name(node.link)
        if isinstance(node, Call) and node.function == "count-selected":
            return node
        raise Unreadable

    def single(self) -> _Node:
        self.reader._depth += 1
        if self.reader._depth > MAX_DEPTH:
            raise Unreadable
        kind, written = self.take()
        if kind == "literal":
            found: _Node = Literal(written)
        elif written == "(":
            found = self.level(0)
            self.take(")")
        elif kind == "word":
            found = self.start(written)
        else:
            raise Unreadable
        while self.peek() == ("op", "."):
            self.take()
            found = self.step(found, self.take()[1])
        self.reader._depth -= 1
        return found

    def start(self, word: str) -> _Node:
        if word in ("true", "false"):
            return Literal(word)
        if word.casefold() in _ROOTS:
            return _Place()
        if word.startswith("%"):
            name = word[1:].strip("`")
            if name not in self.reader.variables:
                raise Unreadable
            return self.reader.node(self.reader.variables[name])
        if self.peek() == ("op", "("):
            return self.step(_Place(self.here), word)
        if word == "linkId":
            return Name("linkId")
        if word not in _INSIDE and not word.startswith("value"):
            raise Unreadable
        return _Place(self.here)

    def step(self, node: _Node, word: str) -> _Node:
        if self.peek() != ("op", "("):
            if isinstance(node, _Place) and (word in _INSIDE or word.startswith("value")):
                return node
            raise Unreadable
        self.take()
        name = word.casefold()
        if name == "iif":
            return self.chosen()
        if name in ("where", "exists") and self.peek() != ("op", ")"):
            found = self.filtered(node)
            self.take(")")
            if name == "exists" and not isinstance(found, _Place):
                return _Sure(self.reader.truth(found))
            return found
        while self.peek() != ("op", ")") and self.peek()[0] != "end":
            self.take()
        self.take(")")
        return node if name in _SAME else self.called(node, name)

    def chosen(self) -> Expression:
        """``iif(when, one, other)``: its brackets are open."""
        parts = [self.reader.truth(self.level(0))]
        for _ in range(2):
            self.take(",")
            parts.append(self.reader.truth(self.level(0)))
        self.take(")")
        return Call("if", tuple(parts))

    def filtered(self, node: _Node) -> _Node:
        """``where(linkId = 'x')`` leads to an item; another filter holds for one of its answers."""
        link = node.link if isinstance(node, _Place) else ""
        before, self.here = self.here, link
        inner = self.level(0)
        self.here = before
        if isinstance(inner, Binary) and inner.left == Name("linkId") and inner.op == "=":
            assert isinstance(inner.right, Literal)  # see ``joined``
            return _Place(inner.right.value)
        return self.reader.truth(inner)

    def called(self, node: _Node, name: str) -> _Node:
        if name in ("exists", "hasvalue", "empty"):
            placed = isinstance(node, _Place)
            found = _given(self.asked(node)) if placed else self.reader.truth(node)
            return _Sure(Call("not", (found,)) if name == "empty" else found)
        if name == "count":
            return Call("count-selected", (self.asked(node),))
        if name == "not":
            return self.negated(node)
        raise Unreadable

    def negated(self, node: _Node) -> _Node:
        if isinstance(node, _Sure):
            return _Sure(Call("not", (node.holds,)))
        if isinstance(node, _Place):
            return Call("selected", (self.asked(node), Literal("false")))
        inner = self.reader.truth(node)
        if isinstance(inner, Call) and inner.function == "selected":
            return Binary("and", _given(inner.arguments[0]), Call("not", (inner,)))
        if isinstance(inner, Binary) and inner.op in _TURNED and isinstance(inner.left, Name):
            return Binary("and", _given(inner.left), Call("not", (inner,)))
        raise Unreadable


def _values(node: _Node) -> tuple[str, ...]:
    if isinstance(node, _Several):
        return node.values
    if isinstance(node, Literal):
        return (node.value,)
    raise Unreadable
