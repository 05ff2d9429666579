"""Newsletters at the desk: begun with what happened, put in order, looked at, published once."""

from __future__ import annotations

import datetime
from dataclasses import replace

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from accounts.current import secrets
from directory import reference, store
from directory.desk import Waiting
from directory.keeping import newsletters as keeping
from directory.keeping.drafting import NotAllowedError
from directory.keeping.newsletter_contents import HEADINGS, mail_text, parts, parts_of
from directory.newsletter import GUIDE, KINDS, Issue, Item, Newsletter
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.writer import writer
from directory.pages.leaflets import pdf_answer
from directory.pages.news import sheet
from directory.pages.subscribe import subscribers
from directory.store import newsletters as rows
from directory.store.subscribers import count_subscribers
from plumbing import clock
from plumbing.addresses import outside
from plumbing.days import months_after, parse_date
from plumbing.ids import new_id, once_id

_TOO_LONG = _l("Keep it under 1,500 letters")
_WORDS = 600


class BeginForm(FlaskForm):
    """From when on it tells, and of where."""

    once = HiddenField(default=new_id)
    since = StringField(_l("What happened since"))
    council = SelectField(_l("News from"), default="")

    def validate_since(self, field: StringField) -> None:
        """A day that was, and not long ago: who would read the rest?"""
        day = parse_date(field.data)
        if day is None or not months_after(clock.today(), -24) <= day <= clock.today():
            raise ValidationError(_("Give a day within the last two years"))


class NewsletterForm(FlaskForm):
    """The words of a newsletter. `version` is the one its writer has seen."""

    version = HiddenField()
    title = StringField(
        _l("Title"),
        validators=[DataRequired(_l("Give the newsletter a title")), Length(max=90, message=_l("Keep it under 90 letters"))],
    )
    introduction = TextAreaField(_l("Our own words"), validators=[Length(max=1500, message=_TOO_LONG)])
    ending = TextAreaField(_l("At the end"), validators=[Length(max=1500, message=_TOO_LONG)])
    guide = SelectField(_l("A guide to read"), default="")

    @property
    def seen(self) -> int:
        """The version its writer has seen."""
        return _number(self.version.data)


def waiting(db: Database, _today: datetime.date) -> Waiting | None:
    """The card: newsletters being written, and those that wait for a second person."""
    found = [one for one in rows.list_newsletters(db) if one.waiting or one.published_on is None]
    if not found:
        return None
    asked = any(one.waiting for one in found)
    words = _("Newsletters waiting for approval") if asked else _("Newsletters being written")
    number = sum(one.waiting for one in found) if asked else len(found)
    return Waiting(words, number, "directory.desk_newsletters", "eye" if asked else "mail", 23 if asked else 75)


def upkeep() -> str | None:
    """Timed: forget who never confirmed, and send what waits. Without the public address no link could be made."""
    forgotten, sent = subscribers().erase_unconfirmed(), 0
    if settings().address and keeping.is_hour_for_mail():
        with current_app.test_request_context(base_url=settings().address):
            sent = keeping.send(database(), settings(), secrets().server_key)
    return f"{sent} mails written, {forgotten} addresses forgotten" if sent or forgotten else None


@blueprint.get("/directory/newsletters")
@officers_only
def desk_newsletters() -> ResponseReturnValue:
    """Every newsletter, and what is on."""
    return _list(_begin_form())


def _begin_form() -> BeginForm:
    form = BeginForm()
    form.council.choices = [("", _("Everywhere")), *store.councils(database()).items()]
    return form


def _list(form: BeginForm) -> str:
    db = database()
    return render_template(
        "directory/desk/newsletters/list.html",
        form=form,
        since=form.since.data or keeping.usual_since(db).isoformat(),
        newsletters=rows.list_newsletters(db),
        events=list(rows.get_events(db).values()),
        number=count_subscribers(db),
        can_send=bool(settings().address),
    )


@blueprint.post("/directory/newsletters")
@officers_only
def desk_begin_newsletter() -> ResponseReturnValue:
    """Begin one with what happened."""
    form = _begin_form()
    if not form.validate_on_submit():
        return _list(form), 400
    me, since = writer(), parse_date(form.since.data) or clock.today()
    title = _("News, %(month)s", month=format_date(clock.today(), "MMMM y"))
    begun = keeping.begin(database(), once_id(form.once.data or "", "newsletter", me.id), title, since, form.council.data, me)
    return redirect(url_for("directory.desk_newsletter", newsletter_id=begun.id))


@blueprint.get("/directory/newsletters/<id:newsletter_id>")
@officers_only
def desk_newsletter(newsletter_id: str) -> ResponseReturnValue:
    """One to write on."""
    return _page(_found(newsletter_id))


@blueprint.post("/directory/newsletters/<id:newsletter_id>")
@officers_only
def desk_save_newsletter(newsletter_id: str) -> ResponseReturnValue:
    """Keep what was written; by another button of the same form move something, look for news again, or publish."""
    was, form, db = _found(newsletter_id), _form(), database()
    what, _space, key = request.form.get("do", "").partition(" ")
    if what == "discard" and not was.published_on:
        keeping.discard(db, newsletter_id)
        return redirect(url_for("directory.desk_newsletters"))
    issue = _written(was.work, form)
    if not form.validate_on_submit():
        return _page(replace(was, work=issue), form), 400
    if what in {"up", "down"}:
        issue = issue.moved(key, -1 if what == "up" else 1)
    if what == "gather":
        issue = keeping.gathered_anew(db, issue)
    try:
        kept = keeping.save(db, newsletter_id, issue, form.seen, writer())
        if what == "publish":
            return _publish(kept)
    except keeping.NewsletterChangedError as error:
        form.version.data = str(error.theirs.version)
        return _page(replace(was, work=issue), form, theirs=error.theirs), 409
    # Where the button was that somebody pressed, they go on.
    anchor = f"item-{key}" if what in {"up", "down"} else None
    return redirect(url_for("directory.desk_newsletter", newsletter_id=newsletter_id, said=what or "saved", _anchor=anchor))


