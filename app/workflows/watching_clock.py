"""The machine's clock is held against one that only goes forward: where it jumps, an entry says so.

Moments of the audit log, of codes and of sessions are read from the machine's clock. One that is
set by more than a few seconds, or a machine that stood still, makes them hard to read otherwise.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from app.storage.audit import record
from app.workflows.acting import House

STEPPED = "clock.step"
MOST = 5.0  # seconds that a clock may be put right by without a word
log = logging.getLogger("covalue.clock")


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
            record(session, actor=None, origin="job", act=STEPPED, details=details)
        self.wall, self.steady = wall, steady
        return round(step)
