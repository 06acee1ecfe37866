"""Drafts as participants would see them: the participants' own pages, where nothing is kept.

A room of its own, so that the coordinators' pages and the participants' go on not knowing each
other.
"""

from __future__ import annotations

from app.web.preview import pages
from app.web.preview.room import blueprint

__all__ = ["blueprint", "pages"]
