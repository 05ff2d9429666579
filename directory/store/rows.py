"""Rows and facts: which columns a fact has, and the few statements that every part of the store is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from sqlite_utils import Database

from directory.cost import CostOption
from directory.location import Location
from directory.schedule import Schedule
from directory.service import Attribute, Language, Service, ServiceArea

Row = dict[str, Any]
# More would meet SQLite's limit of variables in one statement.
CHUNK = 500

SERVICE_COLUMNS = tuple(
    name
    for name in (field.name for field in fields(Service))
    if name
    not in {
        "organization", "categories", "needs", "delivery", "referral_route", "locations", "contacts", "phones", "schedules",
        "cost_options", "languages", "service_areas", "attributes", "source", "check",
    }
)  # fmt: skip
LOCATION_COLUMNS = tuple(field.name for field in fields(Location) if field.name not in {"addresses", "accessibility"})
# attribute of Service, table, fact: what hangs on a service with no more to it than its own columns.
CHILDREN: tuple[tuple[str, str, type], ...] = (
    ("schedules", "schedule", Schedule),
    ("cost_options", "cost_option", CostOption),
    ("languages", "language", Language),
    ("service_areas", "service_area", ServiceArea),
    ("attributes", "attribute", Attribute),
)
LABELS: tuple[tuple[str, str, str], ...] = (
    ("categories", "service_category", "category"),
    ("needs", "service_need", "need"),
    ("delivery", "service_delivery", "delivery"),
)


def query(db: Database, sql: str, values: Sequence[object] = ()) -> list[Row]:
    """Every row of a statement."""
    return list(db.query(sql, list(values)))


def grouped(db: Database, table: str, key: str, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Rows of `table` whose `key` is among `ids`, in their order, by key."""
    found: dict[str, list[Row]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        for row in query(db, f"SELECT * FROM {table} WHERE {key} IN ({marks}) ORDER BY {key}, position", part):  # noqa: S608
            found[row[key]].append(row)
    return found


def fact(kind: Callable[..., Any], row: Row) -> Any:
    """A dataclass from the columns of a row that it has fields for."""
    return kind(**{name: row[name] for name in _names(kind) if name in row})


@cache
def _names(kind: Callable[..., Any]) -> tuple[str, ...]:
    """The fields of a dataclass: asked once, because a page of the feed makes hundreds of facts."""
    return tuple(field.name for field in fields(kind))  # type: ignore[arg-type]


def insert(db: Database, table: str, row: Row, *, replacing: bool = False) -> None:
    """Add a row; with `replacing`, or replace the one of the same id."""
    marks = ",".join("?" * len(row))
    update = ""
    if replacing:
        update = " ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{c} = excluded.{c}" for c in row if c != "id")
    db.execute(f"INSERT INTO {table} ({','.join(row)}) VALUES ({marks}){update}", list(row.values()))  # noqa: S608


def insert_all(db: Database, table: str, rows: Sequence[Row]) -> None:
    """Add rows that have the same columns, with one statement."""
    if rows:
        sql = f"INSERT INTO {table} ({','.join(rows[0])}) VALUES ({','.join('?' * len(rows[0]))})"  # noqa: S608 - names of columns
        db.conn.executemany(sql, [list(row.values()) for row in rows])


def columns_of(thing: object, names: Iterable[str]) -> Row:
    """These fields of a fact, as columns."""
    return {name: getattr(thing, name) for name in names}
