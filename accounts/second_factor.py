"""The second factor: six digits from an app (RFC 6238), each good once, or one of ten codes on paper.

Its secret is sealed with the private keys: whether a code is needed is known only once the passphrase was right, and nobody
at the database can take the second factor away.
"""

from __future__ import annotations

import hmac

import pyotp
from sqlite_utils import Database

from accounts.current import secrets
from accounts.marks import mark
from accounts.person import Person
from plumbing import clock

_STEP_SECONDS = 30


def check(db: Database, person: Person, typed: str) -> bool:
    """Whether `typed` is a code of this person's that was not used before. It is used now."""
    plain = "".join(typed.split()).replace("-", "").upper()
    if plain.isascii() and plain.isdigit() and len(plain) == 6:
        return _is_from_app(db, person, plain)
    return _is_backup_code(db, person, plain)


def _is_from_app(db: Database, person: Person, digits: str) -> bool:
    totp = pyotp.TOTP(person.second_factor_secret)
    this_step = int(clock.now().timestamp()) // _STEP_SECONDS
    for step in (this_step - 1, this_step, this_step + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            # Looked at and noted in one step: of two who send one code at once, one gets in.
            used = db.execute(
                "UPDATE account SET last_totp_step = ? WHERE id = ? AND last_totp_step < ?", [step, person.account_id, step]
            )
            return used.rowcount == 1
    return False


def _is_backup_code(db: Database, person: Person, code: str) -> bool:
    given = mark(secrets().server_key, "account-keys", "backup code", person.account_id, code)
    return db.execute("DELETE FROM backup_code WHERE account_id = ? AND mac = ?", [person.account_id, given]).rowcount == 1
