"""The information officers' pages. A file for each kind of work; each says here what waits, and where it stands in the menu."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from accounts.account import INFORMATION_OFFICER, SERVICE_MANAGER
from directory.pages.desk import checks, comments, edit, feeds, home, imports, links, publications, questions, reports, twins
from directory.pages.desk.rooms import Room, add_rooms, add_waiting, is_officer
from plumbing import navigation, tidy

__all__ = [
    "checks",
    "comments",
    "edit",
    "feeds",
    "home",
    "imports",
    "init_app",
    "links",
    "publications",
    "questions",
    "reports",
    "twins",
]


def init_app(app: Flask) -> None:
    """Add what waits, the menu of the desk, and the desk's place in the bar."""
    add_rooms(app, Room("directory.desk", _l("What needs me today"), "clock", 0))
    add_rooms(
        app,
        Room("directory.desk_questions", _l("Questions"), "talk", 50),
        Room("directory.desk_comments", _l("Comments"), "chat", 56),
        Room("directory.desk_publications", _l("What we publish"), "document", 57),
    )
    add_waiting(app, questions.waiting, comments.waiting, publications.waiting)
    tidy.register(app, "questions", questions.upkeep)
    add_rooms(
        app,
        Room("directory.desk_checks", _l("Checks"), "check", 10),
        Room("directory.desk_links", _l("Broken links"), "web", 15),
        Room("directory.desk_reports", _l("Reports"), "flag", 55),
    )
    add_waiting(app, checks.late_waiting, checks.never_waiting, links.waiting, reports.waiting)
    app.jinja_env.filters["lateness"] = checks.lateness
    add_rooms(
        app,
        Room("directory.desk_imports", _l("Imports"), "inbox", 30),
        Room("directory.desk_twins", _l("Likely twins"), "copy", 35),
    )
    add_waiting(app, imports.waiting, twins.waiting)
    imports.init_app(app)
    twins.init_app(app)
    # Where those who keep no record come when they have signed in.
    app.extensions.setdefault("homes", {}).update({INFORMATION_OFFICER: "directory.desk", SERVICE_MANAGER: "directory.desk"})
    app.jinja_env.globals["desk_rooms"] = home.rooms
    navigation.add(app, navigation.Entry("directory.desk", _l("Desk"), "list", 15, shown=is_officer))
