"""The newsletter and the events of `make demo`: only where everybody is invented."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from directory import reference, store
from directory.event import Event
from directory.keeping import newsletters
from directory.keeping.drafting import Writer
from directory.newsletter import EVENT, GUIDE, Issue, Item
from directory.setup import REFERENCE
from directory.store import newsletters as rows
from plumbing.clock import today
from plumbing.ids import new_id

NEWS = REFERENCE / "demonstration" / "news.toml"
_WHO = Writer("0" * 32, "Beth")


def fill(db: Database, find: Callable[[str], list[str]], path: Path = NEWS) -> bool:
    """Publish the newsletter; False where there is one already. `find` gives the ids of services for words."""
    if rows.list_newsletters(db):
        return False
    news = tomllib.loads(path.read_text("utf-8"))
    items: list[Item] = []
    for one in news["item"]:
        known = {item.ref for item in items}
        services = store.get_shown_services(db, [id_ for id_ in find(one["find"]) if id_ not in known])
        items += [Item(one["kind"], service.id, service.name, one["words"]) for service in services[:1]]
    with db.atomic():
        for one in news["event"]:
            texts = {name: one[name] for name in ("title", "times", "place", "whom", "cost", "book")}
            event = Event(new_id(), starts=today() + datetime.timedelta(days=one["in_days"]), added_by=_WHO.name, **texts)
            rows.save_event(db, event)
            items.append(Item(EVENT, event.id, event.title))
    guide = reference.get_guides(db).get(news["guide"])
    items += [Item(GUIDE, guide.slug, guide.title)] if guide else []
    id_ = new_id()
    begun = newsletters.begin(db, id_, news["title"], newsletters.usual_since(db), "", _WHO)
    issue = Issue(news["title"], news["introduction"].strip(), news["ending"], since=begun.work.since, items=tuple(items))
    kept = newsletters.save(db, id_, issue, begun.version, _WHO)
    # Nobody gets it yet, so there is nothing to mail.
    newsletters.publish(db, id_, kept.version, "", _WHO, approval=False)
    return True
