"""Work that takes longer than a page may, begun by a request and done beside it. The clock (`tidy`) does what was cut short."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Flask

from plumbing.errors import place_of

log = logging.getLogger(__name__)


def begin(app: Flask, name: str, job: Callable[[], object]) -> threading.Thread:
    """Do `job` in a thread of its own, within the application."""

    def work() -> None:
        try:
            with app.app_context():
                job()
        except Exception as error:
            # Its own text may hold what somebody typed.
            log.error("%s failed: %s at %s", name, type(error).__name__, place_of(error))

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread
