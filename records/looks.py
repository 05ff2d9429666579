"""How often each person looked, and when last: counted from the log's lines, for the page that says who can see."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from records.log import Line

# What somebody does within half an hour is one look: a page of a section and three letters in it are not four.
_ONE_LOOK = datetime.timedelta(minutes=30)
# What a key worker's desk shows of every family at once is written down too, but is no look at this one.
# A list's small pictures are a look, as the list is, and open nothing: nobody is to read that a letter was opened which was not.
LISTING = frozenset({"listed", "thumbnail"})
OPENING = frozenset({"opened", "fetched"})
LOOKING = LISTING | OPENING | {"searched", "agency_copy"}


@dataclass(frozen=True)
class Looks:
    """How often somebody looked, and on which day last, None where they have not; and for which files of theirs they copied."""

    times: int = 0
    last: datetime.date | None = None
    files: tuple[str, ...] = ()


NEVER = Looks()


def day_of(line: Line) -> datetime.date:
    """The day a line is of."""
    return datetime.date.fromisoformat(line.words["at"][:10])


def since(lines: Iterable[Line], day: datetime.date) -> Iterator[Line]:
    """Of `lines`, newest first, those of `day` and later; the first older one is the last that is opened."""
    return takewhile(lambda line: day_of(line) >= day, lines)


def since_given(lines: Iterable[Line], grant_id: str) -> Iterator[Line]:
    """Of `lines`, newest first, those after a grant was given: what its account looked at before is of no consent that stands.

    A grant that a change made goes on from the one it ended.
    """
    was_given = False
    for line in lines:
        what, grant = line.words["what"], line.words.get("grant")
        if was_given and what != "changed":
            return
        if was_given:
            grant_id, was_given = str(grant), False
        was_given = what == "granted" and grant == grant_id
        yield line


def looks(lines: Iterable[Line]) -> Mapping[str, Looks]:
    """The looks of each account that looked, by its id; `lines` are the log's, newest first.

    A line that is touched is nobody's. A clock that was put back makes a look more, never one less.
    """
    found: dict[str, Looks] = {}
    earliest: dict[str, datetime.datetime] = {}
    for line in lines:
        who = line.words["who"]
        if line.words["what"] not in LOOKING or not who:
            continue
        at = datetime.datetime.fromisoformat(line.words["at"])
        if who not in earliest or abs(earliest[who] - at) > _ONE_LOOK:
            before = found.get(who, NEVER)
            found[who] = replace(before, times=before.times + 1, last=before.last or day_of(line))
        if line.words.get("agency"):
            found[who] = replace(found[who], files=tuple(dict.fromkeys([*found[who].files, line.words["agency"]])))
        earliest[who] = at
    return found
