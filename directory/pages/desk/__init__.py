"""The information officers' pages. A file for each kind of work; each says here what waits, and where it stands in the menu."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from accounts.account import INFORMATION_OFFICER, SERVICE_MANAGER
from directory.pages.desk import home
from directory.pages.desk.rooms import Room, add_rooms, is_officer
from plumbing import navigation

__all__ = ["home", "init_app"]


def init_app(app: Flask) -> None:
    """Add what waits, the menu of the desk, and the desk's place in the bar."""
    add_rooms(app, Room("directory.desk", _l("What needs me today"), "clock", 0))
    # Where those who keep no record come when they have signed in.
    app.extensions.setdefault("homes", {}).update({INFORMATION_OFFICER: "directory.desk", SERVICE_MANAGER: "directory.desk"})
    app.jinja_env.globals["desk_rooms"] = home.rooms
    navigation.add(app, navigation.Entry("directory.desk", _l("Desk"), "list", 15, shown=is_officer))
