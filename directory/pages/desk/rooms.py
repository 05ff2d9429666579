"""The desk's menu, and what waits: features of the desk add themselves, the desk's pages ask."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel.speaklater import LazyString

from accounts.account import INFORMATION_OFFICER, SERVICE_MANAGER
from accounts.visitor import visitor
from directory.desk import Counter


@dataclass(frozen=True)
class Room:
    """One place in the desk's menu: its endpoint, words, icon, and where it stands (low numbers first)."""

    endpoint: str
    words: LazyString
    icon: str
    position: int


def add_rooms(app: Flask, *rooms: Room) -> None:
    """Put `rooms` in the desk's menu."""
    known: list[Room] = app.extensions.setdefault("desk_rooms", [])
    known.extend(rooms)
    known.sort(key=lambda room: room.position)


def add_waiting(app: Flask, *counters: Counter) -> None:
    """Have the desk ask `counters` what waits."""
    app.extensions.setdefault("desk_waiting", []).extend(counters)


def rooms() -> list[Room]:
    """The desk's menu."""
    return current_app.extensions["desk_rooms"]


def counters() -> list[Counter]:
    """Everything that can say what waits."""
    return current_app.extensions.get("desk_waiting", [])


def is_officer() -> bool:
    """Whether the visitor is signed in and keeps the directory."""
    account = visitor().account
    return visitor().is_authenticated and account is not None and account.role in {INFORMATION_OFFICER, SERVICE_MANAGER}
