"""Places and organisations that several listings have in common: who else would see a change."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from directory.location import Location
from directory.store.reading import get_organizations, get_services
from directory.store.rows import CHUNK, query


def services_at(db: Database, location_id: str) -> list[str]:
    """Ids of every listing, whatever its status, that happens at this location."""
    rows = query(db, "SELECT service_id FROM service_at_location WHERE location_id = ? ORDER BY service_id", [location_id])
    return [row["service_id"] for row in rows]


def services_run_by(db: Database, organization_id: str) -> list[str]:
    """Ids of every listing, whatever its status, of this organisation."""
    rows = query(db, "SELECT id FROM service WHERE organization_id = ? ORDER BY id", [organization_id])
    return [row["id"] for row in rows]


def get_location(db: Database, location_id: str) -> Location | None:
    """A location as it is stored, with its address; None where there is none or nothing happens there."""
    for service in get_services(db, services_at(db, location_id)[:1]):
        return next((location for location in service.locations if location.id == location_id), None)
    return None


def known_locations(db: Database, location_ids: Iterable[str]) -> dict[str, Location | None]:
    """Those of these locations that there are, as they are stored; None where nothing happens there."""
    found: dict[str, Location | None] = {}
    wanted = sorted(location_ids)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows = query(db, f"SELECT id FROM location WHERE id IN ({','.join('?' * len(part))})", part)  # noqa: S608 - marks only
        found |= {row["id"]: get_location(db, row["id"]) for row in rows}
    return found


def sharing_listings(db: Database, location_ids: list[str], organization_id: str = "") -> list[str]:
    """Ids of every listing that uses one of these locations, or this organisation."""
    found = [id_ for location_id in location_ids for id_ in services_at(db, location_id)]
    return sorted({*found, *(services_run_by(db, organization_id) if organization_id else [])})


def organizations_by_name(db: Database, words: str = "", limit: int = 200) -> list[tuple[str, str]]:
    """Id and name of organisations whose name holds these words, by name."""
    rows = query(
        db,
        "SELECT id, name FROM organization WHERE instr(lower(name), lower(?)) > 0 ORDER BY name COLLATE NOCASE, id LIMIT ?",
        [words, limit],
    )
    return [(row["id"], row["name"]) for row in rows]


def organization_named(db: Database, name: str) -> str:
    """The id of the organisation of exactly this name, however it is capitalised; empty where there is none."""
    rows = query(db, "SELECT id FROM organization WHERE name = ? COLLATE NOCASE ORDER BY id LIMIT 1", [name.strip()])
    return rows[0]["id"] if rows else ""


def is_known_organization(db: Database, organization_id: str) -> bool:
    """Whether there is such an organisation."""
    return organization_id in get_organizations(db, [organization_id])
