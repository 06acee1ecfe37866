"""The small forms on the way in and out; CSRF is checked for all of them by the application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.domain.assent import ASSISTED, MEASURES, REPRESENTATIVES, REPRESENTED
from app.domain.declining import REASONS as REASONS_TO_DECLINE
from app.domain.questionnaire import Audience
from app.domain.sittings import (
    AGREEMENTS,
    CONTACTS,
    HELP,
    PERSPECTIVES,
    PRESENT,
    REASONS,
    RELATIONS,
    ROLES,
    WENT,
)
from app.domain.territories import Territory

WORDS = {
    "own": _l("It is mine"),
    "shared": _l("It is lent to me, or others use it too"),
    "self": _l("I answer myself"),
    "helped": _l("I answer, and someone helps me"),
    "proxy": _l("Someone answers in the person’s place"),
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
    "agrees_no": _l("No, the person does not want to"),
    "measure_none": _l("No, none"),
    "measure_unknown": _l("I do not know"),
    "measure_safeguard": _l("Safeguard by a judge"),
    "measure_curatorship": _l("Curatorship"),
    "measure_guardianship": _l("Guardianship"),
    "measure_family": _l("Family habilitation"),
    "measure_mandate": _l("Mandate for future protection"),
    "representative_is_me": _l("I am this person"),
    "representative_agrees": _l("Yes, and this person agrees"),
    "representative_not_informed": _l("Not yet"),
    "representative_refuses": _l("Yes, and this person refuses"),
    "together": _l("We live together"),
    "daily": _l("Every day or nearly"),
    "weekly": _l("Every week"),
    "monthly": _l("Every month"),
    "less": _l("Less often"),
    "as_person": _l("I say what the person would say"),
    "own_view": _l("I say what I think myself"),
    "nobody": _l("Nobody"),
    "present_partner": _l("My husband, wife or partner"),
    "present_family": _l("Somebody else of my family"),
    "present_professional": _l("A professional"),
    "somebody": _l("Somebody else"),
    "well": _l("Well"),
    "so_so": _l("Neither well nor badly"),
    "badly": _l("With difficulty"),
    "yes": _l("Yes, I agree to take part"),
    "no": _l("No, I do not want to take part"),
    "no_time": _l("I have no time for it now"),
    "not_well": _l("I do not feel well enough"),
    "screen": _l("Answering on a screen is hard for me"),
    "private": _l("I prefer to keep these things to myself"),
    "no_use": _l("I think that it will change nothing"),
    "not_concerned": _l("These questions do not concern me"),
    "other": _l("Another reason"),
}


_FOR_WHOM = {
    Audience.ELDERLY: _l("For an elderly person: myself or somebody else"),
    Audience.FAMILY: _l("As somebody of the family who helps"),
    Audience.PROFESSIONAL: _l("As a professional"),
}


def _rows(codes: tuple[str, ...], prefix: str = "") -> list[SelectChoice]:
    return [SelectChoice(code, WORDS.get(prefix + code) or WORDS[code]) for code in codes]


class CodeForm(Form):  # type: ignore[misc] # WTForms has no types
    """The one field of the welcome page, or of the withdrawal page."""

    code = StringField()


class DeviceForm(Form):  # type: ignore[misc] # WTForms has no types
    """Whose device this is."""

    device = RadioField(choices=_rows(("own", "shared")), validators=[InputRequired()])


class WhoForm(Form):  # type: ignore[misc] # WTForms has no types
    """Who answers."""

    role = RadioField(validators=[InputRequired()])

    def offer(self, audience: str) -> None:
        """Of whom somebody may answer in the place: elderly people. Others say their own view."""
        self.role.choices = _rows(ROLES[audience])


class HelpForm(Form):  # type: ignore[misc] # WTForms has no types
    """What the help consists of."""

    helper = SelectMultipleField(choices=_rows(HELP), validators=[InputRequired()])


class ProxyForm(Form):  # type: ignore[misc] # WTForms has no types
    """Who answers in the person's place, why, and whether the person agrees."""

    relation = RadioField(choices=_rows(RELATIONS), validators=[InputRequired()])
    reason = RadioField(choices=_rows(REASONS), validators=[InputRequired()])
    agrees = RadioField(choices=_rows(AGREEMENTS, "agrees_"), validators=[InputRequired()])


