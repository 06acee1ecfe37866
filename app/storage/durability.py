"""What a server of PostgreSQL is set to, where answers would be lost or told by its log.

With another setting of the first group an acknowledged answer may be lost with the power; without
the second a page that the disk broke goes unnoticed; with another of the third the server writes
rows and values that it refuses, or that take long, into its log. SQLite is told what it needs by
each connection (``storage.sqlite``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.storage.database import Database

KEEPS: Mapping[str, frozenset[str]] = {
    "fsync": frozenset({"on"}),
    "synchronous_commit": frozenset({"on", "local", "remote_write", "remote_apply"}),
    "full_page_writes": frozenset({"on"}),
    "data_sync_retry": frozenset({"off"}),  # a failed sync is not made good by the next one
}
NOTICES: Mapping[str, frozenset[str]] = {"data_checksums": frozenset({"on"})}
TELLS: Mapping[str, frozenset[str]] = {
    "log_error_verbosity": frozenset({"terse"}),
    "log_min_error_statement": frozenset({"panic", "fatal"}),
    "log_statement": frozenset({"none", "ddl"}),
    "log_min_duration_statement": frozenset({"-1"}),
    "log_parameter_max_length_on_error": frozenset({"0"}),
}


Danger = Literal["loses", "unnoticed", "tells"]
GROUPS: tuple[tuple[Danger, Mapping[str, frozenset[str]]], ...] = (
    ("loses", KEEPS),
    ("unnoticed", NOTICES),
    ("tells", TELLS),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that is not as it should be."""

    name: str
    is_: str
    should: str
    danger: Danger


def unsafe_settings(database: Database) -> list[Setting]:
    """The server's settings that are not as they should be, those that lose answers first."""
    if database.engine.name != "postgresql":
        return []
    names = [name for _danger, group in GROUPS for name in group]
    found = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    with database.engine.connect() as connection:
        is_ = {row.name: row.setting for row in connection.execute(found, {"names": names})}
    return unsafe(is_)


def unsafe(is_: Mapping[str, str]) -> list[Setting]:
    """Of these settings those that are not as they should be."""
    return [
        Setting(name, is_[name], min(good, key=lambda each: (each != "on", each)), danger)
        for danger, group in GROUPS
        for name, good in group.items()
        if name in is_ and is_[name] not in good
    ]


def server_moment(session: Session) -> datetime | None:
    """The present moment by the server's clock; None of SQLite, which has no other than ours."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    return session.scalar(select(func.clock_timestamp()))
