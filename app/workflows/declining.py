"""Saying no at the consent page: the no is kept, and a reason where somebody wants to tell one."""

from __future__ import annotations

from app.domain.declining import REASONS
from app.domain.deeds import Deed
from app.domain.errors import NotFound
from app.domain.fieldwork import Disposition
from app.storage import beginning, collecting
from app.storage.audit import record_participant
from app.storage.database import now
from app.workflows.acting import House


def refuse(house: House, code: bytes) -> None:
    """Consent was not given: keep that it was refused, and nothing else. Raises NotFound.

    ``code``: digest of the access code.
    """
    with house.database.writing(code) as driver:
        found = collecting.invited(driver, code)
        if found is None:
            raise NotFound
        if found.response_id is not None:
            return
        beginning.set_disposition(driver, found.participant_id, Disposition.REFUSED, now())
        thing = f"participant:{found.participant_id}"
        record_participant(driver, Deed.RESPONSE_REFUSE, thing, found.territory, found.programme_id)


def tell_why(house: House, code: bytes, reason: str) -> bool:
    """Keep the reason of a no that stands, in place of one told before; whether it was kept.

    A word that is no reason is not kept. The audit entry does not repeat the reason.
    """
    if reason not in REASONS:
        return False
    with house.database.writing(code) as driver:
        found = collecting.invited(driver, code)
        if found is None or found.disposition != Disposition.REFUSED:
            return False
        beginning.set_reason(driver, found.participant_id, reason)
        thing = f"participant:{found.participant_id}"
        record_participant(
            driver, Deed.RESPONSE_TELL_WHY, thing, found.territory, found.programme_id
        )
    return True
