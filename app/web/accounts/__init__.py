"""Pages of accounts: ways in, the own account, and the accounts that an operator looks after.

Importing a view module registers its routes on ``blueprint``.
"""

from __future__ import annotations

from app.web.accounts import institution, invitation, own, people, steps, views
from app.web.accounts.entry import blueprint

__all__ = ["blueprint", "institution", "invitation", "own", "people", "steps", "views"]
