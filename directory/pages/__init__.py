"""The pages of the directory. One blueprint; a file for each part of it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from directory import wording
from directory.pages import about, desk, find, guides, listing, report, talk
from directory.pages.blueprint import blueprint, has_demonstration
from plumbing import navigation
from plumbing.clock import today
from plumbing.dates import date_in_words
from plumbing.settings import Settings

__all__ = ["about", "desk", "find", "guides", "init_app", "listing", "report", "talk"]


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages, their words, and their places in the bar."""
    app.register_blueprint(blueprint)
    desk.init_app(app)
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
        summary=listing.summary,
        paragraphs=listing.paragraphs,
    )
    app.jinja_env.globals.update(has_demonstration=has_demonstration, map_url=listing.map_url, today=today)
    navigation.add(
        app,
        navigation.Entry("directory.home", _l("Find help"), "search", 20),
        navigation.Entry("directory.categories", _l("Browse"), "list", 21, gives_way=True),
        navigation.Entry("directory.guides", _l("Guides"), "book", 22, gives_way=True),
        navigation.Entry("directory.talk_now", _l("Talk now"), "talk", 60, gives_way=True),
    )
