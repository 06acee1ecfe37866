"""FHIRPath over the answers of a questionnaire, to expressions: the part that conditions use.

Read are paths to one item by its ``linkId``, its value or code, comparisons, and, or, not,
``exists``, ``empty``, ``count``, ``in`` and variables that stand for such. In FHIRPath nothing
compared with anything is nothing, which does not hold: so ``!=`` and ``not`` ask for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.interchange.fhir_nodes import (
    TODAY,
    Node,
    Place,
    Several,
    Sure,
    dated,
    given,
    values,
)
from app.interchange.fhir_tokens import Token, split
from app.interchange.foreign_counts import BEFORE
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name, Unreadable

MAX_LENGTH = 20_000
MAX_DEPTH = 30
_ROOTS = frozenset({"%resource", "%context", "%questionnaireresponse", "questionnaireresponse"})
_INSIDE = frozenset({"item", "answer", "value", "code", "coding", "display", "$this"})
_SAME = frozenset({"first", "single", "repeat", "descendants", "children", "oftype", "distinct"})
_SAME |= frozenset({"tostring", "tointeger", "todecimal", "trim"})
_LEVELS = (
    *(("or",), ("and",), ("in", "contains"), ("=", "!=", "~"), ("<", "<=", ">", ">=")),
    *(("|",), ("-",)),
)
_UNITS = {f"{unit}{s}": f"{unit}s" for unit in ("year", "month", "day") for s in ("", "s")}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COUNTED = ("count-selected", "string-length")


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

    def node(self, text: str, here: str = "") -> Node:
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

    def truth(self, node: Node) -> Expression:
        """When the node holds: a yes where it is yes or no, else that it is answered."""
        if isinstance(node, Place) and node.link:
            name = Name(node.link)
            wanted = (name, Literal("true"))
            return Call("selected", wanted) if node.link in self.booleans else given(name)
        if isinstance(node, Sure):
            return node.holds
        if isinstance(node, Place | Several):
            raise Unreadable
        if isinstance(node, Literal) and node.value in ("true", "false"):
            return Call(node.value, ())
        return node


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

    def level(self, number: int) -> Node:
        if number == len(_LEVELS):
            return self.single()
        left = self.level(number + 1)
        while self.peek()[0] != "literal" and self.peek()[1] in _LEVELS[number]:
            op = self.take()[1]
            left = self.joined(op, left, self.level(number + 1))
        return left

    def joined(self, op: str, left: Node, right: Node) -> Node:
        if isinstance(left, Sure) and op == "=" and isinstance(right, Literal):
            return left if right.value == "true" else Sure(Call("not", (left.holds,)))
        if op in ("and", "or"):
            found = Binary(op, self.reader.truth(left), self.reader.truth(right))
            return Sure(found) if isinstance(left, Sure) and isinstance(right, Sure) else found
        if op == "-":
            return self.earlier(left, right)
        if op == "|":
            return Several((*values(left), *values(right)))
        if op in ("in", "contains"):
            one, among = (left, right) if op == "in" else (right, left)
            return self.one_of(one, among)
        if isinstance(right, Place) and (isinstance(left, Literal) or dated(left)):
            return self.compared(_TURNED.get(op, op), right, left)
        return self.compared(op, left, right)

    def earlier(self, left: Node, right: Node) -> Expression:
        """``today() - 18 years``."""
        if left != TODAY or not (isinstance(right, Call) and right.function == "quantity"):
            raise Unreadable
        return Call(BEFORE, right.arguments)

    def one_of(self, left: Node, among: Node) -> Expression:
        """Whether the answer is one of several values, or the value one of several answers."""
        if isinstance(left, Literal):
            return self.same(among, left.value)
        wanted = values(among)
        found = self.same(left, wanted[0])
        for value in wanted[1:]:
            found = Binary("or", found, self.same(left, value))
        return found

    def compared(self, op: str, left: Node, right: Node) -> Expression:
        if isinstance(left, Name) and isinstance(right, Literal):  # the linkId of a filter
            return Binary(op, left, right)
        if dated(right) and op in _TURNED:
            assert isinstance(right, Call)
            return Binary(op, self.asked(left), right)
        if not isinstance(right, Literal):
            raise Unreadable
        if op in ("=", "~"):
            return self.same(left, right.value)
        if op == "!=":
            return Binary("and", *self.other(left, right.value))
        return Binary(op, self.asked(left), right)

    def same(self, left: Node, value: str) -> Expression:
        if isinstance(left, Call | Binary) and value in ("true", "false"):
            return left if value == "true" else Call("not", (left,))
        if isinstance(left, Call):  # a count
            return Binary("=", left, Literal(value))
        return Call("selected", (self.asked(left), Literal(value)))

    def other(self, left: Node, value: str) -> tuple[Expression, Expression]:
        return given(self.asked(left)), Call("not", (self.same(left, value),))

    def asked(self, node: Node) -> Expression:
        if isinstance(node, Place) and node.link:
            return Name(node.link)
        if isinstance(node, Call) and node.function in _COUNTED:
            return node
        raise Unreadable

    def single(self) -> Node:
        self.reader._depth += 1
        if self.reader._depth > MAX_DEPTH:
            raise Unreadable
        kind, written = self.take()
        if kind == "literal":
            found: Node = Literal(written)
            if self.peek()[1] in _UNITS:
                found = Call("quantity", (Literal(written), Literal(_UNITS[self.take()[1]])))
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

    def start(self, word: str) -> Node:
        if word in ("true", "false"):
            return Literal(word)
        if word in ("today", "now"):
            return self.today()
        if word.casefold() in _ROOTS:
            return Place()
        if word.startswith("%"):
            name = word[1:].strip("`")
            if name not in self.reader.variables:
                raise Unreadable
            return self.reader.node(self.reader.variables[name])
        if self.peek() == ("op", "("):
            return self.step(Place(self.here), word)
        if word == "linkId":
            return Name("linkId")
        return self.inside(Place(self.here), word)

    def today(self) -> Node:
        self.take("(")
        self.take(")")
        return TODAY

    def inside(self, place: Node, word: str) -> Node:
        """A part of an answer, which is the answer as far as conditions go."""
        if isinstance(place, Place) and (word in _INSIDE or word.startswith("value")):
            return place
        raise Unreadable

    def step(self, node: Node, word: str) -> Node:
        if self.peek() != ("op", "("):
            return self.inside(node, word)
        self.take()
        name = word.casefold()
        if name == "iif":
            return self.chosen()
        if name in ("where", "exists") and self.peek() != ("op", ")"):
            found = self.filtered(node)
            self.take(")")
            if name == "exists" and not isinstance(found, Place):
                return Sure(self.reader.truth(found))
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

    def filtered(self, node: Node) -> Node:
        """``where(linkId = 'x')`` leads to an item; another filter holds for one of its answers."""
        link = node.link if isinstance(node, Place) else ""
        before, self.here = self.here, link
        inner = self.level(0)
        self.here = before
        if isinstance(inner, Binary) and inner.left == Name("linkId") and inner.op == "=":
            assert isinstance(inner.right, Literal)  # see ``joined``
            return Place(inner.right.value)
        return self.reader.truth(inner)

    def called(self, node: Node, name: str) -> Node:
        if name in ("exists", "hasvalue", "empty"):
            placed = isinstance(node, Place)
            found = given(self.asked(node)) if placed else self.reader.truth(node)
            return Sure(Call("not", (found,)) if name == "empty" else found)
        if name == "count":
            return Call("count-selected", (self.asked(node),))
        if name == "length":
            return Call("string-length", (self.asked(node),))
        if name == "not":
            return self.negated(node)
        raise Unreadable

    def negated(self, node: Node) -> Node:
        if isinstance(node, Sure):
            return Sure(Call("not", (node.holds,)))
        if isinstance(node, Place):
            return Call("selected", (self.asked(node), Literal("false")))
        inner = self.reader.truth(node)
        if isinstance(inner, Call) and inner.function == "selected":
            return Binary("and", given(inner.arguments[0]), Call("not", (inner,)))
        if isinstance(inner, Binary) and inner.op in _TURNED and isinstance(inner.left, Name):
            return Binary("and", given(inner.left), Call("not", (inner,)))
        raise Unreadable
