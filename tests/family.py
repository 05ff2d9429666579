"""The cast: one family and those around it, who register, sign in and join as real people do, by the pages.

> amina = sign_up(app.test_client(), "Amina")
> amina.client.get("/settings")
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import invitations, keys, store
from accounts.account import Account
from accounts.current import cost, family, secrets
from accounts.person import Person
from plumbing import clock

AMINA, JOE, RHYS = "Amina", "Joe", "Rhys"
SARA, MR_PATEL, BETH, DEV, PAT, NOBODY = "Sara", "Mr Patel", "Beth", "Dev", "Pat", "Nobody"
PASSPHRASES = {
    AMINA: "goat wellies piano rain",
    JOE: "seven quiet otters dancing",
    RHYS: "my tea is always cold",
    SARA: "bicycle lamp under the stairs",
    MR_PATEL: "chalk dust and apple cores",
    BETH: "paper maps of every valley",
    DEV: "the third drawer sticks again",
    PAT: "four sheep under a bridge",
    NOBODY: "wind in an empty orchard",
}


@dataclass
class Member:
    """Somebody with an account, and the browser they use."""

    client: FlaskClient
    shown_name: str
    passphrase: str = field(repr=False)
    sign_in_name: str
    id: str
    second_factor: str = field(default="", repr=False)
    last_step: int = 0

    @property
    def app(self) -> Flask:
        """The Linkbook they have their account with."""
        return self.client.application

    def code(self) -> str:
        """A code from their authenticator app that they have not used: each is good once, a step early or late.

        It is good for ten seconds at least, whenever in the half minute it is asked for; of a third or fourth in a row the time
        is waited for.
        """
        self.last_step = max(int(clock.now().timestamp() + 10) // 30 - 1, self.last_step + 1)
        until = time.monotonic() + 60
        while self.last_step > int(clock.now().timestamp()) // 30 + 1 and time.monotonic() < until:
            time.sleep(0.2)
        return pyotp.TOTP(self.second_factor).generate_otp(self.last_step)

    def sign_in(self, client: FlaskClient | None = None, **changes: str) -> TestResponse:
        """Sign in, in another browser or again in theirs."""
        typed = {"name": self.sign_in_name, "passphrase": self.passphrase} | changes
        if self.second_factor and "code" not in typed:
            typed["code"] = self.code()
        return sign_in(client or self.client, **typed)

    def account(self) -> Account:
        """Their account as it stands."""
        with self.app.test_request_context():
            account = store.get_account(family(), secrets().server_key, self.id)
            assert account is not None
            return account

    def person(self) -> Person:
        """They themselves, with every key open."""
        account = self.account()
        with self.app.test_request_context():
            return keys.open_by_passphrase(account, store.get_by_passphrase(family(), self.id), self.passphrase, secrets().pepper)


def token_of(page: str) -> str:
    """The token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "There is no form on this page."
    return found[1]


def fill(client: FlaskClient, page: str, to: str = "", **fields: Any) -> TestResponse:
    """Open a page, fill in its form, and send it."""
    token = token_of(client.get(page).text)
    return client.post(to or page, data={"csrf_token": token} | fields)


def sign_up(client: FlaskClient, shown_name: str, email: str = "", passphrase: str = "") -> Member:
    """Register as a parent."""
    passphrase = passphrase or PASSPHRASES[shown_name]
    answer = fill(client, "/register", shown_name=shown_name, email=email, passphrase=passphrase)
    assert answer.status_code == 302, answer.text
    return _member(client, shown_name, passphrase)


def _member(client: FlaskClient, shown_name: str, passphrase: str) -> Member:
    found = re.search(r'<b class="name">([^<]+)</b>', client.get("/welcome").text)
    assert found
    with client.application.test_request_context():
        account = store.find_account(family(), secrets().server_key, found[1])
        assert account is not None
    return Member(client, shown_name, passphrase, found[1], account.id)


def join_staff(client: FlaskClient, shown_name: str, role: str, second_factor: bool = True) -> Member:
    """Join the staff by a manager's code; with a second factor, unless told otherwise, so that pages open."""
    with client.application.test_request_context():
        code = invitations.invite(role, shown_name, "")
    fill(client, "/join", code=code)
    passphrase = PASSPHRASES[shown_name]
    answer = fill(client, "/join", to="/join/passphrase", code=code, passphrase=passphrase)
    assert answer.status_code == 302, answer.text
    member = _member(client, shown_name, passphrase)
    if second_factor:
        give_second_factor(member)
        member.sign_in()
    return member


def give_second_factor(member: Member) -> None:
    """Set up an authenticator app for somebody, without its pages."""
    member.second_factor = pyotp.random_base32()
    person = replace(member.person(), second_factor_secret=member.second_factor)
    with member.app.test_request_context():
        store.save_by_passphrase(family(), person, keys.seal_by_passphrase(person, member.passphrase, secrets().pepper, cost()))
        store.set_second_factor(family(), member.id, True)
    member.client.post("/sign-out", data={"csrf_token": token_of(member.client.get("/settings").text)})


def sign_in(client: FlaskClient, name: str, passphrase: str, code: str = "", next: str = "") -> TestResponse:  # noqa: A002
    """Send the sign-in form."""
    page = client.get("/sign-in?other=1")
    token = token_of(page.text)
    return client.post("/sign-in", data={"csrf_token": token, "name": name, "passphrase": passphrase, "code": code, "next": next})
