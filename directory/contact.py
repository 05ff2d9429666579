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
    def same_as(self) -> str:
        """What two ways of writing one number have in common: "+44 1632 960001" and "01632 960001"."""
        try:
            parsed = phonenumbers.parse(self.href.partition(":")[2], "GB")
        except phonenumbers.NumberParseException:
            return self.number
        return f"{parsed.country_code} {parsed.national_number}"

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
        runs = _runs(self.number)
        if self.is_text:
            codes = [run for run in runs if len(run) >= 5]
            return f"sms:{codes[-1]}" if codes else ""
        # The first whole number; a short code (999, 111, 116 123) only where the text holds no longer one.
        dialled = next((run for run in runs if len(run) >= 7), next((run for run in runs if 3 <= len(run) <= 6), ""))
        if not dialled:
            return ""
        try:
            parsed = phonenumbers.parse(dialled, "GB")
        except phonenumbers.NumberParseException:
            return f"tel:{dialled}"
        # Childline's 0800 1111 counts as valid, but no exchange abroad would know it: short numbers are dialled as they stand.
        if phonenumbers.is_valid_number(parsed) and len(str(parsed.national_number)) >= 9:
            return "tel:" + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        return f"tel:{dialled}"


def _runs(text: str) -> list[str]:
    """The numbers in a text, each as its digits: "01632 960123 or 01632 960124 (24 hours)" holds three.

    Digits belong together over a space, a hyphen or a dot, and over the brackets of an area code; never over a word, a slash or
    another bracket, so that no tap dials two numbers at once.
    """
    text = re.sub(r"\(0\)\s*", "", text)
    text = re.sub(r"\((\d{3,6})\)\s*", r"\1 ", text) if text.lstrip().startswith("(") else text
    return [re.sub(r"[ .\xa0-]", "", run) for run in re.findall(r"\+?\d(?:[ .\xa0-]?\d)*", text)]


@dataclass(frozen=True)
class Contact:
    """A person or desk to ask; `title` is the role ("Bookings"), `name` a published name."""

    name: str = ""
    title: str = ""
    department: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()
    id: str = ""
