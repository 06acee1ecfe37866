"""Who answered and how, in the words of the staff pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ROLE_WORDS: dict[str, Any] = {
    "self": _l("the person"),
    "helped": _l("the person, helped by somebody"),
    "proxy": _l("somebody in the person’s place"),
}
RELATION_WORDS: dict[str, Any] = {
    "partner": _l("husband, wife or partner"),
    "child": _l("son or daughter"),
    "family": _l("another member of the family"),
    "friend": _l("friend or neighbour"),
    "professional": _l("professional"),
    "guardian": _l("legal guardian"),
}
