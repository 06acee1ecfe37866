"""The columns of a sample's file, in words: what each is, and what may stand in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.interchange.sample_csv import LANGUAGES
from app.web.coordinators.field_words import AUDIENCES

COLUMN_WORDS: dict[str, Any] = {
    "reference": _l("Reference of the person"),
    "territory": _l("Territory"),
    "audience": _l("Audience"),
    "case": _l("Case: elderly person and family"),
    "stratum": _l("Stratum"),
    "psu": _l("Sampling unit"),
    "weight": _l("Sampling weight"),
    "language": _l("Language"),
    "sub_area": _l("Sub-area"),
    "name": _l("Name"),
    "address1": _l("Address, first line"),
    "address2": _l("Address, second line"),
    "address3": _l("Address, third line"),
    "address4": _l("Address, fourth line"),
    "email": _l("E-mail of the person"),
    "phone": _l("Telephone"),
}
_SHOWN = 20  # codes of territories


def column_help(territories: Collection[str]) -> dict[str, str]:
    """By column, what may stand in it; of what everybody understands nothing is said."""
    own = sorted(set(territories) - {NATION})
    audiences = ", ".join(f"{each} ({AUDIENCES[each]})" for each in Audience)
    return {
        "reference": _(
            "Letters and digits, 64 at most: no name, no initials, no date of birth, as it stands "
            "on the letter."
        ),
        "territory": ", ".join(own[:_SHOWN]) + (", …" if own[_SHOWN:] else ""),
        "audience": audiences,
        "case": _("The same for an older person and the family; left empty: none."),
        "stratum": _("The group from which the person was drawn; left empty: one for all."),
        "psu": _("Who was drawn together, such as one service; left empty: each alone."),
        "weight": _("A number above 0; left empty: 1."),
        "language": _("%(codes)s; left empty: fr.", codes=", ".join(LANGUAGES)),
        "sub_area": _("A code of the territory’s own sub-areas; left empty: none."),
    }
