"""The pages of the directory. One blueprint; a file for each part of it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from directory import wording
from directory.asking_wording import month_in_words
from directory.pages import (
    about,
    api,
    ask,
    comments,
    contact_link,
    desk,
    engines,
    find,
    guides,
    leaflets,
    listing,
    news,
    provider,
    report,
    shortlist,
    staff_contacts,
    subscribe,
    talk,
    unmet,
)
from directory.pages.blueprint import blueprint, has_demonstration
from directory.question import say_digits
from plumbing import navigation
from plumbing.clock import today
from plumbing.dates import date_in_words
from plumbing.settings import Settings

__all__ = [
    "about",
    "api",
    "ask",
    "comments",
    "contact_link",
    "desk",
    "engines",
    "find",
    "guides",
    "init_app",
    "leaflets",
    "listing",
    "news",
    "provider",
    "report",
    "shortlist",
    "staff_contacts",
    "subscribe",
    "talk",
    "unmet",
]


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages, their words, and their places in the bar."""
    app.register_blueprint(blueprint)
    desk.init_app(app)
    api.init_app(app)
    if settings.development:
        app.register_blueprint(about.components_blueprint)
    app.jinja_env.filters.update(
        times=wording.times,
        price=wording.price,
        ages=wording.ages,
        age=wording.age,
        delivery=wording.delivery,
        reach=wording.reach,
        term=wording.term,
        referral=wording.referral,
        referral_kind=wording.referral_kind,
        checked=wording.checked,
        is_old=wording.is_old,
        where=wording.where,
        phone_caution=wording.phone_caution,
        distance=wording.distance,
        report_topic=wording.report_topic,
        day=date_in_words,
        month=month_in_words,
        digits=say_digits,
        summary=listing.summary,
        schema_org=engines.schema_org,
        paragraphs=listing.paragraphs,
        is_about_safety=shortlist.is_about_safety,
    )
    app.jinja_env.globals.update(
        answer_place=ask.answer_place,
        has_demonstration=has_demonstration,
        map_url=listing.map_url,
        today=today,
        carried=shortlist.carried,
        any_leaflets=leaflets.any_published,
        any_news=news.any_published,
        **staff_contacts.card_words(),
    )
    # A mail program that stops a newsletter has no token of a form (RFC 8058); the link has a mark of ours.
    app.extensions["csrf"].exempt(subscribe.send_leave_news)
    app.extensions["guide_is_there"] = guides.is_there
    navigation.add(
        app,
        navigation.Entry("directory.home", _l("Find help"), "search", 20),
        navigation.Entry("directory.categories", _l("Browse"), "list", 21, gives_way=True),
        navigation.Entry("directory.guides", _l("Guides"), "book", 22, gives_way=True),
        navigation.Entry("directory.talk_now", _l("Talk now"), "talk", 60, gives_way=True),
    )
