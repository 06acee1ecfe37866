"""Plain values as YAML text that people like to read: texts on one line, keys in our order."""

from __future__ import annotations

from typing import Any

import yaml


class Flow(dict[str, Any]):
    """A mapping written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes every value where it stands, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  the name is PyYAML's
        return True


def _flow(dumper: _Dumper, value: Flow) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)


_Dumper.add_representer(Flow, _flow)


def to_yaml(value: dict[str, Any]) -> str:
    """The mapping as YAML."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        default_flow_style=False,
    )


def plain(number: float) -> int | float:
    """The number without needless decimals."""
    return int(number) if float(number).is_integer() else float(number)


def without_empty(value: dict[str, Any]) -> dict[str, Any]:
    """The mapping without keys that say nothing."""
    return {key: inner for key, inner in value.items() if inner not in (None, "", [], {}, False)}
