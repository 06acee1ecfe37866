"""What a server of PostgreSQL is set to, where answers would be lost or told by its log.

The first group: with another setting an acknowledged answer may be lost with the power, or a broken
page go unnoticed. The second: the server writes rows and values that it refuses, or that take
long, into its log. SQLite is told what it needs by each connection (``storage.sqlite``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from app.storage.database import Database

KEEPS: Mapping[str, frozenset[str]] = {
    "fsync": frozenset({"on"}),
    "synchronous_commit": frozenset({"on", "local", "remote_write", "remote_apply"}),
    "full_page_writes": frozenset({"on"}),
    "data_sync_retry": frozenset({"off"}),  # a failed sync is not made good by the next one
    "data_checksums": frozenset({"on"}),
}
TELLS: Mapping[str, frozenset[str]] = {
    "log_error_verbosity": frozenset({"terse"}),
    "log_min_error_statement": frozenset({"panic", "fatal"}),
    "log_statement": frozenset({"none", "ddl"}),
    "log_min_duration_statement": frozenset({"-1"}),
    "log_parameter_max_length_on_error": frozenset({"0"}),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that is not as it should be."""

    name: str
    is_: str
    should: str
    loses: bool  # answers; else its log tells them


def unsafe_settings(database: Database) -> list[Setting]:
    """The server's settings that are not as they should be, those that lose answers first."""
    if database.engine.name != "postgresql":
        return []
    names = [*KEEPS, *TELLS]
    found = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    with database.engine.connect() as connection:
        is_ = {row.name: row.setting for row in connection.execute(found, {"names": names})}
    return unsafe(is_)


def unsafe(is_: Mapping[str, str]) -> list[Setting]:
    """Of these settings those that are not as they should be."""
    return [
        Setting(name, is_[name], min(good, key=lambda each: (each != "on", each)), loses)
        for group, loses in ((KEEPS, True), (TELLS, False))
        for name, good in group.items()
        if name in is_ and is_[name] not in good
    ]
