"""The desk's menu, and what waits: features of the desk add themselves, the desk's pages ask."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from accounts.account import INFORMATION_OFFICER, PROVIDER, SERVICE_MANAGER
from accounts.visitor import visitor
from directory.desk import Counter

OFFICERS = (INFORMATION_OFFICER, SERVICE_MANAGER)
# The menu's headings, each with the position from which it counts.
_HEADINGS = (
    (0, _l("Today")),
    (10, _l("Keep it true")),
    (19, _l("Listings and contacts")),
    (50, _l("What families say")),
    (70, _l("What we give out")),
)


@dataclass(frozen=True)
class Room:
    """One place in the desk's menu: its endpoint, words, icon, where it stands (low numbers first), and whose it is."""

    endpoint: str
    words: LazyString
    icon: str
    position: int
    roles: tuple[str, ...] = OFFICERS


def add_rooms(app: Flask, *rooms: Room) -> None:
    """Put `rooms` in the desk's menu."""
    known: list[Room] = app.extensions.setdefault("desk_rooms", [])
    known.extend(rooms)
    known.sort(key=lambda room: room.position)


def add_waiting(app: Flask, *counters: Counter) -> None:
    """Have the desk ask `counters` what waits."""
    app.extensions.setdefault("desk_waiting", []).extend(counters)


def rooms() -> list[Room]:
    """The desk's menu, as far as it is the visitor's."""
    account = visitor().account
    return [room for room in current_app.extensions["desk_rooms"] if account and account.role in room.roles]


def menu() -> list[tuple[LazyString, list[Room]]]:
    """The visitor's rooms under their headings."""
    found = rooms()
    ends = [start for start, _words in _HEADINGS[1:]] + [None]
    groups = [
        (words, [room for room in found if room.position >= start and (end is None or room.position < end)])
        for (start, words), end in zip(_HEADINGS, ends, strict=True)
    ]
    return [(words, inside) for words, inside in groups if inside]


def counters() -> list[Counter]:
    """Everything that can say what waits."""
    return current_app.extensions.get("desk_waiting", [])


def is_officer() -> bool:
    """Whether the visitor is signed in and keeps the directory."""
    account = visitor().account
    return visitor().is_authenticated and account is not None and account.role in OFFICERS


def is_provider() -> bool:
    """Whether the visitor is signed in and writes for an organisation of their own."""
    account = visitor().account
    return visitor().is_authenticated and account is not None and account.role == PROVIDER
