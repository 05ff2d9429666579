"""The calendar feed: turned on and off by a holder, read by calendars."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import recent_passphrase, signed_in
from plumbing import clock
from plumbing.access import public
from plumbing.addresses import outside
from plumbing.crypto import CannotOpen
from plumbing.db import get_db
from plumbing.limits import limiter
from records import calendar, editing, wording
from records import feed as feeds
from records.book import Book
from records.gate import Opened
from records.pages.blueprint import blueprint, enter_as_holder, settings


@blueprint.get("/records/<id:record_id>/feed")
@signed_in()
def feed(record_id: str) -> ResponseReturnValue:
    """Whether it is on, and what it says."""
    return _page(enter_as_holder(record_id))


def _page(opened: Opened, new: feeds.Feed | None = None) -> str:
    address = outside("records.feed_file", address=new.address) if new else ""
    subscribe = "webcal" + address.removeprefix("https").removeprefix("http")
    return render_template(
        "records/feed.html", opened=opened, feed=feeds.feed_of(opened.book), address=address, subscribe=subscribe
    )


@blueprint.post("/records/<id:record_id>/feed")
@signed_in()
@recent_passphrase
def save_feed(record_id: str) -> ResponseReturnValue:
    """Turn it on, with an address that is shown this once; change what it says; or turn it off."""
    opened = enter_as_holder(record_id)
    said = {"with_words": request.form.get("words") == "yes", "with_deadlines": request.form.get("deadlines") == "yes"}
    match request.form.get("do"):
        case "new":
            new = feeds.new_feed(**said)
            editing.change_book(opened, lambda book: feeds.with_feed(book, new), "feed")
            return _page(opened, new)
        case "words":
            editing.change_book(opened, lambda book: _saying(book, said), "feed")
        case "off":
            editing.change_book(opened, lambda book: feeds.with_feed(book, None), "feed")
            editing.truncate(opened)
        case _:
            abort(400)
    return redirect(url_for("records.feed", record_id=record_id))


def _saying(book: Book, said: dict[str, bool]) -> Book:
    known = feeds.feed_of(book)
    return feeds.with_feed(book, feeds.Feed(known.token, **said)) if known else book


@blueprint.get("/feed/<address>.ics")
@public
# Calendars of many families ask from one company's machines: only those who ask for what is not there are counted.
@limiter.limit("60 per hour", deduct_when=lambda answer: answer.status_code == 404)
def feed_file(address: str) -> ResponseReturnValue:
    """The dates behind a secret address, for a calendar program."""
    db = get_db(settings().family_db, secure_delete=True)
    try:
        dates = feeds.dates_behind(db, address)
    except CannotOpen:
        abort(404)
    neutral, deadline = str(wording.NEUTRAL_APPOINTMENT), str(wording.NEUTRAL_DEADLINE)
    file = calendar.calendar_file(dates, clock.now(), neutral, name="Linkbook", neutral_deadline=deadline)
    response = Response(file, content_type=calendar.MIMETYPE)
    response.headers["Content-Disposition"] = "inline; filename=dates.ics"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
