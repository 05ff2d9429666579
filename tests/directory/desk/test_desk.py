"""The desk is for those who keep the directory; what is late stands first."""

from __future__ import annotations

import datetime

from directory.desk import Waiting, in_order
from directory.keeping import checking
from directory.pages.desk import checks
from directory.pages.desk.rooms import add_waiting
from plumbing import clock
from tests.family import Member


def test_the_desk_opens_for_officers_and_managers(beth: Member, dev: Member):
    for member in (beth, dev):
        assert "What needs me today" in member.client.get("/directory").text
        assert 'href="/directory"' in member.client.get("/").text


def test_the_desk_is_closed_to_everybody_else(sara: Member, amina: Member, own_client):
    for member in (sara, amina):
        assert member.client.get("/directory").status_code == 403
        assert 'href="/directory"' not in member.client.get("/").text
    assert own_client.get("/directory").location.startswith("/sign-in")


def test_what_is_late_stands_first(beth: Member):
    add_waiting(beth.app, lambda _db, _today: Waiting("Aaa", 2, "directory.desk", "clock", 1))
    add_waiting(beth.app, lambda _db, _today: Waiting("Zzz", 1, "directory.desk", "clock", 2, overdue=1))
    add_waiting(beth.app, lambda _db, _today: None)
    page = beth.client.get("/directory").text
    assert page.index("Zzz") < page.index('"count">1</b> late') < page.index("Aaa")


def test_equals_keep_their_places():
    one, two = Waiting("b", 1, "x", "y", 1), Waiting("a", 1, "x", "y", 2)
    assert in_order([two, one]) == [one, two]


def test_what_is_due_is_kept_while_nothing_changes_and_no_longer(own_app, own_db):
    with own_app.app_context():
        before = [one.standing.service_id for one in checks.due_today(own_db, clock.today())[1]]
        assert checks.due_today(own_db, clock.today())[1] is checks.due_today(own_db, clock.today())[1]
        checking.check(own_db, before[0], "phoned", "Beth", clock.today())
        assert before[0] not in [one.standing.service_id for one in checks.due_today(own_db, clock.today())[1]]
        checking.not_reached(own_db, before[1], "Beth", clock.today())
        assert before[1] not in [one.standing.service_id for one in checks.due_today(own_db, clock.today())[1]]
        tomorrow = clock.today() + datetime.timedelta(days=8)
        assert before[1] in [one.standing.service_id for one in checks.due_today(own_db, tomorrow)[1]]


def test_the_desk_is_measured(own_app):
    assert "after a change" in own_app.test_cli_runner().invoke(args=["directory", "bench", "--desk"]).output


def test_the_menu_has_its_rooms_under_headings(beth: Member):
    menu = beth.client.get("/directory").text.partition('id="desk-menu"')[2]
    words = ["Keep it true", "Checks", "Reports", "Listings and contacts", "Imports", "What families say", "What we give out"]
    places = [menu.index(f">{one}<") for one in words]
    assert places == sorted(places)
