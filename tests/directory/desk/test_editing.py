"""Writing a listing, step by step: kept at every step, shown as the reader will see it, published in one piece."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from directory import store
from directory.keeping import editing
from directory.pages.desk.listing_steps import STEPS
from directory.store import drafts
from tests.family import token_of

SLUGS = [step.slug for step in STEPS]


def _service(db, **wanted):
    for service in store.get_services(db, store.all_service_ids(db)):
        if all(getattr(service, name) for name in wanted) and all(phone.is_shown for phone in service.phones):
            return service
    raise AssertionError("the starter has none like that")


def token(member):
    """A token for a form of theirs."""
    return token_of(member.client.get("/settings").text)


def begin(member, service):
    """Open the form of a listing; returns the address of its draft."""
    answer = member.client.post(f"/directory/listings/{service.id}/edit", data={"csrf_token": token(member)})
    assert answer.status_code == 302, answer.text
    return answer.location.rsplit("/", 1)[0]


def typed(page):
    """What a browser would send if nothing were changed."""
    form = BeautifulSoup(page, "html.parser").find("form", class_="writing")
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            value = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            value = field.get_text().removeprefix("\n")
        elif field.get("type") in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        else:
            value = field.get("value", "on")
        data.setdefault(field["name"], []).append(value)
    return data


def send(member, address, **changes):
    """Open a step, change some of its fields, and send it."""
    data = typed(member.client.get(address).text) | {name.replace("__", "-"): value for name, value in changes.items()}
    return member.client.post(address, data=data)


def publish(member, draft, **fields):
    """The last step."""
    page = member.client.get(f"{draft}/finish").text
    saves = re.search(r'name="saves" value="(\d+)"', page)
    assert saves
    data = {"csrf_token": token_of(page), "saves": saves[1], "checked": ""} | fields
    return member.client.post(f"{draft}/finish", data=data)


@pytest.mark.parametrize("which", range(0, 60, 6))
def test_a_form_sent_back_as_it_came_changes_nothing(beth, own_db, which):
    service = store.get_services(own_db, store.all_service_ids(own_db)[which : which + 1])[0]
    draft = begin(beth, service)
    for slug in SLUGS:
        answer = send(beth, f"{draft}/{slug}", go="stay")
        assert answer.status_code == 302, BeautifulSoup(answer.text, "html.parser").find(class_="errors")
    kept = drafts.get_draft(own_db, draft.rsplit("/", 1)[1])
    assert kept is not None
    assert replace(kept.service, check=None) == replace(service, check=None)


def test_a_listing_is_changed_and_published_with_who_and_why(beth, own_db, own_client):
    service = _service(own_db, phones=True)
    draft = begin(beth, service)
    assert send(beth, f"{draft}/contact", phones__0__number="01632 960002").status_code == 302
    assert service.phones[0].number in own_client.get(f"/services/{service.id}").text, "published too early"
    page = beth.client.get(f"{draft}/finish").text
    assert "Telephone" in page
    assert "01632 960002" in page
    assert publish(beth, draft, why="They rang").status_code == 302
    assert "01632 960002" in own_client.get(f"/services/{service.id}").text
    history = beth.client.get(f"/directory/listings/{service.id}/history").text
    assert "They rang" in history
    assert "Beth" in history
    assert drafts.drafts_about(own_db, service.id) == []


def test_editing_is_not_checking_and_both_can_be_done_at_once(beth, own_db):
    service = _service(own_db, phones=True)
    draft = begin(beth, service)
    send(beth, f"{draft}/name", name="New name")
    publish(beth, draft)
    assert store.get_services(own_db, [service.id])[0].check == service.check
    draft = begin(beth, service)
    send(beth, f"{draft}/name", name="Newer name")
    publish(beth, draft, checked="phoned")
    check = store.get_services(own_db, [service.id])[0].check
    assert check is not None
    assert (check.how, check.checked_by) == ("phoned", "Beth")


def test_a_new_listing_is_written_step_by_step(beth, own_db, own_client):
    answer = beth.client.post("/directory/listings/new", data={"csrf_token": token(beth)})
    draft = answer.location.rsplit("/", 1)[0]
    missing = publish(beth, draft)
    assert missing.status_code == 400
    send(beth, f"{draft}/name", name="Alnwick Bell Club", description="Bells for everybody.", organization="Bell Friends")
    send(beth, f"{draft}/who", minimum_age="0.5", maximum_age="5", category="sleep")
    send(beth, f"{draft}/how", kinds=["self", "gp"], steps__0__ask="Ring them", steps__0__wait="A week")
    send(
        beth,
        f"{draft}/where",
        places__0__name="Bell Hall",
        places__0__postal_code="ne661ab",
        delivery=["in_person"],
        areas="Alnwick",
    )
    send(beth, f"{draft}/when", times__0__days="MO", times__0__opens_at="9.30am", times__0__closes_at="12:00", term="term_time")
    send(beth, f"{draft}/contact", phones__0__number="01632 960123", email="bells@example.org", url="www.example.org")
    send(beth, f"{draft}/cost", free="no", prices__0__option="Session", prices__0__amount="3.50")
    answer = publish(beth, draft, why="New")
    assert answer.status_code == 302, answer.text
    service_id = re.findall(r"listings/([0-9a-f-]{36})", answer.location)[0]
    page = own_client.get(f"/services/{service_id}").text
    for words in ("Alnwick Bell Club", "6 months to 5 years", "Ring them", "Bell Hall", "NE66 1AB", "Mondays, 9.30am to 12pm",
                  "Term time only", "01632 960123", "bells@example.org", "https://www.example.org", "Session: £3.50",
                  "Bell Friends"):  # fmt: skip
        assert words in page, words
    service = store.get_services(own_db, [service_id])[0]
    assert service.locations[0].point is not None


@pytest.mark.parametrize(
    ("slug", "changes", "words"),
    [
        ("name", {"name": ""}, "Write the name of the service"),
        ("who", {"minimum_age": "½"}, "Write the age in years"),
        ("who", {"minimum_age": "12", "maximum_age": "5"}, "must not be less"),
        ("where", {"places__0__name": "X", "places__0__postal_code": "somewhere"}, "Check the postcode"),
        ("when", {"times__0__opens_at": "25:00", "times__0__days": "MO"}, "Write the time like"),
        ("when", {"times__0__opens_at": "12:00", "times__0__closes_at": "09:00"}, "must be after"),
        ("contact", {"phones__0__number": "call us"}, "in digits"),
        ("contact", {"phones__0__number": "01632 96000199999999"}, "Check the phone number"),
        ("contact", {"email": "nobody at all"}, "Check the e-mail address"),
        ("contact", {"url": "not a place"}, "Check the web address"),
        ("cost", {"free": "yes", "prices__0__amount": "6"}, "it costs money"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(beth, slug, changes, words):
    answer = beth.client.post("/directory/listings/new", data={"csrf_token": token(beth)})
    address = f"{answer.location.rsplit('/', 1)[0]}/{slug}"
    fields = {"category": "sleep"} if slug == "who" else {}
    answer = send(beth, address, **fields, **changes)
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.title is not None
    assert page.title.get_text().startswith("Error:")
    link = page.find(class_="errors").find("a")
    assert words in link.get_text()
    assert page.find(id=link["href"][1:]) is not None
    for name, value in changes.items():
        field = page.find(attrs={"name": name.replace("__", "-")})
        assert value in (field.get("value") or str(page.find_all(attrs={"name": field["name"]}))), name


def test_the_reader_sees_what_the_public_page_shows(beth, own_db, own_client):
    service = _service(own_db, locations=True)
    draft = begin(beth, service)
    beside = BeautifulSoup(beth.client.get(f"{draft}/name").text, "html.parser").find(class_="reader").get_text(" ", strip=True)
    public = (
        BeautifulSoup(own_client.get(f"/services/{service.id}").text, "html.parser").find("article").get_text(" ", strip=True)
    )
    middle = beside.split("Get in touch", 1)[1].rsplit("About this listing", 1)[0]
    assert middle in public


def test_a_place_that_others_use_asks_for_whom_it_changes(beth, own_db):
    row = next(
        own_db.query(
            "SELECT location_id, min(service_id) AS one, max(service_id) AS other FROM service_at_location "
            "GROUP BY location_id HAVING count(*) > 1 ORDER BY location_id LIMIT 1"
        )
    )
    one, other = store.get_services(own_db, [row["one"], row["other"]])
    number = [place.id for place in one.locations].index(row["location_id"])
    draft = begin(beth, one)
    assert "other listing" in beth.client.get(f"{draft}/where").text
    field = f"places__{number}__name"
    refused = send(beth, f"{draft}/where", **{field: "New hall"})
    assert refused.status_code == 400
    assert "Say for which listings" in refused.text
    assert send(beth, f"{draft}/where", **{field: "New hall", f"places__{number}__share": "here"}).status_code == 302
    publish(beth, draft)
    assert store.get_services(own_db, [other.id])[0].locations == other.locations
    assert store.get_services(own_db, [one.id])[0].locations[number].name == "New hall"


def test_drafts_are_listed_and_can_be_thrown_away(beth, own_db):
    service = _service(own_db)
    draft = begin(beth, service)
    send(beth, f"{draft}/name", name="Half written", go="later")
    assert "Half written" in beth.client.get("/directory/drafts").text
    beth.client.post(f"{draft}/delete", data={"csrf_token": token(beth)})
    assert beth.client.get(f"{draft}/name").status_code == 404
    assert store.get_services(own_db, [service.id])[0].name == service.name


def test_nobody_opens_the_draft_of_somebody_else(beth, dev, sara, amina, own_db, own_client):
    draft = begin(beth, _service(own_db))
    assert dev.client.get(f"{draft}/name").status_code == 404
    assert sara.client.get(f"{draft}/name").status_code == 403
    assert amina.client.get(f"{draft}/name").status_code == 403
    assert own_client.get(f"{draft}/name").status_code == 302


def test_what_was_typed_in_another_window_is_not_written_over(beth, own_db):
    draft = begin(beth, _service(own_db))
    old = typed(beth.client.get(f"{draft}/name").text)
    send(beth, f"{draft}/name", name="In this window")
    answer = beth.client.post(f"{draft}/name", data=old | {"name": "In the other window"})
    assert answer.status_code == 409
    assert "In the other window" in answer.text
    kept = drafts.get_draft(own_db, draft.rsplit("/", 1)[1])
    assert kept is not None
    assert kept.service.name == "In this window"


def test_the_second_of_two_is_shown_both_and_loses_nothing(beth, dev, own_db):
    service = _service(own_db, phones=True)
    hers, his = begin(beth, service), begin(dev, service)
    send(beth, f"{hers}/name", name="By Beth", alert="From Beth")
    send(dev, f"{his}/name", name="By Dev")
    send(dev, f"{his}/cost", fees="£6, says Dev", free="no")
    assert publish(beth, hers).status_code == 302
    both = publish(dev, his, why="Mine")
    assert both.location.endswith("/both")
    page = dev.client.get(both.location).text
    for words in ("By Beth", "By Dev", "From Beth", "£6, says Dev"):
        assert words in page
    data = {"csrf_token": token_of(page), "version": re.findall(r'name="version" value="(\d+)"', page)[0]}
    assert dev.client.post(both.location, data=data).status_code == 400
    assert dev.client.post(both.location, data=data | {"keep-name": "mine"}).status_code == 302
    publish(dev, his)
    found = store.get_services(own_db, [service.id])[0]
    assert (found.name, found.alert, found.fees) == ("By Dev", "From Beth", "£6, says Dev")


def test_retired_is_gone_for_families_but_never_lost(beth, own_db, own_client):
    service = _service(own_db, categories=True)
    address = f"/directory/listings/{service.id}"
    assert beth.client.post(f"{address}/retire", data={"csrf_token": token(beth), "reason": ""}).status_code == 400
    beth.client.post(f"{address}/retire", data={"csrf_token": token(beth), "reason": "No more money"})
    answer = own_client.get(f"/services/{service.id}")
    assert answer.status_code == 410
    assert "no longer listed" in answer.text
    assert "No more money" not in answer.text
    assert 'href="/services/' in answer.text, "nothing else is offered"
    assert "No more money" in beth.client.get(f"{address}/history").text
    beth.client.post(f"{address}/bring-back", data={"csrf_token": token(beth)})
    assert own_client.get(f"/services/{service.id}").status_code == 200


def test_a_closed_service_says_so_and_an_unknown_one_is_not_found(own_db, own_client):
    service = _service(own_db)
    editing.save(own_db, replace(service, status="defunct"), "Beth", "")
    answer = own_client.get(f"/services/{service.id}")
    assert answer.status_code == 410
    assert "This service has closed" in answer.text
    assert own_client.get("/services/7d8f2c5e-0000-4000-8000-000000000001").status_code == 404


def test_the_place_of_a_retired_refuge_is_not_given_away(own_db, own_client):
    service = _service(own_db, locations=True)
    secret = replace(service.locations[0], hides_address=True, name="Secret House")
    editing.save(own_db, replace(service, hidden="retired", locations=(secret,)), "Beth", "")
    assert "Secret House" not in own_client.get(f"/services/{service.id}").text


def test_many_are_looked_at_changed_and_undone_as_one(beth, own_db):
    services = store.get_services(own_db, store.all_service_ids(own_db)[:3])
    data = {"csrf_token": token(beth), "ticked": [one.id for one in services], "action": "add_category", "category": "sleep"}
    preview = beth.client.post("/directory/listings/many", data=data)
    assert preview.status_code == 200
    assert "would change" in preview.text
    assert store.get_services(own_db, [one.id for one in services]) == services
    done = beth.client.post("/directory/listings/many", data=data | {"sure": "1"})
    assert all("sleep" in one.categories for one in store.get_services(own_db, [one.id for one in services]))
    page = beth.client.get(done.location).text
    undo = re.findall(r'action="(/directory/jobs/[0-9a-f]{32}/undo)"', page)[0]
    beth.client.post(undo, data={"csrf_token": token(beth)})
    assert store.get_services(own_db, [one.id for one in services]) == services


@pytest.mark.parametrize(
    "fields",
    [{}, {"action": "burn"}, {"action": "add_category", "category": "no such"}, {"action": "area"}, {"action": "organization"}],
)
def test_many_with_something_missing_is_refused(beth, own_db, fields):
    ids = store.all_service_ids(own_db)[:1] if fields else []
    data = {"csrf_token": token(beth), "ticked": ids, "sure": "1"} | fields
    assert beth.client.post("/directory/listings/many", data=data).status_code == 400


@pytest.mark.parametrize("state", ["", "listed", "never", "overdue", "drafts", "waiting", "hidden", "retired", "nonsense"])
def test_the_list_is_found_by_words_and_state(beth, own_db, state):
    service = _service(own_db)
    assert beth.client.get("/directory/listings", query_string={"state": state, "page": "2"}).status_code == 200
    if state in {"", "listed"}:
        found = beth.client.get("/directory/listings", query_string={"state": state, "words": service.name}).text
        assert service.id in found
    if state == "retired":
        assert service.id not in beth.client.get("/directory/listings?state=retired").text


def test_a_note_is_for_officers_only(beth, own_db, own_client):
    service = _service(own_db)
    beth.client.post(f"/directory/listings/{service.id}/note", data={"csrf_token": token(beth), "note": "Ring before ten"})
    assert "Ring before ten" in beth.client.get(f"/directory/listings/{service.id}").text
    assert "Ring before ten" not in own_client.get(f"/services/{service.id}").text


def test_an_organisation_changes_for_all_its_listings_and_says_so(beth, own_db):
    service = next(one for one in store.get_services(own_db, store.all_service_ids(own_db))
                   if one.organization and len(store.services_run_by(own_db, one.organization.id)) > 1)  # fmt: skip
    assert service.organization is not None
    address = f"/directory/organisations/{service.organization.id}/edit"
    page = beth.client.get(address).text
    assert "for all of them" in page
    beth.client.post(
        address, data={"csrf_token": token_of(page), "name": "Renamed", "description": "d", "website": "", "email": ""}
    )
    for id_ in store.services_run_by(own_db, service.organization.id):
        assert store.revisions(own_db, id_)[0].service.organization.name == "Renamed"
