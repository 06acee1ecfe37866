"""The data protection officer's pages: the log, dossiers, register, notices, requests."""

from app.web.officer import breach, dossiers, log, notices, passages, requests
from app.web.officer.entry import blueprint

__all__ = ["blueprint", "breach", "dossiers", "log", "notices", "passages", "requests"]
