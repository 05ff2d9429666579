"""The job that fills a new directory from `data/reference/`, and brings it up to date when those files change.

Safe to run again, and by two at once: each part is one transaction, and a part whose files are as they were is left alone.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from directory import gazetteer, importing, store
from directory.contact_role import Role, roles_of
from directory.guide import read_guide
from directory.importers import Raw
from directory.keeping import guides
from directory.places import place_key, short_names
from directory.service import DEMONSTRATION
from plumbing.settings import ROOT

REFERENCE = ROOT / "data" / "reference"
_REMOVED = "removed"


def set_up(db: Database, reference: Path = REFERENCE, *, with_demonstration: bool | None = None) -> list[str]:
    """Load what has changed; returns the names of the parts that were loaded.

    `with_demonstration`: True brings the demonstration area back after it was taken out; None leaves that as it is.
    """
    loaded = []
    for name, files, load in _PARTS:
        paths = [path for pattern in files for path in sorted(reference.glob(pattern))]
        digest = _digest(paths)
        with db.atomic():
            # Taking the lock before looking: of two set-ups at once, the second must see what the first has done.
            db.execute("UPDATE revision SET number = number")
            known = _known_digest(db, name)
            if name == DEMONSTRATION and known == _REMOVED and not with_demonstration:
                continue
            if known == digest:
                continue
            load(db, reference)
            _remember(db, name, digest)
            store.bump(db)
        loaded.append(name)
    return loaded


def remove_demonstration(db: Database) -> int:
    """Take out every invented listing, for good; returns how many there were."""
    with db.atomic():
        count = store.remove_source(db, DEMONSTRATION)
        _remember(db, DEMONSTRATION, _REMOVED)
        gazetteer.refresh_towns(db)
        store.bump(db)
    return count


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _known_digest(db: Database, name: str) -> str | None:
    rows = list(db.query("SELECT digest FROM setup WHERE name = ?", [name]))
    return rows[0]["digest"] if rows else None


def _remember(db: Database, name: str, digest: str) -> None:
    db.execute("INSERT INTO setup VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET digest = excluded.digest", [name, digest])


def _rows(reference: Path, name: str) -> Iterator[dict[str, str]]:
    with (reference / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _fill(db: Database, table: str, rows: list[dict[str, Any]]) -> None:
    db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names
    columns = list(rows[0])
    names = ",".join(f'"{column}"' for column in columns)
    marks = ",".join("?" * len(columns))
    db.conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in rows])  # noqa: S608


def _load_categories(db: Database, reference: Path) -> None:
    words = {row["slug"]: row["words"] for row in _rows(reference, "category_words.csv")}
    groups = {row["slug"]: (number, row["group"]) for number, row in enumerate(_rows(reference, "category_groups.csv"))}
    rows = [
        {
            "slug": row["slug"],
            "label": row["label"],
            "examples": row["examples_of_what_belongs"],
            "words": words.get(row["slug"], ""),
            "send_area": row["send_schedule2_area"],
            "group": groups[row["slug"]][1],
            "esd_service_ids": row["esd_service_ids"],
            "position": groups[row["slug"]][0],
        }
        for row in _rows(reference, "categories.csv")
    ]
    _fill(db, "category", rows)


def _load_needs(db: Database, reference: Path) -> None:
    _fill(db, "need", [row | {"position": number} for number, row in enumerate(_rows(reference, "needs.csv"))])


def _load_guides(db: Database, reference: Path) -> None:
    paths = sorted((reference / "guides").glob("*.md"))
    guides.load_shipped(db, [read_guide(path.stem, path.read_text("utf-8")) for path in paths])


def _load_synonyms(db: Database, reference: Path) -> None:
    lines = (reference / "synonyms.txt").read_text("utf-8").splitlines()
    _fill(db, "synonym", [{"line": line.strip()} for line in lines if line.strip() and not line.startswith("#")])


def _load_places(db: Database, reference: Path) -> None:
    rows: list[dict[str, Any]] = []

    def add(name: str, kind: str, label: str, latitude: float, longitude: float, gss: str = "") -> None:
        rows.append({"name": name, "kind": kind, "label": label, "latitude": latitude, "longitude": longitude, "gss": gss})

    middles: dict[str, list[float]] = {}
    for row in _rows(reference, "gb_sector_centroids.csv"):
        latitude, longitude, weight = float(row["lat"]), float(row["lon"]), float(row["n"])
        add(row["sector"], "sector", row["sector"], latitude, longitude, row["laua"])
        middle = middles.setdefault(row["laua"], [0.0, 0.0, 0.0])
        for number, value in enumerate((latitude * weight, longitude * weight, weight)):
            middle[number] += value
    outcodes: dict[str, tuple[float, float, str]] = {}
    for row in _rows(reference, "gb_outcode_centroids.csv"):
        outcodes[row["outcode"]] = float(row["lat"]), float(row["lon"]), row["laua"]
    post_towns: dict[str, tuple[str, float, float, str]] = {}
    for row in _rows(reference, "ni_outcode_approx.csv"):
        outcodes[row["outcode"]] = float(row["lat"]), float(row["lon"]), ""
        post_towns.setdefault(place_key(row["post_town"]), (row["post_town"], *outcodes[row["outcode"]]))
    for row in _rows(reference, "towns.csv"):
        post_towns[place_key(row["town"])] = (row["town"], *outcodes[row["outcode"]])
    for outcode, (latitude, longitude, gss) in outcodes.items():
        add(outcode, "outcode", outcode, latitude, longitude, gss)
    for key, town in list(post_towns.items()):
        for name in short_names(key):
            post_towns.setdefault(name, town)
    for name, town in post_towns.items():
        add(name, "post_town", *town)
    councils = list(_rows(reference, "local_authorities.csv"))
    named: dict[str, dict[str, str]] = {}
    for row in councils:
        if middles.get(row["gss"], [0, 0, 0])[2]:
            named.setdefault(place_key(row["short_name"]), row)
    # Of two Newcastles the larger is meant more often.
    for key, row in sorted(named.items(), key=lambda item: -middles[item[1]["gss"]][2]):
        for name in short_names(key):
            named.setdefault(name, row)
    for key, row in named.items():
        latitude, longitude, weight = middles[row["gss"]]
        add(key, "council", row["short_name"], latitude / weight, longitude / weight, row["gss"])
    db.execute("DELETE FROM place WHERE kind != 'town'")
    db.conn.executemany(
        "INSERT INTO place (name, kind, label, latitude, longitude, gss) VALUES (?, ?, ?, ?, ?, ?)",
        [tuple(row.values()) for row in rows],
    )
    columns = ["gss", "name", "short_name", "nation", "homepage_url"]
    columns += ["send_authority_gss", "send_authority_name", "send_authority_homepage"]
    _fill(db, "council", [{column: row[column] for column in columns} for row in councils])


def national_listing(row: dict[str, str], listing: dict[str, str]) -> dict[str, Any]:
    """A national organisation of ours as a nested listing: one organisation, and one service that it is.

    The number goes with how sure we are of it; only "high" is shown until an officer has checked.
    """
    phones = []
    if row["phone"]:
        kind = "text" if row["phone"].lower().startswith("text") else "voice"
        confidence = row["phone_confidence"] if row["phone_confidence"] in {"high", "medium"} else "low"
        phones = [{"number": row["phone"], "type": kind, "description": row["phone_label"], "confidence": confidence}]
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row["summary"],
        "url": row["website"],
        "email": row["email"],
        "status": "defunct" if row["kind"] == "closed" else "active",
        "minimum_age": listing["minimum_age"],
        "maximum_age": listing["maximum_age"],
        "opening_hours": "" if "check" in row["opening_hours"].lower() else row["opening_hours"],
        "organization": {
            "id": row["id"],
            "name": row["name"],
            "description": row["summary"],
            "website": row["website"],
            "email": row["email"],
        },
        "service_areas": [{"name": nation} for nation in row["nations"].split(";") if nation],
        "phones": phones,
        "categories": listing["categories"].split(";"),
        "needs": [need for need in listing["needs"].split(";") if need],
        "delivery": listing["delivery"].split(";"),
        "referral_route": {"kinds": [listing["referral_route"]]},
        "reach": "national",
        # Cost is a fact nobody gave us: "free" is not guessed.
    }


def _load_national(db: Database, reference: Path) -> None:
    listings = {row["id"]: row for row in _rows(reference, "national_listings.csv")}
    rows = _rows(reference, "national_organisations.csv")
    raws = [Raw(row["id"], national_listing(row, listings[row["id"]])) for row in rows]
    store.ensure_source(db, "national", "National organisations", format_="reference")
    _refuse_none(importing.save_listings(db, "national", raws))


def _load_demonstration(db: Database, reference: Path) -> None:
    raws = []
    for path in sorted((reference / DEMONSTRATION).glob("*.json")):
        services = json.loads(path.read_text("utf-8"))["contents"]
        raws += [Raw(f"{path.name}, {service['id']}", service) for service in services]
    store.ensure_source(db, DEMONSTRATION, "Demonstration area", format_="reference")
    _refuse_none(importing.save_listings(db, DEMONSTRATION, raws))


def _refuse_none(result: importing.ImportResult) -> None:
    if result.refused:
        refusal = result.refused[0]
        raise ValueError(f"data/reference has a listing that cannot be loaded: {refusal.where}: {refusal.words}")


Loader = Callable[[Database, Path], None]
# In this order: listings need categories, needs and places to be there.
_PARTS: tuple[tuple[str, tuple[str, ...], Loader], ...] = (
    ("categories", ("categories.csv", "category_words.csv", "category_groups.csv"), _load_categories),
    ("needs", ("needs.csv",), _load_needs),
    ("guides", ("guides/*.md",), _load_guides),
    ("synonyms", ("synonyms.txt",), _load_synonyms),
    ("places", ("*centroids.csv", "ni_outcode_approx.csv", "towns.csv", "local_authorities.csv"), _load_places),
    ("national", ("national_organisations.csv", "national_listings.csv"), _load_national),
    (DEMONSTRATION, ("demonstration/*.json",), _load_demonstration),
)


def crisis_words(reference: Path = REFERENCE) -> list[str]:
    """The phrases that put "Need to talk to someone now?" above the results of a search."""
    lines = (reference / "crisis_words.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def talk_now(reference: Path = REFERENCE) -> list[dict[str, str]]:
    """Who answers at once: ids of national organisations, for whom and when, in order."""
    return list(_rows(reference, "talk_now.csv"))


@cache
def contact_roles(reference: Path = REFERENCE) -> dict[str, Role]:
    """The roles that designated contacts hold, in order."""
    return roles_of(_rows(reference, "contact_roles.csv"))
