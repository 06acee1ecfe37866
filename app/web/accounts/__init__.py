"""Pages of accounts: ways in, the own account, and the accounts that an operator looks after.

Importing a view module registers its routes on ``blueprint``.
"""

from __future__ import annotations

from app.web.accounts import (
    api_reference,
    institution,
    invitation,
    own,
    people,
    steps,
    tokens,
    views,
)
from app.web.accounts.entry import blueprint

__all__ = [
    "api_reference",
    "blueprint",
    "institution",
    "invitation",
    "own",
    "people",
    "steps",
    "tokens",
    "views",
]
