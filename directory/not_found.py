"""What people could not find: what is counted of a search that failed, and what of all counts may be shown.

A count is shown in one place only, with four others at least; what stays below five everywhere is shown nowhere. No total has
anything else in it, so that nothing can be learned by taking one number from another. The reasons, and why that is
enough, are in docs/decisions/0024-what-people-could-not-find.md.
"""

from __future__ import annotations

import datetime
import hmac
import ipaddress
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from directory.search.words import tokens
from directory.unmet_need import AGE_BANDS, REASONS

NOTHING_FOUND, LITTLE_FOUND, NO_WORD, QUESTION, UNSAID = "nothing_found", "little_found", "no_word", "question", "unsaid"
SIGNS = (NOTHING_FOUND, LITTLE_FOUND, NO_WORD, QUESTION, *REASONS, UNSAID)
# Fewer are hidden.
FEWEST = 5
_LITTLE = 2
_MOST_WORDS = 12
_LONGEST_WORD = 30
# One bit of a whole number in SQLite for each of so many groups of senders.
_SENDER_GROUPS = 62
ANY = "*"
_NEED = "need:"
_COUNCIL = "council:"
_ADDRESSES = re.compile(r"\S*@\S*|\S*://\S*|\bwww\.\S*", re.I)


# -- of one search


def sign_of(total: int, dropped: tuple[str, ...]) -> str:
    """How a search failed: it found nothing, at most two, or had a word that no listing has. "" where it did not.

    >>> sign_of(0, ()), sign_of(2, ()), sign_of(9, ("hoist",)), sign_of(9, ())
    ('nothing_found', 'little_found', 'no_word', '')
    """
    if total <= _LITTLE:
        return LITTLE_FOUND if total else NOTHING_FOUND
    return NO_WORD if dropped else ""


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a search that may be counted: no addresses, nothing with a digit, so no postcode and no telephone number.

    >>> plain_words("hydrotherapy pool for Sam's mum@example.com 07700 900123 NE66 1AB")
    ('hydrotherapy', 'pool', "sam's")
    """
    found = (token.surface for token in tokens(_ADDRESSES.sub(" ", text)))
    plain = (word for word in found if word.replace("'", "").isalpha() and 1 < len(word) <= _LONGEST_WORD)
    return tuple(dict.fromkeys(plain))[:_MOST_WORDS]


def age_band(age: float | None) -> str:
    """The band of an age in years, or "".

    >>> age_band(4.9), age_band(10.5), age_band(19), age_band(40), age_band(None)
    ('under_5', '5_10', '19_25', '', '')
    """
    if age is None or not 0 <= age < 26:
        return ""
    return next(band for band, below in zip(AGE_BANDS, (5, 11, 16, 19, 26), strict=True) if age < below)


def network(address: str) -> str:
    """Who counts as one sender: whoever has an address of the new kind has a whole network of them.

    >>> network("192.0.2.7"), network("2001:db8:1:2:aaaa::1"), network("")
    ('192.0.2.7', '2001:db8:1:2::/64', '')
    """
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else str(read)


def word_mark(key: bytes, month: str, word: str) -> bytes:
    """What stands for a word until enough people have typed it: of use only to whoever has the server's key, for one month."""
    return hmac.digest(key, "\0".join(("missed word", month, word)).encode(), "sha256")[:16]


def sender_bit(key: bytes, month: str, word: str, sender: str) -> int:
    """The one of 62 bits that a sender sets at a word in a month, however often: five bits are five senders at least.

    That is all that is kept of a sender. One in 62 of all people has the same bit, and at another word they have another.
    """
    digest = hmac.digest(key, "\0".join(("missed word by", month, word, sender)).encode(), "sha256")
    return 1 << int.from_bytes(digest[:8]) % _SENDER_GROUPS


# -- of all of them


@dataclass(frozen=True, order=True)
class Cell:
    """What is alike in some counts. As they are kept: a month, a subject, a sign, an outcode and an age band ("": not said).

    To be shown, any of the last three may be "*" (not told), the area a council, and the period a quarter or a year.
    """

    period: str
    subject: str
    sign: str
    area: str
    age_band: str

    @property
    def council(self) -> str:
        """The council's code, where the area is one."""
        return self.area.removeprefix(_COUNCIL) if self.area.startswith(_COUNCIL) else ""


def need_subject(slug: str) -> str:
    """The subject that is a need. A category's is its slug."""
    return _NEED + slug


def need_of(subject: str) -> str:
    """The need's slug, where a subject is one; else ""."""
    return subject.removeprefix(_NEED) if subject.startswith(_NEED) else ""


