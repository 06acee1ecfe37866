"""The house of a process, from its settings."""

from __future__ import annotations

from typing import Literal

from app.protection.sealing import AnswerSealing
from app.settings import Settings
from app.storage.database import Database
from app.storage.reserve import MEGABYTE, Reserve
from app.workflows.acting import House

Surface = Literal["public", "office", "both"]


def house_of(settings: Settings, surface: Surface) -> House:
    """What every act of a process needs, with the connections that its surface may have."""
    reserve = Reserve(settings.folder, settings.reserve * MEGABYTE)
    return House(
        database=Database(
            settings.database,
            reserve=reserve,
            surface=None if surface == "both" else surface,
            sealing=AnswerSealing(settings.keys.sealing, on=settings.seal_answers),
        ),
        keys=settings.keys,
        folder=settings.folder,
        reserve=reserve,
        public_url=settings.public_url,
        office_url=settings.office_url,
        demonstration=settings.demonstration,
        audit_copy=settings.audit_copy,
        breached_passwords=settings.breached_passwords,
        engine=settings.engine,
        spark=settings.spark,
        sign_on=settings.sign_on,
        mail=settings.mail,
        sms=settings.sms,
    )
