"""Asking the providers of many listings by e-mail: first how many of them can be asked, then one tap that does it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import current_account
from accounts.current import secrets
from directory import store
from directory.keeping import provider_links
from directory.pages.blueprint import database, settings
from plumbing import clock

ASK = "ask"


def ask_many(ids: Sequence[str]) -> ResponseReturnValue:
    """Who would be asked; with `sure`, ask them."""
    db, today = database(), clock.today()
    groups = provider_links.by_address(db, secrets().server_key, store.get_services(db, ids), today)
    if not request.form.get("sure"):
        return render_template("directory/desk/ask_many.html", groups=groups, ids=ids)
    asked = 0
    for service in groups[provider_links.CAN_BE_ASKED]:
        try:
            provider_links.ask(db, settings(), secrets().server_key, service.id, current_account().shown_name, today)
        except provider_links.NotAskedError:
            # Somebody asked us to stop a moment ago, or the outbox is full: the others are asked all the same.
            continue
        asked += 1
    return redirect(url_for("directory.desk_listings", asked=asked))
