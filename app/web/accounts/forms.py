"""The form of the sign-in page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):  # type: ignore[misc] # WTForms has no types
    """E-mail and password; whether they belong together is the act's business."""

    email = EmailField(
        validators=[
            InputRequired(_l("Write your e-mail address.")),
            Length(max=254, message=_l("This is too long for an e-mail address.")),
        ]
    )
    password = PasswordField(
        validators=[
            InputRequired(_l("Write your password.")),
            Length(max=1024, message=_l("This is too long for a password.")),
        ]
    )
    next = HiddenField()
