"""What happened in the directory since a day, as a newsletter tells it: only what families see, and only what they care about."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlite_utils import Database

from directory import store
from directory.differences import LABELS, Names, value_lines
from directory.keeping.booklets import is_in
from directory.newsletter import CHANGED, CLOSING, EVENT, NEW, Item
from directory.paper.essentials import cut
from directory.service import SHOWN_STATUSES, Service
from directory.store.newsletters import get_events
from directory.store.rows import CHUNK, query
from plumbing import clock

# What a family would want to be told; new words for the same thing are not news.
_TOLD = (
    *("alert", "name", "minimum_age", "maximum_age", "eligibility_description", "referral_route", "application_process"),
    *("wait_time", "delivery", "locations", "schedules", "term", "opening_hours", "email", "url", "free", "fees", "cost_options"),
)
_SUMMARY, _LINE, _MOST_LINES = 180, 120, 4
# More than these at once were imported, or are a change of a whole publisher: an officer chooses among them.
_MANY, _MOST = 20, 100


def gather(db: Database, since: datetime.date, council: str = "") -> list[Item]:
    """What is new, has changed, is closing, and is on, for an area or for everywhere."""
    found: list[Item] = []
    for before, now in _before_and_now(db, since):
        item = _item(before, now)
        service = now if now and now.is_shown else before
        if item and service and (not council or service.reach == "national" or is_in(db, service, council)):
            found.append(item)
    today = clock.today()
    kinds = [[one for one in found if one.kind == kind] for kind in (NEW, CHANGED, CLOSING)]
    events = [Item(EVENT, event.id, event.title) for event in get_events(db).values() if not event.is_past(today)]
    return [*(one for alike in kinds for one in _at_most(alike)), *events]


def _at_most(items: list[Item]) -> list[Item]:
    """By name; of very many none is chosen beforehand."""
    ordered = sorted(items, key=lambda item: (item.title.casefold(), item.ref))[:_MOST]
    return [Item(one.kind, one.ref, one.title, one.words, chosen=len(items) <= _MANY) for one in ordered]


def _before_and_now(db: Database, since: datetime.date) -> list[tuple[Service | None, Service | None]]:
    """Each listing that somebody changed since a day: as it was at its beginning, and as it is."""
    rows = query(
        db,
        "SELECT service_id, min(number) AS number FROM service_revision WHERE at >= ? AND service_id NOT IN "
        "(SELECT old_id FROM moved) GROUP BY service_id ORDER BY service_id",
        [since.isoformat()],
    )
    ids = [row["service_id"] for row in rows]
    now = {one.id: one for start in range(0, len(ids), CHUNK) for one in store.get_services(db, ids[start : start + CHUNK])}
    pairs = []
    for row in rows:
        first, earlier = store.get_revision(db, row["number"]), store.revision_before(db, row["service_id"], row["number"])
        # A listing that came by another way is written down as it was, by nobody and for no reason, when it is first changed.
        was_written_down = first is not None and not (first.who or first.why or first.job)
        before = first if was_written_down else earlier
        pairs.append((before.service if before else None, now.get(row["service_id"])))
    return pairs


def _item(before: Service | None, now: Service | None) -> Item | None:
    was_shown, is_shown = before is not None and before.is_shown, now is not None and now.is_shown
    if now is not None and is_shown:
        if not was_shown or before is None:
            return Item(NEW, now.id, now.name, cut(now.description, _SUMMARY))
        if now.status == "temporarily closed" != before.status:
            return Item(CLOSING, now.id, now.name, _("Closed for now: ring before you go."))
        words = changed_words(store.shown(before), store.shown(now))
        return Item(CHANGED, now.id, now.name, words) if words else None
    if before is None or not was_shown:
        return None
    gone = now is None or now.status in SHOWN_STATUSES
    if now is not None and now.status == "defunct":
        words = _("It has closed for good.")
    else:
        words = _("It is not on our list any more.") if gone else _("It is not running now.")
    return Item(CLOSING, before.id, before.name, words)


def changed_words(before: Service, now: Service) -> str:
    """What is different for a family, a line for each thing; "" where nothing is. Both have been through `store.shown`."""
    lines = [_("Open again.")] if before.status == "temporarily closed" != now.status else []
    numbers = [phone.number for phone in now.all_phones]
    if numbers and _bare(numbers) != _bare([phone.number for phone in before.all_phones]):
        lines.append(_("Telephone: %(numbers)s", numbers=", ".join(numbers)))
    for name in _TOLD:
        words = value_lines(now, name, Names())
        if words and _bare(words) != _bare(value_lines(before, name, Names())) and getattr(now, name) is not None:
            lines.append(cut(f"{LABELS[name]}: {'; '.join(words)}", _LINE))
    return "\n".join(lines[:_MOST_LINES])


def _bare(lines: Sequence[str]) -> str:
    """Texts without what nobody would call a change: capitals, commas, spaces."""
    return "|".join("".join(letter for letter in line.casefold() if letter.isalnum()) for line in lines)
