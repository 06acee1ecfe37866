"""Files that somebody brings, and refusals of them by name: ``FILE:PLACE: reason remedy``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.domain.errors import BadDefinition, BadInput, Fault
from app.evaluation.refusing import BadSettings, fault


@dataclass(frozen=True)
class File:
    """A file that somebody brings: what refusals call it, and its bytes."""

    name: str
    content: bytes

    @property
    def text(self) -> str:
        """What it says. Raises UnicodeDecodeError."""
        return self.content.decode("utf-8-sig")


class BadFile(BadInput):
    """A file that cannot be taken: its name, and every fault with place, reason and remedy."""

    code = "bad_file"

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        super().__init__(faults)


@contextmanager
def reading(name: str, settings: str = "") -> Iterator[None]:
    """Turn whatever is wrong in a file into ``BadFile``; ``settings``: the file that says how the
    first one is read."""
    try:
        yield
    except BadFile:
        raise
    except BadSettings as error:
        raise BadFile(settings or name, error.faults) from error
    except BadInput as error:
        raise BadFile(name, error.faults) from error
    except BadDefinition as error:
        raise BadFile(name, [_fault(found) for found in error.findings]) from error
    except UnicodeDecodeError as error:
        words = ("Le fichier n’est pas en UTF-8.", "The file is not UTF-8.")
        remedy = ("Enregistrez-le en UTF-8.", "Save it as UTF-8.")
        raise BadFile(name, [fault("1", words, remedy)]) from error


def _fault(found: Any) -> Fault:
    return Fault(f"{found.line or 1}: {found.rule} {found.place}", found.message, found.remedy)


def said(error: BadFile, language: str) -> Iterator[str]:
    """Lines ``FILE:PLACE: reason remedy``."""
    for one in error.faults:
        yield f"{error.name}:{one.place}: {one.reason.in_(language)} {one.remedy.in_(language)}"
