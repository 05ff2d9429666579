"""Places: from what somebody types (a postcode, a town, a council) to a point, and from two points to miles.

Postcodes are known to the sector ("NE66 1"): half of them within half a mile, 99 in 100 within five. Hence "about".
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

EARTH_DIAMETER_MILES = 7917.5226
# Anywhere in running text: only full postcodes are safe to take from somebody's prose.
_FULL_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s?(\d)[A-Z]{2}\b")


@dataclass(frozen=True)
class Place:
    """A point with a name. `kind` is sector, outcode, council, post_town or town; `label` is what a page calls it.

    `is_exact` says that the point and the council are those of the very postcode that was typed; the label never says which.
    """

    label: str
    kind: str
    latitude: float
    longitude: float
    gss: str = ""
    is_exact: bool = False

    @property
    def is_northern_irish(self) -> bool:
        """Whether it is one of the places of our Northern Ireland list, which has no council codes."""
        return self.label.startswith("BT") or (self.kind == "post_town" and not self.gss)

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return self.latitude, self.longitude


def miles_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Miles as the crow flies (haversine on a sphere: within half a percent).

    >>> round(miles_between((55.4109, -1.70724), (55.77134, -2.00616)))
    28
    """
    latitude, longitude, latitude_2, longitude_2 = map(math.radians, (*one, *other))
    half = (
        math.sin((latitude_2 - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(latitude_2) * math.sin((longitude_2 - longitude) / 2) ** 2
    )
    return EARTH_DIAMETER_MILES * math.asin(min(1.0, math.sqrt(half)))


def postcode_names(text: str) -> tuple[str, ...]:
    """The names under which a typed postcode may be found, nearest first: its sector, then its outcode.

    >>> postcode_names("ne661ab"), postcode_names("NE66 1"), postcode_names("ne66"), postcode_names("Alnwick")
    (('NE66 1', 'NE66'), ('NE66 1', 'NE66'), ('NE66',), ())
    """
    text = re.sub(r"\s+", "", text.upper())
    # Greedy outcodes swallow a sector's digit ("NE661" could be NE66 1 but never NE661): the inward part is cut off first.
    inward = re.fullmatch(r"([A-Z]{1,2}\d[A-Z\d]?)(\d)[A-Z]{2}", text)
    if inward:
        return f"{inward[1]} {inward[2]}", inward[1]
    if re.fullmatch(r"[A-Z]{1,2}\d{3}", text):
        return f"{text[:-1]} {text[-1]}", text[:-1]
    if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?", text):
        return (text,)
    if re.fullmatch(r"[A-Z]{1,2}\d[A-Z]\d", text):
        return f"{text[:-1]} {text[-1]}", text[:-1]
    return ()


def typed_postcode_names(text: str) -> tuple[str, ...]:
    """Like `postcode_names`, and it trusts a typed space: "L1 2" is sector 2 of L1, "L12" is the outcode.

    >>> typed_postcode_names("L1 2"), typed_postcode_names("L12")
    (('L1 2', 'L1'), ('L12',))
    """
    parts = text.upper().split()
    if len(parts) == 2 and re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?", parts[0]) and re.fullmatch(r"\d([A-Z]{0,2})", parts[1]):
        return f"{parts[0]} {parts[1][0]}", parts[0]
    return postcode_names(text)


def postcodes_in(text: str) -> list[str]:
    """Full postcodes in running text, in order.

    >>> postcodes_in("We meet at St John's, Alnwick NE66 1AB.")
    ['NE66 1AB']
    """
    return [f"{m[1]} {m[2]}{m[0][-2:]}" for m in _FULL_POSTCODE.finditer(text)]


def short_names(key: str) -> tuple[str, ...]:
    """What else a place is called, as keys.

    >>> short_names("berwick upon tweed"), short_names("bristol city of"), short_names("alnwick")
    (('berwick',), ('bristol',), ())
    """
    # Two cities that most people call by another name than the lists do.
    if key in {"kingston upon hull", "londonderry"}:
        return ("hull",) if key.endswith("hull") else ("derry",)
    for pattern in (
        r"(.{4,}?) (?:upon|on|by|in|under|le|next) .+",
        r"(.{4,}?) (?:city of|county of)",
        r"(?:city of|county of) (.{4,})",
    ):
        match = re.fullmatch(pattern, key)
        if match:
            return (match[1],)
    return ()


def place_key(name: str) -> str:
    """A place's name as the table knows it: lower case, no accents or punctuation, single spaces.

    >>> place_key("  Berwick-upon-Tweed "), place_key("Ynys Môn")
    ('berwick upon tweed', 'ynys mon')
    """
    # Folded before and after: what a compatibility form turns into may have capitals of its own.
    folded = unicodedata.normalize("NFKD", name.casefold()).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c)).replace("'", "").replace("’", "")
    return " ".join(re.findall(r"[^\W_]+", folded))
