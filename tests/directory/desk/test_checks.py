"""Checks: one tap writes one down, another takes it back; clocks move what nobody checks, and never a whole directory at once."""

from __future__ import annotations

import datetime
import re

import pytest
from flask import Flask
from sqlite_utils import Database

from directory import checking, store
from directory.checking import DUE, IN_TIME, LAST, RETIRED, Clocks, Standing
from directory.keeping import checking as keeping
from directory.keeping import history
from directory.search import Query
from directory.store import checks as rows
from plumbing import clock
from plumbing.db import open_db
from plumbing.tidy import tidy
from tests.family import Member, fill, token_of

DAY = datetime.date


def press(member: Member, path: str, **fields: object):
    """A button on the page of checks that are due."""
    token = token_of(member.client.get("/directory/checks/never").text)
    return member.client.post(path, data={"csrf_token": token} | fields)


@pytest.fixture
def never(own_app: Flask, own_db: Database) -> str:
    """A listing that nobody has checked, with a number that is not shown yet."""
    with own_app.app_context():
        standing = next(
            one
            for one in rows.standings(own_db, clock.today())
            if one.checked_on is None and store.get_services(own_db, [one.service_id])[0].has_number_kept_back
        )
    return standing.service_id


def test_the_page_opens_for_officers_only(beth: Member, sara: Member, amina: Member, own_client):
    page = beth.client.get("/directory/checks").text
    assert "Checks due" in page
    assert "Still true" in page
    assert beth.client.get("/directory/checks?page=9999").status_code == 200
    assert beth.client.get("/directory/checks?page=nonsense").status_code == 200
    for member in (sara, amina):
        assert member.client.get("/directory/checks").status_code == 403
    assert own_client.get("/directory/checks").location.startswith("/sign-in")


def test_one_tap_writes_a_check_down_and_families_read_it(beth: Member, own_db, own_client, never):
    assert "Not checked by us yet" in own_client.get(f"/services/{never}").text
    answer = press(beth, f"/directory/checks/{never}", how="phoned")
    assert answer.status_code == 302
    page = beth.client.get(answer.location).text
    assert "Take it back" in page
    assert "Checked by phone on" in own_client.get(f"/services/{never}").text
    assert "Beth" not in own_client.get(f"/services/{never}").text
    (row,) = rows.list_checks(own_db, never)
    assert row["checked_by"] == "Beth"
    assert DAY.fromisoformat(row["next_due"]) - clock.today() in (datetime.timedelta(91), datetime.timedelta(182))


def test_pressing_twice_is_one_check(beth: Member, own_db, never):
    first = press(beth, f"/directory/checks/{never}", how="website")
    second = press(beth, f"/directory/checks/{never}", how="website")
    assert first.location == second.location
    assert len(rows.list_checks(own_db, never)) == 1


def test_only_a_number_that_was_rung_is_shown(beth: Member, own_db, own_client, never):
    service = store.get_services(own_db, [never])[0]
    number = next(phone for phone in service.phones if not phone.is_shown)
    press(beth, f"/directory/checks/{never}", how="website", right=number.same_as)
    assert number.number not in own_client.get(f"/services/{never}").text
    answer = press(beth, f"/directory/checks/{never}", how="phoned", right=number.same_as)
    assert number.number in own_client.get(f"/services/{never}").text
    taken = press(beth, "/directory/checks/take-back", job=answer.location.split("done=")[1])
    assert taken.status_code == 302
    assert number.number not in own_client.get(f"/services/{never}").text
    assert [row["how"] for row in rows.list_checks(own_db, never)] == ["website"]


def test_a_check_is_taken_back_by_who_made_it_and_only_for_a_moment(beth: Member, dev: Member, own_db, never):
    job = press(beth, f"/directory/checks/{never}", how="visited").location.split("done=")[1]
    assert press(dev, "/directory/checks/take-back", job=job).location.endswith("said=too-late")
    with clock.moved(minutes=31):
        # A browser that long away is asked for the passphrase first: the rule itself is what is tried here.
        assert keeping.take_back(own_db, job, "Beth") is None
    assert press(beth, "/directory/checks/take-back", job="").location.endswith("said=too-late")
    assert len(rows.list_checks(own_db, never)) == 1
    assert press(beth, "/directory/checks/take-back", job=job).location.endswith("said=back")
    assert not rows.list_checks(own_db, never)


@pytest.mark.parametrize("how", ["", "publisher", "telepathy"])
def test_what_is_no_way_of_checking_is_refused(beth: Member, own_db, never, how):
    assert press(beth, f"/directory/checks/{never}", how=how).status_code == 400
    assert not rows.list_checks(own_db, never)


