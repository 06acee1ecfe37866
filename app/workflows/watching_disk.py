"""The disk of the data folder is looked at each minute: nine tenths full, or the reserve is spent.

Files and background work are refused by then (``uploads``), answers still go in; the operators are
told while there is time.
"""

from __future__ import annotations

import logging
import shutil

from app.domain.deeds import Deed
from app.domain.permissions import Role
from app.domain.text import Text
from app.storage.accounts import holders_of
from app.storage.audit import record
from app.storage.database import now
from app.storage.territories import programmes
from app.workflows.acting import House
from app.workflows.mail import queue_mail

NEARLY = 0.9  # of the disk
NOTED = "disk.txt"
log = logging.getLogger("covalue.disk")


def watch_disk(house: House) -> str:
    """What is wrong with the disk: ``full`` (the reserve is spent), ``nearly``, or nothing.

    The reserve is made again where there is room. What is wrong is a line of level CRITICAL, an
    entry of the audit log and a mail to each operator, once a day. The worker calls it.
    """
    house.reserve.keep()
    usage = shutil.disk_usage(house.folder)
    wrong = "nearly" if 1 - usage.free / usage.total > NEARLY else ""
    wrong = wrong if house.reserve.is_kept else "full"
    noted, told = house.folder / NOTED, f"{now():%Y-%m-%d} {wrong}"
    if not wrong or (noted.exists() and noted.read_text("ascii") == told):
        return wrong
    log.critical("the disk is full" if wrong == "full" else "the disk is nearly full")
    with house.database.write() as session:
        details = {"state": wrong, "free_mb": usage.free // 2**20}
        record(session, actor=None, origin="job", act=Deed.DISK, details=details)
        operators = {
            account.id: account
            for programme in programmes(session)
            for account in holders_of(session, programme.id, Role.OPERATOR)
        }
        for account in operators.values():
            subject, text = (each.in_(account.language or "fr") for each in _WORDS[wrong])
            queue_mail(
                session,
                house,
                to=account.email,
                subject=subject,
                text=text.format(free=usage.free // 2**20),
                purpose="disk",
                key=f"disk:{told}:{account.id}",
            )
    noted.write_text(told, "ascii")
    return wrong


_WORDS = {
    "full": (
        Text.of(fr="ALERTE : le disque est plein", en="ALERT: the disk is full"),
        Text.of(
            fr="Le disque du service est plein : il reste {free} Mo.\n"
            "La réserve a été libérée pour que les réponses s’enregistrent encore.\n"
            "Faites de la place maintenant ; la réserve se refera d’elle-même.",
            en="The disk of the service is full: {free} MB are left.\n"
            "The reserve was given up so that answers are still saved.\n"
            "Make room now; the reserve will be made again by itself.",
        ),
    ),
    "nearly": (
        Text.of(fr="Le disque est presque plein", en="The disk is nearly full"),
        Text.of(
            fr="Le disque du service est plein à plus de neuf dixièmes : il reste {free} Mo.\n"
            "Faites de la place : imports et calculs seront refusés en premier, les réponses "
            "en dernier.",
            en="More than nine tenths of the service’s disk are taken: {free} MB are left.\n"
            "Make room: imports and computations will be refused first, answers last.",
        ),
    ),
}
