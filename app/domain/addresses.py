"""Addresses of electronic mail and telephone numbers, as they may be kept and written to."""

from __future__ import annotations

import re
from ipaddress import ip_address

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_SPACING = re.compile(r"[\s.\u00a0\u202f()-]")
_FRENCH = re.compile(r"0[1-9]\d{8}")
_ABROAD = re.compile(r"\+[1-9]\d{7,14}")


def mail_address(written: str) -> str | None:
    """The address as it is used (domain in lower case, in ASCII); None where it is none.

    Local parts in ASCII only, without quotes: the form that every server takes (RFC 5321, 4.1.2).
    """
    local, at, domain = written.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or ".." in f".{local}.":
        return None
    try:
        domain = domain.lower().encode("idna").decode()
    except UnicodeError:
        return None
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) else None


def phone_number(written: str) -> str | None:
    """A telephone number in the international form ``+33612345678``; None where it is none.

    Ten digits that begin with 0 are a number of France.
    """
    plain = _SPACING.sub("", written.strip())
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    if _FRENCH.fullmatch(plain):
        return f"+33{plain[1:]}"
    return plain if _ABROAD.fullmatch(plain) else None


def is_mobile(number: str) -> bool:
    """Whether a short message may reach it: in France 06 and 07; abroad nobody can tell."""
    return not number.startswith("+33") or number[3:4] in ("6", "7")


def is_this_machine(host: str) -> bool:
    """Whether a host is this very machine, which nothing on the way can read."""
    host = host.strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_near(host: str) -> bool:
    """Whether a host is this machine, or of a network without others."""
    host = host.strip("[]")
    try:
        address = ip_address(host)
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")
    return address.is_private and not address.is_unspecified