def test_a_listing_that_is_not_there_cannot_be_checked(beth: Member):
    nobody = "00000000-0000-0000-0000-000000000000"
    assert press(beth, f"/directory/checks/{nobody}", how="phoned").status_code == 404
    assert beth.client.get(f"/directory/checks/{nobody}").status_code == 404


def test_who_could_not_be_reached_comes_back_in_a_week(beth: Member, own_app, own_db, never):
    def is_due(on: datetime.date) -> bool:
        with own_app.app_context():
            return never in [one.standing.service_id for one in keeping.due(own_db, on)]

    today = clock.today()
    for number in (1, 2, 3):
        on = today + datetime.timedelta(days=7 * number)
        assert is_due(on)
        assert keeping.not_reached(own_db, never, "Beth", on) == number
        assert keeping.not_reached(own_db, never, "Dev", on) == number, "one day is one try, whoever made it"
        assert not is_due(on + datetime.timedelta(days=6))
    with own_app.app_context():
        given_up = next(one for one in keeping.due(own_db, on + datetime.timedelta(7)) if one.standing.service_id == never)
    assert given_up.given_up
    assert "Could not be reached 3 times" in beth.client.get(f"/directory/checks/{never}").text


def test_the_page_of_one_listing_says_who_checked_it(beth: Member, never):
    press(beth, f"/directory/checks/{never}", how="phoned")
    assert re.search(r"By phone, Beth", beth.client.get(f"/directory/checks/{never}").text)


def test_an_address_for_asking_is_kept_from_families(beth: Member, own_client, never):
    page = f"/directory/checks/{never}"
    assert fill(beth.client, page, to=f"{page}/address", address="nonsense").status_code == 400
    answer = fill(beth.client, page, to=f"{page}/address", address="boss@example.org")
    assert "boss@example.org" in beth.client.get(answer.location).text
    assert "boss@example.org" not in own_client.get(f"/services/{never}").text


# -- clocks, as a table


@pytest.mark.parametrize(
    ("checked_on", "is_safety", "next_due"),
    [
        (DAY(2026, 11, 22), False, DAY(2027, 5, 23)),
        (DAY(2026, 11, 22), True, DAY(2027, 2, 21)),
        (DAY(2027, 8, 31), False, DAY(2028, 2, 29)),
        (DAY(2027, 12, 1), True, DAY(2028, 3, 1)),
        (DAY(2028, 2, 29), False, DAY(2028, 8, 29)),
        (DAY(2028, 2, 29), True, DAY(2028, 5, 30)),
        (DAY(2100, 1, 1), True, DAY(2100, 4, 2)),
    ],
)
def test_the_next_day_of_a_check(checked_on, is_safety, next_due):
    assert Clocks().next_due(checked_on, is_safety) == next_due


def listing(**changes) -> Standing:
    """A listing checked on 1 January 2027, due on 2 July 2027."""
    usual = {"seen_on": DAY(2026, 1, 1), "checked_on": DAY(2027, 1, 1), "next_due": DAY(2027, 7, 2), "source": "somebody"}
    return Standing("x", "X", **usual | changes)


@pytest.mark.parametrize(
    ("standing", "today", "step"),
    [
        (listing(), DAY(2027, 7, 1), IN_TIME),
        (listing(), DAY(2027, 7, 2), DUE),
        (listing(), DAY(2028, 6, 30), DUE),
        (listing(), DAY(2028, 7, 1), LAST),  # 365 days, over a 29 February
        (listing(), DAY(2029, 6, 30), LAST),
        (listing(), DAY(2029, 7, 1), RETIRED),
        # Never checked: a whole round after we first had it before anything begins to count.
        (listing(checked_on=None, next_due=None), DAY(2026, 7, 1), IN_TIME),
        (listing(checked_on=None, next_due=None), DAY(2026, 7, 2), DUE),
        (listing(checked_on=None, next_due=None), DAY(2027, 7, 2), LAST),
        # Ours that never were: as they always stood.
        (listing(checked_on=None, next_due=None, source="national"), DAY(2040, 1, 1), IN_TIME),
        # A publisher's old date, on the day it came in.
        (listing(checked_on=DAY(2019, 1, 1), next_due=None, seen_on=DAY(2027, 1, 1)), DAY(2027, 1, 1), IN_TIME),
        (listing(checked_on=DAY(2019, 1, 1), next_due=None, seen_on=DAY(2027, 1, 1)), DAY(2028, 7, 1), LAST),
    ],
)
def test_the_steps_of_a_clock(standing, today, step):
    assert checking.step(standing, Clocks(), today) == step


def test_a_step_of_nought_is_never_taken():
    assert checking.step(listing(), Clocks(last_after=0, retire_after=0), DAY(2099, 1, 1)) == DUE


