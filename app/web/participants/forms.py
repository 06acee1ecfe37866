"""The small forms on the way in and out; CSRF is checked for all of them by the application."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.domain.sittings import AGREEMENTS, HELP, REASONS, RELATIONS

WORDS = {
    "own": _l("It is mine"),
    "shared": _l("It is lent to me, or others use it too"),
    "self": _l("I answer myself"),
    "helped": _l("I answer, and someone helps me"),
    "proxy": _l("Someone answers in my place"),
    "reads": _l("The person reads the questions to me"),
    "holds_device": _l("The person holds the device or presses for me"),
    "explains": _l("The person explains the questions"),
    "translates": _l("The person translates"),
    "partner": _l("I am the husband, wife or partner"),
    "child": _l("I am a son or daughter"),
    "family": _l("I am another member of the family"),
    "friend": _l("I am a friend or a neighbour"),
    "professional": _l("I am a professional"),
    "guardian": _l("I am the legal guardian"),
    "illness": _l("Because of illness or great tiredness"),
    "memory": _l("Because of memory or understanding"),
    "sight": _l("Because of sight or hearing"),
    "language": _l("Because of the language"),
    "asked": _l("Because the person asked me to"),
    "agrees_yes": _l("Yes, the person agrees"),
    "agrees_cannot_say": _l("The person cannot say"),
    "agrees_not_asked": _l("I have not asked yet"),
    "yes": _l("Yes, I agree to take part"),
    "no": _l("No, I do not want to take part"),
}


def _rows(codes: tuple[str, ...], prefix: str = "") -> list[SelectChoice]:
    return [SelectChoice(code, WORDS[prefix + code]) for code in codes]


class CodeForm(Form):  # type: ignore[misc] # WTForms has no types
    """The one field of the welcome page, or of the withdrawal page."""

    code = StringField()


class DeviceForm(Form):  # type: ignore[misc] # WTForms has no types
    """Whose device this is."""

    device = RadioField(choices=_rows(("own", "shared")), validators=[InputRequired()])


class WhoForm(Form):  # type: ignore[misc] # WTForms has no types
    """Who answers."""

    role = RadioField(choices=_rows(("self", "helped", "proxy")), validators=[InputRequired()])


class HelpForm(Form):  # type: ignore[misc] # WTForms has no types
    """What the help consists of."""

    helper = SelectMultipleField(choices=_rows(HELP), validators=[InputRequired()])


class ProxyForm(Form):  # type: ignore[misc] # WTForms has no types
    """Who answers in the person's place, why, and whether the person agrees."""

    relation = RadioField(choices=_rows(RELATIONS), validators=[InputRequired()])
    reason = RadioField(choices=_rows(REASONS), validators=[InputRequired()])
    agrees = RadioField(choices=_rows(AGREEMENTS, "agrees_"), validators=[InputRequired()])


class ConsentForm(Form):  # type: ignore[misc] # WTForms has no types
    """Consent: two rows, none chosen beforehand."""

    consent = RadioField(choices=_rows(("yes", "no")), validators=[InputRequired()])


class ShortCodeForm(Form):  # type: ignore[misc] # WTForms has no types
    """The short code that opens an interview or a visit; of a visit, with the person's own."""

    short = StringField()
    code = StringField()


class WordForm(Form):  # type: ignore[misc] # WTForms has no types
    """The return words."""

    words = StringField()
