"""The data protection officer's pages: log, dossiers, register, notices, requests, retention."""

from app.web.officer import (
    breach,
    dossiers,
    given_files,
    log,
    notices,
    passages,
    requests,
    retention,
)
from app.web.officer.entry import blueprint

__all__ = [
    "blueprint",
    "breach",
    "dossiers",
    "given_files",
    "log",
    "notices",
    "passages",
    "requests",
    "retention",
]
