"""A field of an entry: what may be written there, and how what was typed becomes what is kept.

Kept values are plain JSON: dates as "2026-02-03", times as "14:30", lists as lists of lines, yes and no as true and false.
A field that nothing was written in is not kept at all.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from records.kinds.moment import Unclear, read_date, read_time

TYPES = ("line", "text", "lines", "date", "time", "choice", "yes_no", "phone", "email", "person", "entry")
LONGEST_LINE = 200
LONGEST_TEXT = 20_000
LONGEST_LIST = 100
# What a machine read is cut, never refused: nobody typed it, and nobody can shorten it.
LONGEST_READ = 200_000
_YES = frozenset({"yes", "y", "true", "on", "1"})
_NO = frozenset({"no", "n", "false", "off", "0"})
# Marks that turn the direction of what follows: they make "exe.gpj" look like a photo, and a name like another's.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Field:
    """One question; an "entry" is another entry's id.

    `hidden` fields travel with the form unseen; those `by_machine` are never read from a form.
    """

    name: str
    type: str = "line"
    options: tuple[str, ...] = ()
    hidden: bool = False
    by_machine: bool = False

    @property
    def is_words(self) -> bool:
        """Whether it holds a person's own words, which search looks through."""
        return self.type not in {"date", "time", "choice", "yes_no"} and not self.hidden

    def read(self, raw: str, today: datetime.date) -> Any:
        """What is kept of what was typed; None where nothing was. Raises `Unclear`."""
        if self.type == "text":
            return clean_text(raw, LONGEST_READ if self.by_machine else LONGEST_TEXT, cut=self.by_machine) or None
        if self.type == "lines":
            return _lines(raw) or None
        line = clean_line(raw)
        if not line:
            return None
        match self.type:
            case "date":
                return read_date(line, today).isoformat()
            case "time":
                return read_time(line)
            case "choice":
                return _choice(line, self.options)
            case "yes_no":
                return _yes_or_no(line)
        return line


def clean_characters(text: str) -> str:
    """One form of each letter, one kind of line end, no control characters, and nothing that turns the direction."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    return "".join(c for c in text if c in "\n\t" or (c not in _TURNING and unicodedata.category(c) not in {"Cc", "Cs"}))


def clean_line(raw: str) -> str:
    """A single line, every run of spaces one space. Raises `Unclear` where it is too long."""
    line = _visible(_SPACES.sub(" ", clean_characters(raw)).strip())
    if len(line) > LONGEST_LINE:
        raise Unclear("too_long")
    return line


def clean_text(raw: str, longest: int = LONGEST_TEXT, cut: bool = False) -> str:
    """Words over several lines, without spaces at the ends of lines and without empty lines around them."""
    text = "\n".join(line.rstrip() for line in clean_characters(raw).split("\n")).strip("\n")
    if len(text) > longest and not cut:
        raise Unclear("too_long")
    return _visible(text[:longest])


def _visible(text: str) -> str:
    """Nothing, where all there is cannot be seen: an entry of zero-width spaces is an empty one."""
    return text if any(unicodedata.category(c) not in {"Cc", "Cf", "Zs", "Mn"} for c in text) else ""


def _lines(raw: str) -> list[str]:
    lines = [line for line in map(clean_line, _LINE_ENDS.sub("\n", raw).split("\n")) if line]
    if len(lines) > LONGEST_LIST:
        raise Unclear("too_many")
    return lines


def _choice(line: str, options: tuple[str, ...]) -> str:
    if line not in options:
        raise Unclear("not_a_choice")
    return line


def _yes_or_no(line: str) -> bool:
    word = line.casefold()
    if word not in _YES | _NO:
        raise Unclear("not_a_choice")
    return word in _YES
