"""How often one sender may ask. Counted in memory, by process: looking writes nothing down, nobody's address either."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from plumbing.limits import sender

View = TypeVar("View", bound=Callable[..., Any])
# A page every tenth of a second for as long as anybody likes: ten thousand listings in twenty seconds.
PAGES = "600 per minute"
# A download is the whole directory.
DOWNLOADS = "30 per hour"


def _counter() -> FixedWindowRateLimiter:
    return current_app.extensions.setdefault("feed_limits", FixedWindowRateLimiter(MemoryStorage()))


def count(limit: str) -> None:
    """Count one more question of this sender's, and refuse it (429) where that makes too many."""
    if not _counter().hit(parse(limit), sender()):
        abort(429)


def at_most(limit: str) -> Callable[[View], View]:
    """Refuse (429) a sender who has asked for these views more often than this."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **values: Any) -> Any:
            count(limit)
            return view(*args, **values)

        return counted  # type: ignore[return-value]

    return decorate


limited = at_most(PAGES)
downloads_limited = at_most(DOWNLOADS)
