"""The browser somebody signs in with: what we call it in their list of sessions, and the mark by which we know it again."""

from __future__ import annotations

import re
import secrets

from accounts.marks import is_marked, mark

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_ID_BYTES = 16
# A phone that a family shares: as many people are known on it at once.
_MOST = 6


def label(user_agent: str) -> str:
    """A browser and its system by their family names: no version and no address, which could tell where somebody is.

    >>> label("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36")
    'Chrome, Android'
    >>> label("curl/8")
    ''
    """
    found = [next((name for sign, name in signs if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name)


def known_id(cookie: str, server_key: bytes, account_id: str) -> str | None:
    """The id of a browser in which this account's owner has signed in before; None for any other browser."""
    id_, *marks = cookie.split(".")
    if not re.fullmatch(r"[0-9a-f]{32}", id_):
        return None
    # Every mark is looked at, so that time does not tell which one it was.
    known = [_is_mark(text, server_key, id_, account_id) for text in marks[:_MOST]]
    return id_ if any(known) else None


def _is_mark(text: str, server_key: bytes, id_: str, account_id: str) -> bool:
    given = bytes.fromhex(text) if re.fullmatch(r"[0-9a-f]{64}", text) else b""
    return is_marked(given, server_key, "session", "device", id_, account_id)


def remembering(cookie: str, server_key: bytes, account_id: str) -> str:
    """The cookie by which this browser is known for this account too. It names nobody."""
    if known_id(cookie, server_key, account_id):
        return cookie
    id_, *marks = cookie.split(".")
    if not re.fullmatch(r"[0-9a-f]{32}", id_):
        id_, marks = secrets.token_hex(_ID_BYTES), []
    new = mark(server_key, "session", "device", id_, account_id).hex()
    return ".".join([id_, new, *marks[: _MOST - 1]])
