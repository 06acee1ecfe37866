"""A refusal ends it all; a representative is asked first; nothing else keeps anybody out."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.assent import MEASURES, REPRESENTATIVES, outcome
from app.domain.sittings import AGREEMENTS

ALL = list(product(AGREEMENTS, MEASURES, ("", *REPRESENTATIVES)))


@pytest.mark.parametrize(("agrees", "measure", "representative"), ALL)
def test_every_case(agrees: str, measure: str, representative: str) -> None:
    found = outcome(agrees, measure, representative)
    if agrees == "no":
        assert found == "stop"
    elif measure in ("guardianship", "family", "mandate"):  # all whom somebody represents in law
        wanted = {"is_me": "go", "agrees": "go", "refuses": "stop"}
        assert found == wanted.get(representative, "ask_first")
    elif measure == "curatorship":
        decided = agrees == "yes" and representative in ("is_me", "agrees", "refuses")
        assert found == ("go" if decided else "ask_first")
    else:
        assert found == "go"
