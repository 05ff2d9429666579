"""Which organisations a provider writes for: their account's id, and nothing else of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from directory.store.rows import query


def organizations_of(db: Database, account_id: str) -> tuple[str, ...]:
    """Ids of the organisations that a provider writes for."""
    rows = query(
        db, "SELECT organization_id FROM provider_organization WHERE account_id = ? ORDER BY organization_id", [account_id]
    )
    return tuple(row["organization_id"] for row in rows)


def let_write(db: Database, account_id: str, organization_ids: Iterable[str]) -> None:
    """Say for which organisations a provider writes, in place of what was said before."""
    db.execute("DELETE FROM provider_organization WHERE account_id = ?", [account_id])
    for id_ in sorted(set(organization_ids)):
        db.execute("INSERT INTO provider_organization VALUES (?, ?)", [account_id, id_])


def note_invitation(db: Database, invitation_id: str, organization_ids: Iterable[str]) -> None:
    """Keep for which organisations somebody is invited, until they come."""
    for id_ in sorted(set(organization_ids)):
        db.execute("INSERT INTO provider_invitation VALUES (?, ?)", [invitation_id, id_])


def invited_for(db: Database, invitation_id: str) -> tuple[str, ...]:
    """The organisations that an invitation is for."""
    rows = query(
        db,
        "SELECT organization_id FROM provider_invitation WHERE invitation_id = ? ORDER BY organization_id",
        [invitation_id],
    )
    return tuple(row["organization_id"] for row in rows)


def forget_invitation(db: Database, invitation_id: str) -> None:
    """An invitation was used, or is void."""
    db.execute("DELETE FROM provider_invitation WHERE invitation_id = ?", [invitation_id])


def forget(db: Database, account_id: str) -> None:
    """An account ended: what it wrote for, and what it was still writing."""
    db.execute("DELETE FROM provider_organization WHERE account_id = ?", [account_id])
    db.execute("DELETE FROM listing_draft WHERE author_id = ? AND state != 'waiting'", [account_id])
