"""Designated contacts: kept by officers, found by staff, and given to families only where that is allowed."""

from __future__ import annotations

import datetime
import re

import pypdfium2
import pytest

from directory import store
from directory.keeping import designated_contacts as keeping
from directory.keeping import invented_contacts
from directory.store import designated_contacts as rows
from plumbing import clock
from plumbing.tidy import tidy
from tests.directory.desk.people import ROSA, add, press, settings, typed
from tests.family import fill, token_of

# -- writing


def test_an_officer_writes_somebody_down(beth, own_db):
    answer = fill(beth.client, "/directory/contacts/new", **typed())
    assert answer.status_code == 302, answer.text
    page = beth.client.get(answer.location)
    for words in (
        "Rosa Ångström-Percent",
        "Designated clinical officer",
        "01632 960777",
        "Northumberland",
        "Written down",
        "Beth",
    ):
        assert words in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert beth.client.get("/directory").text.count("Contacts to check") == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Write their name"),
        ({"phone": "", "email": ""}, "Give a phone number or an e-mail address"),
        ({"role": "", "role_words": ""}, "Choose a role, or write one"),
        ({"area": "Atlantis"}, "Choose a council"),
        ({"phone": "ring me"}, "Write the phone number in digits"),
        ({"leaving_on": "soon"}, "Give the day"),
    ],
)
def test_what_helps_nobody_is_refused_and_stays_typed(beth, own_db, changes, words):
    answer = fill(beth.client, "/directory/contacts/new", **typed(about="Sentinel words", **changes))
    assert answer.status_code == 400
    assert words in answer.text
    assert "Sentinel words" in answer.text
    assert not rows.every(own_db)


def test_the_same_form_sent_twice_is_one_person(beth, own_db):
    page = beth.client.get("/directory/contacts/new").text
    once = re.search(r'name="once"[^>]*value="([0-9a-f]+)"', page)[1]
    for _ in range(2):
        press(beth, "/directory/contacts/new", once=once, **typed())
    assert len(rows.every(own_db)) == 1


def test_an_agency_of_the_directory_is_linked_by_its_name(beth, own_db):
    name, id_ = own_db.execute("SELECT name, id FROM organization LIMIT 1").fetchone()
    assert id_ in beth.client.get(f"/directory/contacts/{add(own_db, agency=name).id}").text
    assert id_ not in beth.client.get(f"/directory/contacts/{add(own_db, agency=f'{name} not').id}").text


def test_two_officers_at_once_are_shown_both(beth, dev, own_db):
    contact = add(own_db)
    page = beth.client.get(f"/directory/contacts/{contact.id}/edit").text
    seen = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    fill(dev.client, f"/directory/contacts/{contact.id}/edit", version=seen, **typed(phone="01632 960111", notes="By Dev"))
    answer = press(beth, f"/directory/contacts/{contact.id}/edit", version=seen, **typed(phone="01632 960222", about="By Beth"))
    assert answer.status_code == 409
    for words in ("01632 960111", "01632 960222", "Dev", "Theirs", "Yours"):
        assert words in answer.text
    assert rows.get(own_db, contact.id).phone == "01632 960111", "nothing was overwritten"
    form = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', answer.text))
    assert press(beth, f"/directory/contacts/{contact.id}/edit", **form).status_code == 400, "nothing was chosen"
    assert press(beth, f"/directory/contacts/{contact.id}/edit", **form, **{"keep-phone": "mine"}).status_code == 302
    kept = rows.get(own_db, contact.id)
    assert (kept.phone, kept.notes, kept.about) == ("01632 960222", "By Dev", "By Beth")


def test_a_version_comes_back_and_nothing_is_lost(beth, own_db):
    contact = add(own_db)
    first = rows.get(own_db, contact.id).version
    fill(beth.client, f"/directory/contacts/{contact.id}/edit", **typed(version=str(first), phone="01632 960999"))
    assert rows.get(own_db, contact.id).phone == "01632 960999"
    assert press(beth, f"/directory/contacts/{contact.id}/versions/{first}").status_code == 302
    assert rows.get(own_db, contact.id).phone == ROSA["phone"]
    assert len(rows.versions(own_db, contact.id)) == 3
    assert press(beth, f"/directory/contacts/{contact.id}/versions/99999").status_code == 404
    other = add(own_db, name="Other")
    number = rows.get(own_db, other.id).version
    assert press(beth, f"/directory/contacts/{contact.id}/versions/{number}").status_code == 404, "a version of somebody else"


# -- checking


