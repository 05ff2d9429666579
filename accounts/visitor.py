"""Whoever sent the request at hand: a stranger, somebody whose session is locked, or somebody with their keys open.

flask-login asks here, once a request, by its `request_loader` alone. Who somebody is never rests in Flask's own session.
"""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager, current_user

from accounts import device, sessions, store
from accounts.account import Account
from accounts.current import family, secrets, session_rows, settings
from accounts.person import Person
from accounts.sessions import Session
from plumbing.crypto import CannotOpen

log = logging.getLogger(__name__)
PHONE_SECRET_BYTES = 32
_A_YEAR = 365 * 24 * 60 * 60


@dataclass
class Visitor:
    """What flask-login calls a user. `person` is there only while the session is open."""

    token: bytes | None = field(default=None, repr=False)
    session: Session | None = field(default=None, repr=False)
    account: Account | None = field(default=None, repr=False)
    person: Person | None = field(default=None, repr=False)

    @property
    def is_authenticated(self) -> bool:
        """Whether their keys are open."""
        return self.person is not None

    @property
    def is_active(self) -> bool:
        """flask-login asks; an ended account has no session."""
        return self.is_authenticated

    @property
    def is_anonymous(self) -> bool:
        """Whether we do not know who this is, or may not say."""
        return not self.is_authenticated

    @property
    def is_locked(self) -> bool:
        """Whether they were away too long: the passphrase alone opens their session again."""
        return self.session is not None and self.person is None

    def get_id(self) -> str | None:
        """flask-login asks."""
        return self.account.id if self.account else None

    def begin(self, account: Account, person: Person, by_passphrase: bool = True) -> None:
        """Sign this browser in, with a new session in place of any it had."""
        if self.session:
            sessions.end(session_rows(), self.session.id)
        label = device.label(request.user_agent.string)
        self._take(sessions.start(session_rows(), account, person, label, by_passphrase), account, person)
        g.device_cookie = device.remembering(device_cookie(), secrets().server_key, account.id)

    def again(self, account: Account, person: Person, by_passphrase: bool = True) -> None:
        """Open this browser's session again, or anew: the passphrase (or the PIN) was typed. The token is another one then."""
        if self.token is None or self.session is None:
            self.begin(account, person, by_passphrase)
            return
        fresh = sessions.renew(session_rows(), self.session, self.token, account, person, by_passphrase)
        self._take(fresh, account, person)

    def _take(self, token: bytes, account: Account, person: Person) -> None:
        self.token, self.account, self.person = token, account, person
        self.session = sessions.find(session_rows(), token)
        g.session_cookie = base64.urlsafe_b64encode(token).decode()

    def refresh(self) -> None:
        """Read the account anew after it was changed."""
        if self.account:
            self.account = store.get_account(family(), secrets().server_key, self.account.id)

    def keep_in_slot(self, content: bytes | None) -> None:
        """Keep a small sealed thing in the session until it locks; None takes it out."""
        if self.session and self.token:
            sessions.write_slot(session_rows(), self.session, self.token, content)
            self.session = sessions.find(session_rows(), self.token)

    def in_slot(self) -> bytes | None:
        """What was kept in the session, if anything."""
        return sessions.read_slot(self.session, self.token) if self.session and self.token else None

    def close_just_us(self) -> None:
        """Close what only the passphrase opens, before its ten minutes are over."""
        if self.session and self.person:
            sessions.close_just_us(session_rows(), self.session)
            self.person = replace(self.person, just_us=None)

    def leave(self) -> None:
        """Sign this browser out."""
        if self.session:
            sessions.end(session_rows(), self.session.id)
        self.token = self.session = self.account = self.person = None
        g.session_cookie = ""


def visitor() -> Visitor:
    """Whoever sent this request."""
    # Where the file of sessions or of accounts is broken, the page that says so is drawn as for a stranger.
    return Visitor() if "for_anybody" in g else current_user._get_current_object()


def cookie_name(name: str) -> str:
    """What a cookie of ours is called."""
    # With this prefix a browser takes the cookie only over https, for this host and no other, and the whole of it.
    return f"__Host-{name}" if settings().https_only else name


def device_cookie() -> str:
    """The mark of a browser in which somebody signed in before; "" where there is none."""
    return request.cookies.get(cookie_name("linkbook-device"), "")


def phone_secret() -> bytes | None:
    """The secret of a phone on which quick unlock was turned on; no script ever sees it."""
    return read_secret(request.cookies.get(cookie_name("linkbook-device-key"), ""), PHONE_SECRET_BYTES)


def read_secret(cookie: str, length: int) -> bytes | None:
    """The random bytes in a cookie; None where it is not one of ours."""
    try:
        secret = base64.b64decode(cookie, b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == length else None


def session_token(asked: Request) -> bytes | None:
    """The half of a session that the browser holds."""
    return read_secret(asked.cookies.get(cookie_name("linkbook"), ""), sessions.TOKEN_BYTES)


def _load(asked: Request) -> Visitor:
    token = session_token(asked)
    session = sessions.find(session_rows(), token) if token else None
    if token is None or session is None:
        return Visitor()
    account = store.get_account(family(), secrets().server_key, session.account_id)
    if account is None:
        sessions.end(session_rows(), session.id)
        return Visitor()
    if not session.is_open:
        return Visitor(token, session, account)
    try:
        return Visitor(token, session, account, sessions.open_person(session, token, account))
    except CannotOpen:
        # Changed by hand, or from before the account had the keys it has now.
        log.warning("A session did not open and was ended.")
        sessions.end(session_rows(), session.id)
        return Visitor()


def _cookies(response: Response) -> Response:
    flags: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings().https_only, "path": "/"}
    if "session_cookie" in g:
        name = cookie_name("linkbook")
        if g.session_cookie:
            response.set_cookie(name, g.session_cookie, **flags)
        else:
            response.delete_cookie(name, **flags)
            response.headers["Clear-Site-Data"] = '"cache"'
    if "device_cookie" in g:
        response.set_cookie(cookie_name("linkbook-device"), g.device_cookie, max_age=_A_YEAR, **flags)
    if "phone_secret" in g:
        name = cookie_name("linkbook-device-key")
        if g.phone_secret:
            response.set_cookie(name, base64.urlsafe_b64encode(g.phone_secret).decode(), max_age=_A_YEAR, **flags)
        else:
            response.delete_cookie(name, **flags)
    if "is_private" in g:
        response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Ask who is there at each request that wants to know."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_load)
    # Not manager.init_app(): it would read and write Flask's session at the end of every request, for a cookie we do not use.
    app.login_manager = manager  # type: ignore[attr-defined]
    app.config["REMEMBER_COOKIE_NAME"] = "none-of-ours"
    app.after_request(_cookies)
