"""What hangs on a listing or an organisation and goes with it where it is merged. Each move is noted, and can be undone.

What somebody moved, changed or took out since stays as they left it. Unmet needs name no listing: nothing of them has to follow.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from directory.store.rows import Row, insert, query
from directory.store.twins import moved_to

# Rows that belong to one listing, and lists of listings by whose they are.
_OWNED = {"report": "report", "check": "service_check"}
_LISTS = {"leaflet": ("leaflet_service", "leaflet_id"), "question": ("question_service", "question_id")}
_WRITERS = {"writer": ("provider_organization", "account_id"), "invitation": ("provider_invitation", "invitation_id")}
_BOTH = "both"


def follow_listing(db: Database, job: str, old_id: str, new_id: str, *, with_checks: bool, fingerprint: str) -> None:
    """Move what hangs on a listing to the one it was merged into. Inside the caller's transaction.

    `with_checks` says that its checks hold for the other, too. `fingerprint` is what the other says now: by it a link that its
    provider was sent leads there.
    """
    for kind in ("report", "check") if with_checks else ("report",):
        table = _OWNED[kind]
        for row in query(db, f"SELECT id FROM {table} WHERE service_id = ?", [old_id]):  # noqa: S608 - two fixed names
            _note(db, job, kind, str(row["id"]))
        db.execute(f"UPDATE {table} SET service_id = ? WHERE service_id = ?", [new_id, old_id])  # noqa: S608
    for kind in _LISTS:
        _follow_lists(db, job, kind, old_id, new_id)
    asks = (
        "SELECT id FROM provider_ask WHERE answer = '' "
        "AND (service_id = ? OR service_id IN (SELECT old_id FROM moved WHERE new_id = ?))"
    )
    for row in query(db, asks, [old_id, old_id]):
        _note(db, job, "ask", row["id"], after=fingerprint)
    _follow_address(db, job, old_id, new_id)
    _follow_note(db, job, old_id, new_id)


def follow_organization(db: Database, job: str, old_id: str, new_id: str) -> None:
    """Give an organisation's writers and branches to the one it was merged into, and take it out: it does nothing any more."""
    for kind, (table, owner) in _WRITERS.items():
        for row in query(db, f"SELECT {owner} AS key FROM {table} WHERE organization_id = ?", [old_id]):  # noqa: S608
            both = query(db, f"SELECT 1 FROM {table} WHERE organization_id = ? AND {owner} = ?", [new_id, row["key"]])  # noqa: S608
            _note(db, job, kind, row["key"], _BOTH if both else "")
        db.execute(f"UPDATE OR IGNORE {table} SET organization_id = ? WHERE organization_id = ?", [new_id, old_id])  # noqa: S608
        db.execute(f"DELETE FROM {table} WHERE organization_id = ?", [old_id])  # noqa: S608
    for row in query(db, "SELECT id FROM organization WHERE parent_organization_id = ?", [old_id]):
        _note(db, job, "branch", row["id"])
        # Nothing is a branch of itself.
        parent = new_id if row["id"] != new_id else ""
        db.execute("UPDATE organization SET parent_organization_id = ? WHERE id = ?", [parent, row["id"]])
    row = query(db, "SELECT * FROM organization WHERE id = ?", [old_id])[0]
    _note(db, job, "organization", old_id, json.dumps(row, ensure_ascii=False))
    db.execute("DELETE FROM organization WHERE id = ?", [old_id])


def come_back(db: Database, job: str) -> None:
    """Undo every move of a merge, before the merge itself is forgotten. Inside the caller's transaction."""
    for merge in query(db, "SELECT old_id, new_id FROM moved WHERE job = ?", [job]):
        old_id, new_id = merge["old_id"], moved_to(db, merge["new_id"]) or merge["new_id"]
        # The organisation first: whoever writes for it does so by its id.
        for row in query(db, "SELECT * FROM followed WHERE job = ? ORDER BY kind != 'organization', kind, key", [job]):
            _come_back(db, row, old_id, new_id)
    db.execute("DELETE FROM followed WHERE job = ?", [job])


def asked_of(db: Database, ask: Row) -> tuple[str, str]:
    """Which listing a provider's link is about now, and what it must say still for the link to be good (its fingerprint)."""
    rows = query(db, "SELECT after FROM followed WHERE kind = 'ask' AND key = ? ORDER BY rowid DESC LIMIT 1", [ask["id"]])
    there = moved_to(db, ask["service_id"])
    return (there, rows[0]["after"]) if there and rows else (ask["service_id"], ask["fingerprint"])


def names_of_gone(db: Database) -> dict[str, str]:
    """The names of organisations that a merge took out, by id."""
    rows = query(db, "SELECT key, json_extract(before, '$.name') AS name FROM followed WHERE kind = 'organization'")
    return {row["key"]: row["name"] for row in rows}


