"""Likely twins: what listings and organisations are compared by, the pairs that were found, and what people said of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from sqlite_utils import Database

from directory.contact import Phone
from directory.service import SHOWN_STATUSES, Service
from directory.store.rows import CHUNK, Row, query
from directory.twins import Card, Pair, in_order

_PHONES = """
SELECT p.service_id, s.organization_id, p.number, p.type FROM phone p JOIN service s ON s.id = p.service_id
WHERE s.status IN (?, ?) AND s.hidden != 'retired'
"""
# The postcode of a refuge may be compared here: only officers see what comes of it, and they see it anyhow.
_POSTCODES = """
SELECT sl.service_id, s.organization_id, a.postal_code FROM service_at_location sl
JOIN address a ON a.location_id = sl.location_id JOIN service s ON s.id = sl.service_id
WHERE a.postal_code != '' AND s.status IN (?, ?) AND s.hidden != 'retired'
"""
_SERVICES = """
SELECT s.id, s.name, s.url, coalesce(o.name, '') AS organization FROM service s
LEFT JOIN organization o ON o.id = s.organization_id
WHERE s.status IN (?, ?) AND s.hidden != 'retired' ORDER BY s.id
"""
_ORGANIZATIONS = """
SELECT o.id, o.name, o.website AS url, '' AS organization FROM organization o
WHERE EXISTS (SELECT 1 FROM service s WHERE s.organization_id = o.id AND s.status IN (?, ?) AND s.hidden != 'retired')
ORDER BY o.id
"""


def service_cards(db: Database) -> list[Card]:
    """A card for every listing that is not retired."""
    return _cards(db, _SERVICES, "service_id")


def organization_cards(db: Database) -> list[Card]:
    """A card for every organisation that still does something, with the numbers and places of all that it does."""
    return _cards(db, _ORGANIZATIONS, "organization_id")


def _cards(db: Database, sql: str, owner: str) -> list[Card]:
    phones, postcodes = defaultdict(set), defaultdict(set)
    known: dict[tuple[str, str], str] = {}
    for row in query(db, _PHONES, SHOWN_STATUSES):
        number = row["number"], row["type"]
        if number not in known:
            known[number] = Phone(*number).same_as
        phones[row[owner]].add(known[number])
    for row in query(db, _POSTCODES, SHOWN_STATUSES):
        postcodes[row[owner]].add(plain_postcode(row["postal_code"]))
    return [
        Card(
            row["id"],
            row["name"],
            row["organization"],
            frozenset(phones[row["id"]]),
            frozenset(postcodes[row["id"]]),
            plain_urls(row["url"]),
        )
        for row in query(db, sql, SHOWN_STATUSES)
    ]


def card_of(service: Service) -> Card:
    """A listing's card, saved or not."""
    numbers = service.phones + tuple(phone for contact in service.contacts for phone in contact.phones)
    addresses = (address for location in service.locations for address in location.addresses)
    return Card(
        service.id,
        service.name,
        service.organization.name if service.organization else "",
        frozenset(phone.same_as for phone in numbers),
        frozenset(plain_postcode(address.postal_code) for address in addresses if address.postal_code),
        plain_urls(service.url),
    )


def plain_postcode(text: str) -> str:
    """A postcode without its space.

    >>> plain_postcode("ne66 1ab")
    'NE661AB'
    """
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def plain_urls(url: str) -> frozenset[str]:
    """What two ways of writing one web address have in common; none where it is no page of its own.

    >>> sorted(plain_urls("http://www.Example.org/toys/")), sorted(plain_urls("https://facebook.com/"))
    (['example.org/toys'], [])
    """
    plain = re.sub(r"^https?://(www\.)?", "", url.strip(), flags=re.IGNORECASE).split("#")[0].rstrip("/").lower()
    return (
        frozenset() if plain in {"", "facebook.com", "instagram.com", "twitter.com", "nhs.uk", "gov.uk"} else frozenset({plain})
    )


def not_twins(db: Database) -> frozenset[tuple[str, str]]:
    """The pairs of which somebody said that they are two."""
    return frozenset((row["one"], row["other"]) for row in query(db, "SELECT one, other FROM not_twins"))


