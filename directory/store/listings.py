"""The officers' list of listings: found by words and by what state they are in, whatever families may see."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlite_utils import Database

from directory.store.rows import Row, query

# What a listing can be asked to be. Each is a condition on `service s`.
STATES = {
    "listed": "s.status IN ('active', 'temporarily closed') AND s.hidden IN ('', 'unchecked')",
    "drafts": "EXISTS (SELECT 1 FROM listing_draft d WHERE d.service_id = s.id AND d.state != 'waiting')",
    "waiting": "EXISTS (SELECT 1 FROM listing_draft d WHERE d.service_id = s.id AND d.state = 'waiting')",
    "hidden": "s.hidden IN ('unchecked', 'draft')",
    "retired": "(s.hidden = 'retired' OR s.status IN ('inactive', 'defunct'))",
}
_LATEST = "(SELECT c.{} FROM service_check c WHERE c.service_id = s.id ORDER BY c.checked_on DESC, c.id DESC LIMIT 1)"
_LINE = ", ".join(
    [
        *("s.id", "s.name", "s.status", "s.hidden", "s.source", "coalesce(o.name, '') AS organization"),
        _LATEST.format("checked_on") + " AS checked_on",
        _LATEST.format("how") + " AS how",
        "(SELECT count(*) FROM listing_draft d WHERE d.service_id = s.id) AS drafts",
    ]
)


@dataclass(frozen=True)
class Wanted:
    """What the officer asked for. `ids`, where given, is the only ones that may come (what a clock says is overdue)."""

    words: str = ""
    state: str = ""
    source: str = ""
    category: str = ""
    organization: str = ""
    ids: Collection[str] | None = None


def _conditions(wanted: Wanted) -> tuple[str, list[object]]:
    parts, values = ["1"], list[object]()
    for word in wanted.words.split()[:8]:
        parts.append(
            "(instr(lower(s.name), ?) > 0 OR instr(lower(s.alternate_name), ?) > 0 OR instr(lower(coalesce(o.name, '')), ?) > 0)"
        )
        values += [word.lower()] * 3
    if wanted.state in STATES:
        parts.append(STATES[wanted.state])
    for column, value in (("s.source", wanted.source), ("s.organization_id", wanted.organization)):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    if wanted.category:
        parts.append("EXISTS (SELECT 1 FROM service_category k WHERE k.service_id = s.id AND k.category = ?)")
        values.append(wanted.category)
    if wanted.ids is not None:
        parts.append("s.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(wanted.ids)))
    return " AND ".join(parts), values


_FROM = "FROM service s LEFT JOIN organization o ON o.id = s.organization_id WHERE "


def count_listings(db: Database, wanted: Wanted) -> int:
    """How many there are."""
    where, values = _conditions(wanted)
    return query(db, f"SELECT count(*) AS n {_FROM}{where}", values)[0]["n"]


def find_listings(db: Database, wanted: Wanted, size: int, first: int) -> list[Row]:
    """Some of them, by name: what a line of the list says."""
    where, values = _conditions(wanted)
    return query(
        db,
        f"SELECT {_LINE} {_FROM}{where} ORDER BY s.name COLLATE NOCASE, s.id LIMIT ? OFFSET ?",
        [*values, size, first],
    )


def source_names(db: Database) -> dict[str, str]:
    """Every source that listings stand under, by id."""
    return {row["id"]: row["name"] for row in query(db, "SELECT id, name FROM source ORDER BY name COLLATE NOCASE, id")}


def area_names(db: Database, most: int = 500) -> list[str]:
    """The areas that listings name, the most usual first."""
    rows = query(db, "SELECT name, count(*) AS n FROM service_area GROUP BY name ORDER BY n DESC, name LIMIT ?", [most])
    return [row["name"] for row in rows]
