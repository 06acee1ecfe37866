"""Reads one definition file from the standard input within the limits of an import, and says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.definitions.files import read_questionnaire
from app.domain.errors import BadDefinition
from app.workflows.import_child import bounded


def read(content: bytes) -> dict[str, object]:
    """What became of the file, and every sentence about it in both languages."""
    try:
        read_questionnaire(content.decode("utf-8", "replace"))
    except BadDefinition as refused:
        said = [f.message.in_(tag) for f in refused.findings for tag in ("fr", "en")]
        return {"became": f"refused: {refused.findings[0].rule}", "said": said}
    return {"became": "read", "said": []}


if __name__ == "__main__":
    bounded()
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))
