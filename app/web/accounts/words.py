"""Words of the accounts' pages: roles and second factors as people call them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.permissions import Role

ROLES = {
    Role.NATIONAL_OWNER: _l("National owner"),
    Role.TERRITORY_COORDINATOR: _l("Territory coordinator"),
    Role.REVIEWER: _l("Reviewer"),
    Role.TRANSLATOR: _l("Translator"),
    Role.FIELD_WORKER: _l("Field worker"),
    Role.EVALUATOR: _l("Evaluator"),
    Role.DATA_PROTECTION_OFFICER: _l("Data protection officer"),
    Role.OPERATOR: _l("Operator"),
}
FACTORS = {"totp": _l("authenticator app"), "passkey": _l("passkey")}
