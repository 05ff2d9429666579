"""A list in the reader's own browser: kept by address without script, printed, sent, and known to nobody else."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from directory import store
from directory.paper.essentials import cut, essentials
from directory.shortlist import MOST, Shortlist
from tests import printed
from tests.family import token_of

NOBODY = "00000000-0000-0000-0000-000000000000"


def _ids(db, number):
    return store.all_service_ids(db)[:number]


def _with_number(db):
    """A service that has a number, and one with a number of which we say that we have not checked it."""
    services = store.get_shown_services(db, store.all_service_ids(db))
    plain = next(one for one in services if one.all_phones and not one.all_phones[0].from_their_own_pages and one.check)
    unsure = next(one for one in services if one.all_phones and one.all_phones[0].from_their_own_pages)
    return plain, unsure


def _names(page):
    return [" ".join(one.get_text().split()) for one in BeautifulSoup(page, "html.parser").select("[data-kept] h2")]


def _print(client, ids, **more):
    token = token_of(client.get("/shortlist").text)
    return client.post("/shortlist/leaflet", data={"csrf_token": token, "s": ids} | more)


def test_a_result_and_a_service_can_be_kept_by_a_real_button(client):
    page = BeautifulSoup(client.get("/search?q=sleep").text, "html.parser")
    buttons = page.select('button[form="keep"][name="s"]')
    assert len(buttons) == 10
    assert page.find("form", id="keep")["action"] == "/shortlist"
    service = BeautifulSoup(client.get(f"/services/{buttons[0]['value']}").text, "html.parser")
    assert service.select_one('button[form="keep"]')["value"] == buttons[0]["value"]


def test_the_list_is_in_the_order_of_its_address(client, db):
    one, two, three = store.get_services(db, _ids(db, 3))
    assert _names(client.get("/shortlist", query_string={"s": [two.id, three.id, one.id]}).text) == [
        two.name,
        three.name,
        one.name,
    ]


def test_the_list_goes_along_from_page_to_page_without_script(client, db):
    kept = _ids(db, 2)
    page = BeautifulSoup(client.get("/search", query_string={"q": "sleep", "s": kept}).text, "html.parser")
    assert [one["value"] for one in page.select("#keep input[name=s]")] == kept
    assert f"s={kept[0]}&s={kept[1]}" in page.select_one("li.card h2 a")["href"]
    assert f"s={kept[0]}" in page.find("a", rel="next")["href"]
    assert "My list: 2" in page.text


@pytest.mark.parametrize(("what", "order"), [("up", [1, 0, 2]), ("down", [0, 2, 1]), ("off", [0, 2])])
def test_the_order_is_changed_without_script(client, db, what, order):
    ids = _ids(db, 3)
    answer = client.get("/shortlist", query_string={"s": ids, what: ids[1]})
    assert re.findall(r"s=([0-9a-f-]{36})", answer.location) == [ids[number] for number in order]


def test_a_service_that_is_not_shown_any_more_is_said_and_not_dropped(own_client, own_db):
    one, other = store.get_services(own_db, _ids(own_db, 2))
    with own_db.atomic():
        own_db.execute("UPDATE service SET status = 'inactive' WHERE id = ?", [one.id])
    page = own_client.get("/shortlist", query_string={"s": [one.id, other.id, NOBODY]}).text
    assert _names(page) == ["A service that is not here any more", other.name, "A service that is not here any more"]
    assert one.name not in page


def test_what_a_browser_keeps_is_shown_and_nothing_is_written_down(own_client, own_data, own_db):
    ids = _ids(own_db, 2)
    token = token_of(own_client.get("/shortlist").text)
    before = (own_data / "directory.db").read_bytes()
    answer = own_client.post("/shortlist", data={"csrf_token": token, "s": ids})
    assert answer.json
    assert all(f'data-kept="{id_}"' in answer.json["list"] for id_ in ids)
    assert (own_data / "directory.db").read_bytes() == before


def test_no_cache_and_no_other_site_is_told_of_the_list(client, db):
    answer = client.get("/shortlist", query_string={"s": _ids(db, 1)})
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "strict-origin")


def test_beside_every_number_stands_who_made_sure_of_it(client, db):
    plain, unsure = _with_number(db)
    page = BeautifulSoup(client.get("/shortlist", query_string={"s": [plain.id, unsure.id]}).text, "html.parser")
    beside = [row.small.get_text() for row in page.select("p.reach") if row.find("a", class_="btn")]
    assert beside
    assert all(re.search(r"[Cc]hecked", words) for words in beside)
    assert any("not yet checked by us" in words for words in beside)


def test_it_is_sent_by_the_phone_with_the_list_where_no_server_sees_it(client, db):
    plain, _unsure = _with_number(db)
    page = client.get("/shortlist", query_string={"s": plain.id}).text
    body = unquote(re.search(r'href="sms:\?body=([^"]+)"', page)[1])
    assert plain.name in body
    assert plain.all_phones[0].number in body
    assert body.endswith(f"/shortlist#{plain.id}")


@pytest.mark.parametrize("look", ["plain", "large", "easy", "nonsense"])
def test_the_list_is_a_leaflet_with_a_way_back(client, db, look):
    plain, unsure = _with_number(db)
    answer = _print(client, [plain.id, unsure.id, NOBODY], look=look)
    assert answer.mimetype == "application/pdf"
    printed.check_accessible(answer.data, "My list")
    text = printed.words(answer.data)
    assert plain.all_phones[0].number in text
    assert "not yet checked by us" in text
    assert ("Figure", "A square code for a phone’s camera. It opens this list as it is today.") in [
        (kind.lstrip("/"), words) for kind, words in printed.tags(answer.data)
    ]


def test_a_list_of_more_than_thirty_is_not_cut_short_on_paper(client, db):
    ids = _ids(db, MOST + 1)
    assert "A list holds 30 services. 1 more is not shown." in client.get("/shortlist", query_string={"s": ids}).text
    answer = _print(client, ids)
    assert answer.status_code == 400
    assert "A list holds 30 services. Take some off" in answer.text
    assert _print(client, ids[:MOST]).mimetype == "application/pdf"


@pytest.mark.parametrize("ids", [[], [NOBODY], ["<script>"], ["../../etc/passwd"], ["0" * 5000]])
def test_a_leaflet_of_nothing_is_refused_in_words(client, ids):
    answer = _print(client, ids)
    assert answer.status_code == 400
    assert "nothing on this list that we can print" in answer.text


def test_made_up_ids_are_left_out(client):
    page = client.get("/shortlist", query_string={"s": ["'; DROP TABLE service", "<b>", "0" * 99], "up": "x", "off": "<i>"})
    assert page.status_code == 200
    assert "There is nothing on your list yet." in page.text


def test_a_list_that_could_put_somebody_in_danger_says_so(client, db):
    services = store.get_shown_services(db, store.all_service_ids(db))
    refuge = next(one for one in services if any(place.hides_address for place in one.locations))
    page = client.get("/shortlist", query_string={"s": refuge.id}).text
    assert "Does somebody else look at this phone?" in page
    assert "Leave this page quickly" in page
    assert "If somebody else looks at it" in client.get(f"/services/{refuge.id}").text


def test_a_hidden_address_is_on_no_paper(own_client, own_db):
    service = next(
        one
        for one in store.get_services(own_db, store.all_service_ids(own_db))
        if any(p.addresses and p.addresses[0].address_1 for p in one.locations)
    )
    street = service.locations[0].addresses[0].address_1
    assert street in printed.words(_print(own_client, [service.id]).data)
    with own_db.atomic():
        own_db.execute("UPDATE location SET hides_address = 1")
    assert street not in printed.words(_print(own_client, [service.id]).data)


def test_a_number_kept_back_is_on_no_paper(own_client, own_db):
    service, _unsure = _with_number(own_db)
    number = service.all_phones[0].number
    with own_db.atomic():
        own_db.execute("UPDATE phone SET confidence = 'withheld' WHERE service_id = ?", [service.id])
    text = printed.words(_print(own_client, [service.id]).data)
    assert number not in text


HOSTILE = '#read("/etc/passwd") $x$ *bold* _under_ [link](x) <label> @ref \\ `code` "quotes" ' + "W" * 90


def test_what_somebody_typed_is_printed_as_it_stands(own_client, own_db):
    service = _ids(own_db, 1)[0]
    with own_db.atomic():
        own_db.execute(
            "UPDATE service SET name = ?, description = ?, url = ? WHERE id = ?",
            [HOSTILE, HOSTILE, "https://e.org/" + "x" * 300, service],
        )
    answer = _print(own_client, [service])
    assert HOSTILE.replace(" ", "") in printed.letters(answer.data)


def test_a_list_moves_only_where_there_is_room():
    kept = Shortlist(("a", "b"))
    assert (kept.moved("a", -1), kept.moved("b", 1), kept.moved("x", 1)) == (kept, kept, kept)


def test_a_text_is_cut_at_a_sentence_or_a_word():
    assert cut("A" * 300, 100).endswith("…")
    assert cut("The first thing. Second thing that goes on.", 25) == "The first thing."


def test_a_closed_service_says_so_first(app, db):
    service = store.get_shown_services(db, _ids(db, 1))[0]
    with app.test_request_context():
        assert essentials(replace(service, status="temporarily closed")).remark.startswith("Closed for now")