def test_a_check_is_one_tap_and_can_be_taken_back_by_whoever_made_it(beth, dev, own_db):
    contact = add(own_db)
    assert len(keeping.due(own_db, settings(beth.app), clock.today())) == 1
    answer = press(beth, f"/directory/contacts/{contact.id}/check", how="phoned", **{"from": "list"})
    assert "Written down: Rosa" in beth.client.get(answer.location).text
    assert not keeping.due(own_db, settings(beth.app), clock.today())
    check = rows.checks(own_db, contact.id)[0]["id"]
    press(dev, f"/directory/contacts/{contact.id}/take-back", check=check)
    assert rows.checks(own_db, contact.id), "Dev did not make it"
    press(beth, f"/directory/contacts/{contact.id}/take-back", check=check)
    assert not rows.checks(own_db, contact.id)


def test_editing_is_not_checking_and_the_clock_is_their_own(beth, own_db):
    contact = add(own_db)
    keeping.check(own_db, settings(beth.app), contact.id, "phoned", "Beth")
    fill(beth.client, f"/directory/contacts/{contact.id}/edit", **typed(version=str(contact.version or 1), phone="01632 960999"))
    today = clock.today()
    assert not keeping.due(own_db, settings(beth.app), today + datetime.timedelta(days=91))
    late = keeping.due(own_db, settings(beth.app), today + datetime.timedelta(days=94))
    assert [one.late_days for one in late] == [3]


@pytest.mark.parametrize("how", ["publisher", "website", "", "hearsay"])
def test_other_ways_are_no_check(beth, own_db, how):
    contact = add(own_db)
    assert press(beth, f"/directory/contacts/{contact.id}/check", how=how).status_code == 400
    assert not rows.checks(own_db, contact.id)


# -- finding


@pytest.mark.parametrize(
    "words", ["rosa", "angstrom", "ANGSTROM", "dco", "designated clinical", "borderland ehc plans", "northumberland rosa", "50%"]
)
def test_staff_find_by_any_part(sara, own_db, words):
    add(own_db)
    assert "Rosa Ångström" in fill(sara.client, "/directory/contacts/find", words=words).text


@pytest.mark.parametrize("words", ["rosa birmingham", "%zz", "_osa", "0%_", "r\\osa", "DROP TABLE"])
def test_every_word_must_fit_and_nothing_is_a_wildcard(sara, own_db, words):
    add(own_db)
    assert "Nobody fits" in fill(sara.client, "/directory/contacts/find", words=words).text


def test_who_left_long_ago_or_was_taken_out_is_not_found(sara, beth, own_db):
    add(own_db, name="Gone Away", leaving_on=(clock.today() - datetime.timedelta(days=40)).isoformat())
    add(own_db, name="Just Gone", leaving_on=(clock.today() - datetime.timedelta(days=5)).isoformat())
    out = add(own_db, name="Taken Out")
    press(beth, f"/directory/contacts/{out.id}/retire")
    page = sara.client.get("/directory/contacts/find").text
    assert "Just Gone" in page
    assert "Gone Away" not in page
    assert "Taken Out" not in page
    assert "Taken Out" in beth.client.get("/directory/contacts").text
    press(beth, f"/directory/contacts/{out.id}/back")
    assert "Taken Out" in sara.client.get("/directory/contacts/find").text


def test_the_ordinary_search_names_them_to_staff_and_to_nobody_else(sara, amina, own_client, own_db):
    add(own_db, name="Sleepy Canary", about="sleep")
    page = sara.client.get("/search?q=sleep")
    assert "Sleepy Canary" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert sara.client.get("/search?q=teeth").headers["Cache-Control"] == "no-store"
    for client in (amina.client, own_client):
        assert "Canary" not in client.get("/search?q=sleep").text
    sara.client.post("/sign-out", data={"csrf_token": token_of(sara.client.get("/settings").text)})
    assert "Canary" not in sara.client.get("/search?q=sleep").text


# -- for families


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_who_may_be_given_goes_on_a_list_and_on_paper_with_the_date(sara, own_db):
    contact = add(own_db)
    keeping.check(own_db, settings(sara.app), contact.id, "phoned", "Beth")
    assert press(sara, f"/directory/contacts/{contact.id}/pick").status_code == 302
    assert "Rosa" in sara.client.get("/directory/contacts/list").text
    pdf = press(sara, "/directory/contacts/list/leaflet", look="plain")
    text = text_of(pdf.data)
    assert "01632 960777" in text
    assert "Checked by phone" in text
    assert "Likes a text first" not in text
    assert pdf.headers["Cache-Control"] == "no-store"
    press(sara, f"/directory/contacts/{contact.id}/unpick")
    assert "Rosa" not in sara.client.get("/directory/contacts/list").text


def test_services_of_my_list_go_on_the_same_paper(sara, own_db):
    contact = add(own_db)
    service = store.get_shown_services(own_db, store.all_service_ids(own_db))[0]
    list_ = f"/shortlist?s={service.id}"
    assert "people in agencies" not in sara.client.get(list_).text
    press(sara, f"/directory/contacts/{contact.id}/pick")
    assert "Leaflet with the 1 person in agencies" in sara.client.get(list_).text
    text = text_of(press(sara, "/directory/contacts/list/leaflet", s=service.id, look="large").data)
    assert "Rosa" in text
    assert service.name.split()[0] in text


