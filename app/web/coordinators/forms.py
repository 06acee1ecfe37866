"""Forms of the design pages: a definition file, and the note of a publication."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length


class SourceForm(FlaskForm):  # type: ignore[misc] # WTForms has no types
    """A definition as a file or as text; where both come, the file counts."""

    file = FileField()
    text = TextAreaField()
    checksum = HiddenField()  # of the draft that is being edited


class PublishForm(FlaskForm):  # type: ignore[misc] # as above
    """The note that stands beside the version, and what the page showed."""

    note = StringField(
        validators=[
            InputRequired(_l("Write in one sentence what this version changes.")),
            Length(max=500, message=_l("Keep the note below 500 characters.")),
        ]
    )
    checksum = HiddenField()
    latest = HiddenField()
