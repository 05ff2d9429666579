"""I couldn't find it: one tap counts, and a row says nothing about who tapped, or when in the month."""

from __future__ import annotations

import re

import pytest

from directory.keeping import unmet_needs
from directory.store import unmet_needs as rows
from directory.unmet_need import UnmetNeed
from plumbing import clock
from tests.family import AMINA, SARA, join_staff, sign_up, token_of

EMPTY = {"category": "", "place": "", "website": ""}


@pytest.fixture
def tap(own_client):
    """Open the page as a link of ours does, and press the one button."""

    def do(client=own_client, query="", **fields):
        page = client.get(f"/could-not-find{query}").text
        return client.post("/could-not-find", data={"csrf_token": token_of(page)} | EMPTY | fields)

    return do


def counted(page: str) -> str:
    return re.search(r'name="counted"[^>]*value="([^"]+)"', page)[1]


def more(client, page: str, **fields):
    sent = {"csrf_token": token_of(page), "counted": counted(page), "reason": "", "waited": "", "age_band": ""} | EMPTY | fields
    return client.post("/could-not-find/more", data=sent)


def test_one_tap_counts(tap, own_db):
    assert "Counted" in tap().text
    (count,) = rows.counts(own_db)
    assert count.month == f"{clock.today():%Y-%m}"
    assert (count.category, count.outcode, count.age_band, count.reason, count.number) == ("", "", "", "", 1)


def test_what_the_page_before_knew_is_filled_in(own_client):
    page = own_client.get("/could-not-find?category=sleep&place=NE66+1AB").text
    assert '<option value="sleep" selected>' in page
    assert 'value="NE66"' in page


@pytest.mark.parametrize("query", ["?category=nonsense", "?category=<script>", "?place=" + "x" * 3000, "?place=Nowhereville"])
def test_an_address_with_nonsense_is_a_page_all_the_same(own_client, query):
    page = own_client.get(f"/could-not-find{query}")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "nonsense" not in page.text


def test_more_may_be_said_and_counts_no_second_time(tap, own_client, own_db):
    page = tap(category="sleep").text
    sent = {"category": "sleep", "place": "NE66 1AB", "reason": "waiting", "waited": "over_a_year", "age_band": "5_10"}
    answer = more(own_client, page, **sent)
    assert answer.status_code == 302
    assert "it counts" in own_client.get(answer.location).text
    (count,) = rows.counts(own_db)
    assert (count.category, count.outcode, count.age_band, count.reason, count.number) == ("sleep", "NE66", "5_10", "waiting", 1)


def test_how_long_is_kept_only_of_those_who_wait(tap, own_client, own_db):
    more(own_client, tap().text, reason="cost", waited="over_a_year")
    assert own_db.execute("SELECT waited FROM unmet_need").fetchall() == [("",)]


def test_only_the_first_half_of_a_postcode_is_kept(tap, own_db):
    tap(place="NE66 1AB")
    assert "1AB" not in "\n".join(line for line in own_db.conn.iterdump() if "unmet_need" in line)
    assert rows.counts(own_db)[0].outcode == "NE66"


def test_a_row_has_no_day_no_time_and_no_place_in_a_queue(tap, own_db):
    for category in ("sleep", "benefits", "leisure-clubs", "short-breaks", "equipment", "parent-groups"):
        tap(category=category)
    columns = {row[1] for row in own_db.execute("PRAGMA table_info(unmet_need)")}
    assert columns == {"id", "month", "category", "outcode", "age_band", "reason", "waited"}
    ids = [row[0] for row in own_db.execute("SELECT id FROM unmet_need")]
    assert ids == sorted(ids), "Rows lie in the order of random ids."
    with pytest.raises(Exception, match="rowid"):
        own_db.execute("SELECT rowid FROM unmet_need").fetchall()


def test_whoever_is_signed_in_leaves_no_more_than_anybody(tap, own_app, own_data):
    for member in (sign_up(own_app.test_client(), AMINA), join_staff(own_app.test_client(), SARA, "key_worker")):
        assert tap(member.client).status_code == 200
        stored = b"".join(path.read_bytes() for path in own_data.glob("directory.db*"))
        for trace in (member.id, member.sign_in_name, member.shown_name + "\0", "127.0.0.1"):
            assert trace.encode() not in stored


@pytest.mark.parametrize(
    "fields",
    [
        {"category": "Yusuf"},
        {"place": "the house by the mill"},
        {"reason": "Yusuf was refused"},
        {"age_band": "7"},
        {"waited": "x"},
    ],
)
def test_nothing_but_our_own_choices_gets_into_a_row(tap, own_db, fields):
    refused = tap(**fields)
    assert refused.status_code == 400
    assert "<title>Error:" in refused.text
    assert rows.counts(own_db) == []


def test_free_words_are_refused_below_the_page_too(own_db):
    with pytest.raises(ValueError, match="reason"):
        unmet_needs.add(own_db, UnmetNeed("2026-11", reason="Yusuf was refused"))


def test_a_forged_or_old_ticket_changes_no_row(tap, own_client, own_db):
    page = tap(category="sleep").text
    (id_,) = own_db.execute("SELECT id FROM unmet_need").fetchone()
    for forged in ("", "x", id_, f"{id_}.9999999999.{'0' * 64}", counted(page)[:-2]):
        assert more(own_client, page, counted=forged, reason="cost").status_code == 400
    with clock.moved(minutes=61):
        assert more(own_client, page, reason="cost").status_code == 400
    assert rows.counts(own_db)[0].reason == ""


def test_a_ticket_for_one_thing_is_none_for_another(tap, own_client):
    page = tap().text
    sent = {"csrf_token": token_of(page), "opened": counted(page), "useful": "no"}
    assert own_client.post("/ask/answer/reply", data=sent).status_code == 400


def test_a_program_is_thanked_and_not_counted(tap, own_db):
    assert tap(website="https://spam.example").status_code == 302
    assert rows.counts(own_db) == []


def test_a_flood_from_one_address_is_held_back(tap, own_db):
    assert [tap().status_code for _ in range(12)] == [200] * 12
    assert tap().status_code == 429
    assert sum(count.number for count in rows.counts(own_db)) == 12


def test_counts_are_of_the_months_that_were_asked_for(own_db):
    for month in ("2026-01", "2026-02", "2026-02", "2026-03"):
        unmet_needs.add(own_db, UnmetNeed(month, "sleep", "NE66"))
    assert [(one.month, one.number) for one in rows.counts(own_db, "2026-02", "2026-02")] == [("2026-02", 2)]
    assert sum(one.number for one in rows.counts(own_db)) == 4


def test_pages_lead_there_with_what_they_know(own_client, own_db):
    from directory import store

    service = store.get_shown_services(own_db, store.all_service_ids(own_db)[:1])[0]
    category = service.categories[0]
    for address, wanted in (
        ("/search?q=sleep&place=NE66", "place=NE66"),
        ("/search?q=zzxqj", "/could-not-find"),
        (f"/services/{service.id}", f"category={category}"),
    ):
        page = own_client.get(address).text
        (link,) = re.findall(r'href="(/could-not-find[^"]*)"', page)
        assert wanted in link
        assert 'href="/ask"' in page


def test_looking_for_help_sets_no_cookie(own_app):
    for address in ("/", "/search?q=sleep", "/search?q=zzxqj", "/guides/sleep"):
        assert "Set-Cookie" not in own_app.test_client().get(address).headers
