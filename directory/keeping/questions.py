"""Questions: asked, taken, answered, counted and erased. Whoever asks needs no account: a reference and a PIN open the answer."""

from __future__ import annotations

import datetime
import hmac
import secrets
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlite_utils import Database

from directory import question as facts
from directory.keeping import unmet_needs
from directory.question import Message, Question
from directory.sealing import key_of
from directory.store import questions as rows
from directory.unmet_need import UnmetNeed, month_of
from plumbing import mail
from plumbing.addresses import outside
from plumbing.clock import today
from plumbing.crypto.passphrase import SALT_BYTES, Cost, stretch
from plumbing.db import at_once, erasing
from plumbing.ids import once_id
from plumbing.secrets_file import ServerSecrets
from plumbing.settings import Settings


@dataclass(frozen=True)
class Asked:
    """What somebody asks, as it came from the form."""

    words: str = field(repr=False)
    outcode: str = ""
    age_band: str = ""
    email: str = field(default="", repr=False)
    account_id: str = ""
    from_staff: bool = False


@dataclass(frozen=True)
class Receipt:
    """What opens the answer. `pin` is "" where the form was sent before, on another day: it is shown once."""

    reference: str
    pin: str = field(repr=False)


class SaidMeanwhileError(Exception):
    """Somebody wrote something, or closed the question, since whoever writes now has looked."""


