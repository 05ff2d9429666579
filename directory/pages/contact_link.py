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

from directory.keeping import contact_links, provider_links
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.contact_form import area_name, role_name
from directory.pages.provider import kept_private, key
from plumbing import clock
from plumbing.access import public

_LONGEST = Length(max=1000, message=_l("Keep it under 1,000 letters"))


class CorrectForm(FlaskForm):
    """What to put right, in their words."""

    words = TextAreaField(_l("What should change?"), validators=[DataRequired(_l("Write what should change")), _LONGEST])


def _refused(reason: str) -> ResponseReturnValue:
    sentence = {
        provider_links.FORGED: _("This link is not one of ours. If you copied it, copy the whole of it."),
        provider_links.EXPIRED: _("This link is too old. We will write again."),
        provider_links.ANSWERED: _("You have answered already. Thank you."),
        provider_links.CHANGED: _(
            "Your entry has changed since we wrote, or we have sent you a newer link. Please use the newest e-mail from us."
        ),
        provider_links.GONE: _("Staff do not find you here any more, so there is nothing to confirm."),
    }[reason]
    status = 404 if reason == provider_links.FORGED else 410
    return kept_private(render_template("directory/provider_refused.html", sentence=sentence), status)


@blueprint.get("/for-contacts/<token>")
@public
def contact_link(token: str) -> ResponseReturnValue:
    """What staff read about them, and what there is to say about it."""
    return _page(token, CorrectForm(formdata=None))


def _page(token: str, form: CorrectForm, status: int = 200) -> ResponseReturnValue:
    try:
        asked = contact_links.open_link(database(), key(), token, clock.today())
    except contact_links.RefusedError as refusal:
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
            contact_links.confirm(db, settings(), key(), token)
        elif said == "correct":
            contact_links.correct(db, key(), token, form.words.data.strip())
        elif said == "left":
            contact_links.left(db, key(), token, request.form.get("who_now", "").strip()[:300])
        else:
            contact_links.refuse(db, key(), token)
    except contact_links.RefusedError as refusal:
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
