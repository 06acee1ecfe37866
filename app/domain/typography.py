"""French as it is typeset: non-breaking spaces inside quotes and before : ; ? !"""

from __future__ import annotations

import re

NBSP = "\u00a0"
_BEFORE = re.compile(" (?=[»:;?!])")


def typeset_french(wording: str) -> str:
    """The wording with non-breaking spaces where French wants them."""
    return _BEFORE.sub(NBSP, wording).replace("« ", f"«{NBSP}")