def _note(db: Database, job: str, kind: str, key: str, before: str = "", after: str = "") -> None:
    insert(db, "followed", {"job": job, "kind": kind, "key": key, "before": before, "after": after})


def _follow_lists(db: Database, job: str, kind: str, old_id: str, new_id: str) -> None:
    table, owner = _LISTS[kind]
    for row in query(db, f"SELECT {owner} AS key, position FROM {table} WHERE service_id = ?", [old_id]):  # noqa: S608 - fixed
        both = query(db, f"SELECT 1 FROM {table} WHERE {owner} = ? AND service_id = ?", [row["key"], new_id])  # noqa: S608
        _note(db, job, kind, row["key"], str(row["position"]) if both else "")
        if both:
            db.execute(f"DELETE FROM {table} WHERE {owner} = ? AND service_id = ?", [row["key"], old_id])  # noqa: S608
    db.execute(f"UPDATE {table} SET service_id = ? WHERE service_id = ?", [new_id, old_id])  # noqa: S608


def _follow_address(db: Database, job: str, old_id: str, new_id: str) -> None:
    """An address to ask at is copied where the other has none: nobody's postbox is written down twice in what is noted."""
    sql = "INSERT OR IGNORE INTO provider_address SELECT ?, address FROM provider_address WHERE service_id = ?"
    if db.execute(sql, [new_id, old_id]).rowcount:
        _note(db, job, "address", new_id)


def _follow_note(db: Database, job: str, old_id: str, new_id: str) -> None:
    notes = {
        row["service_id"]: row for row in query(db, "SELECT * FROM service_note WHERE service_id IN (?, ?)", [old_id, new_id])
    }
    if old_id not in notes:
        return
    before = notes[new_id]["words"] if new_id in notes else ""
    after = f"{before}\n\n{notes[old_id]['words']}".strip()
    _note(db, job, "note", new_id, before, after)
    if before:
        db.execute("UPDATE service_note SET words = ? WHERE service_id = ?", [after, new_id])
    else:
        insert(db, "service_note", notes[old_id] | {"service_id": new_id})


def _come_back(db: Database, row: Row, old_id: str, new_id: str) -> None:
    kind, key, before = row["kind"], row["key"], row["before"]
    if kind in _OWNED:
        sql = f"UPDATE {_OWNED[kind]} SET service_id = ? WHERE id = ? AND service_id = ?"  # noqa: S608 - two fixed names
        db.execute(sql, [old_id, int(key), new_id])
    elif kind in _LISTS:
        _list_comes_back(db, kind, key, before, old_id, new_id)
    elif kind in _WRITERS:
        _writer_comes_back(db, row, old_id, new_id)
    elif kind == "branch":
        sql = "UPDATE organization SET parent_organization_id = ? WHERE id = ? AND parent_organization_id IN (?, '')"
        db.execute(sql, [old_id, key, new_id])
    elif kind == "organization" and not query(db, "SELECT 1 FROM organization WHERE id = ?", [key]):
        insert(db, "organization", json.loads(before))
    elif kind == "address":
        same = "(SELECT address FROM provider_address WHERE service_id = ?)"
        db.execute(f"DELETE FROM provider_address WHERE service_id = ? AND address = {same}", [key, old_id])  # noqa: S608
    elif kind == "note" and before:
        sql = "UPDATE service_note SET words = ? WHERE service_id = ? AND words = ?"
        db.execute(sql, [before, key, row["after"]])
    elif kind == "note":
        db.execute("DELETE FROM service_note WHERE service_id = ? AND words = ?", [key, row["after"]])


def _writer_comes_back(db: Database, row: Row, old_id: str, new_id: str) -> None:
    """Whoever wrote for the organisation does so again, where they still write for the other: their account may have ended."""
    table, owner = _WRITERS[row["kind"]]
    if query(db, f"SELECT 1 FROM {table} WHERE {owner} = ? AND organization_id = ?", [row["key"], new_id]):  # noqa: S608
        insert(db, table, {owner: row["key"], "organization_id": old_id})
        if row["before"] != _BOTH:
            db.execute(f"DELETE FROM {table} WHERE {owner} = ? AND organization_id = ?", [row["key"], new_id])  # noqa: S608


def _list_comes_back(db: Database, kind: str, key: str, position: str, old_id: str, new_id: str) -> None:
    table, owner = _LISTS[kind]
    if not position:
        sql = f"UPDATE {table} SET service_id = ? WHERE {owner} = ? AND service_id = ?"  # noqa: S608 - fixed names
        db.execute(sql, [old_id, key, new_id])
    elif rows := query(db, f"SELECT position FROM {table} WHERE {owner} = ?", [key]):  # noqa: S608
        taken = {row["position"] for row in rows}
        free = int(position) if int(position) not in taken else max(taken) + 1
        insert(db, table, {owner: key, "position": free, "service_id": old_id})
