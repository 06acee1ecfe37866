"""The spelling of codes: short, plain, safe in addresses, files and formulas."""

from __future__ import annotations

import re

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
OPTION_CODE = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9_]{0,31}")


def is_code(text: str) -> bool:
    """Whether ``text`` may name an item, page, section, slot, indicator or territory."""
    return CODE.fullmatch(text) is not None


def is_option_code(text: str) -> bool:
    """Whether ``text`` may name an option; digits may come first, as in ``1`` or ``-3``."""
    return OPTION_CODE.fullmatch(text) is not None