class ProtectionForm(Form):  # type: ignore[misc] # WTForms has no types
    """Whether the person is protected, and what whoever represents or assists them says."""

    measure = RadioField(choices=_rows(MEASURES, "measure_"), validators=[InputRequired()])
    representative = RadioField(
        choices=_rows(REPRESENTATIVES, "representative_"), validators=[Optional()]
    )

    def validate(self, *args: Any, **values: Any) -> bool:
        """The second question is asked where somebody represents or assists."""
        good = bool(super().validate(*args, **values))
        if self.measure.data in REPRESENTED | ASSISTED and not self.representative.data:
            self.representative.errors = [_l("Choose an answer to go on.")]
            return False
        return good


class ProxyViewForm(Form):  # type: ignore[misc] # WTForms has no types
    """How well the two know each other, and whose view is given."""

    contact = RadioField(choices=_rows(CONTACTS), validators=[InputRequired()])
    perspective = RadioField(choices=_rows(PERSPECTIVES), validators=[InputRequired()])


class EndForm(Form):  # type: ignore[misc] # WTForms has no types
    """Who was there while answering, and how it went; both may stay empty."""

    present = SelectMultipleField(choices=_rows(PRESENT, "present_"))
    went = RadioField(choices=_rows(WENT), validators=[Optional()])

    def told(self) -> dict[str, str]:
        """What the sitting keeps; what is not among the choices is left out."""
        present = [code for code in PRESENT if code in (self.present.data or ())]
        return {
            "present": " ".join(present),
            "went": self.went.data if self.went.data in WENT else "",
        }


class ConsentForm(Form):  # type: ignore[misc] # WTForms has no types
    """Consent: two rows, none chosen beforehand."""

    consent = RadioField(choices=_rows(("yes", "no")), validators=[InputRequired()])


class ConsentAndDeviceForm(ConsentForm):
    """The same, with the question whose device this is."""

    device = RadioField(choices=_rows(("own", "shared")), validators=[InputRequired()])


class DeclineForm(Form):  # type: ignore[misc] # WTForms has no types
    """Why somebody says no, if they want to tell."""

    reason = RadioField(choices=_rows(REASONS_TO_DECLINE), validators=[Optional()])


class OpenCallForm(Form):  # type: ignore[misc] # WTForms has no types
    """Where one lives and for whom one answers; what the call leaves no choice about is filled."""

    territory = RadioField(validators=[InputRequired()])
    audience = RadioField(validators=[InputRequired()])

    def offer(
        self,
        territories: Iterable[Territory],
        audiences: Mapping[str, Iterable[str]],
        chosen: str,
    ) -> None:
        """Offer what may be answered; ``chosen``: the territory that the address names, or none."""
        places = [place for place in territories if chosen in ("", place.code)]
        tag = get_locale().language
        self.territory.choices = [SelectChoice(place.code, place.name.in_(tag)) for place in places]
        offered = {each for place in places for each in audiences[place.code]}
        if self.territory.data in audiences:
            offered &= set(audiences[self.territory.data])
        self.audience.choices = [
            SelectChoice(each.value, _FOR_WHOM[each]) for each in Audience if each in offered
        ]
        for field in (self.territory, self.audience):
            if len(field.choices) == 1 and not field.data:
                field.data = field.choices[0].value
                field.raw_data = [field.data]


class ShortCodeForm(Form):  # type: ignore[misc] # WTForms has no types
    """The short code that opens an interview or a visit; of a visit, with the person's own."""

    short = StringField()
    code = StringField()


class WordForm(Form):  # type: ignore[misc] # WTForms has no types
    """The return words."""

    words = StringField()
