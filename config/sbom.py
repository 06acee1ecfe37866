"""The bill of materials of a release, CycloneDX 1.6, from the pinned requirements.

``python config/sbom.py FILE``: the same requirements give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.M)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def named(requirement: str) -> str:
    """A name as an index compares it."""
    return re.sub(r"[-_.]+", "-", requirement).lower()


def components(pinned: str) -> list[dict[str, Any]]:
    """Every pinned part with the digests of its files."""
    found = []
    for entry in re.split(r"\n(?=[A-Za-z0-9])", pinned):
        if match := PINNED.match(entry):
            name, version = named(match[1]), match[2]
            found.append(
                {
                    "type": "library",
                    "bom-ref": f"pkg:pypi/{name}@{version}",
                    "name": name,
                    "version": version,
                    "purl": f"pkg:pypi/{name}@{version}",
                    "hashes": [
                        {"alg": "SHA-256", "content": digest} for digest in HASH.findall(entry)
                    ],
                    "scope": "required",
                }
            )
    return found


def document() -> dict[str, Any]:
    """The whole bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    parts = components((ROOT / "requirements.txt").read_text("utf-8"))
    refs = {part["name"]: part["bom-ref"] for part in parts}
    direct = [re.match(r"[A-Za-z0-9._-]+", each) for each in project["dependencies"]]
    own = f"pkg:generic/{project['name']}@{project['version']}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]["text"]}}],
            }
        },
        "components": parts,
        "dependencies": [
            {"ref": own, "dependsOn": sorted(refs[named(each[0])] for each in direct if each)}
        ],
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(document(), indent=1) + "\n", "utf-8")
