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
AGREES_WORDS: dict[str, Any] = {
    "yes": _l("the person agrees"),
    "cannot_say": _l("the person cannot say"),
    "not_asked": _l("the person was not asked"),
    "no": _l("the person does not want to"),
}
MEASURE_WORDS: dict[str, Any] = {
    "none": _l("no protection measure"),
    "unknown": _l("it is not known"),
    "safeguard": _l("safeguard by a judge"),
    "curatorship": _l("curatorship"),
    "guardianship": _l("guardianship"),
    "family": _l("family habilitation"),
    "mandate": _l("mandate for future protection"),
}
REPRESENTATIVE_WORDS: dict[str, Any] = {
    "is_me": _l("it is who answers"),
    "agrees": _l("knows and agrees"),
    "not_informed": _l("does not know yet"),
    "refuses": _l("knows and refuses"),
}
INSTEAD_WORDS: tuple[tuple[str, Any, dict[str, Any]], ...] = (  # as on the sheet, in its order
    ("agrees", _l("In the person’s place: does the person agree?"), AGREES_WORDS),
    ("measure", _l("In the person’s place: which protection measure?"), MEASURE_WORDS),
    ("representative", _l("In the person’s place: the representative?"), REPRESENTATIVE_WORDS),
)
