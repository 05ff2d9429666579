"""The pages of the record. One blueprint; a file for each part of it."""

from __future__ import annotations

import datetime

import phonenumbers
from flask import Flask, url_for
from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from accounts import hooks
from accounts.visitor import visitor
from plumbing import navigation
from plumbing.dates import date_in_words, parse_date, weekday_in_words
from plumbing.settings import Settings
from records import desk as desks
from records import items, kinds, meeting_wording, sections, supported, timeline, wording, young_people, young_wording
from records.pages import (
    about_me,
    agency_copy,
    alarm,
    away,
    dates,
    desk,
    entries,
    feed,
    fell_through,
    files,
    for_meeting,
    getting_ready,
    guest,
    holders,
    home,
    invite,
    just_us,
    letterbox,
    letters,
    links,
    log,
    meeting_slip,
    meetings,
    minutes,
    packs,
    paper,
    people,
    plan,
    plan_agreed,
    plan_given,
    plan_said,
    plan_slip,
    put_in,
    reading,
    reminders,
    reviews,
    share,
    shared,
    slip,
    tell,
    told,
    voice,
    who,
    whole,
    words,
    year,
    young,
)
from records.pages.blueprint import blueprint, current_record_id

__all__ = [
    "about_me",
    "agency_copy",
    "alarm",
    "away",
    "dates",
    "desk",
    "entries",
    "feed",
    "fell_through",
    "files",
    "for_meeting",
    "getting_ready",
    "guest",
    "holders",
    "home",
    "init_app",
    "invite",
    "just_us",
    "letterbox",
    "letters",
    "links",
    "log",
    "meeting_slip",
    "meetings",
    "minutes",
    "packs",
    "paper",
    "people",
    "plan",
    "plan_agreed",
    "plan_given",
    "plan_said",
    "plan_slip",
    "put_in",
    "reading",
    "reminders",
    "reviews",
    "share",
    "shared",
    "slip",
    "tell",
    "told",
    "voice",
    "who",
    "whole",
    "words",
    "year",
    "young",
]


def _is_family() -> bool:
    account = visitor().account if visitor().is_authenticated else None
    return account is not None and not account.is_staff


def _keep_service_url() -> str:
    """Where a page of the directory sends a service to be saved; empty for whoever has no record to save it in."""
    return url_for("records.keep_service") if _is_family() and current_record_id() else ""


def _has_a_home() -> bool:
    return _is_family() or (visitor().is_authenticated and desk.leads_to_desk())


def _has_letters() -> bool:
    return _is_family() and desk.has_letters_of_their_own()


def _is_stranger() -> bool:
    return not visitor().is_authenticated


def _begin_record_url() -> str:
    """Where the front page leads somebody who may not know that there is a record; empty for whoever is signed in."""
    return url_for("records.home") if _is_stranger() else ""


def _as_day(text: str) -> str:
    """A kept date in words."""
    day = parse_date(text)
    return date_in_words(day) if day else text


def _dialled(number: str) -> str:
    """The link that rings a number as somebody wrote it down; empty where it is no number a phone could ring."""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.RFC3966)


def _month_name(month: int) -> str:
    return format_date(datetime.date(2000, month, 1), "LLLL")


def init_app(app: Flask, _settings: Settings) -> None:
    """Add the pages, their words, and their places in the bar."""
    app.register_blueprint(blueprint)
    app.extensions["home_endpoint"] = "records.home"
    hooks.on_invited(app, words.may_register_as)
    app.jinja_env.globals.update(
        entry_words=wording,
        entry_summary=kinds.summary_of,
        entry_day=timeline.day_of,
        letters_to_file=items.count,
        letters_to_read=reading.letters_to_read,
        keep_service_url=lambda: navigation.ask(_keep_service_url) or "",
        begin_record_url=lambda: navigation.ask(_begin_record_url) or "",
        month_name=_month_name,
        agreed_to=shared.agreed,
        given_in_words=shared.given_in_words,
        holder_name=young.holder_name,
        may_copy=agency_copy.may_copy,
        may_be_answered=meeting_slip.may_be_answered,
        may_copy_any=agency_copy.may_copy_any,
        meeting_behind=meetings.behind,
        meeting_of=meetings.whole,
        meeting_readers=meetings.who_sees,
        meeting_words=meeting_wording,
        meetings_for=for_meeting.meetings_for,
        name_of=shared.name_of,
        places_for_people=lambda: navigation.ask(people.places_for_people) or [],
        standing_in_words=shared.standing,
        to_put_in=desks.to_put_in,
        written_by=shared.written_by,
        supported_notes=supported.supported,
        young_people=young_people,
        young_words=young_wording,
    )
    app.jinja_env.filters.update(as_day=_as_day, dialled=_dialled, section_icon=sections.icon_for)
    app.jinja_env.filters.setdefault("day", date_in_words)
    app.jinja_env.filters["weekday"] = weekday_in_words
    navigation.add(
        app,
        navigation.Entry("records.home", _l("Home"), "home", 10, shown=_has_a_home),
        navigation.Entry("records.letters_of_current", _l("Letters"), "mail", 30, shown=_has_letters),
        navigation.Entry("records.dates_of_current", _l("Dates"), "calendar", 31, shown=_has_letters),
        navigation.Entry("records.people_of_current", _l("People"), "people", 32, shown=_has_letters),
        navigation.Entry("records.home", _l("Our record"), "book", 61, shown=_is_stranger),
    )