def _publish(kept: Newsletter) -> ResponseReturnValue:
    db = database()
    if not parts_of(db, kept.work.items, clock.today()) and not kept.work.introduction:
        return _page(kept, problem=_("There is nothing in it. Tick something, or write a few words.")), 400
    if settings().approval:
        keeping.ask(db, kept.id, kept.version)
    else:
        keeping.publish(db, kept.id, kept.version, _mail(kept), writer(), approval=False)
    said = "asked" if settings().approval else "published"
    return redirect(url_for("directory.desk_newsletter", newsletter_id=kept.id, said=said))


@blueprint.post("/directory/newsletters/<id:newsletter_id>/approve")
@officers_only
def desk_approve_newsletter(newsletter_id: str) -> ResponseReturnValue:
    """Publish what somebody else wrote, as it was on the page."""
    found, version = _found(newsletter_id), _number(request.form.get("version"))
    try:
        keeping.publish(database(), newsletter_id, version, _mail(found), writer(), approval=True)
    except NotAllowedError:
        abort(403)
    except keeping.NewsletterChangedError:
        return _page(found, problem=_("It has changed since you opened this page. Look at it again.")), 409
    return redirect(url_for("directory.desk_newsletter", newsletter_id=newsletter_id, said="published"))


@blueprint.get("/directory/newsletters/<id:newsletter_id>/look")
@officers_only
def desk_look_at_newsletter(newsletter_id: str) -> ResponseReturnValue:
    """How its page will look."""
    found = _found(newsletter_id)
    contents = parts_of(database(), found.work.items, clock.today())
    return render_template("directory/desk/newsletters/look.html", newsletter=found, issue=found.work, parts=contents)


@blueprint.get("/directory/newsletters/<id:newsletter_id>/pdf")
@officers_only
def desk_newsletter_pdf(newsletter_id: str) -> ResponseReturnValue:
    """How it will be printed."""
    draft = replace(_found(newsletter_id), shown=None)
    is_large = request.args.get("print") == "large"
    return pdf_answer(sheet(draft, is_large), "newsletter-large" if is_large else "newsletter")


def _mail(newsletter: Newsletter) -> str:
    """What is mailed: with the address that it has now, which `publish` makes that of its title."""
    address = outside("directory.news_issue", slug=newsletter.slug)
    return mail_text(newsletter, parts(database(), replace(newsletter, shown=None), clock.today()), address)


def _found(newsletter_id: str) -> Newsletter:
    found = rows.get_newsletter(database(), newsletter_id)
    if found is None:
        abort(404)
    return found


def _form(newsletter: Newsletter | None = None) -> NewsletterForm:
    form = NewsletterForm()
    if newsletter:
        issue = newsletter.work
        guide = next((one.ref for one in issue.of(GUIDE)), "")
        data = {"version": str(newsletter.version), "title": issue.title, "introduction": issue.introduction}
        form = NewsletterForm(formdata=None, data=data | {"ending": issue.ending, "guide": guide})
    guides = reference.get_guides(database()).values()
    form.guide.choices = [("", _("None")), *((one.slug, one.title) for one in guides)]
    return form


def _written(was: Issue, form: NewsletterForm) -> Issue:
    """The issue as the form says it: what is ticked, in the order of the page, and what is said of each."""
    ticked = set(request.form.getlist("in"))
    known = {item.key: item for item in was.items if item.kind != GUIDE}
    # Whoever moved something in another window meanwhile is found out by the version.
    keys = [key for key in dict.fromkeys(request.form.getlist("item")) if key in known]
    items = [replace(known[key], chosen=key in ticked, words=_words(request.form.get(f"words-{key}", ""))) for key in keys]
    items += [item for key, item in known.items() if key not in keys]
    guide = reference.get_guides(database()).get(form.guide.data or "")
    if guide:
        items.append(Item(GUIDE, guide.slug, guide.title))
    return replace(
        was,
        title=" ".join((form.title.data or "").split()),
        introduction=_lines(form.introduction.data),
        ending=_lines(form.ending.data),
        items=tuple(items),
    )


def _lines(text: str | None) -> str:
    return "\n".join((text or "").strip().splitlines())


def _words(text: str) -> str:
    return _lines(text)[:_WORDS]


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _page(
    newsletter: Newsletter, form: NewsletterForm | None = None, *, theirs: Newsletter | None = None, problem: str = ""
) -> str:
    db = database()
    return render_template(
        "directory/desk/newsletters/newsletter.html",
        newsletter=newsletter,
        form=form or _form(newsletter),
        kinds=[(kind, HEADINGS[kind], newsletter.work.of(kind)) for kind in KINDS if kind != GUIDE],
        area=store.councils(db).get(newsletter.work.council, ""),
        theirs=theirs,
        their_parts=parts_of(db, theirs.work.items, clock.today()) if theirs else [],
        problem=problem,
        said=request.args.get("said", "") if request.method == "GET" else "",
        approval=settings().approval,
        mine=newsletter.changed_by_id == writer().id,
        deliveries=rows.count_deliveries(db, newsletter.id),
        number=count_subscribers(db),
    )
