"""What a server's log must not hold: an address that is itself a key."""

from __future__ import annotations

import re

from plumbing.server_log import QuietLogger

# What such a part of an address is called. Whoever read one could answer as a provider, or follow somebody's report.
KEYS = {"token", "address", "reference"}


def test_an_address_that_is_a_key_is_in_no_log(app, monkeypatch):
    monkeypatch.setattr("gunicorn.glogging.Logger.atoms", lambda *_things: {})
    logger, seen = QuietLogger.__new__(QuietLogger), 0
    for rule in app.url_map.iter_rules():
        if rule.arguments & KEYS:
            path = re.sub(r"<[^>]+>", "k3y", rule.rule)
            assert "k3y" not in logger.atoms(None, None, {"PATH_INFO": path}, None)["U"], f"Name {rule.rule} in server_log.py."
            seen += 1
    assert seen >= 8
