"""A provider's own page, by the link we sent them: is what families read still true?

Whoever has the link may answer, once. Nothing is changed by opening it. What they answer is a check, or waits for an officer.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from accounts.current import secrets
from directory.keeping import provider_links
from directory.keeping.link_marks import RefusedError
from directory.pages.blueprint import blueprint, database
from directory.pages.by_link import kept_private, refused
from plumbing import clock
from plumbing.access import public

_LONGEST = Length(max=1000, message=_l("Keep each answer under 1,000 letters"))


class CorrectionsForm(FlaskForm):
    """What should change, in the provider's words: a box for each part of the listing."""

    phones = TextAreaField(_l("Phone, e-mail or website"), validators=[_LONGEST])
    where = TextAreaField(_l("Where it is"), validators=[_LONGEST])
    times = TextAreaField(_l("When it is open"), validators=[_LONGEST])
    who = TextAreaField(_l("Who it is for, and what it costs"), validators=[_LONGEST])
    way_in = TextAreaField(_l("How to get it, and how long the wait is"), validators=[_LONGEST])
    other = TextAreaField(_l("Anything else"), validators=[_LONGEST])

    @property
    def said(self) -> str:
        """All that was written, each under its heading; empty where nothing was."""
        boxes = (self.phones, self.where, self.times, self.who, self.way_in, self.other)
        return "\n\n".join(f"{box.label.text}:\n{box.data.strip()}" for box in boxes if (box.data or "").strip())


def _open(token: str) -> provider_links.Asked:
    return provider_links.open_link(database(), secrets().server_key, token, clock.today())


def _refused(reason: str) -> ResponseReturnValue:
    return refused(
        reason,
        expired=_("This link is too old. We will write again; or tell us on the listing’s own page."),
        changed=_(
            "The listing has changed since we wrote, or we have sent you a newer link. Please use the newest e-mail from us."
        ),
        gone=_("Families are not shown this listing any more, so there is nothing to confirm."),
    )


@blueprint.get("/for-providers/<token>")
@public
def provider_link(token: str) -> ResponseReturnValue:
    """The listing as families see it, and what there is to say about it."""
    try:
        asked = _open(token)
    except RefusedError as refusal:
        return _refused(refusal.reason)
    return kept_private(render_template("directory/provider.html", service=asked.service, token=token))


@blueprint.post("/for-providers/<token>/true")
@public
def provider_says_true(token: str) -> ResponseReturnValue:
    """No change."""
    try:
        provider_links.confirm(database(), secrets().server_key, token, clock.today())
    except RefusedError as refusal:
        return _refused(refusal.reason)
    return redirect(url_for("directory.provider_thanks", said="true"))


@blueprint.post("/for-providers/<token>/closed")
@public
def provider_says_closed(token: str) -> ResponseReturnValue:
    """They have closed: an officer makes sure."""
    try:
        provider_links.closed(database(), secrets().server_key, token, _("Its provider says that it has closed."), clock.today())
    except RefusedError as refusal:
        return _refused(refusal.reason)
    return redirect(url_for("directory.provider_thanks", said="closed"))


@blueprint.post("/for-providers/<token>/not-us")
@public
def provider_says_not_us(token: str) -> ResponseReturnValue:
    """The wrong person, or no more mail of this kind."""
    try:
        provider_links.refuse(database(), secrets().server_key, token, clock.today())
    except RefusedError as refusal:
        return _refused(refusal.reason)
    return redirect(url_for("directory.provider_thanks", said="not-us"))


@blueprint.get("/for-providers/<token>/corrections")
@public
def provider_corrections(token: str) -> ResponseReturnValue:
    """What should change: a box for each part."""
    try:
        asked = _open(token)
    except RefusedError as refusal:
        return _refused(refusal.reason)
    form = CorrectionsForm()
    return kept_private(render_template("directory/provider_corrections.html", service=asked.service, token=token, form=form))


@blueprint.post("/for-providers/<token>/corrections")
@public
def provider_sends_corrections(token: str) -> ResponseReturnValue:
    """Keep what should change, for an officer."""
    form = CorrectionsForm()
    try:
        asked = _open(token)
        if not form.validate_on_submit() or not form.said:
            if not form.errors:
                form.other.errors = [_("Write in at least one box what should change")]
            page = render_template("directory/provider_corrections.html", service=asked.service, token=token, form=form)
            return kept_private(page, 400)
        provider_links.correct(database(), secrets().server_key, token, form.said, clock.today())
    except RefusedError as refusal:
        return _refused(refusal.reason)
    return redirect(url_for("directory.provider_thanks", said="corrected"))


@blueprint.get("/for-providers-thanks")
@public
def provider_thanks() -> ResponseReturnValue:
    """Thanks, and what happens now."""
    sentence = {
        "true": _("Families now read that you checked it today."),
        "corrected": _("We will look at it, and put the listing right."),
        "closed": _("We will make sure, and take the listing out."),
        "not-us": _("We will not write to this address again."),
    }.get(request.args.get("said", ""), _("We have your answer."))
    return render_template("directory/provider_thanks.html", sentence=sentence)
