"""Acts that need no permission and stand in the audit log all the same."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from app.domain.permissions import Verb


class Deed(StrEnum):
    """What people do with their own account, what participants and commands do, what befalls."""

    ACCOUNT_SIGN_IN = "account.sign_in"
    ACCOUNT_SECOND_STEP = "account.second_step"
    ACCOUNT_CONFIRM = "account.confirm"
    ACCOUNT_SIGN_OUT = "account.sign_out"
    ACCOUNT_SESSION_END = "account.session_end"
    ACCOUNT_PASSWORD = "account.password"  # the name of an act
    ACCOUNT_LINK_USED = "account.link_used"
    ACCOUNT_FACTOR_ADD = "account.factor_add"
    ACCOUNT_FACTOR_REMOVE = "account.factor_remove"
    ACCOUNT_RECOVERY_CODES = "account.recovery_codes"
    ACCOUNT_IDENTITY_LINK = "account.identity_link"
    ACCOUNT_IDENTITY_UNLINK = "account.identity_unlink"
    CODE_ENTER = "code.enter"
    FORM_SEND = "form.send"
    PAGE_OPEN = "page.open"
    CONTACT_SEE = "contact.see"
    RESPONSE_START = "response.start"
    RESPONSE_SUBMIT = "response.submit"
    RESPONSE_REFUSE = "response.refuse"
    RESPONSE_TELL_WHY = "response.tell_why"
    RESPONSE_WITHDRAW = "response.withdraw"
    RESPONSE_CORRECT = "response.correct"
    RESPONSE_ERASE_AGAIN = "response.erase_again"
    RETENTION_SET_ASIDE = "retention.set_aside"
    RETENTION_PURGE = "retention.purge"
    JOB_END = "job.end"
    MAIL_AGAIN = "mail.again"
    MAIL_BOUNCES = "mail.bounces"
    BACKUP_MAKE = "backup.make"
    BACKUP_CLUSTER = "backup.cluster"
    BACKUP_RESTORE = "backup.restore"
    DATABASE_UPGRADE = "database.upgrade"
    KEYS_ROTATE = "keys.rotate"
    SERVICE_CHANGE = "service.change"
    CLOCK_STEP = "clock.step"
    DISK = "disk"


Act: TypeAlias = Verb | Deed  # whatever may stand in the log
