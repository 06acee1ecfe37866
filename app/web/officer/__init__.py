"""The data protection officer's pages: the log and its proof, dossiers, register, notices."""

from app.web.officer import breach, dossiers, log, notices
from app.web.officer.entry import blueprint

__all__ = ["blueprint", "breach", "dossiers", "log", "notices"]