def quarter_of(month: str) -> str:
    """The quarter of a month.

    >>> quarter_of("2026-11")
    '2026-Q4'
    """
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def ends(period: str) -> datetime.date:
    """The day from which a month, quarter or year may be shown: a day after it is over, for what was begun within it.

    >>> ends("2026-11"), ends("2026-Q4"), ends("2026")
    (datetime.date(2026, 12, 2), datetime.date(2027, 1, 2), datetime.date(2027, 1, 2))
    """
    year, _dash, rest = period.partition("-")
    last = int(rest[1:]) * 3 if rest.startswith("Q") else int(rest or 12)
    return datetime.date(int(year) + last // 12, last % 12 + 1, 2)


def release(counts: Mapping[Cell, int], council_of: Mapping[str, str], today: datetime.date) -> dict[Cell, int]:
    """What may be shown. Each count is in one of the numbers at most, each number is five at least, and stands for good.

    `council_of` gives the council of every outcode. Whatever is too few is put together with its neighbours, step by step: the
    outcodes of a council, all ages, the months of a quarter, all signs, all areas, the quarters of a year. A number is shown only
    where the parts that it may be made of are so many that any of them could be nought.
    """
    shown: dict[Cell, int] = {}
    left = Counter({cell: number for cell, number in counts.items() if number > 0})
    # Cells with something shown in them: what is left of them says less of their neighbours, so they are not reckoned with.
    told: set[Cell] = set()
    for number, step in enumerate(_steps(council_of)):
        rolled: Counter[Cell] = Counter()
        parts_told: dict[Cell, int] = defaultdict(int)
        for cell in left.keys() | told:
            rolled[step.coarser(cell)] += left[cell]
            parts_told[step.coarser(cell)] += cell in told
        told = {cell for cell, parts in parts_told.items() if parts}
        left = Counter()
        for cell, sum_ in rolled.items():
            hiding = step.parts(cell) - parts_told[cell]
            could_be_any = number == 0 or sum_ <= (FEWEST - 1) * (hiding - 1)
            if sum_ >= FEWEST and could_be_any and today >= ends(cell.period):
                shown[cell] = sum_
                told.add(cell)
            elif sum_:
                left[cell] = sum_
    return shown


@dataclass(frozen=True)
class _Step:
    """One way to put cells together: into which, and how many there may be in one."""

    coarser: Callable[[Cell], Cell]
    parts: Callable[[Cell], int]


def _steps(council_of: Mapping[str, str]) -> tuple[_Step, ...]:
    outcodes = Counter(council_of.values())
    councils = len(outcodes)

    def council(cell: Cell) -> Cell:
        return replace(cell, area=_COUNCIL + council_of.get(cell.area, ""))

    return (
        _Step(lambda cell: cell, lambda cell: 1),
        _Step(council, lambda cell: outcodes[cell.council] + (not cell.council)),
        _Step(lambda cell: replace(cell, age_band=ANY), lambda cell: len(AGE_BANDS) + 1),
        _Step(lambda cell: replace(cell, period=quarter_of(cell.period)), lambda cell: 3),
        _Step(lambda cell: replace(cell, sign=ANY), lambda cell: len(SIGNS)),
        _Step(lambda cell: replace(cell, area=ANY), lambda cell: councils + 1),
        _Step(lambda cell: replace(cell, period=cell.period[:4]), lambda cell: 4),
    )


@dataclass(frozen=True)
class Choice:
    """What of the shown numbers somebody wants to see; "" is all. `since` and `until` are months, both with."""

    subject: str = ""
    sign: str = ""
    council: str = ""
    age_band: str = ""
    since: str = ""
    until: str = ""

    def fits(self, cell: Cell, council_of: Mapping[str, str]) -> bool:
        """Whether a number is of that. One that does not tell its age band is of no single band."""
        area = cell.council or council_of.get(cell.area, "")
        first, last = months_of(cell.period)
        return (
            self.subject in ("", cell.subject)
            and self.sign in ("", cell.sign)
            and self.council in ("", area)
            and self.age_band in ("", cell.age_band)
            and (not self.since or first >= self.since)
            and (not self.until or last <= self.until)
        )


def months_of(period: str) -> tuple[str, str]:
    """The first and the last month of a period.

    >>> months_of("2026-11"), months_of("2026-Q4"), months_of("2026")
    (('2026-11', '2026-11'), ('2026-10', '2026-12'), ('2026-01', '2026-12'))
    """
    year, _dash, rest = period.partition("-")
    if rest.startswith("Q"):
        last = int(rest[1:]) * 3
        return f"{year}-{last - 2:02d}", f"{year}-{last:02d}"
    return (period, period) if rest else (f"{year}-01", f"{year}-12")


def sums(shown: Mapping[Cell, int], what: Callable[[Cell], str]) -> list[tuple[str, int]]:
    """Shown numbers added up by something about them, largest first: "at least so many", for what is hidden is not in them."""
    added: Counter[str] = Counter()
    for cell, number in shown.items():
        added[what(cell)] += number
    return sorted(added.items(), key=lambda one: (-one[1], one[0]))
