"""Sending what waits in the outbox, in a thread of the worker.

Each message is claimed in a transaction of its own, then handed over, then marked. Where the
worker dies in between, that one message is in doubt: it may have left. It is never sent again by
itself; it is listed, and a person decides (``flask mail``). So nobody gets a message twice, at most
one is in doubt after a crash, and none is lost from sight.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from smtplib import SMTPException

from app.domain.errors import Unavailable
from app.interchange.mail import InDoubt, LineBroken, NotTaken, connected, hand_over
from app.interchange.sms import hand_over_sms
from app.protection.logs import last_place
from app.storage import outbox
from app.storage.database import now
from app.storage.outbox import OutgoingMessage
from app.workflows.acting import House
from app.workflows.in_turns import in_turns
from app.workflows.mail import WANTED, content_of, mail_of

EVERY = 5.0  # seconds between two looks into the outbox
SILENT = timedelta(minutes=10)  # a claim so old has no worker any more
GIVE_UP = timedelta(days=3)
KEEP_TEXTS = timedelta(days=30)
PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 240))
PUT_OFF, LINE_BROKEN = "put off", "line broken"  # no ends: it is tried again
log = logging.getLogger("covalue.mail")

Handing = Callable[[OutgoingMessage], None]  # raises NotTaken or InDoubt
Line = Callable[[House], AbstractContextManager[Handing]]


class _MailLine:
    """An open line to the mail server, by which one message after the other is handed over."""

    def __init__(self, house: House) -> None:
        assert house.mail is not None  # asked before
        self._house, self._server = house, house.mail
        self._connected = connected(self._server)

    def __enter__(self) -> Handing:
        self._line = self._connected.__enter__()
        return self._hand

    def __exit__(self, *raised: object) -> None:
        self._connected.__exit__(None, None, None)

    def _hand(self, message: OutgoingMessage) -> None:
        try:
            hand_over(self._line, self._server, mail_of(self._house, message), now())
        except NotTaken:
            with suppress(OSError, SMTPException):  # a line that is gone shows at the next one
                self._line.rset()
            raise


class _SmsLine:
    """The gateway: each message is a request of its own."""

    def __init__(self, house: House) -> None:
        assert house.sms is not None  # asked before
        self._house, self._gateway = house, house.sms

    def __enter__(self) -> Handing:
        return self._hand

    def __exit__(self, *raised: object) -> None:
        pass

    def _hand(self, message: OutgoingMessage) -> None:
        content = content_of(self._house, message)
        hand_over_sms(self._gateway, message.identity, content["to"], content["text"])


def send_waiting(house: House, *, at: Callable[[], datetime] = now) -> Counter[str]:
    """Send what is due, within the rate of each channel; how many, by outcome.

    Without a server nothing is looked at, and no connection is made.
    """
    done: Counter[str] = Counter()
    moment = at()
    if house.mail is not None or house.sms is not None:
        with house.database.write() as session:
            outbox.forget_texts(session, moment - KEEP_TEXTS)
            left = outbox.leave_in_doubt(session, moment - SILENT, moment)
        done[outbox.DOUBTFUL] += left
    if house.mail is not None:
        done += _channel(house, "mail", house.mail.rate, _MailLine, at)
    if house.sms is not None:
        done += _channel(house, "sms", house.sms.rate, _SmsLine, at)
    return done


def _channel(
    house: House, channel: str, rate: int, line: Line, at: Callable[[], datetime]
) -> Counter[str]:
    moment = at()
    with house.database.read() as session:
        room = rate - outbox.tried_since(session, channel, moment - timedelta(minutes=1))
        waiting = outbox.due(session, channel, moment, max(room, 0))
    done: Counter[str] = Counter()
    if not waiting:
        return done
    try:
        with line(house) as hand:
            for message_id in waiting:
                outcome = _one(house, message_id, hand, at)
                done[outcome] += 1
                if outcome in (outbox.DOUBTFUL, LINE_BROKEN):
                    break  # the next turn opens another line
    except (NotTaken, OSError):
        log.warning("no line to send by", extra={"kind": channel})
    return done


def _one(house: House, message_id: int, hand: Handing, at: Callable[[], datetime]) -> str:
    with house.database.write() as session:
        message = outbox.claim(session, message_id, at())
        if message is None:
            return "taken"
        wanted = WANTED.get(message.purpose)
        if wanted is not None and not wanted(session, message.key):
            outbox.end(session, message_id, at(), outbox.UNWANTED)
            return outbox.UNWANTED
        session.expunge(message)
    try:
        hand(message)
        outcome = outbox.SENT
    except InDoubt:
        outcome = outbox.DOUBTFUL
    except ValueError as error:  # sealed with a key that is gone: an operator may bring it back
        log.error("message not readable", extra={"kind": type(error).__name__})
        outcome = outbox.EXPIRED
    except NotTaken as refusal:
        outcome = _refused(message, refusal, at())
    with house.database.write() as session:
        if outcome in (PUT_OFF, LINE_BROKEN):
            pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
            outbox.put_off(session, message_id, at() + pause)
        else:
            outbox.end(session, message_id, at(), outcome)
    return outcome


def _refused(message: OutgoingMessage, refusal: NotTaken, at: datetime) -> str:
    if refusal.final:
        return outbox.REFUSED
    if at - message.queued_at > GIVE_UP:
        return outbox.EXPIRED
    return LINE_BROKEN if isinstance(refusal, LineBroken) else PUT_OFF


def sending(house: House) -> AbstractContextManager[None]:
    """What waits is sent beside the block."""

    def turn() -> None:
        try:
            send_waiting(house)
        except Unavailable:  # the next turn will do
            log.warning("outbox not read")
        except Exception as error:  # the thread outlives every message
            told = {"kind": type(error).__name__, "place": last_place(error)}
            log.error("sending failed", extra=told)

    return in_turns("postman", EVERY, turn)
