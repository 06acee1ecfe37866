"""What somebody asks for on the page behind the link of a message: no sign-in, no code.

The link names the person by a number and a keyed hash: nobody can make one, and it opens nothing
but this page. What is said is only added; staff and worker read it.
"""

from __future__ import annotations

import hmac
import re

from app.domain.contact import WISHES
from app.domain.errors import NotFound
from app.protection.keys import digest
from app.storage.contacting import add_wish
from app.storage.database import now
from app.workflows.acting import House

_TOKEN = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{32})")


def wish_link(house: House, participant_id: int) -> str:
    """The address of the page on which this person says stop."""
    return f"{house.public_url}/s/{_token(house, participant_id)}"


def _token(house: House, participant_id: int) -> str:
    sign = digest(house.keys.lookup, f"wish {participant_id}")[:16]
    return f"{participant_id:x}-{sign.hex()}"


def whose(house: House, token: str) -> int:
    """The participant of a link. Raises ``NotFound`` for one that we did not make."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise NotFound
    participant = int(found[1], 16)
    if not hmac.compare_digest(_token(house, participant), token):
        raise NotFound
    return participant


def wish(house: House, token: str, said: str) -> None:
    """Write down what somebody asked for. Raises ``NotFound``."""
    participant = whose(house, token)
    if said not in WISHES:
        raise NotFound
    with house.database.write() as session:
        add_wish(session, participant, said, now())
