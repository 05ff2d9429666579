"""The table of places: postcode sectors and outcodes, councils, post towns, and the towns of our own listings."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlite_utils import Database

from directory.grid import latitude_longitude
from directory.places import Place, place_key, short_names, typed_postcode_names
from directory.store import postcodes

# A town in our own data is where our services are; the others are only where a name is.
_NAME_ORDER = ("town", "council", "post_town")


def find_place(db: Database, text: str) -> Place | None:
    """The place that somebody typed: a postcode (full, sector or outcode), a town or a council; None if we know none.

    > find_place(db, "ne66 1ab") -> Place("NE66 1", "sector", 55.41, -1.71, "E06000057")
    """
    text = text.strip()[:60]
    place = find_postcode(db, text)
    if place:
        return place
    key = place_key(text)
    if not key:
        return None
    for kind in _NAME_ORDER:
        place = _get(db, key, kind)
        if place:
            return place
    return None


def outcode_of(db: Database, text: str) -> str | None:
    """The first half of a postcode for what somebody typed, a town or a whole postcode: all that is kept. None if we know none.

    > outcode_of(db, "ne66 1ab"), outcode_of(db, "Alnwick") -> "NE66", "NE66"
    """
    place = find_place(db, text)
    if place is None or place.kind == "council":
        # A council has dozens: its middle would be a guess.
        return None
    if place.kind in {"sector", "outcode"}:
        return place.label.split()[0]
    nearest = nearest_outcode(db, *place.point)
    return nearest.label if nearest else None


def find_postcode(db: Database, postcode: str) -> Place | None:
    """The sector, or failing that the outcode, of a postcode: at the postcode's own point, where every postcode is loaded."""
    for name in typed_postcode_names(postcode):
        place = _get(db, name, "sector") or _get(db, name, "outcode")
        if place:
            return _at_the_very_point(db, postcode, place)
    return None


def _at_the_very_point(db: Database, text: str, place: Place) -> Place:
    name = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", name):
        return place
    found = postcodes.find(db, name)
    if found is None:
        return place
    latitude, longitude = latitude_longitude(found.east, found.north)
    return replace(place, latitude=latitude, longitude=longitude, gss=found.gss or place.gss, is_exact=True)


def _get(db: Database, name: str, kind: str) -> Place | None:
    for row in db.query("SELECT * FROM place WHERE name = ? AND kind = ?", [name, kind]):
        return Place(row["label"], row["kind"], row["latitude"], row["longitude"], row["gss"])
    return None


def place_names(db: Database) -> frozenset[str]:
    """The names (as `place_key` gives them) of every town and council we know."""
    rows = db.query("SELECT name FROM place WHERE kind IN ('town', 'post_town', 'council')")
    return frozenset(row["name"] for row in rows)


def towns_of_listings(db: Database) -> frozenset[str]:
    """The names of the towns where our own services are."""
    return frozenset(row["name"] for row in db.query("SELECT name FROM place WHERE kind = 'town'"))


def nearest_name(db: Database, text: str) -> str:
    """The place whose name is within two slips of a text that is none ("alnwik"), or nothing."""
    key = place_key(text)
    if len(key) < 4:
        return ""
    found = process.extractOne(key, sorted(place_names(db)), scorer=OSA.distance, score_cutoff=1 if len(key) < 7 else 2)
    place = find_place(db, found[0]) if found else None
    return place.label if place else ""


def nearest_outcode(db: Database, latitude: float, longitude: float) -> Place | None:
    """The outcode area whose middle is nearest: all that we keep of a phone's position. None outside the UK's box."""
    for row in db.query(
        # Near enough at our latitudes: a degree of longitude is about 0.57 of a degree of latitude.
        "SELECT * FROM place WHERE kind = 'outcode' AND latitude BETWEEN :lat - 1 AND :lat + 1 "
        "AND longitude BETWEEN :lon - 2 AND :lon + 2 "
        "ORDER BY (latitude - :lat) * (latitude - :lat) + 0.325 * (longitude - :lon) * (longitude - :lon), name LIMIT 1",
        {"lat": latitude, "lon": longitude},
    ):
        return Place(row["label"], row["kind"], row["latitude"], row["longitude"], row["gss"])
    return None


def refresh_towns(db: Database) -> None:
    """Work out anew where the towns of our listings are: the middle of their located services. Inside the caller's `atomic()`."""
    db.execute("DELETE FROM place WHERE kind = 'town'")
    rows = list(
        db.query(
            "SELECT a.city AS city, avg(l.latitude) AS latitude, avg(l.longitude) AS longitude, count(*) AS n "
            "FROM address a JOIN location l ON l.id = a.location_id "
            "JOIN service_at_location sl ON sl.location_id = l.id JOIN shown_service s ON s.id = sl.service_id "
            "WHERE a.city != '' AND l.latitude IS NOT NULL AND l.hides_address = 0 "
            "GROUP BY a.city ORDER BY n DESC, a.city",
        )
    )
    for row in rows:
        key = place_key(row["city"])
        if len(key) > 1 and not any(c.isdigit() for c in key):
            for name in (key, *short_names(key)):
                db.execute(
                    "INSERT OR IGNORE INTO place (name, kind, label, latitude, longitude) VALUES (?, 'town', ?, ?, ?)",
                    [name, row["city"].strip(), row["latitude"], row["longitude"]],
                )


def council_of(db: Database, place: Place) -> dict[str, str] | None:
    """The council that most of a place belongs to, with its education (SEND) authority; None where we do not know.

    One postcode in 43 has another SEND authority than most of its sector: the page says "probably".
    """
    area = place if place.gss else nearest_outcode(db, place.latitude, place.longitude)
    for row in db.query("SELECT * FROM council WHERE gss = ?", [area.gss if area else ""]):
        return dict(row)
    return None