def test_what_does_most_harm_comes_first():
    def one(name: str, **changes) -> Standing:
        usual = {"checked_on": DAY(2027, 1, 1), "next_due": DAY(2027, 7, 2)}
        return Standing(name, name, DAY(2026, 1, 1), **usual | changes)

    standings = [
        one("club"),
        one("later club", next_due=DAY(2027, 1, 2)),
        one("county", reach="county"),
        one("fine", next_due=DAY(2030, 1, 1)),
        one("helpline", is_safety=True, reach="national"),
        one("local crisis team", is_safety=True),
    ]
    found = [due.standing.name for due in checking.due(standings, Clocks(), DAY(2027, 8, 1))]
    assert found == ["helpline", "local crisis team", "county", "later club", "club"]


# -- clocks, in the whole


def test_no_clock_hides_anything_of_a_new_directory(own_app: Flask, own_db, own_finder):
    before = own_finder.search(own_db, Query(size=1)).total
    assert tidy(own_app)
    with clock.moved(days=180):
        assert tidy(own_app)
    assert own_finder.search(own_db, Query(size=1)).total == before
    assert not own_db.execute("SELECT count(*) FROM service WHERE hidden != ''").fetchone()[0]


def test_what_is_unchecked_too_long_comes_last_then_goes_and_a_check_brings_it_back(
    own_app: Flask, own_db, own_client, own_finder
):
    def places() -> list[str]:
        return [one.id for one in own_finder.search(own_db, Query(words="short breaks", size=200)).results]

    first, second = places()[:2]
    assert tidy(own_app)
    with clock.moved(days=182 + 366):
        with own_app.app_context():
            for id_ in store.all_service_ids(own_db):
                if id_ != first:
                    keeping.check(own_db, id_, "phoned", "Beth", clock.today())
        assert tidy(own_app)
        assert store.get_services(own_db, [first])[0].hidden == "unchecked"
        assert places()[0] == second
        assert places()[-1] == first
        page = own_client.get(f"/services/{first}")
        assert page.status_code == 200
        assert "checked" in page.text
        with own_app.app_context():
            keeping.check(own_db, first, "phoned", "Beth", clock.today())
        assert places()[0] == first
        assert store.get_services(own_db, [first])[0].hidden == ""
    with clock.moved(days=182 * 2 + 366 + 731):
        while store.get_services(own_db, [first])[0].hidden != "retired":
            assert keeping.run_clocks(own_db, Clocks(), clock.today()), "the clock must come to it"
        assert own_client.get(f"/services/{first}").status_code == 410
        assert first not in places()
        with own_app.app_context():
            keeping.check(own_db, first, "emailed", "Beth", clock.today())
        assert own_client.get(f"/services/{first}").status_code == 200
    assert "clock" in [revision.who for revision in store.revisions(own_db, first)]


def test_two_clocks_at_once_take_one_step(own_app: Flask, own_db, own_data):
    assert tidy(own_app)
    later = clock.today() + datetime.timedelta(days=182 + 366)
    other = open_db(own_data / "directory.db")
    first = keeping.run_clocks(own_db, Clocks(), later)
    assert first == "200 moved"
    keeping.run_clocks(other, Clocks(), later)
    assert keeping.run_clocks(own_db, Clocks(), later) is None
    twice = other.execute("SELECT service_id FROM service_revision WHERE who = 'clock' GROUP BY 1 HAVING count(*) > 1").fetchall()
    other.close()
    assert not twice


def test_turning_a_clock_off_brings_back_what_came_last(own_app: Flask, own_db):
    assert tidy(own_app)
    later = clock.today() + datetime.timedelta(days=182 + 366)
    keeping.run_clocks(own_db, Clocks(), later)
    keeping.run_clocks(own_db, Clocks(), later)
    while keeping.run_clocks(own_db, Clocks(last_after=0, retire_after=0), later):
        pass
    assert not own_db.execute("SELECT count(*) FROM service WHERE hidden != ''").fetchone()[0]


def test_the_desk_says_what_waits_and_how_it_goes(beth: Member):
    assert tidy(beth.app)
    page = beth.client.get("/directory").text
    assert "Never checked" in page
    assert re.search(r"Checked in time: \d+ of \d+", page)


def test_a_step_of_the_clock_is_undone_as_one(own_app: Flask, own_db):
    assert tidy(own_app)
    later = clock.today() + datetime.timedelta(days=182 + 366)
    keeping.run_clocks(own_db, Clocks(), later)
    (job,) = own_db.execute("SELECT DISTINCT job FROM service_revision WHERE who = 'clock'").fetchone()
    assert len(store.revisions_of_job(own_db, job)) == 200
    assert history.undo(own_db, job, "Beth", "too early").restored == 200
    assert not own_db.execute("SELECT count(*) FROM service WHERE hidden != ''").fetchone()[0]
