"""What people type about their keys: codes, PINs, and the sheet's letters."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from accounts import passphrases, quick_unlock, wording
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import read_code


def _passphrase() -> PasswordField:
    return PasswordField(_l("Your passphrase"), validators=[InputRequired(_l("Type your passphrase"))])


def _whole_code(_form: FlaskForm, field: StringField) -> None:
    try:
        read_code(field.data or "")
    except CannotOpen:
        raise ValidationError(_("There is a slip in the code. Compare it with your sheet: seven groups of four")) from None


def _new_pin(_form: FlaskForm, field: PasswordField) -> None:
    pin = field.data or ""
    if not quick_unlock.is_six_digits(pin):
        raise ValidationError(_("Type six digits"))
    if quick_unlock.is_simple(pin):
        raise ValidationError(_("Many people would try this one. Choose six other digits"))


class SecondFactorForm(FlaskForm):
    """A code that shows that the app works, and the passphrase under which its secret is sealed."""

    code = StringField(
        _l("The six digits that your app shows"), validators=[DataRequired(_l("Type the six digits that your app shows"))]
    )
    passphrase = _passphrase()


class OwnPassphraseForm(FlaskForm):
    """One's passphrase, because keys are sealed anew."""

    passphrase = _passphrase()


class GroupsForm(FlaskForm):
    """Two groups of the sheet's code; which two, stands in the page."""

    groups = HiddenField()
    first = StringField(_l("First group"), validators=[DataRequired(_l("Type the four letters and numbers of this group"))])
    second = StringField(_l("Second group"), validators=[DataRequired(_l("Type the four letters and numbers of this group"))])


class WholeCodeForm(FlaskForm):
    """The sheet's whole code."""

    code = StringField(_l("The code on your sheet"), validators=[_whole_code])


class UseKitForm(FlaskForm):
    """Coming back by the sheet: who, the code, and a new passphrase."""

    name = StringField(
        _l("Sign-in name or e-mail address"), validators=[DataRequired(_l("Type your sign-in name or e-mail address"))]
    )
    code = StringField(_l("The code on your sheet"), validators=[_whole_code])
    passphrase = PasswordField(_l("New passphrase"))

    def validate_passphrase(self, field: PasswordField) -> None:
        """Whether the new passphrase will do."""
        reason = passphrases.problem(field.data or "", [self.name.data or ""])
        if reason:
            raise ValidationError(wording.passphrase_problem(reason))


class NewPinForm(FlaskForm):
    """A PIN for this phone."""

    pin = PasswordField(_l("Six digits"), validators=[_new_pin])


class PinForm(FlaskForm):
    """The PIN of this phone."""

    pin = PasswordField(_l("Your PIN"), validators=[DataRequired(_l("Type your PIN"))])
    next = HiddenField()
