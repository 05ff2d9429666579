"""The desk is for those who keep the directory; what is late stands first."""

from __future__ import annotations

from directory.desk import Waiting, in_order
from directory.pages.desk.rooms import add_waiting
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
