"""News: what was published, as a page, on paper, and as a feed that programs read."""

from __future__ import annotations

import uuid
from dataclasses import replace
from xml.etree import ElementTree

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from accounts import square
from directory import store
from directory.event import Event
from directory.keeping.newsletter_contents import Part, parts, parts_of
from directory.newsletter import EVENT, Newsletter
from directory.pages.blueprint import blueprint, database
from directory.pages.leaflets import count_paper, pdf_answer
from directory.paper.newsletters import newsletter as print_newsletter
from directory.store import newsletters as rows
from plumbing import clock
from plumbing.access import public
from plumbing.addresses import outside
from plumbing.dates import date_in_words

_ATOM = "http://www.w3.org/2005/Atom"
_IN_FEED = 20
_KEPT_SHEETS = 12


def any_published() -> bool:
    """Whether there is any news to offer."""
    return rows.any_newsletter(database())


@blueprint.get("/news")
@public
def news() -> ResponseReturnValue:
    """Every newsletter, and what is on: of the events in them, those that are still to come."""
    published = rows.published_newsletters(database())
    return render_template("directory/news/list.html", newsletters=published, events=_coming(published))


def _coming(published: list[Newsletter]) -> list[Part]:
    items = {item.ref: item for one in published for item in (one.shown or one.work).of(EVENT) if item.chosen}
    order: dict[str, Event] = rows.get_events(database())
    # What an officer said of an event stands in the newsletter that it is from.
    return parts_of(database(), tuple(replace(items[id_], words="") for id_ in order if id_ in items), clock.today())


@blueprint.get("/news/<slug>")
@public
def news_issue(slug: str) -> ResponseReturnValue:
    """One newsletter."""
    found = _found(slug)
    contents = parts(database(), found, clock.today())
    return render_template("directory/news/issue.html", newsletter=found, issue=found.shown, parts=contents)


@blueprint.get("/news/<slug>/pdf")
@public
def news_pdf(slug: str) -> ResponseReturnValue:
    """One newsletter to print, in large print with `?print=large`."""
    found = _found(slug)
    count_paper()
    is_large = request.args.get("print") == "large"
    return pdf_answer(sheet(found, is_large), f"{found.slug}-large" if is_large else found.slug)


def _found(slug: str) -> Newsletter:
    found = rows.get_newsletter_by_slug(database(), slug)
    if found is None or found.shown is None:
        abort(404)
    return found


def sheet(newsletter: Newsletter, large: bool) -> bytes:
    """A newsletter as a PDF: the same one while nothing has changed."""
    db = database()
    key = (newsletter.id, newsletter.version, newsletter.edited_on, newsletter.published_on, large, store.revision(db))
    whole = (*key, clock.today(), get_locale().language, tuple(rows.get_events(db).values()))
    sheets: dict[tuple[object, ...], bytes] = current_app.extensions.setdefault("newsletter_sheets", {})
    if whole not in sheets:
        while len(sheets) >= _KEPT_SHEETS:
            sheets.pop(next(iter(sheets)), None)
        sheets[whole] = _sheet(newsletter, large)
    return sheets[whole]


def _sheet(newsletter: Newsletter, large: bool) -> bytes:
    issue = newsletter.shown or newsletter.work
    address = outside("directory.news_issue", slug=newsletter.slug) if newsletter.published_on else outside("directory.news")
    typed = address.partition("://")[2]
    day = newsletter.published_on or clock.today()
    words = {
        "title": issue.title,
        "day": date_in_words(day),
        "introduction": issue.introduction,
        "ending": issue.ending,
        "draft": "" if newsletter.shown else _("Draft: not published yet."),
        "after": _(
            "Printed on %(day)s. Things change: look online, %(address)s", day=date_in_words(clock.today()), address=typed
        ),
        "square": _("A square code for a phone’s camera. It opens this newsletter: %(address)s", address=typed),
        "scan": _("Scan to read it online"),
    }
    contents = [part.written() for part in parts(database(), newsletter, clock.today())]
    return print_newsletter(contents, words, large=large, square=square.for_paper(address), language=get_locale().language)


@blueprint.get("/news/feed.xml")
@public
def news_feed() -> ResponseReturnValue:
    """The newsletters as an Atom feed (RFC 4287)."""
    published = rows.published_newsletters(database(), _IN_FEED)
    return Response(_feed(published), mimetype="application/atom+xml")


def _feed(published: list[Newsletter]) -> bytes:
    ElementTree.register_namespace("", _ATOM)
    own = outside("directory.news_feed")
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        child.text = _printable(text) or None
        return child

    add(feed, "title", _("News – Linkbook"))
    add(feed, "id", own)
    add(feed, "updated", max((_updated(one) for one in published), default=clock.now().isoformat()))
    add(feed, "link", rel="self", href=own, type="application/atom+xml")
    add(feed, "link", rel="alternate", href=outside("directory.news"), type="text/html")
    add(add(feed, "author"), "name", "Linkbook")
    for one in published:
        issue, entry = one.shown or one.work, add(feed, "entry")
        add(entry, "title", issue.title)
        add(entry, "id", uuid.UUID(one.id).urn)
        add(entry, "published", one.published_at)
        add(entry, "updated", _updated(one))
        add(entry, "link", rel="alternate", href=outside("directory.news_issue", slug=one.slug), type="text/html")
        add(entry, "summary", _summary(one), type="text")
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _updated(newsletter: Newsletter) -> str:
    edited = newsletter.edited_on
    return max(newsletter.published_at, f"{edited.isoformat()}T00:00:00+00:00") if edited else newsletter.published_at


def _summary(newsletter: Newsletter) -> str:
    """Its words, and what is in it by name."""
    issue = newsletter.shown or newsletter.work
    contents = parts(database(), newsletter, clock.today())
    lines = [issue.introduction, *(f"{part.heading}: {', '.join(row.title for row in part.rows)}" for part in contents)]
    return "\n".join(line for line in lines if line)


def _printable(text: str) -> str:
    """A text without what no XML may hold."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")
