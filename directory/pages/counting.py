"""What is counted of a search that failed. Whoever searched is asked nothing, told apart from nobody, and never waits for it."""

from __future__ import annotations

import re

from flask import current_app, request

from accounts.current import secrets
from directory import not_found
from directory.keeping import searches
from directory.keeping.searches import OnceADay
from directory.pages.blueprint import database, finder
from directory.search import Page, Query

# Programs that say what they are look for nothing.
_PROGRAM = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor", re.I)


def count_if_failed(query: Query, page: Page) -> None:
    """Count a search that found nothing, little, or not by all its words; once a day for each sender."""
    if request.method != "GET" or _PROGRAM.search(request.user_agent.string):
        return
    db = database()
    one = searches.failed(db, query, page, finder().vocabulary(db))
    if one is None:
        return
    once: OnceADay = current_app.extensions.setdefault("missed_once", OnceADay())
    searches.count(db, one, secrets().server_key, not_found.network(request.remote_addr or ""), once)
