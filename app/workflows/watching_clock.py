"""The machine's clock: no process starts where it is behind what was written, and where it jumps
against one that only goes forward, an entry says so.

Moments of the audit log, of codes and of sessions are read from the machine's clock. One that is
set by more than a few seconds, or a machine that stood still, makes them hard to read otherwise.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from app.domain.deeds import Deed
from app.storage.audit import newest_moment, record
from app.storage.audit_chain import newest_head
from app.storage.database import now
from app.storage.durability import server_moment
from app.workflows.acting import House

MOST = 5.0  # seconds that a clock may be put right by, or clocks of machines lie apart
log = logging.getLogger("covalue.clock")


def clock_behind(house: House, *, public: bool = False) -> float:
    """Seconds by which this machine's clock is behind the newest entry; 0 up to five of them.

    What is written meanwhile would stand before what was done before it. ``public``: as far as the
    participants' surface can know, which reads no entry: by the newest signed head, and on
    PostgreSQL by the server's clock.
    """
    with house.database.read() as session:
        if public:
            head = newest_head(session)
            known = [head.made_at if head else None, server_moment(session)]
        else:
            known = [newest_moment(session)]
        last = max((moment for moment in known if moment is not None), default=None)
    seconds = 0.0 if last is None else (last - now()).total_seconds()
    return seconds if seconds > MOST else 0.0


@dataclass
class Clock:
    """The two clocks as they were last looked at: seconds of the day, and since some moment."""

    wall: float = field(default_factory=time.time)
    steady: float = field(default_factory=time.monotonic)

    def look(self, house: House, wall: float, steady: float) -> int:
        """Seconds by which the machine's clock was put forward (or, below 0, back); else 0.

        A step is an entry of the audit log and a line of level CRITICAL. The worker calls it.
        """
        step = round(wall - self.wall - (steady - self.steady), 1)
        if abs(step) <= MOST:
            self.wall, self.steady = wall, steady
            return 0
        log.critical("the clock of this machine was set")
        with house.database.write() as session:
            details = {"seconds": round(step)}
            record(session, actor=None, origin="job", act=Deed.CLOCK_STEP, details=details)
        self.wall, self.steady = wall, steady
        return round(step)
