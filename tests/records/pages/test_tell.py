"""Tell it once: the three sections as a grant, as one pack, or on paper; and nothing that was not meant."""

from __future__ import annotations

import datetime
import re

import pytest

from plumbing import clock
from tests.family import Member, token_of
from tests.printed import check_accessible, tags, words
from tests.records.pages.conftest import opened
from tests.records.pages.readers import share, write


@pytest.fixture
def told(amina: Member, yusuf: str) -> str:
    """Something in each of the three, something of before, and something that is nobody's business."""
    write(amina, yusuf, "about_me", kind="about_me", liked="My laugh")
    write(amina, yusuf, "about_me", kind="note", title="Numbat note", words="what he said")
    need = write(amina, yusuf, "care_plan", kind="need", title="Sleeping", change="Nights without waking", strong="Gran helps")
    write(amina, yusuf, "care_plan", kind="action", need_id=need.id, what="Sleep clinic", who="Sara Morgan", by_when="2027-03-03")
    write(amina, yusuf, "care_plan", kind="action", need_id=need.id, what="Dropped idea", state="dropped")
    write(
        amina, yusuf, "people", kind="person", name="Sara Morgan", role="key worker", phone="0191 496 0000", keeps="Quokka report"
    )
    write(amina, yusuf, "people", kind="person", name="Old Dr Khan", until="2020-01-01")
    write(amina, yusuf, "diary", kind="diary", words="Wombat secret")
    return yusuf


def _ids(member: Member, record: str, *kinds: str) -> list[str]:
    with member.app.test_request_context():
        return [one.id for one in opened(member, record).entries() if one.kind in kinds]


def _make(member: Member, record: str, entries: list[str], **changes: str):
    token = token_of(member.client.get(f"{record}/tell/pack").text)
    last_day = (clock.today() + datetime.timedelta(days=7)).isoformat()
    typed = {"name": "Dr Jones", "purpose": "To get to know us", "last_day": last_day} | changes
    return member.client.post(f"{record}/tell/pack", data={"csrf_token": token, "entries": entries, **typed})


def test_the_page_says_what_each_way_gives_away(amina, told):
    page = amina.client.get(f"{told}/tell").text
    assert "You see each time they look, and can end it on any day." in page
    assert "You cannot take back what they have read or copied." in page
    assert "You cannot see who reads it, or take it back." in page
    assert "Wombat" not in page
    for address in (told, f"{told}/people"):
        assert f"{told}/tell" in amina.client.get(address).text


def test_as_a_grant_the_three_are_ticked_and_nothing_else(amina, told):
    page = amina.client.get(f"{told}/tell").text
    link = re.search(rf'href="({told}/share\?[^"]+)"', page)
    assert link
    form = amina.client.get(link[1].replace("&amp;", "&")).text
    ticked = set(re.findall(r'name="sections" value="([0-9a-f]{32})" checked', form))
    with amina.app.test_request_context():
        book = opened(amina, told).book
        assert ticked == {book.by_slug(slug).id for slug in ("about_me", "care_plan", "people")}


def test_as_a_pack_what_is_told_is_ticked_and_what_is_over_not_offered(amina, told):
    page = amina.client.get(f"{told}/tell/pack").text
    ticked = set(re.findall(r'name="entries" value="([0-9a-f]{32})" checked', page))
    assert len(ticked) == 4
    assert set(_ids(amina, told, "note")).isdisjoint(ticked)
    assert "Numbat note" in page
    for over in ("Dropped idea", "Old Dr Khan", "Wombat"):
        assert over not in page


