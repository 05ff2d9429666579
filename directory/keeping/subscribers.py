"""Getting the newsletter by mail: asked for, confirmed by a link in a mail, ended by one tap.

Nobody learns here whether an address gets it: whoever types one sees the same page and waits as long.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _
from sqlite_utils import Database

from directory.sealing import key_of
from directory.store import subscribers as rows
from directory.subscriber import CONFIRM, LEAVE, Subscriber, read_token, token_of
from plumbing import clock, mail
from plumbing.addresses import outside
from plumbing.db import at_once
from plumbing.ids import new_id
from plumbing.settings import Settings

# Somebody who types another's address again and again must not fill their letter box.
_MAILS_A_DAY = 3


@dataclass(frozen=True)
class Subscribers:
    """The work with those who get it, over one connection."""

    db: Database
    settings: Settings
    server_key: bytes = field(repr=False)

    def ask(self, address: str, council: str = "") -> None:
        """Write to an address: to confirm, or that it gets the newsletter already."""
        address = mail.as_sent(address)
        mark, key, today = mail.mark_of(address, self.server_key), key_of(self.server_key), clock.today()
        with at_once(self.db):
            known = rows.get_subscriber_by_mark(self.db, key, mark) or Subscriber(new_id(), address)
            asked = (known.asked if known.asked_on == today else 0) + 1
            # Where they wanted news of is theirs to change, not of whoever types their address.
            area = known.council if known.confirmed_on else council
            person = replace(known, council=area, asked_on=today, asked=min(asked, _MAILS_A_DAY + 1))
            rows.save_subscriber(self.db, key, mark, person)
        # The same work is done in any case.
        subject, words = self._words(person)
        mail.post(self.settings, person.address if asked <= _MAILS_A_DAY else None, subject, words)

    def _words(self, person: Subscriber) -> tuple[str, str]:
        leave = outside("directory.leave_news", token=token_of(self.server_key, person.id, LEAVE))
        confirm = outside("directory.confirm_news", token=token_of(self.server_key, person.id, CONFIRM))
        already = _(
            "Somebody, perhaps you, asked for the Linkbook newsletter for this address. You get it already: there is nothing to "
            "do.\n\nTo stop it, or to have news of another area, stop it here and ask for it anew:\n%(leave)s",
            leave=leave,
        )
        asked = _(
            "Somebody, perhaps you, asked for the Linkbook newsletter for this address. If it was you, open this page and tap "
            "the button:\n\n%(confirm)s\n\nIf it was not, you need do nothing: we write no more, and forget the address in "
            "%(days)s days.",
            confirm=confirm,
            days=self.settings.subscriber_confirm_days,
        )
        return (_("The Linkbook newsletter"), already) if person.confirmed_on else (_("Please confirm: the newsletter"), asked)

    def waits(self, token: str) -> bool:
        """Whether a link to confirm leads to somebody."""
        subscriber_id = read_token(self.server_key, token, CONFIRM)
        return bool(subscriber_id) and rows.get_subscriber(self.db, key_of(self.server_key), subscriber_id) is not None

    def confirm(self, token: str) -> bool:
        """Somebody said so twice; False where the link is not ours or the address is forgotten."""
        subscriber_id = read_token(self.server_key, token, CONFIRM)
        if not subscriber_id:
            return False
        with at_once(self.db):
            return rows.confirm_subscriber(self.db, subscriber_id, clock.today())

    def is_leave_link(self, token: str) -> bool:
        """Whether we made this link to leave: it stays good when the address is erased, so that nobody is told off for it."""
        return bool(read_token(self.server_key, token, LEAVE))

    def leave(self, token: str) -> bool:
        """Erase the address, now; False where the link is not ours."""
        subscriber_id = read_token(self.server_key, token, LEAVE)
        if subscriber_id:
            self._erasing(lambda: int(rows.erase_subscriber(self.db, subscriber_id)))
        return bool(subscriber_id)

    def erase_unconfirmed(self) -> int:
        """Erase whoever never confirmed; returns how many."""
        before = clock.today() - datetime.timedelta(days=self.settings.subscriber_confirm_days)
        return self._erasing(lambda: rows.erase_unconfirmed(self.db, before))

    def _erasing(self, erase: Callable[[], int]) -> int:
        """What is erased is overwritten in the file, and the log that SQLite writes ahead is emptied."""
        self.db.execute("PRAGMA secure_delete = ON")
        with at_once(self.db):
            number = erase()
        if number:
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return number
