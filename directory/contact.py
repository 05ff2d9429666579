"""Contacts: whom to ring or write to (HSDS `contact`, `phone`).

A wrong helpline number does harm. A number therefore carries how sure we are of it, and is shown only when we are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers


@dataclass(frozen=True)
class Phone:
    """A telephone or text number.

    `confidence` is empty for numbers that a publisher stands behind (an imported feed, the demonstration area), `high` for
    ours taken from the organisation's own pages, anything else for a number kept but not shown until somebody has
    checked it, and `checked` once they have.
    """

    number: str
    type: str = "voice"
    description: str = ""
    extension: str = ""
    confidence: str = ""
    id: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether a page may show this number at all."""
        return self.confidence in {"", "high", "checked"}

    @property
    def from_their_own_pages(self) -> bool:
        """Whether the page must say that we have not checked it ourselves."""
        return self.confidence == "high"

    @property
    def is_text(self) -> bool:
        """Whether this is a number to text, like "Text SHOUT to 85258"."""
        return self.type == "text" or self.number.lower().startswith("text ")

    @property
    def href(self) -> str:
        """What a tap opens: a `tel:` or `sms:` address, or empty where the text holds no number.

        >>> Phone("0808 808 1111").href
        'tel:+448088081111'
        >>> Phone("Text SHOUT to 85258").href
        'sms:85258'
        >>> Phone("111").href
        'tel:111'
        """
        if self.is_text:
            codes = re.findall(r"\d{5,}", self.number.replace(" ", ""))
            return f"sms:{codes[-1]}" if codes else ""
        digits = re.sub(r"[^\d+]", "", self.number)
        # Short codes (999, 111, 116 123, 0800 1111) are dialled just as they stand.
        if len(digits) < 3:
            return ""
        try:
            parsed = phonenumbers.parse(self.number, "GB")
        except phonenumbers.NumberParseException:
            return f"tel:{digits}"
        if phonenumbers.is_valid_number(parsed):
            return "tel:" + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        return f"tel:{digits}"


@dataclass(frozen=True)
class Contact:
    """A person or desk to ask; `title` is the role ("Bookings"), `name` a published name."""

    name: str = ""
    title: str = ""
    department: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()
    id: str = ""
