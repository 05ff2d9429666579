"""The information officers' pages. A file for each kind of work; each says here what waits, and where it stands in the menu."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from accounts.account import INFORMATION_OFFICER, PROVIDER, SERVICE_MANAGER
from directory import wording
from directory.pages.desk import (
    approval,
    booklets,
    checks,
    comments,
    contact_files,
    contacts,
    edit,
    events,
    exports,
    feeds,
    guide_writing,
    guides,
    home,
    imports,
    leaflets,
    links,
    listing,
    listings,
    newsletters,
    not_found,
    not_found_note,
    providers,
    publications,
    questions,
    reports,
    synonyms,
    twins,
)
from directory.pages.desk.rooms import OFFICERS, Room, add_rooms, add_waiting, is_officer, is_provider
from plumbing import navigation, tidy

__all__ = [
    "approval",
    "booklets",
    "checks",
    "comments",
    "contact_files",
    "contacts",
    "edit",
    "events",
    "exports",
    "feeds",
    "guide_writing",
    "guides",
    "home",
    "imports",
    "init_app",
    "leaflets",
    "links",
    "listing",
    "listings",
    "newsletters",
    "not_found",
    "not_found_note",
    "providers",
    "publications",
    "questions",
    "reports",
    "synonyms",
    "twins",
]


def init_app(app: Flask) -> None:
    """Add what waits, the menu of the desk, and the desk's place in the bar."""
    add_rooms(app, Room("directory.desk", _l("What needs me today"), "clock", 0))
    add_rooms(
        app,
        Room("directory.desk_questions", _l("Questions"), "talk", 50),
        Room("directory.desk_comments", _l("Comments"), "chat", 56),
        Room("directory.desk_publications", _l("What we publish"), "document", 85),
    )
    add_waiting(app, questions.waiting, comments.waiting, publications.waiting)
    tidy.register(app, "questions", questions.upkeep)
    add_rooms(
        app,
        Room("directory.desk_checks", _l("Checks"), "check", 10),
        Room("directory.desk_links", _l("Broken links"), "web", 15),
        Room("directory.desk_reports", _l("Reports"), "flag", 12),
    )
    add_waiting(app, checks.late_waiting, checks.never_waiting, links.waiting, reports.waiting)
    app.jinja_env.filters["lateness"] = checks.lateness
    add_rooms(
        app,
        Room("directory.desk_imports", _l("Imports"), "inbox", 30),
        Room("directory.desk_exports", _l("Exports"), "share", 32),
        Room("directory.desk_twins", _l("Likely twins"), "copy", 17),
    )
    add_waiting(app, imports.waiting, twins.waiting)
    imports.init_app(app)
    twins.init_app(app)
    add_rooms(
        app,
        Room("directory.desk_mine", _l("Our listings"), "list", 19, (PROVIDER,)),
        Room("directory.desk_listings", _l("Listings"), "list", 20),
        Room("directory.desk_drafts", _l("My drafts"), "pencil", 21, (*OFFICERS, PROVIDER)),
        Room("directory.desk_waiting", _l("Edits waiting for approval"), "eye", 22),
        Room("directory.desk_providers", _l("Providers"), "people", 23),
    )
    add_waiting(app, approval.waiting)
    app.jinja_env.filters["moment_in_words"] = wording.moment_in_words
    providers.init_app(app)
    add_rooms(app, Room("directory.desk_contacts", _l("Designated contacts"), "people", 40))
    add_waiting(app, contacts.due_waiting, contacts.gaps_waiting)
    add_rooms(app, Room("directory.desk_leaflets", _l("Leaflets"), "document", 70))
    add_waiting(app, leaflets.waiting)
    booklets.init_app(app)
    add_rooms(app, Room("directory.desk_newsletters", _l("Newsletters"), "mail", 75))
    add_waiting(app, newsletters.waiting)
    tidy.register(app, "newsletters", newsletters.upkeep)
    add_rooms(app, Room("directory.desk_guides", _l("Guides"), "book", 80))
    add_waiting(app, guides.waiting, guides.approval_waiting)
    add_rooms(app, Room("directory.desk_not_found", _l("Not found"), "search", 60))
    add_waiting(app, not_found.waiting)
    tidy.register(app, "not found", not_found.upkeep)
    # Where those who keep no record come when they have signed in.
    app.extensions.setdefault("homes", {}).update({INFORMATION_OFFICER: "directory.desk", SERVICE_MANAGER: "directory.desk"})
    app.extensions["homes"][PROVIDER] = "directory.desk_mine"
    app.jinja_env.globals["desk_menu"] = home.menu
    navigation.add(app, navigation.Entry("directory.desk", _l("Desk"), "list", 15, shown=is_officer))
    navigation.add(app, navigation.Entry("directory.desk_mine", _l("Our listings"), "list", 15, shown=is_provider))
