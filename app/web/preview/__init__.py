"""Drafts as participants would see them: the participants' own pages, one by one or on trial.

A room of its own, so that the coordinators' pages and the participants' go on not knowing each
other.
"""

from __future__ import annotations

from app.web.preview import pages, trials
from app.web.preview.room import blueprint

__all__ = ["blueprint", "pages", "trials"]
