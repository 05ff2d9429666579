"""Bringing listings in as an officer does: read, choose, apply, undo."""

import io
import json

from directory import store
from directory.importers.unpacking import lay_out
from directory.keeping import imports
from directory.store import imports as rows
from plumbing.ids import new_id


def listing(number, **changes):
    return {"id": f"x{number}", "name": f"Club {number}", "status": "active", "description": "A club."} | changes


def feed(*listings):
    return json.dumps({"contents": list(listings)}).encode()


def read(db, shop, data, source="council", **more):
    """Read a feed into a preview; returns its id."""
    job = new_id()
    lay_out([("feed.json", io.BytesIO(data))], shop.of(job), 1_000_000)
    imports.begin(db, "Beth", "feed.json", source=source, job=job, **more)
    imports.work(db, shop)
    return job


def apply(db, shop, job, status="applying", if_="ready"):
    imports.ask(db, job, status, if_=if_)
    imports.work(db, shop)
    return rows.get_job(db, job)


def bring(db, shop, *listings, **more):
    job = read(db, shop, feed(*listings), **more)
    with db.atomic():
        rows.choose(db, job, chosen=True)
    return apply(db, shop, job)


def undo(db, shop, job):
    return apply(db, shop, job, "undoing", "applied")


def ours(db, number=1, source="council"):
    return store.get_services(db, [store.id_of_source(db, source, f"x{number}")])[0]


def kinds(db, job):
    return {kind: count for kind, count in rows.counts(db, job).items() if count and "chosen" not in kind}
