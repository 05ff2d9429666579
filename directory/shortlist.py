"""A shortlist: services somebody wants to keep together, to ring, print or send. It lives in their browser, never with us.

Without script there is nowhere to keep it but the address: `/shortlist?s=<id>&s=<id>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

# More is no shortlist any more; and an address of thirty ids still passes through every browser, proxy and square code.
MOST = 30
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Shortlist:
    """Ids of services in the reader's order, each once. `left_out` says how many more were given than fit."""

    ids: tuple[str, ...] = ()
    left_out: int = 0

    @classmethod
    def of(cls, texts: Iterable[str]) -> Shortlist:
        """The list that an address or a form names; what is no id is left out, never an error.

        >>> Shortlist.of(["0" * 8 + "-0000-0000-0000-" + "0" * 12, "<b>", "x" * 99])
        Shortlist(ids=('00000000-0000-0000-0000-000000000000',), left_out=0)
        """
        ids = tuple(dict.fromkeys(text for given in texts if _ID.fullmatch(text := given.strip().lower())))
        return cls(ids[:MOST], max(0, len(ids) - MOST))

    def without(self, id_: str) -> Shortlist:
        """The list with one taken off."""
        return replace(self, ids=tuple(one for one in self.ids if one != id_))

    def moved(self, id_: str, by: int) -> Shortlist:
        """The list with one moved up (-1) or down (1); as it is where it cannot move.

        >>> Shortlist(("a", "b", "c")).moved("c", -1).ids, Shortlist(("a", "b")).moved("a", -1).ids
        (('a', 'c', 'b'), ('a', 'b'))
        """
        if id_ not in self.ids:
            return self
        ids = list(self.ids)
        place = ids.index(id_)
        onto = min(max(0, place + by), len(ids) - 1)
        ids.insert(onto, ids.pop(place))
        return replace(self, ids=tuple(ids))
