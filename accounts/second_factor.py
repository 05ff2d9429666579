"""The second factor: six digits from an app (RFC 6238), each good once, or one of ten codes on paper.

Its secret is sealed with the private keys: whether a code is needed is known only once the passphrase was right, and nobody
at the database can take the second factor away. The sheet's copy of the keys is not sealed anew for it: using the sheet, which
is for those who lost their phone too, turns the second factor off.
"""

from __future__ import annotations

import hmac
import secrets as randomness
from dataclasses import replace

import pyotp
from sqlite_utils import Database

from accounts import keys, quick_unlock, sessions, store
from accounts.account import Account
from accounts.current import cost, family, secrets, session_rows
from accounts.marks import mark
from accounts.person import Person
from plumbing import clock
from plumbing.crypto.code import ALPHABET, read_letters
from plumbing.db import at_once

_STEP_SECONDS = 30
_DIGITS = 6
BACKUP_CODES = 10
_BACKUP_LETTERS = 10


def new_secret() -> str:
    """A secret to share with an app: 160 random bits in base32."""
    return pyotp.random_base32(32)


def address(secret: str, account: Account) -> str:
    """What an app reads out of the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.sign_in_name, issuer_name="Linkbook")


def step_of(secret: str, typed: str) -> int | None:
    """Which half minute a code from an app is of: this one, or one beside it, for clocks are never quite right."""
    digits = "".join(typed.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    totp, this_step = pyotp.TOTP(secret), int(clock.now().timestamp()) // _STEP_SECONDS
    near = (this_step - 1, this_step, this_step + 1)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), digits)), None)


def check(db: Database, person: Person, typed: str) -> bool:
    """Whether `typed` is a code of this person's that was not used before. It is used now."""
    step = step_of(person.second_factor_secret, typed)
    return _use_step(db, person, step) if step is not None else _use_backup_code(db, person, typed)


def _use_step(db: Database, person: Person, step: int) -> bool:
    # Looked at and noted in one step: of two who send one code at once, one gets in.
    used = db.execute(
        "UPDATE account SET last_totp_step = ? WHERE id = ? AND last_totp_step < ?", [step, person.account_id, step]
    )
    return used.rowcount == 1


def _use_backup_code(db: Database, person: Person, typed: str) -> bool:
    given = _mark_of_code(person.account_id, typed)
    return db.execute("DELETE FROM backup_code WHERE account_id = ? AND mac = ?", [person.account_id, given]).rowcount == 1


def _mark_of_code(account_id: str, code: str) -> bytes:
    return mark(secrets().server_key, "account-keys", "backup code", account_id, read_letters(code))


def _new_backup_codes() -> list[str]:
    letters = ["".join(randomness.choice(ALPHABET) for _ in range(_BACKUP_LETTERS)) for _ in range(BACKUP_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in letters]


def backup_codes_left(account: Account) -> int:
    """How many codes on paper were not used yet."""
    return family().execute("SELECT count(*) FROM backup_code WHERE account_id = ?", [account.id]).fetchone()[0]


def turn_on(person: Person, passphrase: str, secret: str, step: int) -> tuple[Person, list[str]]:
    """Seal the secret with the keys of `person`, whose just-us key is open; the person anew, and ten codes for paper.

    `step` is that of the code that showed that the app works: it is used up. Raises Busy or Superseded.
    """
    codes = _new_backup_codes()
    changed = _reseal(replace(person, second_factor_secret=secret), passphrase, codes, step)
    return changed, codes


def turn_off(person: Person, passphrase: str) -> Person:
    """The same keys without a second factor. Raises Busy or Superseded."""
    return _reseal(replace(person, second_factor_secret=""), passphrase, [], 0)


def renew_backup_codes(person: Person) -> list[str]:
    """Ten new codes for paper; the old ones are void."""
    codes = _new_backup_codes()
    with at_once(family()):
        _write_backup_codes(family(), person.account_id, codes)
    return codes


def _write_backup_codes(db: Database, account_id: str, codes: list[str]) -> None:
    store.delete_backup_codes(db, account_id)
    for code in codes:
        db.execute("INSERT INTO backup_code (account_id, mac) VALUES (?, ?)", [account_id, _mark_of_code(account_id, code)])


def _reseal(person: Person, passphrase: str, codes: list[str], step: int) -> Person:
    sealed, db = keys.seal_by_passphrase(person, passphrase, secrets().pepper, cost()), family()
    with at_once(db):
        store.save_by_passphrase(db, person, sealed)
        store.set_second_factor(db, person.account_id, bool(person.second_factor_secret))
        db.execute("UPDATE account SET last_totp_step = ? WHERE id = ?", [step, person.account_id])
        _write_backup_codes(db, person.account_id, codes)
    # What holds the keys as they were before must not outlive the change; the caller begins a new session.
    sessions.end_all(session_rows(), person.account_id)
    quick_unlock.end_all(person.account_id)
    return person
