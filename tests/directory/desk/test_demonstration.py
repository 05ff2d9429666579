"""The desk of `make demo`: work of every kind, dated from today, all of it invented; and none of it anywhere else."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from flask import Flask

from accounts.account import INFORMATION_OFFICER
from directory import store
from directory.draft import WAITING
from directory.keeping.imports import Workshop
from directory.store import checks, drafts, imports, reports, twins, web_links
from plumbing import clock
from plumbing.db import open_db
from plumbing.fetching import Limits
from tests.conftest import plain_app
from tests.family import BETH, Member, join_staff


@pytest.fixture
def demo(own_data: Path) -> Flask:
    """Linkbook as `make demo` sets it up."""
    app = plain_app(own_data, demonstration_family=True)
    told = app.test_cli_runner().invoke(args=["setup"])
    assert "desk of an information officer" in told.output, told.output
    return app


@pytest.fixture
def officer(demo: Flask) -> Member:
    return join_staff(demo.test_client(), BETH, INFORMATION_OFFICER)


def test_work_of_every_kind_waits(officer: Member):
    page = officer.client.get("/directory").text
    cards = re.findall(
        r'<h2 class="name"><a[^>]*>.*?</svg>\s*(.*?)</a></h2>\s*<p><b class="count">(\d+)</b>([^<]*)', page, re.DOTALL
    )
    found = {words: (int(number), late.strip()) for words, number, late in cards}
    assert found["Checks due"] == (9, "5 of them late")
    assert found["Reports"] == (2, "1 of them late")
    assert found["Broken links"][0] == 1
    assert found["Edits waiting for approval"][0] == 2
    assert found["Imports to look at"][0] == 1
    assert found["Likely twins"][0] >= 1
    lateness = [bool(late.strip()) for _words, _number, late in cards]
    assert lateness == sorted(lateness, reverse=True), "What is late stands first."


def test_real_organisations_are_not_said_to_be_checked(demo: Flask):
    db = open_db(demo.extensions["settings"].directory_db)
    for service in store.get_services(db, store.all_service_ids(db)):
        assert service.is_demonstration or service.source.endswith("-invented") or service.check is None, service.name
    db.close()


def test_everything_on_it_is_dated_from_today(own_data: Path):
    with clock.moved(days=400):
        app = plain_app(own_data, demonstration_family=True)
        app.test_cli_runner().invoke(args=["setup"])
        db = open_db(app.extensions["settings"].directory_db)
        today = clock.today()
        ours = [one for one in checks.standings(db, today) if one.checked_on and one.how != "publisher"]
        assert len(ours) > 300
        assert max(one.checked_on for one in ours) > today - datetime.timedelta(days=10)
        assert datetime.datetime.fromisoformat(reports.open_reports(db)[0]["received_at"]) > clock.now() - datetime.timedelta(
            days=4
        )
        db.close()


def test_setting_up_again_adds_nothing(demo: Flask):
    settings = demo.extensions["settings"]
    db = open_db(settings.directory_db)

    def counts() -> list[int]:
        waiting = drafts.drafts_in(db, WAITING), imports.list_jobs(db, ("ready", "applied")), reports.list_reports(db)
        return [len(some) for some in waiting] + [
            twins.count_twins(db),
            len(web_links.broken_links(db)),
            len(store.list_leaflets(db, "published")),
        ]

    before = counts()
    again = demo.test_cli_runner().invoke(args=["setup"])
    assert "desk of an information officer" not in again.output
    assert counts() == before
    assert before[:3] == [2, 2, 3]
    assert not list(Workshop(settings.data / "imports", Limits()).folder.glob("*.csv"))
    db.close()


def test_a_linkbook_for_families_has_none_of_it(own_app: Flask, own_db):
    told = own_app.test_cli_runner().invoke(args=["setup"])
    assert "desk of an information officer" not in told.output
    assert reports.list_reports(own_db) == []
    assert store.any_leaflet(own_db) is False
    assert drafts.count_waiting(own_db) == 0
    assert imports.list_jobs(own_db, ("ready", "applied")) == []
