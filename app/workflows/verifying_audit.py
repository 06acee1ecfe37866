"""Is the audit log as it was sealed: the whole of it, or what came since the worker looked.

The worker verifies the whole log each hour and leaves a mark beside the second copy: the position
up to which everything stood, signed. Whoever waits for an answer on a page is told of the whole
log as long as it is short, and of a long one from the newest mark on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.errors import NotFound
from app.domain.text import Text
from app.protection.audit_chain import (
    Failure,
    Head,
    Verdict,
    Verification,
    public_key,
    sign,
    signed,
)
from app.storage import audit_chain as stored
from app.storage.audit_chain import last_link, oldest_unsealed
from app.storage.database import now
from app.workflows.acting import House
from app.workflows.sealing_audit import copied, copy_folder

MOST = 50_000  # entries that are verified while somebody waits
FRESH = timedelta(hours=2)  # of a mark: one hour of the worker may fail
MARK, HOUR = "verified.txt", "%Y-%m-%dT%H"


@dataclass(frozen=True, slots=True)
class Audited:
    """A verification, and how long the oldest entry without a seal has waited (seconds).

    ``since``: the mark from which it went on, None where it began at the beginning.
    """

    verdict: Verdict
    waiting: float
    since: Head | None = None

    @property
    def holds(self) -> bool:
        """Whether everything is as it was sealed."""
        return self.verdict.failure is None


def verify(house: House, published: Sequence[Head] = (), *, alone: bool = False) -> Audited:
    """Hold the chain against the heads, the second copy and the heads that others ``published``.

    ``alone``: without the second copy, which of a restored database is of another moment.
    """
    return _verified(house, published, None, alone=alone)


def verify_days(
    house: House, first: date | None, last: date | None, published: Sequence[Head] = ()
) -> Audited:
    """As ``verify``, what was sealed from one day to another (UTC, both included; None: no bound).

    It begins at the signed head before the first day, or at the beginning where that was pruned,
    and ends at the head of the last day, or with what is sealed now where that day is not over.
    Raises ``NotFound`` where nothing was sealed until the last day.
    """
    with house.database.read() as session:
        made = sorted((*stored.heads(session), *published), key=lambda head: head.day)
        kept = stored.first_kept(session)
    before = [head for head in made if first is not None and head.day < first.isoformat()]
    mark = before[-1] if before and before[-1].position >= kept else None
    if last is None or last >= now().date():
        return _verified(house, published, mark)
    ends = [head.position for head in made if head.day <= last.isoformat()]
    if not ends:
        raise NotFound(_NOTHING)
    return _verified(house, published, mark, until=max(ends))


def verify_soon(house: House) -> Audited | None:
    """As ``verify`` in the time of a page: at most ``MOST`` entries, the last ones of a long log.

    None where a longer log has no fresh mark of the worker that is near enough.
    """
    with house.database.read() as session:
        last, first = (last_link(session) or (0, b""))[0], stored.first_kept(session)
    if last - first < MOST:
        return verify(house)
    mark = read_mark(house)
    if mark is None or last - mark.position >= MOST:
        return None
    return _verified(house, (), mark)


def _verified(
    house: House,
    published: Sequence[Head],
    mark: Head | None,
    *,
    until: int | None = None,
    alone: bool = False,
) -> Audited:
    behind = 0 if mark is None else mark.position - 1
    copies = {} if alone else copied(copy_folder(house), after=behind)
    if until is not None:
        copies = {at: copy for at, copy in copies.items() if at <= until}
    with house.database.read() as session:
        links = list(stored.sealed(session, after=behind, until=until))
        heads = {(each.day, each.hash): each for each in (*stored.heads(session), *published)}
        found = Verification(
            house.keys.audit,
            public_key(house.keys.heads),
            links,
            [
                each
                for each in heads.values()
                if behind < each.position and (until is None or each.position <= until)
            ],
            stored.segments(session),
            copies,
            mark,
        )
        waiting = oldest_unsealed(session)
        seconds = 0.0 if waiting is None else (now() - waiting).total_seconds()
        return Audited(found.verdict(), seconds, mark)


def leave_mark(house: House, moment: datetime, found: Audited) -> None:
    """Note what a verification of the whole log found, and up to where it stands."""
    hour, failure = f"{moment:{HOUR}}", found.verdict.failure
    (copy_folder(house) / MARK).write_text(_mark(house, hour, found.verdict, failure), "utf-8")


def _mark(house: House, hour: str, verdict: Verdict, failure: Failure | None) -> str:
    if failure is not None:
        return f"{hour} {failure.kind}\n"
    head = Head(hour, verdict.position, verdict.head)
    signature = sign(house.keys.heads, head.words())
    return f"{hour} ok {head.position} {head.hash.hex()} {signature.hex()}\n"


def marked_hour(house: House) -> str:
    """The hour of the newest mark, as ``HOUR`` writes it; empty where there is none."""
    path = copy_folder(house) / MARK
    return path.read_text("utf-8").partition(" ")[0] if path.exists() else ""


def read_mark(house: House) -> Head | None:
    """The newest mark, if it is fresh, says that the log stood, and is signed by us."""
    path = copy_folder(house) / MARK
    words = path.read_text("utf-8").split() if path.exists() else []
    if len(words) != 5 or words[1] != "ok":
        return None
    hour, _ok, position, link, signature = words
    try:
        head = Head(hour, int(position), bytes.fromhex(link), bytes.fromhex(signature))
        until = datetime.strptime(hour, HOUR).replace(tzinfo=UTC) + FRESH
    except ValueError:  # cut off while it was written, or meddled with
        return None
    good = signed(public_key(house.keys.heads), head.words(), head.signature)
    return head if good and now() < until else None


_NOTHING = Text.of(
    fr="Rien n’a été scellé jusqu’à ce jour. Donnez un jour plus récent.",
    en="Nothing was sealed until that day. Give a later one.",
)
