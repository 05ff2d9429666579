"""The bar under the thumb: features say what they put there, the layout draws it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Entry:
    """One place in the bar: its endpoint, words, icon, and where it stands (low numbers first)."""

    endpoint: str
    words: LazyString
    icon: str
    position: int


def add(app: Flask, *entries: Entry) -> None:
    """Put `entries` in the bar of every page."""
    known: list[Entry] = app.extensions.setdefault("navigation", [])
    known.extend(entries)
    known.sort(key=lambda entry: entry.position)


def init_app(app: Flask) -> None:
    """Give templates the bar."""
    app.extensions.setdefault("navigation", [])
    app.jinja_env.globals["navigation"] = lambda: app.extensions["navigation"]
