"""What a page must know to warn before its session locks, and to cover itself when it has. To ask does not keep it open."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import g, request

from accounts import quick_unlock, sessions
from accounts.current import secrets, session_rows
from accounts.marks import mark
from accounts.sessions import Session
from accounts.visitor import phone_secret, session_token, visitor
from plumbing import clock

OPEN, LOCKED, NONE = "open", "locked", "none"


@dataclass(frozen=True)
class Standing:
    """How this browser's session stands: whose it is (a mark that names nobody), and in how many seconds it locks and ends."""

    state: str
    who: str = ""
    locks: int = 0
    ends: int = 0

    def as_json(self) -> dict[str, str | int]:
        """As the script reads it."""
        return asdict(self)


def standing() -> Standing:
    """How the session of this request's cookie stands. Nobody is noted to have been here."""
    token = session_token(request)
    return _of(sessions.look(session_rows(), token) if token else None)


def standing_now() -> Standing:
    """How it stands after this request, which may have opened it, or may have kept it open."""
    return _of(visitor().session)


def _of(session: Session | None) -> Standing:
    if session is None:
        return Standing(NONE)
    moment = int(clock.now().timestamp())
    who = mark(secrets().server_key, "session", "page", session.account_id).hex()[:16]
    if not session.is_open or moment >= session.locks_at:
        return Standing(LOCKED, who, 0, session.expires - moment)
    return Standing(OPEN, who, session.locks_at - moment, session.expires - moment)


def page_locks() -> bool:
    """Whether the page is one for somebody signed in, who may go away from it."""
    return g.get("is_private", False) and visitor().is_authenticated


def has_pin() -> bool:
    """Whether the person whose session this is has a PIN on this phone."""
    account = visitor().account
    return account is not None and quick_unlock.is_on_for(phone_secret(), account)


def phone_has_pin() -> bool:
    """Whether somebody has a PIN on this phone."""
    return quick_unlock.find(phone_secret()) is not None
