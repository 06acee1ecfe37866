"""The data protection officer's pages: who did what, and the proof that the log stands."""

from app.web.officer import breach, log
from app.web.officer.entry import blueprint

__all__ = ["blueprint", "breach", "log"]
