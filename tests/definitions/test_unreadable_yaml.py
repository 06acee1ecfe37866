"""A file that is no YAML is told apart in our own words, in both languages, by both parsers."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from app.definitions import nodes
from app.domain.errors import BadDefinition

UNREADABLE = {
    "a: b: c": ("yaml_colon", 1),
    "a\nb: 1": ("yaml_colon", 2),
    "a: b\n  c: d": ("yaml_colon", 2),
    "\ta: 1": ("yaml_start", 1),
    "a: 1\nb: @x": ("yaml_start", 2),
    "a: 'x": ("yaml_quote", 1),
    'a: "\\q"': ("yaml_quote", 1),
    "a: [1, 2\nb: c\n": ("yaml_bracket", 2),
    "a: {b: 1\nc: d\n": ("yaml_bracket", 2),
    "a:\n  - b\n c: d": ("yaml_indent", 3),
    "- a\nb: c": ("yaml_indent", 2),
    "a: ]": ("yaml_indent", 1),
    "a: !<": ("not_yaml", 1),
}


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
@pytest.mark.parametrize("text", UNREADABLE)
def test_the_rule_and_the_line_are_found(
    text: str, loader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "_LOADER", loader)
    with pytest.raises(BadDefinition) as refused:
        nodes.read_document(text)
    (finding,) = refused.value.findings
    assert (finding.rule, finding.line) == UNREADABLE[text]
    said = f"{finding.message.in_('fr')} {finding.remedy.in_('fr')}"
    assert "expected" not in said
    assert "{" not in said
    assert said != f"{finding.message.in_('en')} {finding.remedy.in_('en')}"