def test_one_pack_holds_what_was_ticked_across_the_three(amina, told):
    page = amina.client.get(f"{told}/tell/pack").text
    answer = _make(amina, told, re.findall(r'name="entries" value="([0-9a-f]{32})" checked', page))
    assert answer.status_code == 302, answer.text
    given = amina.client.get(answer.location).text
    code = re.search(r'value="http://localhost/pack#([0-9A-Z-]{34})"', given)[1]
    pin = "".join(re.findall(r"<li>(\d{3})</li>", given))
    guest = amina.app.test_client()
    entered = guest.post("/pack", data={"csrf_token": token_of(guest.get("/pack").text), "code": code, "pin": pin})
    assert entered.status_code == 303, entered.text
    read = guest.get(entered.location).text
    for said in ("About me", "My laugh", "Nights without waking", "Sleep clinic", "Sara Morgan", "To get to know us"):
        assert said in read
    for kept in ("Numbat", "Dropped idea", "Old Dr Khan", "Wombat"):
        assert kept not in read


@pytest.mark.parametrize(
    ("kinds", "changes", "says"),
    [
        ((), {}, "Tick at least one thing to show"),
        # What was not offered cannot be ticked: then nothing is.
        (("diary",), {}, "Tick at least one thing to show"),
        (("need",), {"name": ""}, "Write who it is for"),
        (("need",), {"last_day": "3 May 1999"}, "Choose a day from today"),
    ],
)
def test_a_pack_of_nothing_for_nobody_or_for_ever_is_not_made(amina, told, kinds, changes, says):
    answer = _make(amina, told, _ids(amina, told, *kinds), **changes)
    assert answer.status_code == 400
    assert says in answer.text
    assert "<title>Error:" in answer.text
    assert "Nothing is shown by a link at the moment." in amina.client.get(f"{told}/packs").text


def test_a_pack_asks_for_the_passphrase_unless_it_was_typed_just_now(amina, told):
    with clock.moved(minutes=6):
        answer = _make(amina, told, _ids(amina, told, "need"))
        assert "Type your passphrase again" in answer.text


def test_on_paper_it_leaves_a_line_in_the_log(amina, told):
    assert "printed what somebody new needs to know" not in amina.client.get(f"{told}/log").text
    amina.client.get(f"{told}/tell.pdf")
    assert "You printed what somebody new needs to know." in amina.client.get(f"{told}/log").text


def test_on_paper_it_is_one_document_that_can_be_read_aloud(amina, told):
    answer = amina.client.get(f"{told}/tell.pdf")
    check_accessible(answer.data, "Getting to know Yusuf")
    text = words(answer.data)
    for said in ("My laugh", "Nights without waking", "Sleep clinic", "key worker", "0191 496 0000", "Please keep this safe"):
        assert said in text
    for kept in ("Numbat", "Dropped idea", "Old Dr Khan", "Wombat", "Quokka report"):
        assert kept not in text
    names = [name for name, _alt in tags(answer.data)]
    assert (names.count("/H1"), names.count("/H2")) == (1, 3)
    assert "no-store" in answer.headers["Cache-Control"]
    check_accessible(amina.client.get(f"{told}/tell.pdf?large=1").data, "Getting to know Yusuf")


def test_one_of_the_three_can_be_left_out(amina, told):
    with amina.app.test_request_context():
        people = opened(amina, told).book.by_slug("people")
    text = words(amina.client.get(f"{told}/tell.pdf?without={people.id}").data)
    assert "0191 496 0000" not in text
    assert "My laugh" in text


def test_an_empty_record_has_the_page_and_a_sheet_too(amina, yusuf):
    assert amina.client.get(f"{yusuf}/tell").text.count("Nothing yet") == 3
    check_accessible(amina.client.get(f"{yusuf}/tell.pdf").data, "Getting to know Yusuf")
    assert amina.client.get(f"{yusuf}/tell/pack").status_code == 200


def test_it_is_the_familys_alone(amina, sara, joe, told):
    share(amina, told, sara, "about_me", "care_plan", "people", verb="read_and_add")
    for member in (sara, joe):
        for address in ("tell", "tell/pack", "tell.pdf"):
            assert member.client.get(f"{told}/{address}").status_code == 404
