"""Sign-in names: made by us, so that nobody learns by choosing one that it is taken."""

from __future__ import annotations

import re
import secrets
import unicodedata

from accounts.passphrases import words

_LONGEST = 16


def _first_name(shown_name: str) -> str:
    """The first part of a name in plain letters.

    >>> _first_name("Siân Jones"), _first_name("أمينة")
    ('sian', 'friend')
    """
    plain = unicodedata.normalize("NFKD", shown_name).encode("ascii", "ignore").decode().lower()
    parts = re.findall(r"[a-z]+", plain)
    return parts[0][:_LONGEST] if parts else "friend"


def new_sign_in_name(shown_name: str) -> str:
    """A name to sign in with, like amina-otter-42: easy to write down, and no secret."""
    return f"{_first_name(shown_name)}-{secrets.choice(words())}-{secrets.randbelow(90) + 10}"
