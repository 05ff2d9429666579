"""A leaflet: some services on paper, in an officer's order or as a search finds them, and a day after which to look online."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

STATUSES = ("draft", "published", "retired")
LOOKS = ("plain", "large", "easy")
# About twenty sides of plain print; whoever wants more wants the booklet.
MOST = 60


@dataclass(frozen=True)
class Leaflet:
    """`search` is the question of a results page ("q=sleep&place=NE66"), asked anew at each print; without one, the services are
    `service_ids`, in that order. `version` grows with each change.
    """

    id: str
    slug: str
    title: str
    introduction: str = ""
    foot: str = ""
    look: str = "plain"
    after: datetime.date | None = None
    search: str = ""
    service_ids: tuple[str, ...] = ()
    status: str = "draft"
    version: int = 0
    changed_at: str = ""
    changed_by: str = ""

    def is_past(self, today: datetime.date) -> bool:
        """Whether what lies about on paper says by now that one should look online."""
        return self.status == "published" and self.after is not None and self.after < today


def slug_of(title: str) -> str:
    """The name of a leaflet in an address that is typed from paper.

    >>> slug_of("Short breaks: what’s on near Ynys Môn?"), slug_of("!!!")
    ('short-breaks-what-s-on-near-ynys-mon', 'leaflet')
    """
    plain = unicodedata.normalize("NFKD", title.replace("’", " ")).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "leaflet"
