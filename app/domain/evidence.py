"""What a choice rests on."""

from __future__ import annotations

from enum import StrEnum


class Evidence(StrEnum):
    """Whether a choice is found in documents or proposed as an illustration."""

    DOCUMENTED = "documented"
    ILLUSTRATIVE = "illustrative"
