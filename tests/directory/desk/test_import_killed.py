"""A worker killed at any moment leaves the directory as it was or as it is to be, and the next takes the import up again."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from directory import store
from directory.importers.unpacking import lay_out
from directory.keeping import imports
from directory.store import imports as rows
from plumbing.ids import new_id
from tests.directory.desk.bringing import bring, feed, listing, read

ROOT = Path(__file__).parents[3]
_WORKER = """
import importlib, os, signal, sys
from pathlib import Path
from directory.keeping import imports
from directory.keeping.imports import Workshop
from plumbing.db import open_db
from plumbing.fetching import Limits

module, name, when = sys.argv[3].rsplit(".", 1) + [sys.argv[4]]
holder = importlib.import_module(module)
real = getattr(holder, name)

def dies(*arguments, **more):
    if when == "after":
        real(*arguments, **more)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(holder, name, dies)
imports.work(open_db(sys.argv[1]), Workshop(Path(sys.argv[2]), Limits()))
"""
_MOMENTS = [
    ("directory.keeping.batches.write", "before"),
    ("directory.store.imports.remember_sent", "before"),
    ("directory.store.imports.rows_done", "after"),
    ("directory.gazetteer.refresh_towns", "after"),
    ("shutil.rmtree", "before"),  # all is written: only the folder is still there
]


def killed(db, shop, moment, when):
    file = db.execute("PRAGMA database_list").fetchone()[2]
    done = subprocess.run(
        [sys.executable, "-c", _WORKER, file, str(shop.folder), moment, when],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL


def everything(db):
    rows_of = ("service", "service_revision", "location", "organization", "imported_listing", "place")
    return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in rows_of}


@pytest.fixture
def two(own_db, shop):
    """A listing that is here and will be missing, and one that will be another."""
    bring(own_db, shop, listing(1), listing(2, fees="£1"))
    return own_db


NEW = feed(listing(2, fees="£2"), *(listing(number) for number in range(3, 40)))


def shown(db):
    return {
        id_: service.fees
        for id_ in store.all_service_ids(db)
        for service in store.get_services(db, [id_])
        if service.source == "council"
    }


@pytest.mark.parametrize(("moment", "when"), _MOMENTS)
def test_killed_while_it_is_done_it_is_before_or_after(two, shop, moment, when):
    job = read(two, shop, NEW)
    with two.atomic():
        rows.choose(two, job, chosen=True)
    imports.ask(two, job, "applying", if_="ready")
    before = everything(two)
    killed(two, shop, moment, when)
    if moment == "shutil.rmtree":
        assert rows.get_job(two, job).status == "applied"
    else:
        assert everything(two) == before
        assert rows.get_job(two, job).status == "applying"
    imports.work(two, shop)
    assert rows.get_job(two, job).status == "applied"
    assert len(shown(two)) == 38
    assert sorted(shown(two).values())[-1] == "£2"


@pytest.mark.parametrize(("moment", "when"), _MOMENTS)
def test_killed_while_it_is_undone_it_is_before_or_after(two, shop, moment, when):
    as_it_was = shown(two)
    job = read(two, shop, NEW)
    with two.atomic():
        rows.choose(two, job, chosen=True)
    imports.ask(two, job, "applying", if_="ready")
    imports.work(two, shop)
    imports.ask(two, job, "undoing", if_="applied")
    before = everything(two)
    killed(two, shop, moment, when)
    if moment == "shutil.rmtree":
        assert rows.get_job(two, job).status == "undone"
    else:
        assert everything(two) == before
    imports.work(two, shop)
    assert rows.get_job(two, job).status == "undone"
    assert shown(two) == as_it_was


def test_killed_while_it_is_read_it_is_read_again(two, shop):
    job = new_id()
    lay_out([("feed.json", io.BytesIO(NEW))], shop.of(job), 1_000_000)
    imports.begin(two, "Beth", "feed.json", source="council", job=job)
    killed(two, shop, "directory.store.imports.add_rows", "after")
    assert rows.get_job(two, job).status == "reading"
    assert rows.counts(two, job)["added"] == 0
    imports.work(two, shop)
    assert rows.get_job(two, job).status == "ready"
    assert rows.counts(two, job)["added"] == 37
