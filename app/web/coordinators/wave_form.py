"""The form that plans a wave: parsing here, rules in ``app.workflows.waves``."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from app.domain.text import Text
from app.web.pages import in_language
from app.workflows.waves import FRAMES, NewWave

ZONE = ZoneInfo("Europe/Paris")
DATES = {
    "period_start": _l("Give the first day of the period."),
    "period_end": _l("Give the last day of the period."),
    "opens_at": _l("Say from when on people may answer."),
    "closes_at": _l("Say until when people may answer."),
}


class WaveForm(FlaskForm):  # type: ignore[misc] # WTForms has no types
    """What is decided when a wave is planned. Moments are those of Paris."""

    code = StringField(validators=[Length(max=32)])
    title_fr = StringField(validators=[Length(max=200)])
    title_en = StringField(validators=[Length(max=200)])
    frame = StringField()
    period_start = DateField(validators=[Optional()])
    period_end = DateField(validators=[Optional()])
    opens_at = DateTimeLocalField(format=["%Y-%m-%dT%H:%M"], validators=[Optional()])
    closes_at = DateTimeLocalField(format=["%Y-%m-%dT%H:%M"], validators=[Optional()])
    link_after_submission = StringField(default="keep")
    partials_from = IntegerField(validators=[Optional()])
    draft_decision = TextAreaField(validators=[Length(max=500)])

    def problems(self) -> dict[str, str]:
        """What cannot be read, by field; dates are needed."""
        self.validate()
        found = {
            name: _("This cannot be read. Correct it.") for name in self.errors if name is not None
        }
        for name, words in DATES.items():
            if self[name].data is None:
                found[name] = str(words)
        return found

    def wave(self) -> NewWave:
        """The wave as it was filled in; only without ``problems``."""
        return NewWave(
            code=(self.code.data or "").strip(),
            title=Text.of(
                fr=(self.title_fr.data or "").strip(), en=(self.title_en.data or "").strip()
            ),
            frame=self.frame.data or "",
            period_start=self.period_start.data,
            period_end=self.period_end.data,
            opens_at=self.opens_at.data.replace(tzinfo=ZONE),
            closes_at=self.closes_at.data.replace(tzinfo=ZONE),
            link_after_submission=self.link_after_submission.data or "",
            partials_from=self.partials_from.data,
            draft_decision=self.draft_decision.data or "",
        )


LINKS = (
    ("keep", _l("Keep it: a person may still withdraw, and waves may be compared.")),
    ("cut", _l("Cut it: answers sent name nobody, and can be withdrawn until the closing.")),
)


def frame_choices() -> list[tuple[str, str]]:
    """Who could be asked, in the language of the page."""
    return [(code, in_language(words)) for code, words in FRAMES.items()]
