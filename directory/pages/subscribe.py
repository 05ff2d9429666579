"""The newsletter by mail: asked for on a page, confirmed by a link, ended by one tap in the mail program or on a page."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from accounts.current import secrets
from directory import store
from directory.keeping.subscribers import Subscribers
from directory.pages.asking import AskingForm, check_address, count_sender, shown_once
from directory.pages.blueprint import blueprint, database, settings
from plumbing.access import public


class SubscribeForm(AskingForm):
    """An address, and where news should be from."""

    email = StringField(
        _l("Your e-mail address"),
        validators=[DataRequired(_l("Write your e-mail address")), Length(max=200, message=_l("Keep it under 200 letters"))],
    )
    council = SelectField(_l("News from"), default="")

    def validate_email(self, field: StringField) -> None:
        """See `check_address`."""
        check_address(field)


def subscribers() -> Subscribers:
    """The work with those who get the newsletter."""
    return Subscribers(database(), settings(), secrets().server_key)


def _form() -> SubscribeForm:
    form = SubscribeForm()
    form.council.choices = [("", _("Everywhere")), *store.councils(database()).items()]
    return form


@blueprint.get("/news/subscribe")
@public
def subscribe() -> ResponseReturnValue:
    """The form."""
    return _page(_form())


@blueprint.post("/news/subscribe")
@public
def send_subscribe() -> ResponseReturnValue:
    """Write to the address. What is shown does not say whether it is known."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 400)
    count_sender()
    if not form.by_program:
        subscribers().ask((form.email.data or "").strip(), form.council.data)
    return shown_once(render_template("directory/news/asked.html", days=settings().subscriber_confirm_days))


def _page(form: SubscribeForm, status: int = 200) -> Response:
    page = render_template("directory/news/subscribe.html", form=form, days=settings().subscriber_confirm_days)
    return shown_once(page, status)


@blueprint.get("/news/confirm/<token>")
@public
def confirm_news(token: str) -> ResponseReturnValue:
    """A button: programs that look at mail open every link in it, and must not confirm anything."""
    return _unlisted("directory/news/confirm.html", token, "ready" if subscribers().waits(token) else "gone")


@blueprint.post("/news/confirm/<token>")
@public
def send_confirm_news(token: str) -> ResponseReturnValue:
    """They said so twice."""
    return _unlisted("directory/news/confirm.html", token, "done" if subscribers().confirm(token) else "gone")


@blueprint.get("/news/leave/<token>")
@public
def leave_news(token: str) -> ResponseReturnValue:
    """A button, for the same reason."""
    return _unlisted("directory/news/leave.html", token, "ready" if subscribers().is_leave_link(token) else "gone")


@blueprint.post("/news/leave/<token>")
@public
def send_leave_news(token: str) -> ResponseReturnValue:
    """Stop it at once. A mail program posts here by itself (RFC 8058): the link's own mark stands in for a form's token."""
    done = subscribers().leave(token)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return Response("", 200 if done else 404, mimetype="text/plain")
    return _unlisted("directory/news/leave.html", token, "done" if done else "gone")


def _unlisted(template: str, token: str, state: str) -> Response:
    """A page behind a link that is somebody's own: for no search engine, and no cache."""
    status = 404 if state == "gone" else 200
    answer = shown_once(render_template(template, token=token, state=state), status)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
