"""What people type: read, checked, and refused in plain words."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from accounts import passphrases, wording
from accounts.store import plain_name
from plumbing.ids import new_id

_LONGEST_NAME = 60
_DRAWN_AS_NOTHING = frozenset("\t\n\v\f\r\u115f\u1160\u2800\u3164\uffa0")


def tidy_name(text: str | None) -> str:
    """A name on one line, without what is not seen: control and direction marks could make a name look like another.

    >>> tidy_name("  Amina\\u202e  Yusuf\\n")
    'Amina Yusuf'
    """
    shown = "".join(letter for letter in text or "" if letter.isspace() or unicodedata.category(letter)[0] != "C")
    # Marks that sit on a letter, without one, are no name; nor are letters that are drawn as nothing.
    is_seen = any(unicodedata.category(letter)[0] not in "MZ" and letter not in _DRAWN_AS_NOTHING for letter in shown)
    return " ".join(shown.split()) if is_seen else ""


def problem_of_email(text: str) -> bool:
    """Whether this is no address that mail could be sent to."""
    try:
        validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return True
    return False


class _Email:
    """An address, if somebody likes to give one."""

    def __call__(self, _form: FlaskForm, field: StringField) -> None:
        field.data = (field.data or "").strip()
        if field.data and problem_of_email(field.data):
            raise ValidationError(_("Check the e-mail address: it should look like name@example.com"))


def is_spoken_for(name: str) -> bool:
    """Whether our own sentences mean somebody else by it: under the name "You" anybody's doings would read as one's own."""
    ours = (_("You"), _("Somebody"), _("Somebody who has left"), "Linkbook")
    return plain_name(name) in {plain_name(one) for one in ours}


def _not_ours(_form: FlaskForm, field: StringField) -> None:
    if is_spoken_for(field.data or ""):
        raise ValidationError(_("Our pages say “%(name)s” of somebody else. Type another name", name=field.data))


def _name(label: str) -> StringField:
    needed = DataRequired(_l("Type a name"))
    return StringField(
        label,
        filters=[tidy_name],
        validators=[needed, _not_ours, Length(max=_LONGEST_NAME, message=_l("Keep the name under 60 letters"))],
    )


class _NewPassphrase:
    """Whether a new passphrase will do for a person of whom other fields of the form tell."""

    def __init__(self, *fields: str) -> None:
        self.fields = fields

    def __call__(self, form: FlaskForm, field: PasswordField) -> None:
        known = [str(form[name].data or "") for name in self.fields] + list(getattr(form, "known", ()))
        reason = passphrases.problem(field.data or "", known)
        if reason:
            raise ValidationError(wording.passphrase_problem(reason))


class SignInForm(FlaskForm):
    """Name or address, passphrase, and the code of those who have a second factor."""

    name = StringField(
        _l("Sign-in name or e-mail address"), validators=[DataRequired(_l("Type your sign-in name or e-mail address"))]
    )
    passphrase = PasswordField(_l("Passphrase"), validators=[InputRequired(_l("Type your passphrase"))])
    code = StringField(_l("Code from your app, or a backup code"))
    next = HiddenField()


class PassphraseForm(FlaskForm):
    """The passphrase alone."""

    passphrase = PasswordField(_l("Passphrase"), validators=[InputRequired(_l("Type your passphrase"))])
    next = HiddenField()


class RegisterForm(FlaskForm):
    """As little as it takes to begin."""

    once = HiddenField(default=new_id)
    shown_name = _name(_l("What should we call you?"))
    email = StringField(_l("E-mail address, if you have one"), validators=[_Email()])
    passphrase = PasswordField(_l("Passphrase"), validators=[_NewPassphrase("shown_name", "email")])


class InvitedForm(RegisterForm):
    """As little again, and the words that somebody was told."""

    code = StringField(_l("The eight words you were given"), validators=[DataRequired(_l("Type the eight words"))])
    next = HiddenField()


class CodeForm(FlaskForm):
    """A code from somebody else."""

    code = StringField(_l("Code"), validators=[DataRequired(_l("Type the code"))])


class JoinForm(FlaskForm):
    """What is left for somebody invited to choose."""

    code = HiddenField()
    passphrase = PasswordField(_l("Passphrase"), validators=[_NewPassphrase()])
    known: Collection[str] = ()


class ChangeForm(FlaskForm):
    """A new passphrase, and whether somebody may know the old one."""

    passphrase = PasswordField(_l("New passphrase"), validators=[_NewPassphrase()])
    is_known = BooleanField(_l("Somebody may know my old passphrase"))
    known: Collection[str] = ()


class NameForm(FlaskForm):
    """What somebody wants to be called."""

    shown_name = _name(_l("What should we call you?"))


class EmailForm(FlaskForm):
    """An address, or none."""

    email = StringField(_l("E-mail address"), validators=[_Email()])


class InviteForm(FlaskForm):
    """Somebody new on the staff."""

    shown_name = _name(_l("Their name"))
    role = RadioField(_l("What they will do"), validators=[DataRequired(_l("Choose what they will do"))])
    email = StringField(_l("Their work e-mail address"), validators=[_Email()])


class EndForm(FlaskForm):
    """Who takes over from somebody whose access ends. Nothing is ticked beforehand: it is offered to families by name."""

    successor = RadioField(
        _l("Who takes over from them?"), validators=[DataRequired(_l("Choose who takes over, or choose “Nobody yet”"))]
    )


class LeaveForm(FlaskForm):
    """A second thought before an account is gone: `own` is the name that has to be typed."""

    name = StringField(_l("Type your sign-in name"))
    own = ""

    def validate_name(self, field: StringField) -> None:
        """Whether it is their own name that was typed."""
        if plain_name(field.data or "") != self.own:
            raise ValidationError(_("Type your sign-in name as it stands here: %(name)s", name=self.own))
