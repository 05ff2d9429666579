"""A synonym that an officer added: words that families type, and what they mean by them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from directory.search.words import fold, terms

SAME, SHOWN, MISSPELT = "=", ">", "~"
KINDS = (SAME, SHOWN, MISSPELT)
MOST = 8
_LONGEST = 60
_NAME = re.compile(r"[^\W\d_]+(?:[ '\-./][^\W_]+)*")


@dataclass(frozen=True)
class OwnSynonym:
    """One line of the list, as the file of synonyms has them, with who put it there, and who took it out."""

    id: str
    line: str
    added_by: str
    added_at: datetime.datetime
    removed_by: str = ""
    removed_at: datetime.datetime | None = None

    @property
    def kind(self) -> str:
        """Which way it goes."""
        return self.line[:1]

    @property
    def said(self) -> tuple[str, ...]:
        """What families type; of words that mean the same, all of them."""
        return names(self.line[2:].partition("=>")[0])

    @property
    def meant(self) -> tuple[str, ...]:
        """What they are shown; () where all mean the same."""
        return names(self.line[2:].partition("=>")[2])


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them.

    >>> names(" Nappies,pads , nappies")
    ('nappies', 'pads')
    """
    tidied = (" ".join(fold(name).split()) for name in text.split(","))
    return tuple(dict.fromkeys(name for name in tidied if name))


def problem(said: tuple[str, ...], meant: tuple[str, ...], kind: str) -> str:
    """What is wrong with a synonym before it is kept: "said", "meant", "long", "same" or "kind"; "" where nothing is.

    >>> problem(("pads",), ("continence",), SAME), problem(("the",), ("sleep",), SAME), problem(("a=>b",), ("sleep",), SAME)
    ('', 'said', 'said')
    """
    if kind not in KINDS:
        return "kind"
    if len(said) > MOST or len(meant) > MOST or any(len(name) > _LONGEST for name in (*said, *meant)):
        return "long"
    for which, those in (("said", said), ("meant", meant)):
        # A name of small words alone ("for her") has nothing that is searched for.
        if not those or not all(_NAME.fullmatch(name) and terms(name) for name in those):
            return which
    if kind == MISSPELT and (len(meant) > 1 or any(len(name.split()) > 2 for name in said)):
        return "long"
    return "same" if {terms(name) for name in said} & {terms(name) for name in meant} else ""


def lines_of(said: tuple[str, ...], meant: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """The lines of the list that say so.

    >>> lines_of(("pads",), ("continence",), SAME), lines_of(("slep", "sleap"), ("sleep",), MISSPELT)
    (('= pads, continence',), ('~ slep => sleep', '~ sleap => sleep'))
    """
    if kind == SAME:
        return (f"= {', '.join((*said, *meant))}",)
    if kind == SHOWN:
        return (f"> {', '.join(said)} => {', '.join(meant)}",)
    return tuple(f"~ {name} => {meant[0]}" for name in said)