class Questions:
    """The work with questions, over one database and with the server's own secrets."""

    def __init__(self, db: Database, settings: Settings, server: ServerSecrets) -> None:
        self._db, self._settings, self._server = db, settings, server
        self._key = key_of(server.server_key)

    # -- asking

    def ask(self, asked: Asked, once: str) -> Receipt:
        """Keep a question. A form sent twice is one question, with one reference and one PIN. Raises Busy.

        Sent twice means with the same words: whoever goes back and asks something else has asked two things.
        """
        id_, pin = once_id(once, "question", asked.words), self._pin(once)
        known = rows.get(self._db, self._key, id_)
        if known:
            return Receipt(known.reference, pin if known.asked_on == today() else "")
        salt, cost = secrets.token_bytes(SALT_BYTES), Cost.parse(self._settings.argon2)
        lock = rows.Lock(id_, salt, stretch(pin, salt, self._server.pepper, cost), str(cost))
        with at_once(self._db):
            known = rows.get(self._db, self._key, id_)
            if known:
                return Receipt(known.reference, pin)
            reference = self._free_reference()
            question = Question(
                id_,
                reference,
                today(),
                self._due(),
                self._erased(),
                outcode=asked.outcode,
                age_band=asked.age_band,
                from_staff=asked.from_staff,
            )
            asker = self._asker(asked.account_id) if asked.account_id else ""
            rows.add(self._db, self._key, question, asked.words, lock, asker, asked.email)
        return Receipt(reference, pin)

    def _pin(self, once: str) -> str:
        # Made from the form, not by chance: a thumb that taps twice sees the second answer only, and must see the same PIN. The
        # form's own random value is not kept, so nothing that is kept leads back to the PIN.
        digest = hmac.digest(self._server.server_key, f"question pin\0{once}".encode(), "sha256")
        return f"{int.from_bytes(digest, 'big') % 10**facts.PIN_DIGITS:0{facts.PIN_DIGITS}d}"

    def _free_reference(self) -> str:
        while True:
            reference = f"{secrets.randbelow(10**facts.REFERENCE_DIGITS):0{facts.REFERENCE_DIGITS}d}"
            if rows.find_lock(self._db, reference) is None:
                return reference

    def _asker(self, account_id: str) -> str:
        """What a question knows of an account: a mark by which that account finds it, and nobody finds the account."""
        return hmac.digest(self._server.server_key, f"asker\0{account_id}".encode(), "sha256").hex()

    def _due(self) -> datetime.date:
        return today() + datetime.timedelta(days=self._settings.question_days)

    def _erased(self) -> datetime.date:
        return today() + datetime.timedelta(days=self._settings.question_kept_days)

    # -- reading

    def open(self, reference: str, pin: str) -> Question | None:
        """The question that a reference and a PIN open; None where they do not, in the same time. Raises Busy."""
        lock = rows.find_lock(self._db, reference)
        if lock is None:
            # The same work where there is no such reference: how long it takes must not tell.
            lock = rows.Lock("", bytes(SALT_BYTES), bytes(32), self._settings.argon2)
        tried = stretch(pin, lock.salt, self._server.pepper, Cost.parse(lock.cost))
        is_right = hmac.compare_digest(tried, lock.hash)
        return self.get(lock.question_id) if is_right and lock.question_id else None

    def get(self, question_id: str) -> Question | None:
        """One question."""
        return rows.get(self._db, self._key, question_id)

    def every(self) -> list[Question]:
        """Every question, in the order in which they want us."""
        return facts.in_turn(rows.every(self._db, self._key))

    def of_account(self, account_id: str) -> list[Question]:
        """The questions that somebody asked while they were signed in, newest first."""
        found = rows.every(self._db, self._key, self._asker(account_id))
        return sorted(found, key=lambda one: (one.asked_on, one.reference), reverse=True)

    # -- our part

    def take(self, question_id: str, by: str) -> None:
        """Somebody answers it; whoever had it before does not any more."""
        with at_once(self._db):
            question = self.get(question_id)
            if question and question.waits:
                status = facts.TAKEN if question.status == facts.NEW else question.status
                rows.change(self._db, question_id, taken_by=by, status=status)

    # `seen` is how many messages there were when whoever writes now looked: two officers do not answer one question, and
    # nobody answers what was said differently in the meantime. Each raises SaidMeanwhileError.

    def answer(
        self, question_id: str, words: str, service_ids: tuple[str, ...], category: str, by: str, seen: int | None = None
    ) -> None:
        """Answer it, with services to look at; `category` says what kind of help it was about."""
        with at_once(self._db):
            self._must_be_as(question_id, seen)
            rows.set_services(self._db, question_id, service_ids)
            # The answer to what was asked again is a new one: whether it was of use is asked anew.
            rows.change(self._db, question_id, category=category, useful="")
            self._write(question_id, facts.ANSWER, words, facts.ANSWERED, by)
        self._tell(question_id)

    def ask_back(self, question_id: str, words: str, by: str, seen: int | None = None) -> None:
        """Ask the asker something: until they answer, the question waits for them."""
        with at_once(self._db):
            self._must_be_as(question_id, seen)
            self._write(question_id, facts.ASK_BACK, words, facts.ASKED_BACK, by)
        self._tell(question_id)

    def ask_around(self, question_id: str, words: str, by: str, seen: int | None = None) -> None:
        """Say that we do not know yet, and whom we asked. The clock goes on."""
        with at_once(self._db):
            self._must_be_as(question_id, seen)
            self._write(question_id, facts.ASKED_AROUND, words, facts.ASKED_AROUND, by)
        self._tell(question_id)

    def _must_be_as(self, question_id: str, seen: int | None) -> None:
        question = self.get(question_id)
        if question is None or question.status == facts.CLOSED or seen not in {None, len(question.messages)}:
            raise SaidMeanwhileError

    def close(self, question_id: str) -> None:
        """Nothing more to do: nobody is written to any more, and it is erased when its days are over."""
        with at_once(self._db):
            rows.change(self._db, question_id, status=facts.CLOSED, erase_on=self._erased())
            rows.forget_email(self._db, question_id)

    # -- the asker's part

    def reply(self, question_id: str, words: str) -> None:
        """The asker says more: the question waits for us again, with the whole time we promise."""
        with at_once(self._db):
            question = self.get(question_id)
            if question and question.status != facts.CLOSED:
                status = facts.TAKEN if question.taken_by else facts.NEW
                self._write(question_id, facts.REPLY, words, status, "")
                rows.change(self._db, question_id, due_on=self._due())

    def was_useful(self, question_id: str, useful: bool) -> None:
        """The asker says whether it was what they needed; where it was not, an unmet need is counted, once."""
        with at_once(self._db):
            question = self.get(question_id)
            if question is None or question.status != facts.ANSWERED:
                return
            rows.change(self._db, question_id, useful="yes" if useful else "no")
            if not useful and not question.is_counted:
                self._count(question_id, question.category, question.outcode, question.age_band)

    # -- timed

    def count_unanswered(self) -> int:
        """Count as unmet needs what nobody has answered for long; returns how many."""
        until = today() - datetime.timedelta(days=self._settings.question_unmet_days)
        with at_once(self._db):
            found = rows.uncounted(self._db, until)
            for row in found:
                self._count(row["id"], row["category"], row["outcode"], row["age_band"])
        return len(found)

    def erase_due(self) -> int:
        """Erase what was kept as long as we said; returns how many. What is deleted is overwritten in the file."""
        with erasing(self._db):
            return rows.erase_due(self._db, today())

    def _count(self, question_id: str, category: str, outcode: str, age_band: str) -> None:
        # Of the month in which it is counted: one that is over may have been shown, and must stay as it was.
        unmet_needs.add(self._db, UnmetNeed(month_of(today()), category, outcode, age_band))
        rows.change(self._db, question_id, counted=1)

    def _write(self, question_id: str, kind: str, words: str, status: str, by: str) -> None:
        rows.add_message(self._db, self._key, question_id, Message(kind, words, today(), by))
        changes: dict[str, object] = {"status": status, "erase_on": self._erased()}
        if by:
            changes["taken_by"] = by
        rows.change(self._db, question_id, **changes)

    def _tell(self, question_id: str) -> None:
        """Say by mail that there is something new, and nothing about what: a mail lies open on many screens."""
        address = rows.get_email(self._db, self._key, question_id)
        if address:
            words = _(
                "You asked a question at Linkbook. There is something new for you to read.\n\n%(address)s\n\n"
                "You need the reference and the PIN that you were shown. If you did not ask anything, you need do nothing.",
                address=outside("directory.read_answer"),
            )
            mail.post(self._settings, address, _("Something new for you"), words)
