"""What the pages say, and to whom they refuse what."""

import re
import uuid

import pytest

from directory import reference, store
from directory.service import Service


def test_the_front_page_asks_one_question(client):
    page = client.get("/").text
    assert "What do you need?" in page
    assert 'action="/search"' in page


def test_a_question_is_answered_with_chips_that_can_be_taken_away(client):
    page = client.get("/search", query_string={"q": "autism groups near Alnwick for a 7 year old"}).text
    assert "Near Alnwick" in page
    assert "Age 7" in page
    assert re.search(r'href="/search\?[^"]*as_words=place[^"]*"', page)
    without = client.get(
        "/search", query_string={"q": "autism groups near Alnwick for a 7 year old", "as_words": ["place", "age"]}
    ).text
    assert "Near Alnwick" not in without


def test_a_chip_that_was_typed_in_a_box_empties_the_box(client):
    page = client.get("/search?q=sleep&place=Alnwick&age=7&free=1").text
    for chip in ("Near Alnwick", "Age 7", "Free"):
        assert f'">{chip} <span' in page
    assert 'href="/search?q=sleep&amp;age=7&amp;free=1"' in page


def test_a_service_page_says_how_to_get_it_before_where_it_is(client, db):
    services = store.get_services(db, store.all_service_ids(db))
    ids = [s.id for s in services if s.referral_route.steps and s.locations and s.phones + s.contacts]
    page = client.get(f"/services/{ids[0]}").text
    order = ["Get in touch", "How to get it", "Where", "About this listing", "Tell us something is wrong"]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert 'href="tel:01632960' in page


@pytest.mark.parametrize("status", ["inactive", "defunct"])
def test_a_withdrawn_service_says_so_and_takes_no_reports(own_client, own_db, status):
    id_ = store.all_service_ids(own_db)[0]
    assert own_client.get(f"/services/{id_}").status_code == 200
    own_db.execute("UPDATE service SET status = ? WHERE id = ?", [status, id_])
    own_db.conn.commit()
    gone = own_client.get(f"/services/{id_}")
    assert gone.status_code == 410
    assert "This service has closed" in gone.text
    for path in (f"/services/{id_}/report", f"/services/{id_}/report/thanks"):
        assert own_client.get(path).status_code == 404


def test_a_service_closed_for_now_is_shown_and_says_so(own_client, own_db):
    id_ = store.all_service_ids(own_db)[0]
    own_db.execute("UPDATE service SET status = 'temporarily closed' WHERE id = ?", [id_])
    own_db.conn.commit()
    assert "Closed for now" in own_client.get(f"/services/{id_}").text


