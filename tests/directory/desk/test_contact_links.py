"""Designated contacts answer for themselves by a link: once, in time, and nobody else does."""

from __future__ import annotations

import pytest

from directory.keeping import designated_contacts as keeping
from directory.keeping.contact_links import NotAskedError
from directory.store import designated_contacts as rows
from plumbing import clock
from plumbing.tidy import tidy
from tests.conftest import _app
from tests.directory.desk.people import ROSA, add, ask, press, typed
from tests.family import fill, token_of


def answer_by(client, link: str, said: str, **fields: str):
    return client.post(f"{link}/{said}", data={"csrf_token": token_of(client.get("/sign-in").text)} | fields)


def test_still_me_is_a_check_once(own_app, own_db, own_client):
    contact = add(own_db)
    link = ask(own_app, own_db, contact.id)
    page = own_client.get(link)
    assert "01632 960777" in page.text
    assert "Likes a text first" not in page.text, "notes are for staff"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert not rows.checks(own_db, contact.id), "looking is not answering"
    assert answer_by(own_client, link, "true").status_code == 302
    assert rows.checks(own_db, contact.id)[0]["checked_by"] == keeping.THEMSELVES
    assert answer_by(own_client, link, "true").status_code == 410
    assert own_client.get(link).status_code == 410


def test_a_correction_waits_for_an_officer(own_app, own_db, own_client, beth):
    contact = add(own_db)
    link = ask(own_app, own_db, contact.id)
    assert answer_by(own_client, link, "correct", words=" ").status_code == 400
    assert answer_by(own_client, link, "correct", words="My number ends in 9").status_code == 302
    assert rows.get(own_db, contact.id).phone == ROSA["phone"]
    assert "My number ends in 9" in beth.client.get("/directory/contacts").text
    assert answer_by(own_client, ask(own_app, own_db, contact.id), "correct", words="And I moved").status_code == 302
    page = f"/directory/contacts/{contact.id}"
    press(beth, f"{page}/looked", told="My number ends in 9")
    told = rows.get(own_db, contact.id).told
    assert told == "My number ends in 9\n\nAnd I moved", "what came meanwhile is not lost"
    fill(beth.client, f"{page}/edit", **typed(version=str(rows.get(own_db, contact.id).version), phone="01632 960779"))
    assert rows.get(own_db, contact.id).told == told, "saving is not looking"
    press(beth, f"{page}/looked", told=told.replace("\n", "\r\n"))
    assert "My number ends in 9" not in beth.client.get("/directory/contacts").text


def test_who_says_they_left_is_shown_with_their_cover(own_app, own_db, own_client, sara):
    contact = add(own_db)
    assert answer_by(own_client, ask(own_app, own_db, contact.id), "left", who_now="Ask for Jo").status_code == 302
    page = sara.client.get("/directory/contacts/find").text
    assert "left on" in page
    assert "01632 960778" in page
    assert "01632 960777" not in page
    assert "Put on my list" not in page


@pytest.mark.parametrize("forge", ["nonsense", "cut", "other", "provider"])
def test_a_forged_link_is_refused(own_app, own_db, own_client, forge):
    contact, other = add(own_db), add(own_db, name="Other")
    link, others = ask(own_app, own_db, contact.id), ask(own_app, own_db, other.id)
    id_, mark = link.removeprefix("/for-contacts/").split(".")
    token = {"nonsense": "x", "cut": f"{id_}.{mark[:-1]}", "other": f"{id_}.{others.split('.')[1]}", "provider": f"{id_}."}[forge]
    assert own_client.get(f"/for-contacts/{token}").status_code == 404
    for said in ("true", "left", "stop"):
        assert answer_by(own_client, f"/for-contacts/{token}", said).status_code == 404
    assert own_client.get(f"/for-providers/{id_}.{mark}").status_code == 404, "one kind of link is not the other"
    assert not rows.checks(own_db, contact.id)


def test_a_link_is_void_when_it_is_old_or_the_entry_changed(own_app, own_db, own_client):
    contact = add(own_db)
    link = ask(own_app, own_db, contact.id)
    with clock.moved(days=31):
        assert own_client.get(link).status_code == 410
    keeping.change(own_db, contact.id, ROSA | {"phone": "01632 960999"}, "Beth", rows.get(own_db, contact.id).version)
    assert answer_by(own_client, link, "true").status_code == 410


def test_who_wants_no_such_mail_gets_none(own_app, own_db, own_client):
    contact = add(own_db)
    assert answer_by(own_client, ask(own_app, own_db, contact.id), "stop").status_code == 302
    with pytest.raises(NotAskedError, match="refused"):
        ask(own_app, own_db, contact.id)


def test_by_the_clock_each_is_asked_once_and_reminded_twice(own_data, own_db):
    app = _app(own_data, address="https://linkbook.example.org", ask_contacts=True)
    outbox = app.extensions["settings"].outbox
    add(own_db)
    add(own_db, name="No Address", email="")
    add(own_db, name="Gone", email="gone@example.org", leaving_on="2020-01-01")
    start = clock.here()
    noon = (start.replace(hour=12) - start).total_seconds()
    counts = []
    for days in (0, 0, 13, 14, 21, 29):
        with clock.moved(days=days, seconds=noon), app.app_context():
            tidy(app)
        counts.append(len(list(outbox.rglob("*.eml"))))
    assert counts == [1, 1, 1, 2, 3, 3]
    assert all("To: rosa@example.org" in path.read_text() for path in outbox.rglob("*.eml"))


def test_nobody_is_asked_by_the_clock_unless_a_setting_says_so(own_data, own_db):
    app = _app(own_data, address="https://linkbook.example.org")
    add(own_db)
    start = clock.here()
    with clock.moved(seconds=(start.replace(hour=12) - start).total_seconds()), app.app_context():
        tidy(app)
    assert not list(app.extensions["settings"].outbox.rglob("*.eml"))
