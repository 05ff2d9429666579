"""Newsletters and events in and out of the database, and to whom each newsletter still has to go."""

from __future__ import annotations

import datetime
import json

from sqlite_utils import Database

from directory.event import Event
from directory.newsletter import Newsletter, from_plain, to_plain
from directory.store.rows import Row, columns_of, insert, query
from plumbing.days import parse_date

_PLAIN = ("id", "slug", "version", "published_at", "changed_at", "changed_by", "changed_by_id")
_EVENT = ("id", "title", "times", "place", "whom", "cost", "book", "url", "added_by")


def get_newsletter(db: Database, id_: str) -> Newsletter | None:
    """The newsletter of this id."""
    rows = query(db, "SELECT * FROM newsletter WHERE id = ?", [id_])
    return _newsletter(rows[0]) if rows else None


def get_newsletter_by_slug(db: Database, slug: str) -> Newsletter | None:
    """The newsletter of this name."""
    rows = query(db, "SELECT * FROM newsletter WHERE slug = ?", [slug])
    return _newsletter(rows[0]) if rows else None


def list_newsletters(db: Database) -> list[Newsletter]:
    """Every newsletter: what is being written first, then the newest."""
    sql = "SELECT * FROM newsletter ORDER BY published_at != '', published_at DESC, changed_at DESC, id"
    return [_newsletter(row) for row in query(db, sql)]


def published_newsletters(db: Database, most: int = 100) -> list[Newsletter]:
    """What families read, newest first."""
    sql = "SELECT * FROM newsletter WHERE published_at != '' ORDER BY published_at DESC, id LIMIT ?"
    return [_newsletter(row) for row in query(db, sql, [most])]


def any_newsletter(db: Database) -> bool:
    """Whether any newsletter is published."""
    return bool(query(db, "SELECT 1 FROM newsletter WHERE published_at != '' LIMIT 1"))


def save_newsletter(db: Database, newsletter: Newsletter) -> None:
    """Write a newsletter, new or changed. Inside the caller's transaction."""
    row = columns_of(newsletter, _PLAIN) | {
        "work": json.dumps(to_plain(newsletter.work), ensure_ascii=False),
        "shown": json.dumps(to_plain(newsletter.shown), ensure_ascii=False) if newsletter.shown else "",
        "waiting": int(newsletter.waiting),
        "published_on": newsletter.published_on.isoformat() if newsletter.published_on else "",
        "edited_on": newsletter.edited_on.isoformat() if newsletter.edited_on else "",
    }
    insert(db, "newsletter", row, replacing=True)


def delete_newsletter(db: Database, id_: str) -> None:
    """Throw away one that was never published."""
    db.execute("DELETE FROM newsletter WHERE id = ? AND published_at = ''", [id_])


# -- what is on


def get_events(db: Database) -> dict[str, Event]:
    """Every event by its id, the soonest first."""
    return {row["id"]: _event(row) for row in query(db, "SELECT * FROM event ORDER BY starts, title COLLATE NOCASE, id")}


def save_event(db: Database, event: Event) -> None:
    """Write an event, new or changed."""
    row = columns_of(event, _EVENT)
    row |= {"starts": event.starts.isoformat(), "ends": event.ends.isoformat() if event.ends else ""}
    insert(db, "event", row, replacing=True)


def delete_event(db: Database, id_: str) -> None:
    """Take an event out: it is called off."""
    db.execute("DELETE FROM event WHERE id = ?", [id_])


# -- the way to those who get it


def plan_deliveries(db: Database, newsletter_id: str, mail: str, council: str) -> None:
    """Note what is mailed, and everybody to whom it goes. Inside the transaction that publishes it."""
    db.execute("UPDATE newsletter SET mail = ? WHERE id = ?", [mail, newsletter_id])
    db.execute(
        "INSERT INTO newsletter_delivery (newsletter_id, subscriber_id) SELECT ?, id FROM subscriber "
        "WHERE confirmed_on != '' AND (? = '' OR council IN ('', ?))",
        [newsletter_id, council, council],
    )


def waiting_deliveries(db: Database, most: int) -> list[Row]:
    """Whom to write to next: ids of newsletter and subscriber, and the mail."""
    sql = (
        "SELECT d.newsletter_id, d.subscriber_id, n.mail, n.shown FROM newsletter_delivery d "
        "JOIN newsletter n ON n.id = d.newsletter_id WHERE d.posted = 0 ORDER BY d.newsletter_id, d.subscriber_id LIMIT ?"
    )
    return query(db, sql, [most])


def mark_posted(db: Database, newsletter_id: str, subscriber_id: str) -> bool:
    """Note that the mail to somebody is written; False where they have left meanwhile."""
    sql = "UPDATE newsletter_delivery SET posted = 1 WHERE newsletter_id = ? AND subscriber_id = ? AND posted = 0"
    return db.execute(sql, [newsletter_id, subscriber_id]).rowcount == 1


def is_posted(db: Database, newsletter_id: str, subscriber_id: str) -> bool:
    """Whether it was noted that the mail to somebody is written."""
    sql = "SELECT 1 FROM newsletter_delivery WHERE newsletter_id = ? AND subscriber_id = ? AND posted = 1"
    return bool(query(db, sql, [newsletter_id, subscriber_id]))


def count_deliveries(db: Database, newsletter_id: str) -> tuple[int, int]:
    """How many mails of a newsletter are on their way, and how many wait."""
    sql = "SELECT count(*) AS n, coalesce(sum(posted), 0) AS posted FROM newsletter_delivery WHERE newsletter_id = ?"
    row = query(db, sql, [newsletter_id])[0]
    return row["posted"], row["n"] - row["posted"]


def _newsletter(row: Row) -> Newsletter:
    return Newsletter(
        **{name: row[name] for name in _PLAIN},
        work=from_plain(json.loads(row["work"])),
        shown=from_plain(json.loads(row["shown"])) if row["shown"] else None,
        waiting=bool(row["waiting"]),
        published_on=parse_date(row["published_on"]),
        edited_on=parse_date(row["edited_on"]),
    )


def _event(row: Row) -> Event:
    starts = parse_date(row["starts"]) or datetime.date.min
    return Event(**{name: row[name] for name in _EVENT}, starts=starts, ends=parse_date(row["ends"]))