@pytest.mark.parametrize(
    "path",
    [
        f"/services/{uuid.UUID(int=5)}", "/services/1", "/services/../etc", f"/organisations/{uuid.UUID(int=5)}",
        "/categories/nothing", "/needs/nothing", "/guides/nothing", "/guides/../../app", "/assets/app.css", "/nothing",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_in_words(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "We cannot find that page" in response.text
    assert "999" in response.text


def test_a_listing_s_text_is_never_markup(own_app, own_db):
    evil = '<script>alert(1)</script> {{ 7*7 }} " onclick=x'
    with own_db.atomic():
        store.ensure_source(own_db, "test", "Test")
        store.save_service(
            own_db,
            Service(id=str(uuid.UUID(int=9)), name=f"Okapi {evil}", description=evil, alert=evil, fees=evil, source="test"),
        )
        store.bump(own_db)
    client = own_app.test_client()
    for path in (f"/services/{uuid.UUID(int=9)}", "/search?q=okapi", f"/services/{uuid.UUID(int=9)}/report"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "{{ 7*7 }}" in page or "{{ 7" in page


def test_what_was_typed_comes_back_escaped(client):
    page = client.get("/search", query_string={"q": '"><script>alert(1)</script>', "place": "<b>x", "age": "<i>"}).text
    assert "<script>alert" not in page
    assert "<b>x" not in page


def test_nothing_found_offers_ways_on(client):
    page = client.get("/search?q=qqqxyz&place=Alnwick").text
    assert "Nothing found yet" in page
    assert "No service has: qqqxyz" in page
    assert "Near to what you asked" in page
    assert "Who to ask" in page
    assert "Northumberland County Council" in page
    assert "probably" in page


def test_choices_that_leave_nothing_offer_to_be_widened(client):
    page = client.get("/search?q=swimming&category=ehcp&age=24&free=1").text
    assert "Nothing found yet" in page
    assert "Look wider" in page
    assert "every category" in page


def test_a_misspelling_is_said_and_can_be_undone(client):
    page = client.get("/search?q=swiming").text
    assert "Showing results for swimming" in page
    assert "as_words=spelling" in page


def test_an_unknown_place_and_an_unreadable_age_are_said(client):
    page = client.get("/search?q=sleep&place=Narnia&age=old").text
    assert "We do not know the place “Narnia”" in page
    assert "We could not read the age “old”" in page


def test_crisis_words_put_people_who_answer_first(client):
    page = client.get("/search?q=my+daughter+is+self+harming").text
    assert page.index("People answer day and night") < page.index('class="card"')


def test_every_page_leads_to_somebody_who_answers_now(client):
    page = client.get("/talk-now").text
    for number in ("tel:999", "tel:111", "tel:116123", "tel:08001111", "sms:85258", "tel:+448088005000", "tel:+448000684141"):
        assert number in page, number
    assert "data-exit" in page


def test_a_page_number_past_the_end_shows_the_last_page(client):
    assert "Page" in client.get("/search?q=autism&page=900").text


def test_pages_work_with_nothing_in_the_directory(empty_app):
    client = empty_app.test_client()
    for path in ("/", "/search?q=sleep", "/search", "/categories", "/guides", "/talk-now", "/about-the-data", "/components"):
        assert client.get(path).status_code == 200
    assert "tel:999" in client.get("/talk-now").text


def test_the_phone_s_position_becomes_an_outcode_and_nothing_more(client):
    assert client.get("/places/nearest?lat=55.41&lon=-1.71").json == {"place": "NE66"}
    assert client.get("/places/nearest?lat=0&lon=0").json == {"place": None}


@pytest.mark.parametrize("position", ["lat=55.412345&lon=-1.71", "lat=x&lon=1", "", "lat=55", "lat=1e1&lon=1", "lat=٥٥&lon=1"])
def test_a_position_more_exact_than_a_mile_is_refused(client, position):
    assert client.get(f"/places/nearest?{position}").status_code == 400


def test_looking_leaves_no_trace(own_app, own_data):
    """A canary: what is searched for is in no file and no cookie afterwards."""
    client = own_app.test_client()
    response = client.get("/search?q=canarybird&place=NE66+1AB&age=7")
    assert "Set-Cookie" not in response.headers
    client.get("/search?q=canarybird+sleep")
    for path in own_data.rglob("*"):
        assert not path.is_file() or b"canarybird" not in path.read_bytes()


def test_organisations_show_their_services_and_empty_ones_are_not_there(client, db):
    service = next(s for s in store.get_shown_services(db, store.all_service_ids(db)) if s.organization and s.is_demonstration)
    page = client.get(f"/organisations/{service.organization.id}").text
    assert service.name.split("'")[0] in page.replace("&#39;", "'")


def test_a_listing_that_was_never_checked_says_so(client, db):
    services = store.get_shown_services(db, store.all_service_ids(db))
    never = next(service for service in services if service.check is None)
    once = next(service for service in services if service.check is not None)
    assert "Not checked by us yet" in client.get(f"/services/{never.id}").text
    assert "Its publisher checked it on" in client.get(f"/services/{once.id}").text


def test_a_guide_on_just_what_was_asked_comes_before_the_services(client):
    page = client.get("/search?q=whats+dla").text
    assert page.index("/guides/dla") < page.index('<li class="card"')


def test_who_links_to_a_guide_can_ask_if_it_is_there(own_client, own_app, own_db):
    with own_app.test_request_context():
        assert own_app.extensions["guide_is_there"]("how-to-complain")
    with own_db.conn:
        own_db.execute("DELETE FROM guide WHERE slug = 'how-to-complain'")
    assert own_client.get("/guides/how-to-complain").status_code == 404
    with own_app.test_request_context():
        assert not own_app.extensions["guide_is_there"]("how-to-complain")


def test_a_misspelt_town_is_offered_as_it_should_be(client):
    page = client.get("/search?q=sleep&place=alnwik").text
    assert "Did you mean Alnwick?" in page
    assert "place=Alnwick" in page
    assert "Did you mean" not in client.get("/search?q=sleep&place=xqzzyplk").text


def test_the_choices_made_stay_when_the_question_is_changed(client):
    page = client.get("/search?q=club&free=1&age=7&delivery=online&language=Urdu").text
    asked = page[page.index('class="asked"') : page.index("</details>")]
    for name, value in (("free", "1"), ("age", "7"), ("delivery", "online"), ("language", "Urdu")):
        assert f'name="{name}" value="{value}"' in asked


def test_in_a_crisis_nobody_is_told_to_use_other_words(client):
    page = client.get("/search?q=i+want+to+kill+myself").text
    assert "tel:116123" in page
    for words in ("Nothing found", "No service has", "Try fewer words"):
        assert words not in page


def test_a_need_s_page_begins_with_services_for_that_need(client, db, finder):
    page = client.get("/needs/autism").text
    first = page[page.index('<li class="card"') :]
    assert "utis" in first[: first.index("</li>")]
    for slug in reference.get_needs(db):
        own = {s.id for s in store.get_shown_services(db, store.all_service_ids(db)) if slug in s.needs}
        assert all(f"/services/{id_}" in client.get(f"/needs/{slug}").text for id_ in own) or len(own) > 10
