"""Whose an e-mail address is: a code goes there, and whoever can type it has the address.

Mail is neutral: it names nobody, and says neither what Linkbook is for nor that anybody has an account.
"""

from __future__ import annotations

import secrets as dice

from flask_babel import gettext as _

from accounts import store
from accounts.account import Account
from accounts.current import family, secrets, settings
from accounts.marks import is_marked, mark
from plumbing import clock, mail
from plumbing.db import at_once

_GOOD_FOR = 60 * 60
_TRIES = 5
_DIGITS = 6


def ask(account: Account) -> None:
    """Send a code to the address an account claims, if it claims one."""
    if not account.email or account.email_confirmed:
        return
    code = f"{dice.randbelow(10**_DIGITS):0{_DIGITS}}"
    marked = mark(secrets().server_key, "account-keys", "e-mail code", account.id, account.email, code)
    family().execute(
        "INSERT OR REPLACE INTO email_code (account_id, mac, until, tries) VALUES (?, ?, ?, ?)",
        [account.id, marked, int(clock.now().timestamp()) + _GOOD_FOR, _TRIES],
    )
    words = _("The code is %(code)s. It is good for one hour.\n\nIf you did not ask for it, you need do nothing.", code=code)
    mail.post(settings(), account.email, _("Your code"), words)


def is_asked(account: Account) -> bool:
    """Whether a code is on its way that can still be typed."""
    moment = int(clock.now().timestamp())
    found = store.rows(
        family(), "SELECT 1 FROM email_code WHERE account_id = ? AND until > ? AND tries > 0", [account.id, moment]
    )
    return bool(found)


def answer(account: Account, typed: str) -> bool:
    """Whether `typed` is the code that was sent; then the address is the account's. Five tries a code."""
    db = family()
    with at_once(db):
        moment = int(clock.now().timestamp())
        taken = db.execute(
            "UPDATE email_code SET tries = tries - 1 WHERE account_id = ? AND until > ? AND tries > 0", [account.id, moment]
        )
        if not taken.rowcount:
            return False
        marked = db.execute("SELECT mac FROM email_code WHERE account_id = ?", [account.id]).fetchone()[0]
        code = "".join(typed.split())
        if not is_marked(marked, secrets().server_key, "account-keys", "e-mail code", account.id, account.email, code):
            return False
        store.confirm_email(db, account)
    return True
