"""A designated contact's own page, by the link we sent them: is what staff read about them still right?

Whoever has the link may answer, once; as with providers (`provider.py`) nothing is changed by opening it.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from accounts.current import secrets
from directory.keeping import contact_links
from directory.keeping.link_marks import RefusedError
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.by_link import kept_private, refused
from directory.pages.desk.contact_form import area_name, role_name
from plumbing import clock
from plumbing.access import public

_LONGEST = Length(max=1000, message=_l("Keep it under 1,000 letters"))


class CorrectForm(FlaskForm):
    """What to put right, in their words."""

    words = TextAreaField(_l("What should change?"), validators=[DataRequired(_l("Write what should change")), _LONGEST])


def _refused(reason: str) -> ResponseReturnValue:
    return refused(
        reason,
        expired=_("This link is too old. We will write again."),
        changed=_(
            "Your entry has changed since we wrote, or we have sent you a newer link. Please use the newest e-mail from us."
        ),
        gone=_("Staff do not find you here any more, so there is nothing to confirm."),
    )


@blueprint.get("/for-contacts/<token>")
@public
def contact_link(token: str) -> ResponseReturnValue:
    """What staff read about them, and what there is to say about it."""
    return _page(token, CorrectForm(formdata=None))


def _page(token: str, form: CorrectForm, status: int = 200) -> ResponseReturnValue:
    try:
        asked = contact_links.open_link(database(), secrets().server_key, token, clock.today())
    except RefusedError as refusal:
        return _refused(refusal.reason)
    contact = asked.contact
    words = {"role": role_name(contact), "area": area_name(contact.area)}
    page = render_template("directory/contact_link.html", contact=contact, token=token, form=form, **words)
    return kept_private(page, status)


@blueprint.post("/for-contacts/<token>/<any(true,correct,left,stop):said>")
@public
def contact_says(token: str, said: str) -> ResponseReturnValue:
    """Still them; something to put right; they have left; or it is not them."""
    form, db = CorrectForm(), database()
    if said == "correct" and not form.validate_on_submit():
        return _page(token, form, 400)
    try:
        if said == "true":
            contact_links.confirm(db, settings(), secrets().server_key, token)
        elif said == "correct":
            contact_links.correct(db, secrets().server_key, token, form.words.data.strip())
        elif said == "left":
            contact_links.left(db, secrets().server_key, token, request.form.get("who_now", "").strip()[:300])
        else:
            contact_links.refuse(db, secrets().server_key, token)
    except RefusedError as refusal:
        return _refused(refusal.reason)
    return redirect(url_for("directory.contact_thanks", said=said))


@blueprint.get("/for-contacts-thanks")
@public
def contact_thanks() -> ResponseReturnValue:
    """Thanks, and what happens now."""
    sentence = {
        "true": _("Staff now read that you confirmed it today."),
        "correct": _("We will look at it, and put it right."),
        "left": _("Staff now read that you have left. We erase what we keep about you some months from now."),
        "stop": _("We will not write to this address again."),
    }.get(request.args.get("said", ""), _("We have your answer."))
    return render_template("directory/provider_thanks.html", sentence=sentence)
