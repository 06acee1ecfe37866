"""Frozen instruments, read once: kept in the process by id, and on disk by checksum.

An instrument never changes, so both copies are right for ever. The one on disk serves the page
that is shown again while the database is away.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import select
from sqlalchemy.engine import Engine

from app.definitions.checksums import checksum as checksum_of
from app.definitions.files import load_questionnaire
from app.domain.conditions import Counted, items_of, parts_of
from app.domain.counting import SINCE
from app.domain.errors import NotFound
from app.domain.piping import pipes_in
from app.domain.possibilities import all_conditions
from app.domain.questionnaire import Kind, Question, Questionnaire
from app.storage.database import Database
from app.storage.surveys import Instrument

_CHECKSUM = re.compile(r"[0-9a-f]{64}")
_by_id: WeakKeyDictionary[Engine, dict[int, Frozen]] = WeakKeyDictionary()
_by_checksum: dict[str, Frozen] = {}


@dataclass(frozen=True, eq=False)
class Frozen:
    """An instrument with the checksum of its document."""

    checksum: str
    questionnaire: Questionnaire

    @cached_property
    def read_by_conditions(self) -> tuple[str, ...]:
        """The items that some condition reads: what the path depends on, beside the role."""
        read = map(items_of, all_conditions(self.questionnaire))
        return tuple(sorted(frozenset[str]().union(*read)))

    @cached_property
    def dated_by_conditions(self) -> frozenset[str]:
        """Those of which some condition counts the years, months or days to the day of the answer,
        so that the path depends on that day too."""
        parts = chain.from_iterable(map(parts_of, all_conditions(self.questionnaire)))
        return frozenset(p.item for p in parts if isinstance(p, Counted) and p.unit in SINCE)

    @cached_property
    def piped_items(self) -> frozenset[str]:
        """The items in whose question an earlier answer stands."""
        asked = self.questionnaire.question_by_item
        return frozenset(item for item, each in asked.items() if _pipes(each, item))

    @cached_property
    def file_items(self) -> frozenset[str]:
        """The items that are answered with a file."""
        asked = self.questionnaire.question_by_item
        return frozenset(item for item, each in asked.items() if each.kind is Kind.FILE)


def _pipes(question: Question, item: str) -> bool:
    rows = (row for row in question.rows if row.code == item)
    texts = [question.text, question.proxy_text]
    texts += [text for row in rows for text in (row.text, row.proxy_text)]
    return any(pipes_in(wording) for text in texts for _tag, wording in text.wordings)


def compiled(database: Database, instrument_id: int) -> Questionnaire:
    """The instrument with this id. Raises NotFound, Unavailable."""
    return frozen(database, instrument_id).questionnaire


def frozen(database: Database, instrument_id: int, folder: Path | None = None) -> Frozen:
    """The instrument with this id and its checksum; with a folder, a copy is left there."""
    known = _by_id.setdefault(database.engine, {})
    if instrument_id not in known:
        with database.read() as session:
            row = session.execute(
                select(Instrument.checksum, Instrument.document).where(
                    Instrument.id == instrument_id
                )
            ).one_or_none()
        if row is None:
            raise NotFound
        if row.checksum not in _by_checksum:
            _by_checksum[row.checksum] = Frozen(row.checksum, load_questionnaire(row.document))
        if folder is not None:
            _leave(folder / "instruments", row.checksum, orjson.dumps(row.document))
        known[instrument_id] = _by_checksum[row.checksum]
    return known[instrument_id]


def kept(folder: Path, checksum: str) -> Frozen | None:
    """The instrument with this checksum, without the database; None where no copy is good."""
    if checksum in _by_checksum:
        return _by_checksum[checksum]
    if not _CHECKSUM.fullmatch(checksum):
        return None
    try:
        document = orjson.loads((folder / "instruments" / f"{checksum}.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(document, dict) or checksum_of(document) != checksum:
        return None
    return _by_checksum.setdefault(checksum, Frozen(checksum, load_questionnaire(document)))


def _leave(folder: Path, checksum: str, document: bytes) -> None:
    """Write the copy whole or not at all; a full disk must not keep anybody from answering."""
    path = folder / f"{checksum}.json"
    if path.exists():
        return
    partial = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(document)
        os.replace(partial, path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