def remember_not_twins(db: Database, one: str, other: str, who: str, at: str) -> None:
    """Somebody looked, and they are two."""
    first, second = in_order(one, other)
    db.execute("INSERT OR REPLACE INTO not_twins VALUES (?, ?, ?, ?)", [first, second, who, at])
    db.execute("DELETE FROM twin WHERE one = ? AND other = ?", [first, second])


def forget_not_twins(db: Database, one: str, other: str) -> None:
    """It is open again whether they are one."""
    db.execute("DELETE FROM not_twins WHERE one = ? AND other = ?", in_order(one, other))


def keep_twins(db: Database, kind: str, pairs: Iterable[Pair]) -> None:
    """Put these in the place of the pairs found before."""
    db.execute("DELETE FROM twin WHERE kind = ?", [kind])
    db.conn.executemany(
        "INSERT INTO twin (kind, one, other, score, same) VALUES (?, ?, ?, ?, ?)",
        [(kind, pair.one, pair.other, pair.score, ",".join(pair.same)) for pair in pairs],
    )


def twins_found_at(db: Database) -> int:
    """The revision of the directory at which twins were last looked for."""
    rows = query(db, "SELECT revision FROM twins_found")
    return rows[0]["revision"] if rows else 0


def twins_are_found(db: Database, revision: int) -> None:
    """Twins were looked for at this revision."""
    db.execute("INSERT OR REPLACE INTO twins_found VALUES (1, ?)", [revision])


def count_twins(db: Database, kind: str = "") -> int:
    """How many pairs wait for somebody to look at them."""
    return query(db, "SELECT count(*) AS n FROM twin WHERE ? IN ('', kind)", [kind])[0]["n"]


def list_twins(db: Database, kind: str, first: int, size: int) -> list[Pair]:
    """Pairs that wait, the likeliest first."""
    rows = query(db, "SELECT * FROM twin WHERE kind = ? ORDER BY score DESC, one, other LIMIT ? OFFSET ?", [kind, size, first])
    return [Pair(row["one"], row["other"], row["score"], tuple(row["same"].split(","))) for row in rows]


def add_moved(db: Database, old_id: str, new_id: str, job: str) -> None:
    """The listing `old_id` was merged into `new_id`."""
    db.execute("INSERT OR REPLACE INTO moved (old_id, new_id, job) VALUES (?, ?, ?)", [old_id, new_id, job])


def came_back(db: Database, id_: str) -> None:
    """A merged listing is listed again, by whatever way: its address leads to itself."""
    db.execute("DELETE FROM moved WHERE old_id = ?", [id_])


def remove_moved(db: Database, job: str) -> None:
    """The merge `job` was undone."""
    db.execute("DELETE FROM moved WHERE job = ?", [job])


def merges(db: Database) -> list[Row]:
    """Every merge that stands, by its job: the old listing and the one it went into."""
    return query(db, "SELECT job, old_id, new_id FROM moved ORDER BY rowid DESC")


def moved_to(db: Database, id_: str) -> str | None:
    """Where a merged listing is now, through merges of merges; None where it was never merged."""
    return follow(db, [id_]).get(id_)


def follow(db: Database, ids: Iterable[str]) -> dict[str, str]:
    """Where each of these that was merged is now; those that were not are left out."""
    found: dict[str, str] = {}
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows = query(
            db,
            # UNION and not UNION ALL: a ring of merges, which nobody can make by the pages, ends.
            "WITH RECURSIVE way(old_id, new_id) AS ("  # noqa: S608 - marks only
            f"SELECT old_id, new_id FROM moved WHERE old_id IN ({','.join('?' * len(part))}) "
            "UNION SELECT way.old_id, moved.new_id FROM way JOIN moved ON moved.old_id = way.new_id) "
            "SELECT old_id, new_id FROM way WHERE new_id NOT IN (SELECT old_id FROM moved)",
            part,
        )
        found |= {row["old_id"]: row["new_id"] for row in rows}
    return found
