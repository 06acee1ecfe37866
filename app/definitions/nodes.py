"""YAML to plain text, lists and mappings with the line of every node; nothing else gets in.

Built from the parser's events with a stack of our own, so that size, depth and number of nodes
are refused while reading and no recursion depends on the file. Every scalar stays text: ``no``,
``012`` and ``1:30`` are what they look like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from app.definitions.messages import Trouble, finding_of, trouble
from app.domain.checks import Finding
from app.domain.errors import BadDefinition

MAX_BYTES = 2_000_000
MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_KEY = 200

Key = str | int
Path = tuple[Key, ...]
Plain = str | list["Plain"] | dict[str, "Plain"]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNREADABLE = (  # what both of PyYAML's parsers say, first match: our rule with words of its own
    ("mapping values are not allowed", "yaml_colon"),
    ("cannot start any token", "yaml_start"),
    ("quoted scalar", "yaml_quote"),
    ("parsing a flow", "yaml_bracket"),
    ("parsing a block", "yaml_indent"),
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Document:
    """A file's content as plain values, and the line (from 1) of each place."""

    data: dict[str, Plain]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the place, or of the nearest place around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def finding(self, found: Trouble, path: Path) -> Finding:
        """A finding at this place."""
        return finding_of(found, place_of(path), self.line(path))


def place_of(path: Path) -> str:
    """``("sections", 2, "title")`` as ``sections[2].title``."""
    place = ""
    for key in path:
        place += f"[{key}]" if isinstance(key, int) else f".{key}" if place else key
    return place or "-"


def read_document(text: str) -> Document:
    """The document in ``text``; raises BadDefinition where it is no plain, bounded YAML."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise BadDefinition([finding_of(trouble("too_large"), "-", None)])
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise BadDefinition([_unreadable(error)]) from None
    except (ValueError, RecursionError, MemoryError, UnicodeError):
        # a lone surrogate or an impossible escape, according to the parser in use
        raise BadDefinition([finding_of(trouble("not_yaml"), "-", None)]) from None
    if builder.findings:
        raise BadDefinition(builder.findings)
    if not isinstance(builder.root, dict):
        rule = "not_a_mapping" if builder.root else "empty"
        raise BadDefinition([finding_of(trouble(rule), "-", 1)])
    return Document(builder.root, builder.lines)


def _unreadable(error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else None
    said = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or ''}"
    rule = next((rule for words, rule in _UNREADABLE if words in said), "not_yaml")
    return finding_of(trouble(rule), "-", line)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@dataclass
class _Open:
    """A list or mapping being read."""

    value: list[Plain] | dict[str, Plain]
    path: Path
    key: str | None = None  # of a mapping, once read


@dataclass
class _Builder:
    """Takes events one by one; stops the reading at once where going on would be unsafe."""

    root: Plain | None = None
    lines: dict[Path, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _nodes: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop("several_documents", event)
        elif isinstance(event, yaml.AliasEvent):
            self._stop("alias", event)
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._stack.pop()

    def _node(self, event: yaml.NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop("too_many_nodes", event)
        if event.anchor is not None:
            self._stop("alias", event)
        if getattr(event, "tag", None) is not None:
            self._stop("tag", event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
            return
        if len(self._stack) >= MAX_DEPTH:
            self._stop("too_deep", event)
        value: list[Plain] | dict[str, Plain] = (
            [] if isinstance(event, yaml.SequenceStartEvent) else {}
        )
        if self._wants_key():
            self._stop("key_not_text", event)
        path = self._put(value, event)
        self._stack.append(_Open(value, path))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value
        if _FORBIDDEN.search(text):
            self._note("control_character", event)
            text = ""
        if not self._wants_key():
            self._put(text, event)
            return
        top = self._stack[-1]
        if len(text) > MAX_KEY:
            self._stop("key_not_text", event)
        if text in top.value:
            self._note(trouble("duplicate_key", key=text), event)
        top.key = text
        self.lines[(*top.path, text)] = _line(event)

    def _wants_key(self) -> bool:
        if not self._stack:
            return False
        top = self._stack[-1]
        return isinstance(top.value, dict) and top.key is None

    def _put(self, value: Plain, event: yaml.NodeEvent) -> Path:
        if not self._stack:
            self.root = value
            path: Path = ()
        else:
            top = self._stack[-1]
            if isinstance(top.value, list):
                path = (*top.path, len(top.value))
                top.value.append(value)
            else:
                assert top.key is not None  # a scalar key came first
                path = (*top.path, top.key)
                top.value[top.key] = value
                top.key = None
        self.lines.setdefault(path, _line(event))
        return path

    def _note(self, found: str | Trouble, event: yaml.Event) -> None:
        found = trouble(found) if isinstance(found, str) else found
        path = self._stack[-1].path if self._stack else ()
        self.findings.append(finding_of(found, place_of(path), _line(event)))

    def _stop(self, rule: str, event: yaml.Event) -> None:
        self._note(rule, event)
        raise BadDefinition(self.findings)
