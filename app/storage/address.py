"""The address of the database: which are understood, and whether the way there is protected."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.domain.addresses import is_this_machine

PROTECTED = ("require", "verify-ca", "verify-full")
LEAD_ELSEWHERE = ("PGHOST", "PGHOSTADDR", "PGSERVICE")  # of the environment; as service= in it


class BadAddress(Exception):
    """An address that is not taken: reason and remedy, never the address."""


def read_address(written: str, folder: Path, environment: Mapping[str, str]) -> str:
    """The address of the database; without one, a file of SQLite in ``folder``.

    Over a network the answers travel by TLS, without falling back. ``environment``: what the
    driver would read there beside the address. Raises ``BadAddress``.
    """
    if not written:
        return f"sqlite:///{folder / 'covalue.sqlite'}"
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not written.startswith(("sqlite:///", "postgresql://")):
        raise BadAddress(
            "not an address of SQLite or PostgreSQL",
            "Write sqlite:////path/file or postgresql://user:password@host/name",
        )
    if url.drivername == "postgresql" and url.query.get("sslmode") not in PROTECTED:
        if not _is_of_this_machine(url):
            raise BadAddress(
                "the way to the database is not protected",
                "Add ?sslmode=verify-full (and sslrootcert=…), sslmode=require, or use its socket",
            )
        if "service" in url.query or any(environment.get(name) for name in LEAD_ELSEWHERE):
            raise BadAddress(
                "the way to the database is not protected",
                "Take service= and PGHOST, PGHOSTADDR, PGSERVICE away: they lead to another "
                "machine than the address; or add ?sslmode=verify-full",
            )
    return written


def _is_of_this_machine(url: URL) -> bool:
    named = (url.host or "", *(url.query.get(name, "") for name in ("host", "hostaddr")))
    hosts = [part for one in named for each in _several(one) for part in each.split(",")]
    return all(host == "" or host.startswith(("/", "@")) or is_this_machine(host) for host in hosts)


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
