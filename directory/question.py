"""A question to those who keep the directory: "If we don't know, we'll find someone who does"."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

# Waiting for us: nobody has it yet, somebody has it, or we have asked somebody else. Then waiting for the asker; then done.
NEW, TAKEN, ASKED_AROUND, ASKED_BACK, ANSWERED, CLOSED = "new", "taken", "asked_around", "asked_back", "answered", "closed"
WAITING_FOR_US = (NEW, TAKEN, ASKED_AROUND)
QUESTION, REPLY, ASK_BACK, ANSWER = "question", "reply", "ask_back", "answer"
BY_ASKER = (QUESTION, REPLY)
REFERENCE_DIGITS = 9
PIN_DIGITS = 8
MOST_SERVICES = 12


@dataclass(frozen=True)
class Message:
    """One thing that was written: by the asker, or (with the name of who wrote it, for colleagues only) by us."""

    kind: str
    words: str = field(repr=False)
    written_on: datetime.date
    written_by: str = ""

    @property
    def is_askers(self) -> bool:
        """Whether the asker wrote it."""
        return self.kind in BY_ASKER


@dataclass(frozen=True)
class Question:
    """One question, with all that was written about it and the services we suggest. `useful` is what the asker made of it."""

    id: str
    reference: str
    asked_on: datetime.date
    due_on: datetime.date
    erase_on: datetime.date
    status: str = NEW
    taken_by: str = ""
    outcode: str = ""
    age_band: str = ""
    category: str = ""
    useful: str = ""
    from_staff: bool = False
    is_counted: bool = False
    has_email: bool = False
    messages: tuple[Message, ...] = ()
    service_ids: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it waits for us."""
        return self.status in WAITING_FOR_US

    def is_late(self, today: datetime.date) -> bool:
        """Whether we have kept the asker waiting for longer than we said."""
        return self.waits and self.due_on < today

    @property
    def asked(self) -> str:
        """The question itself."""
        return self.messages[0].words if self.messages else ""


def in_turn(questions: list[Question]) -> list[Question]:
    """What waits for us, longest due first; then the rest, newest first."""
    waiting = sorted((one for one in questions if one.waits), key=lambda one: (one.due_on, one.reference))
    rest = sorted((one for one in questions if not one.waits), key=lambda one: (one.asked_on, one.reference), reverse=True)
    return waiting + rest


def read_digits(typed: str, digits: int) -> str:
    """A reference or a PIN as people type it, with spaces, dots or dashes; "" where it cannot be one.

    >>> read_digits(" 482 119-305", 9), read_digits("48211930", 9), read_digits("²82119305", 9)
    ('482119305', '', '')
    """
    plain = re.sub(r"[\s.\-\u2013]", "", typed)
    return plain if len(plain) == digits and plain.isascii() and plain.isdigit() else ""


def say_digits(number: str) -> str:
    """Digits in groups that can be read out.

    >>> say_digits("482119305"), say_digits("48211930")
    ('482 119 305', '4821 1930')
    """
    size = 3 if len(number) % 3 == 0 else 4
    return " ".join(number[start : start + size] for start in range(0, len(number), size))
