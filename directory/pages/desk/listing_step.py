"""One step of the form of a listing: what it reads out of a listing, and what it puts into one."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import HiddenField

from directory.service import Service


class StepForm(FlaskForm):
    """One step. `saves` says which state of the draft was on the page."""

    saves = HiddenField()

    def offer(self, db: Database, service: Service) -> None:
        """Fill in what can be chosen."""

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        raise NotImplementedError

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it."""
        raise NotImplementedError


def number(value: float | None) -> str:
    """A number as a box shows it."""
    return "" if value is None else f"{value:g}"


def in_order(before: tuple[str, ...], ticked: list[str] | None) -> tuple[str, ...]:
    """What is ticked: first, in their order, those that were there before."""
    ticked = ticked or []
    return tuple(dict.fromkeys([*(one for one in before if one in ticked), *ticked]))