def test_who_may_not_be_given_is_refused_with_a_sentence(sara, own_db):
    contact = add(own_db, for_families="")
    for to in ("pick", "keep"):
        answer = press(sara, f"/directory/contacts/{contact.id}/{to}")
        assert answer.status_code == 403
        assert "may not be given to families" in answer.text
    assert "Put on my list" not in sara.client.get("/directory/contacts/find").text


def test_a_list_is_ones_own_and_forgets_who_may_be_given_no_more(sara, beth, own_db):
    contact = add(own_db)
    press(sara, f"/directory/contacts/{contact.id}/pick")
    assert "Rosa" not in beth.client.get("/directory/contacts/list").text
    keeping.change(own_db, contact.id, ROSA | {"for_families": ""}, "Beth", rows.get(own_db, contact.id).version)
    assert "Rosa" not in sara.client.get("/directory/contacts/list").text
    assert press(sara, "/directory/contacts/list/leaflet").status_code == 302, "there is nothing to print"


# -- who may


def test_nobody_but_staff_gets_anywhere(amina, own_client, own_db):
    contact = add(own_db)
    pages = ["/directory/contacts", "/directory/contacts/find", "/directory/contacts/list", "/directory/contacts/roles",
             "/directory/contacts/new", "/directory/contacts/spreadsheet", "/directory/contacts/contacts.csv",
             f"/directory/contacts/{contact.id}", f"/directory/contacts/{contact.id}/edit"]  # fmt: skip
    for page in pages:
        assert amina.client.get(page).status_code == 403, page
        stranger = own_client.get(page)
        assert stranger.status_code == 302, page
        assert "Rosa" not in stranger.text
    for to in ("pick", "keep", "check", "retire"):
        assert press(amina, f"/directory/contacts/{contact.id}/{to}", how="phoned").status_code == 403


def test_key_workers_find_but_do_not_keep(sara, own_db):
    contact = add(own_db)
    assert sara.client.get("/directory/contacts/find").status_code == 200
    for page in ("/directory/contacts", f"/directory/contacts/{contact.id}", "/directory/contacts/contacts.csv"):
        assert sara.client.get(page).status_code == 403
    assert press(sara, f"/directory/contacts/{contact.id}/check", how="phoned").status_code == 403


# -- gaps


def test_gaps_are_shown_by_area_and_by_nation(beth, own_db):
    add(own_db)
    page = beth.client.get("/directory/contacts/roles").text
    assert "Northumberland" in page
    assert "SENDIASS" in page
    assert "DECLO" not in page
    assert "DECLO" in beth.client.get("/directory/contacts/roles?area=Cardiff").text
    assert "Choose a council" in beth.client.get("/directory/contacts/roles?area=Atlantis").text
    missing = keeping.gaps(own_db, keeping.held_areas(own_db, clock.today()), clock.today())
    assert "dco" not in {gap.role.slug for gap in missing}
    assert "sendiass" in {gap.role.slug for gap in missing}
    assert "Roles with nobody" in beth.client.get("/directory").text


# -- erasing


def test_who_is_gone_for_months_is_erased_with_every_version(own_app, own_db, own_data):
    contact = add(own_db, name="Erase Me Canary")
    stays = add(own_db, name="Stays Here")
    keeping.change(own_db, contact.id, ROSA | {"name": "Erase Me Canary Two"}, "Beth", rows.get(own_db, contact.id).version)
    keeping.retire(own_db, contact.id, "Beth")
    with clock.moved(days=150):
        keeping.erase_due(own_db, settings(own_app), clock.today())
        assert rows.get(own_db, contact.id), "not yet"
    with clock.moved(days=190), own_app.app_context():
        tidy(own_app)
    assert rows.get(own_db, contact.id) is None
    assert rows.get(own_db, stays.id)
    own_db.close()
    for path in own_data.glob("directory.db*"):
        assert b"Erase Me Canary" not in path.read_bytes(), path.name


def test_the_demonstration_has_somebody_of_each_standing_once(own_app, own_db, beth, sara):
    assert invented_contacts.fill(own_db, settings(own_app))
    assert not invented_contacts.fill(own_db, settings(own_app))
    page = beth.client.get("/directory/contacts").text
    for words in ("They wrote to us", "days late", "Nobody has checked it yet", "Left or taken out"):
        assert words in page
    assert all(one.phone.startswith("01632 960") or not one.phone for one in rows.every(own_db)), "numbers that ring nowhere"
    assert "Idris Coe" in sara.client.get("/directory/contacts/find").text
