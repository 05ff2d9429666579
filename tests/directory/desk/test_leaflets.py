"""Leaflets and booklets: chosen or found anew, in an order, published and retired; nothing on paper that families may not see."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from directory import store
from directory.keeping import booklets, leaflets
from directory.leaflet import Leaflet, slug_of
from directory.paper.booklet import Part, index_of
from directory.paper.essentials import essentials
from directory.search import Query
from plumbing import clock
from plumbing.days import months_after
from tests import printed
from tests.family import token_of

HOSTILE = '#read("/etc/passwd") <script>alert(1)</script> *b* $x$ @y \\'


def _form(member, address="/directory/leaflets/new"):
    """The fields of the form as the page fills them, and where it goes."""
    page = BeautifulSoup(member.client.get(address).text, "html.parser")
    form = next(one for one in page.select("main form") if one.find("input", {"name": "title"}))
    fields = {}
    for one in form.select("input, textarea, select"):
        if one.get("type") in {"radio", "checkbox"} and not one.has_attr("checked"):
            continue
        chosen = one.find("option", selected=True) if one.name == "select" else None
        value = (chosen["value"] if chosen else "") if one.name == "select" else one.get("value", one.text.strip())
        fields.setdefault(one["name"], []).append(value)
    return form["action"], fields


def _save(member, ids=(), address="/directory/leaflets/new", **changes):
    action, fields = _form(member, address)
    return member.client.post(action, data=fields | {"title": "Short breaks", "s": list(ids)} | changes)


def _id(answer):
    return re.search(r"/directory/leaflets/([0-9a-f]{32})", answer.location)[1]


def _status(member, id_, status):
    token = token_of(member.client.get(f"/directory/leaflets/{id_}").text)
    return member.client.post(f"/directory/leaflets/{id_}/status", data={"csrf_token": token, "status": status})


@pytest.fixture
def ids(own_db):
    services = store.get_shown_services(own_db, store.all_service_ids(own_db))
    return [one.id for one in services if one.all_phones][:3]


@pytest.fixture
def published(beth, ids):
    id_ = _id(_save(beth, ids, introduction="For families near Alnwick.", foot="Information service, 01632 960000"))
    assert _status(beth, id_, "published").status_code == 302
    return id_


def test_a_leaflet_is_chosen_saved_published_and_found(beth, published, ids, own_db, own_client):
    names = [one.name for one in store.get_services(own_db, ids)]
    page = BeautifulSoup(own_client.get("/leaflets/short-breaks").text, "html.parser")
    assert [" ".join(one.text.split()) for one in page.select("article h2")] == [" ".join(name.split()) for name in names]
    assert "Short breaks" in own_client.get("/leaflets").text
    assert "Leaflets to print" in own_client.get("/").text
    answer = own_client.get("/leaflets/short-breaks/pdf")
    printed.check_accessible(answer.data, "Short breaks")
    text = printed.words(answer.data)
    assert "localhost/leaflets/short-breaks" in text
    assert "Information service, 01632 960000" in text
    assert [text.index(" ".join(name.split())) for name in names] == sorted(text.index(" ".join(name.split())) for name in names)


def test_a_draft_is_nobody_elses(beth, ids, own_client):
    id_ = _id(_save(beth, ids))
    for address in ("/leaflets/short-breaks", "/leaflets/short-breaks/pdf"):
        assert own_client.get(address).status_code == 404
    assert "Leaflets to print" not in own_client.get("/").text
    assert "Draft: not given out yet." in printed.words(beth.client.get(f"/directory/leaflets/{id_}/pdf").data)


def test_a_retired_leaflet_says_so_at_its_printed_address(beth, published, own_client):
    _status(beth, published, "retired")
    answer = own_client.get("/leaflets/short-breaks")
    assert answer.status_code == 410
    assert "do not rely on a copy on paper" in answer.text
    assert "Short breaks" not in own_client.get("/leaflets").text


def test_its_order_is_changed_without_losing_what_was_typed(beth, ids, own_db):
    action, fields = _form(beth)
    data = fields | {"title": "Half typed", "s": ids}
    page = BeautifulSoup(beth.client.post(action, data=data | {"do": f"up {ids[2]}"}).text, "html.parser")
    assert [one["value"] for one in page.select("input[name=s]")] == [ids[0], ids[2], ids[1]]
    assert page.find("input", {"name": "title"})["value"] == "Half typed"
    page = BeautifulSoup(beth.client.post(action, data=data | {"do": f"off {ids[0]}"}).text, "html.parser")
    assert [one["value"] for one in page.select("input[name=s]")] == ids[1:]
    assert store.list_leaflets(own_db, "draft") == []


def test_a_service_is_found_and_added(beth, ids):
    action, fields = _form(beth)
    page = BeautifulSoup(beth.client.post(action, data=fields | {"find": "sleep", "do": "find"}).text, "html.parser")
    button = next(one["value"] for one in page.select("button[name=do]") if one["value"].startswith("add "))
    page = BeautifulSoup(beth.client.post(action, data=fields | {"do": button}).text, "html.parser")
    assert [one["value"] for one in page.select("input[name=s]")] == [button.partition(" ")[2]]


def test_a_search_is_asked_anew_at_each_print(beth, own_db, own_finder):
    id_ = _id(_save(beth, how="search", q="sleep", category="sleep"))
    before = printed.words(beth.client.get(f"/directory/leaflets/{id_}/pdf").data)
    found = own_finder.search(own_db, Query(words="sleep", categories=frozenset({"sleep"})))
    service = store.get_services(own_db, [found.results[0].id])[0]
    assert service.name in before
    with own_db.atomic():
        own_db.execute("UPDATE service SET status = 'defunct' WHERE id = ?", [service.id])
        store.bump(own_db)
    assert service.name not in printed.words(beth.client.get(f"/directory/leaflets/{id_}/pdf").data)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "  "}, "Give the leaflet a title"),
        ({"title": "x" * 91}, "Keep it under 90 letters"),
        ({"after": "yesterday"}, "Give the date after which"),
        ({"after": "2020-01-01"}, "still to come"),
        ({"how": "search"}, "Say what to search for"),
        ({"how": "search", "q": "sleep", "place": "Nowhereville"}, "We do not know that place"),
        ({"how": "search", "q": "sleep", "age": "old"}, "Give the age as a number"),
        ({"look": "golden"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_printed_is_said_and_kept_in_the_form(beth, changes, words, own_db):
    answer = _save(beth, introduction="What I wrote.", **changes)
    assert answer.status_code == 400
    assert words in answer.text
    assert "What I wrote." in answer.text
    assert store.list_leaflets(own_db, "draft") == []


def test_the_second_of_two_is_shown_both(beth, dev, published):
    address = f"/directory/leaflets/{published}"
    action, fields = _form(beth, address)
    assert _save(dev, fields["s"], address, title="What Dev wrote").status_code == 302
    answer = beth.client.post(action, data=fields | {"title": "What Beth wrote"})
    assert answer.status_code == 409
    assert "What Dev wrote" in answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    form = page.find("input", {"name": "title"})
    assert form["value"] == "What Beth wrote"
    fields |= {"version": page.find("input", {"name": "version"})["value"], "title": "What Beth wrote"}
    assert beth.client.post(action, data=fields).status_code == 302


def test_a_published_leaflet_keeps_its_address_under_a_new_title(beth, published, own_client):
    address = f"/directory/leaflets/{published}"
    _action, fields = _form(beth, address)
    _save(beth, fields["s"], address, title="Another title")
    assert "Another title" in own_client.get("/leaflets/short-breaks").text


def test_a_copy_is_a_draft_of_its_own(beth, published, own_db):
    token = token_of(beth.client.get(f"/directory/leaflets/{published}").text)
    copy = _id(beth.client.post(f"/directory/leaflets/{published}/copy", data={"csrf_token": token}))
    made = store.get_leaflet(own_db, copy)
    assert (made.status, made.title, made.slug) == ("draft", "Copy of Short breaks", "copy-of-short-breaks")
    assert made.service_ids == store.get_leaflet(own_db, published).service_ids


def test_nothing_is_published_with_nothing_on_it(beth):
    answer = _status(beth, _id(_save(beth)), "published")
    assert answer.status_code == 400
    assert "Add a service first" in answer.text


def test_a_leaflet_past_its_date_waits_at_the_desk(beth, published):
    assert "Leaflets past their date" not in beth.client.get("/directory").text
    with clock.moved(days=200):
        beth.sign_in()
        assert "Leaflets past their date" in beth.client.get("/directory").text


def test_key_workers_parents_and_strangers_neither_write_nor_publish(sara, amina, published, own_client, own_db):
    pages = ("leaflets", "leaflets/new", "booklets", f"leaflets/{published}/pdf")
    for member in (sara, amina):
        token = token_of(member.client.get("/settings").text)
        for page in pages:
            assert member.client.get(f"/directory/{page}").status_code == 403
        answer = member.client.post(f"/directory/leaflets/{published}/status", data={"csrf_token": token, "status": "retired"})
        assert answer.status_code == 403
    assert own_client.get("/directory/leaflets").location.startswith("/sign-in")
    assert store.get_leaflet(own_db, published).status == "published"


@pytest.mark.parametrize("what", ["", "/pdf"])
def test_a_made_up_leaflet_is_not_there(beth, what):
    assert beth.client.get(f"/directory/leaflets/{'0' * 32}{what}").status_code == 404


def test_a_made_up_status_is_refused(beth, published):
    assert _status(beth, published, "golden").status_code == 400


@pytest.mark.parametrize("look", ["plain", "large", "easy"])
def test_what_somebody_typed_is_never_markup(beth, ids, look):
    id_ = _id(_save(beth, ids, title=HOSTILE[:90], introduction=HOSTILE, foot=HOSTILE, look=look))
    pdf = beth.client.get(f"/directory/leaflets/{id_}/pdf").data
    assert printed.letters(pdf).count(HOSTILE.replace(" ", "")) == 3
    printed.check_accessible(pdf, HOSTILE)


def test_a_listing_that_was_withdrawn_is_said_to_the_officer_and_not_printed(beth, published, ids, own_db, own_client):
    name = store.get_services(own_db, ids[:1])[0].name
    with own_db.atomic():
        own_db.execute("UPDATE service SET status = 'inactive' WHERE id = ?", [ids[0]])
        store.bump(own_db)
    assert "A service that is not shown any more" in beth.client.get(f"/directory/leaflets/{published}").text
    assert name not in printed.words(own_client.get("/leaflets/short-breaks/pdf").data)


def test_two_leaflets_of_one_title_have_two_addresses(own_db):
    made = [leaflets.save(own_db, Leaflet(str(n) * 32, "", "Sleep", after=datetime.date(2027, 1, 1)), "Beth") for n in (1, 2)]
    assert [one.slug for one in made] == ["sleep", "sleep-2"]
    assert slug_of("Wales") == "wales"


# -- the booklet


def _ask(member, **changes):
    token = token_of(member.client.get("/directory/booklets").text)
    usual = {"csrf_token": token, "title": "Help here", "miles": "", "council": ""}
    return member.client.post("/directory/booklets", data=usual | changes)


def _made(member):
    assert member.app.test_cli_runner().invoke(args=["tidy"]).exit_code == 0
    page = member.client.get("/directory/booklets")
    return member.client.get(re.search(r"/directory/booklets/[0-9a-f]{32}/pdf", page.text)[0]).data


def test_a_booklet_is_asked_for_made_and_fetched(beth, own_db):
    assert _ask(beth, place="Alnwick", miles="5", categories=["sleep", "short-breaks"]).status_code == 302
    assert "Waiting its turn" in beth.client.get("/directory/booklets").text
    pdf = _made(beth)
    printed.check_accessible(pdf, "Help here")
    text = printed.words(pdf)
    for words in ("Within 5 miles of Alnwick", "Need to talk to someone now?", "What is in it", "Sleep help", "Index"):
        assert words in text
    assert "Call 999" in text or "999" in text


def test_the_index_and_the_contents_name_the_right_pages(beth, own_db, own_finder):
    _ask(beth, categories=["sleep"])
    with beth.app.test_request_context():
        asked = store.list_booklets(own_db)[0]
        service = booklets.services_of(own_db, own_finder, asked)[-1]
    pdf = _made(beth)
    pages = [page.get_textpage().get_text_range() for page in printed.pypdfium2.PdfDocument(pdf)]
    number = next(n for n, page in enumerate(pages, 1) if service.name in " ".join(page.split()) and "Index" not in page)
    begin = next(n for n, page in enumerate(pages) if "Services are in thick letters" in " ".join(page.split()))
    index = " ".join(" ".join(pages[begin:]).split())
    assert re.search(rf"{re.escape(service.name)} {number}\b", index)


def test_no_hidden_address_and_no_kept_back_number_is_in_the_booklet(beth, own_db):
    services = store.get_services(own_db, store.all_service_ids(own_db))
    place = next(p for one in services for p in one.locations if not p.hides_address and p.addresses and p.addresses[0].address_1)
    with own_db.atomic():
        own_db.execute("UPDATE location SET hides_address = 1")
        own_db.execute("UPDATE phone SET confidence = 'withheld'")
        store.bump(own_db)
    _ask(beth, national="y")
    letters = printed.letters(_made(beth))
    assert place.addresses[0].address_1.replace(" ", "") not in letters
    assert "0163296" not in letters


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give the booklet a title"),
        ({"place": "Nowhereville"}, "We do not know that place"),
        ({"miles": "5"}, "Say from which town"),
        ({"council": "E99"}, "Not a valid choice"),
        ({"categories": ["nonsense"]}, "not a valid choice"),
    ],
)
def test_a_booklet_of_nowhere_is_refused_in_words(beth, changes, words, own_db):
    answer = _ask(beth, **changes)
    assert answer.status_code == 400
    assert words.lower() in answer.text.lower()
    assert store.list_booklets(own_db) == []


def test_a_council_s_booklet_has_its_services_and_not_those_of_others(own_app, own_db, own_finder):
    with own_app.test_request_context():
        asked = booklets.Booklet("0" * 32, "x", council="E06000057")
        here = booklets.services_of(own_db, own_finder, asked)
        assert here
        assert all(one.reach != "national" for one in here)
        assert booklets.services_of(own_db, own_finder, replace(asked, council="E08000035")) == []


def test_a_booklet_that_was_deleted_is_gone(beth, own_db, own_data):
    _ask(beth, categories=["sleep"])
    _made(beth)
    id_ = store.list_booklets(own_db)[0].id
    token = token_of(beth.client.get("/directory/booklets").text)
    beth.client.post(f"/directory/booklets/{id_}/delete", data={"csrf_token": token})
    assert beth.client.get(f"/directory/booklets/{id_}/pdf").status_code == 404
    assert list((own_data / "booklets").iterdir()) == []


def test_the_index_goes_by_letters_and_leaves_out_what_stands_everywhere(app, db):
    with app.test_request_context():
        entries = tuple(
            replace(essentials(one), name=name, run_by="")
            for one, name in zip(
                store.get_shown_services(db, store.all_service_ids(db)[:3]), ("Élan", "eagle", "100 Acres"), strict=True
            )
        )
    found = index_of([Part("Sleep help", entries, words=("melatonin",))], {"Autism": ["x"] * 26, "Epilepsy": ["y"]})
    assert [one["letter"] for one in found] == ["0–9", "E", "M"]
    assert [one["words"] for one in found[1]["entries"]] == ["eagle", "Élan", "Epilepsy"]


def test_half_a_year_is_the_usual_date(beth):
    _action, fields = _form(beth)
    assert fields["after"] == [months_after(clock.today(), 6).isoformat()]


def test_leaflets_as_pdfs_are_counted(own_app, published, own_client):
    object.__setattr__(own_app.extensions["settings"], "paper_an_hour", 2)
    assert [own_client.get("/leaflets/short-breaks/pdf").status_code for _ in range(3)] == [200, 200, 429]
