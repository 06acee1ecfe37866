"""Settings: read from the environment once, at the door, and refused with a reason there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.protection.keys import Keys
from app.protection.password_rules import list_fault

DEFAULT_FOLDER = Path("var")


class BadSetting(Exception):
    """A setting that cannot be used: its name, the reason and what to do."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        super().__init__(f"{name}: {reason}. {remedy}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a deployment decides; ``config/environment.example`` explains each."""

    database: str
    folder: Path  # data that is not in the database: extracts, queue, cached instruments
    keys: Keys
    public_url: str
    office_url: str
    hosts: tuple[str, ...]  # host names answered to; empty only in the demonstration
    secure_cookies: bool
    demonstration: bool
    audit_copy: Path | None = None  # folder of the audit log's second copy; None: in ``folder``
    breached_passwords: Path | None = None  # SHA-1 digests, sorted
    proxies: int = 0  # in front of us: whose word on the visitor's address and https is taken


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read and check every setting. Raises ``BadSetting``."""
    demonstration = _switch(environment, "COVALUE_DEMONSTRATION", default=False)
    folder = Path(environment.get("COVALUE_FOLDER", str(DEFAULT_FOLDER))).resolve()
    public_url = _url(environment, "COVALUE_PUBLIC_URL")
    office_url = _url(environment, "COVALUE_OFFICE_URL")
    hosts = tuple(h for h in environment.get("COVALUE_HOSTS", "").split(",") if h)
    if not hosts and not demonstration:
        raise BadSetting(
            "COVALUE_HOSTS",
            "no host name is given",
            "List the names that this service answers to, with commas between",
        )
    copy = environment.get("COVALUE_AUDIT_COPY", "")
    return Settings(
        database=_database(environment, folder),
        folder=folder,
        keys=Keys.derive(_secret(environment)),
        public_url=public_url,
        office_url=office_url,
        hosts=hosts,
        secure_cookies=public_url.startswith("https://"),
        demonstration=demonstration,
        audit_copy=Path(copy).resolve() if copy else None,
        breached_passwords=_breached(environment),
        proxies=_number(environment, "COVALUE_PROXIES"),
    )


def _breached(environment: Mapping[str, str]) -> Path | None:
    name = environment.get("COVALUE_BREACHED_PASSWORDS", "")
    if not name:
        return None
    fault = list_fault(Path(name))
    if fault:
        raise BadSetting(
            "COVALUE_BREACHED_PASSWORDS",
            fault,
            "Name a file of SHA-1 digests in hexadecimal, sorted, one a line",
        )
    return Path(name)


def _database(environment: Mapping[str, str], folder: Path) -> str:
    url = environment.get("COVALUE_DATABASE", f"sqlite:///{folder / 'covalue.sqlite'}")
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise BadSetting(
            "COVALUE_DATABASE",
            "not an address of SQLite or PostgreSQL",
            "Write sqlite:////path/file or postgresql://user:password@host/name",
        )
    return url


def _secret(environment: Mapping[str, str]) -> bytes:
    secret = environment.get("COVALUE_SECRET", "").encode()
    if len(secret) < 32:
        raise BadSetting(
            "COVALUE_SECRET",
            "missing or shorter than 32 characters",
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    return secret


def _url(environment: Mapping[str, str], name: str) -> str:
    url = environment.get(name, "http://127.0.0.1:8000").rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise BadSetting(name, "not a web address", "Begin it with https://")
    return url


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise BadSetting(name, "neither 0 nor 1", "Write 1 for yes, 0 for no")
    return value == "1"


def _number(environment: Mapping[str, str], name: str) -> int:
    value = environment.get(name, "0")
    if not value.isdecimal():
        raise BadSetting(name, "not a number", "Write how many, in digits")
    return int(value)
