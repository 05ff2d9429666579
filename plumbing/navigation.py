"""The bar under the thumb and the corner of the header: features say what they put there, the layout draws it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask
from flask_babel.speaklater import LazyString

log = logging.getLogger(__name__)
MOST = 5
Answer = TypeVar("Answer")


def always() -> bool:
    """An entry for everybody."""
    return True


@dataclass(frozen=True)
class Entry:
    """One place in the bar: its endpoint, words, icon, and where it stands (low numbers first).

    `shown` says at each request whether it is there. One that `gives_way` is there only where others leave room for it.
    """

    endpoint: str
    words: LazyString
    icon: str
    position: int
    gives_way: bool = False
    shown: Callable[[], bool] = always


@dataclass(frozen=True)
class Corner:
    """What stands in the corner of the header: a person's name, and where it leads."""

    endpoint: str
    words: str


def add(app: Flask, *entries: Entry) -> None:
    """Put `entries` in the bar of every page."""
    known: list[Entry] = app.extensions.setdefault("navigation", [])
    known.extend(entries)
    known.sort(key=lambda entry: entry.position)


def set_corner(app: Flask, corner: Callable[[], tuple[str, str] | None]) -> None:
    """Have `corner` say at each request what stands in the corner of the header: an endpoint and words, or nothing."""
    app.extensions["corner"] = corner


def bar(app: Flask) -> list[Entry]:
    """The entries of this request's bar: five at most, because no more can be told apart under a thumb."""
    entries = [entry for entry in app.extensions["navigation"] if ask(entry.shown)]
    while len(entries) > MOST:
        entries.remove(next((entry for entry in reversed(entries) if entry.gives_way), entries[-1]))
    return entries


def corner(app: Flask) -> Corner | None:
    """What stands in the corner of this request's header."""
    place = ask(app.extensions.get("corner", lambda: None))
    return Corner(*place) if place else None


def ask(question: Callable[[], Answer]) -> Answer | None:
    """What `question` answers; None where asking fails. Whatever stands in the frame of a page keeps no page from being shown."""
    try:
        return question()
    except Exception as error:
        # Every page asks, the one that says that something broke among them.
        log.error("The frame of a page could not be asked for: %s", type(error).__name__)
        return None


def init_app(app: Flask) -> None:
    """Give templates the bar and the corner."""
    app.extensions.setdefault("navigation", [])
    app.jinja_env.globals.update(navigation=lambda: bar(app), corner=lambda: corner(app))
