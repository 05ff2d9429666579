"""Who may use a route, said on the line under the route.

The mark is an attribute on the view; `tests/test_routes.py` walks the map of all routes and fails for one without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody may use this route, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def development_only(view: View) -> View:
    """Only a developer's own machine has this route."""
    view.access = "development"  # type: ignore[attr-defined]
    return view


def needs_sign_in() -> bool:
    """Whether this request's route is for people who are signed in; an address without a route is for everybody."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "access", "public") not in {"public", "development"}
