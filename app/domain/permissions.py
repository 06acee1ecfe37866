"""Who may do what, where: one list of roles and verbs for web, API, commands and the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """The roles of staff."""

    NATIONAL_OWNER = "national_owner"
    TERRITORY_COORDINATOR = "territory_coordinator"
    REVIEWER = "reviewer"
    TRANSLATOR = "translator"
    FIELD_WORKER = "field_worker"
    EVALUATOR = "evaluator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    OPERATOR = "operator"


class Verb(StrEnum):
    """Every act that needs a permission; the same word stands in the audit log."""

    QUESTIONNAIRE_VIEW = "questionnaire.view"
    QUESTIONNAIRE_DRAFT = "questionnaire.draft"
    QUESTIONNAIRE_PUBLISH = "questionnaire.publish"
    QUESTIONNAIRE_COMMENT = "questionnaire.comment"
    FRAMEWORK_VIEW = "framework.view"
    FRAMEWORK_DRAFT = "framework.draft"
    FRAMEWORK_PUBLISH = "framework.publish"
    WAVE_VIEW = "wave.view"
    WAVE_CREATE = "wave.create"
    WAVE_OPEN = "wave.open"
    WAVE_CLOSE = "wave.close"
    SAMPLE_IMPORT = "sample.import"
    CODES_ISSUE = "codes.issue"
    LETTERS_PRINT = "letters.print"
    CONTACT_PLAN = "contact.plan"
    FEEDBACK_WRITE = "feedback.write"
    FIELDWORK_VIEW = "fieldwork.view"
    DISPOSITION_RECORD = "disposition.record"
    RESPONSE_ASSIST = "response.assist"
    RESPONSE_KEY = "response.key"
    RESPONSE_DECIDE = "response.decide"
    VISIT_CODE_ISSUE = "visit_code.issue"
    RESPONSES_IMPORT = "responses.import"
    SERIES_VIEW = "series.view"
    SERIES_ENTER = "series.enter"
    MARGINS_VIEW = "margins.view"
    MARGINS_ENTER = "margins.enter"
    CELLS_DECIDE = "cells.decide"  # of weights for those who did not answer
    CUT_CREATE = "cut.create"
    RELEASE_CREATE = "release.create"
    RELEASE_CHECK = "release.check"
    RELEASE_APPROVE = "release.approve"
    RELEASE_PUBLISH = "release.publish"
    RELEASE_WITHDRAW = "release.withdraw"
    RELEASE_FOLLOW = "release.follow"
    PROTECTION_VIEW = "protection.view"
    RELEASE_VIEW = "release.view"
    RELEASE_DOWNLOAD = "release.download"
    TOKEN_MAKE = "token.make"
    EXTRACT_ASK = "extract.ask"
    EXTRACT_ALLOW = "extract.allow"
    RESPONSE_ERASE = "response.erase"
    RESPONSE_ACCESS = "response.access"
    RIGHTS_CONFIRM = "rights.confirm"
    PASSAGE_REVIEW = "passage.review"
    DOSSIER_WRITE = "dossier.write"
    DOSSIER_APPROVE = "dossier.approve"
    AUDIT_READ = "audit.read"
    ACCOUNT_MANAGE = "account.manage"
    PROGRAMME_LOAD = "programme.load"
    TERRITORY_DESCRIBE = "territory.describe"  # its name, telephone and local names
    TERRITORY_CHANGE = "territory.change"  # its borders, and whether it is there


V = Verb
_VIEW = frozenset({V.QUESTIONNAIRE_VIEW, V.FRAMEWORK_VIEW, V.WAVE_VIEW})
_FIELD = frozenset(
    {
        V.SAMPLE_IMPORT,
        V.CODES_ISSUE,
        V.LETTERS_PRINT,
        V.CONTACT_PLAN,
        V.FEEDBACK_WRITE,
        V.FIELDWORK_VIEW,
        V.DISPOSITION_RECORD,
        V.RESPONSE_ASSIST,
        V.RESPONSE_KEY,
        V.RESPONSE_DECIDE,
        V.VISIT_CODE_ISSUE,
        V.RESPONSES_IMPORT,
    }
)
_DRAFT = frozenset({V.QUESTIONNAIRE_DRAFT, V.QUESTIONNAIRE_COMMENT, V.FRAMEWORK_DRAFT})
_PUBLISH = frozenset({V.QUESTIONNAIRE_PUBLISH, V.FRAMEWORK_PUBLISH})
_SERIES = frozenset({V.SERIES_VIEW, V.SERIES_ENTER})
_MARGINS = frozenset({V.MARGINS_VIEW, V.MARGINS_ENTER})
_WAVE = frozenset({V.WAVE_CREATE, V.WAVE_OPEN, V.WAVE_CLOSE})
_READ = frozenset({V.RELEASE_VIEW, V.RELEASE_DOWNLOAD, V.RELEASE_FOLLOW, V.TOKEN_MAKE})
_GIVE_OUT = frozenset({V.RELEASE_APPROVE, V.RELEASE_PUBLISH, V.RELEASE_WITHDRAW})
_RELEASE = _READ | _GIVE_OUT | {V.CUT_CREATE, V.RELEASE_CREATE, V.RELEASE_CHECK}

MAY: dict[Role, frozenset[Verb]] = {
    Role.NATIONAL_OWNER: _VIEW
    | _FIELD
    | _DRAFT
    | _PUBLISH
    | _WAVE
    | _SERIES
    | _MARGINS
    | _READ
    | _GIVE_OUT
    | {V.DOSSIER_WRITE, V.RIGHTS_CONFIRM, V.PASSAGE_REVIEW}
    | {V.TERRITORY_DESCRIBE, V.TERRITORY_CHANGE},
    Role.TERRITORY_COORDINATOR: _VIEW
    | _FIELD
    | _DRAFT
    | _PUBLISH
    | _SERIES
    | _MARGINS
    | _READ
    | {V.TERRITORY_DESCRIBE},
    Role.REVIEWER: _VIEW | {V.PASSAGE_REVIEW, V.QUESTIONNAIRE_COMMENT},
    Role.TRANSLATOR: _VIEW | {V.QUESTIONNAIRE_DRAFT, V.QUESTIONNAIRE_COMMENT},
    Role.FIELD_WORKER: frozenset(
        {V.WAVE_VIEW, V.RESPONSE_ASSIST, V.RESPONSE_KEY, V.DISPOSITION_RECORD}
    ),
    Role.EVALUATOR: _VIEW
    | _RELEASE
    | _MARGINS
    | {V.CELLS_DECIDE, V.FIELDWORK_VIEW, V.SERIES_VIEW, V.EXTRACT_ASK},
    Role.DATA_PROTECTION_OFFICER: _VIEW
    | {V.AUDIT_READ, V.RELEASE_VIEW, V.RELEASE_FOLLOW, V.PROTECTION_VIEW}
    | {V.RESPONSE_ERASE, V.RESPONSE_ACCESS, V.EXTRACT_ALLOW, V.TOKEN_MAKE}
    | {V.DOSSIER_WRITE, V.DOSSIER_APPROVE, V.RIGHTS_CONFIRM},
    Role.OPERATOR: frozenset({V.ACCOUNT_MANAGE, V.PROGRAMME_LOAD, V.AUDIT_READ}),
}


# What only looks: all that a grant for viewing allows, whatever its role.
VIEWING = frozenset(
    {
        V.QUESTIONNAIRE_VIEW,
        V.FRAMEWORK_VIEW,
        V.WAVE_VIEW,
        V.FIELDWORK_VIEW,
        V.SERIES_VIEW,
        V.MARGINS_VIEW,
        V.RELEASE_VIEW,
        V.RELEASE_DOWNLOAD,
        V.RELEASE_FOLLOW,
        V.PROTECTION_VIEW,
        V.AUDIT_READ,
    }
)
# What lets something out or changes who may enter: who sits there proves it again before.
SENSITIVE = frozenset(
    {
        V.ACCOUNT_MANAGE,
        V.CODES_ISSUE,
        V.LETTERS_PRINT,
        V.RELEASE_DOWNLOAD,
        V.RELEASE_PUBLISH,
        V.PROTECTION_VIEW,
        V.AUDIT_READ,
        V.EXTRACT_ASK,
        V.TOKEN_MAKE,
        V.EXTRACT_ALLOW,
        V.RESPONSE_ACCESS,
        V.RIGHTS_CONFIRM,
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a territory and everything below it, between two dates (both included).

    With ``only_viewing`` it allows what the role sees and nothing that it enters: so a person may
    see a whole region and enter in one territory of it.
    """

    role: Role
    territory: str
    valid_from: date | None = None
    valid_until: date | None = None
    only_viewing: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the grant is in force on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def allows(self, verb: Verb) -> bool:
        """Whether the act is one of this grant's, wherever and whenever."""
        return verb in MAY[self.role] and (verb in VIEWING or not self.only_viewing)


def reach(grants: Iterable[Grant], verb: Verb, day: date) -> frozenset[str]:
    """Codes of the territories over whose subtrees these grants allow the act on ``day``."""
    return frozenset(
        grant.territory for grant in grants if grant.holds_on(day) and grant.allows(verb)
    )


def may(grants: Iterable[Grant], verb: Verb, ancestry: tuple[str, ...], day: date) -> bool:
    """Whether the act is allowed in a territory, given it and all that contain it."""
    return not reach(grants, verb, day).isdisjoint(ancestry)
