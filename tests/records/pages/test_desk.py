"""The desk: who shares, what comes next, what is new, what waits; and a copy for an agency's file."""

from __future__ import annotations

import datetime
import io
import re

import pikepdf
import pypdfium2
import pytest
from flask import Flask

from accounts import keyring
from accounts.current import family
from plumbing import clock
from plumbing.dates import weekday_in_words
from records import recognising, wording
from tests.family import RHYS, SARA, Member, fill, join_staff, sign_up, token_of
from tests.records.pages.conftest import begin_record, opened
from tests.records.pages.readers import lines, notice, record_id, share, take_up, withdraw, write


@pytest.fixture
def sara(empty_app: Flask) -> Member:
    return join_staff(empty_app.test_client(), SARA, "key_worker")


def in_days(days: int) -> datetime.date:
    return clock.today() + datetime.timedelta(days=days)


def test_an_empty_desk_says_how_a_family_shares(sara):
    page = sara.client.get("/desk").text
    assert "Nothing is shared with you now" in page
    assert "eight words" in page


def test_the_desk_says_what_each_family_shares_what_comes_and_until_when(amina, joe, sara, yusuf):
    other = begin_record(joe, "Lily")
    write(amina, yusuf, "appointments", kind="appointment", what="Eye clinic", date=in_days(3).isoformat(), time="14:30")
    write(amina, yusuf, "meetings", kind="meeting", what="Annual review", date=in_days(40).isoformat())
    write(joe, other, "appointments", kind="appointment", what="Not shared", date=in_days(2).isoformat())
    share(amina, yusuf, sara, "appointments", "meetings", last_day=in_days(20))
    share(joe, other, sara, "care_plan", verb="read_and_add", last_day=in_days(200))
    page = sara.client.get("/desk").text
    lily, his = page.split(">Yusuf</a>")
    assert "Lily" in lily
    assert "Care plan: read and add, until" in lily
    assert "It ends soon" not in lily
    assert "Not shared" not in page
    assert "Appointments, Meetings: read, until" in his
    assert "Eye clinic" in his
    assert "Annual review" in his
    assert "It ends soon" in his
    assert "From Amina." in his
    assert lines(amina, yusuf, sara)[-1]["what"] == "desk"


def test_the_desk_says_when_a_plan_that_is_shared_is_looked_at_again(amina, joe, sara, yusuf):
    other = begin_record(joe, "Lily")
    for member, record, days in ((amina, yusuf, 30), (joe, other, 31), (amina, yusuf, -2)):
        slug = "family_plan" if days < 0 else "care_plan"
        agreed_on, review_on = in_days(-60).isoformat(), in_days(days).isoformat()
        write(member, record, slug, kind="agreed_plan", agreed_on=agreed_on, review_on=review_on)
    share(amina, yusuf, sara, "care_plan")
    share(joe, other, sara, "appointments")
    page = sara.client.get("/desk").text
    assert page.count("look at it again") == 1
    with sara.app.test_request_context():
        assert f"<b>{weekday_in_words(in_days(30))}</b>" in page
    assert 'class="tag warm">Late' not in page
    share(amina, yusuf, sara, "family_plan")
    page = sara.client.get("/desk").text
    assert page.count("look at it again") == 2
    assert 'class="tag warm">Late' in page


def test_the_desk_counts_what_others_added_since_the_last_look(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    assert "Once you have opened it, you read here what is new since." in sara.client.get("/desk").text
    write(amina, yusuf, "meetings", kind="meeting", what="Before")
    with clock.moved(hours=1):
        sara.sign_in()
        assert sara.client.get(yusuf).status_code == 200
    with clock.moved(hours=2):
        sara.sign_in()
        assert "Nothing is new since" in sara.client.get("/desk").text
        write(amina, yusuf, "meetings", kind="meeting", what="After")
        with sara.app.test_request_context():
            meetings = opened(sara, yusuf).book.by_slug("meetings")
        fill(sara.client, f"{yusuf}/sections/{meetings.id}/new/meeting", what="Her own")
        assert "1 thing is new since" in sara.client.get("/desk").text
    assert b"looked" not in family_bytes(amina)


def family_bytes(member: Member) -> bytes:
    settings = member.app.extensions["settings"]
    return settings.family_db.read_bytes()


def test_what_is_over_is_gone_from_the_desk(amina, sara, yusuf):
    granted = share(amina, yusuf, sara, "meetings", last_day=in_days(10))
    assert "Yusuf" in sara.client.get("/desk").text
    with clock.moved(days=11):
        sara.sign_in()
        assert "Yusuf" not in sara.client.get("/desk").text
    withdraw(amina, yusuf, granted)
    sara.sign_in()
    assert "Yusuf" not in sara.client.get("/desk").text


def test_words_taken_up_wait_for_the_familys_page(amina, sara, yusuf):
    take_up(amina, yusuf, sara, "meetings")
    page = sara.client.get("/desk").text
    assert "Amina’s page has to see that you took up the words" in page
    assert yusuf not in page
    notice(amina, yusuf)
    page = sara.client.get("/desk").text
    assert yusuf in page
    assert "has to see" not in page


def test_a_record_that_does_not_match_keeps_nobody_from_the_others(amina, joe, sara, yusuf):
    other = begin_record(joe, "Lily")
    share(amina, yusuf, sara, "meetings")
    share(joe, other, sara, "meetings")
    with amina.app.test_request_context():
        db = family()
        with db.conn:
            db.execute("UPDATE statement SET signature = zeroblob(64) WHERE record_id = ?", [record_id(yusuf)])
    page = sara.client.get("/desk").text
    assert "1 record does not match" in page
    assert "Lily" in page


def test_a_parent_who_is_given_something_finds_it(empty_app, amina, joe, yusuf):
    rhys = sign_up(empty_app.test_client(), RHYS)
    assert rhys.client.get("/record").location == "/records/new"
    share(amina, yusuf, rhys, "about_me", name=RHYS, role="gran")
    assert rhys.client.get("/record").location == "/desk"
    bar = rhys.client.get("/desk").text.split('aria-label="Main"')[1].split("</nav>")[0]
    assert "Letters" not in bar, "They would lead her to a record that she has not."
    begin_record(joe, "Lily")
    share(amina, yusuf, joe, "meetings", name="Joe", role="dad")
    home = joe.client.get("/record", follow_redirects=True).text
    assert "Lily" in home
    assert "What others share with you" in home
    joe.client.get(yusuf)
    assert "Lily" in joe.client.get("/record", follow_redirects=True).text, "His own record stays the one under the thumb."


# Recognised again


def _forget_all(member: Member) -> None:
    with member.app.test_request_context():
        db = family()
        with db.conn:
            keyring.write(db, member.person(), {})


def test_after_losing_everything_the_six_words_are_compared_before_anything_opens(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings")
    _forget_all(sara)
    assert sara.client.get(yusuf).status_code == 404
    page = sara.client.get("/desk").text
    with amina.app.test_request_context():
        words = recognising.words_of(opened(amina, yusuf).stamp)
    assert words in page
    answer = sara.client.post(
        "/desk/recognise", data={"csrf_token": token_of(page), "record": record_id(yusuf), "words": "other words than these are"}
    )
    assert answer.status_code == 404
    assert sara.client.get(yusuf).status_code == 404
    answer = sara.client.post("/desk/recognise", data={"csrf_token": token_of(page), "record": record_id(yusuf), "words": words})
    assert answer.location == yusuf
    assert sara.client.get(yusuf).status_code == 200
    assert "recognised" in [one["what"] for one in lines(amina, yusuf, sara)]


def test_nobody_recognises_what_was_not_given_to_them(amina, joe, sara, yusuf):
    share(amina, yusuf, sara, "meetings")
    with amina.app.test_request_context():
        words = recognising.words_of(opened(amina, yusuf).stamp)
    token = token_of(joe.client.get("/records/new").text)
    answer = joe.client.post("/desk/recognise", data={"csrf_token": token, "record": record_id(yusuf), "words": words})
    assert answer.status_code == 404
    assert joe.client.get(yusuf).status_code == 404


# A copy for a file


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def test_where_the_family_agreed_to_no_copies_the_page_says_so_and_what_to_do(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings")
    page = sara.client.get(f"{yusuf}/agency-copy").text
    assert "has not agreed that anything is copied" in page
    assert "Copy for my agency’s file" not in sara.client.get(yusuf).text
    assert "in your own words" in page
    token = token_of(sara.client.get(f"{yusuf}/search").text)
    ids = re.findall(r"/sections/([0-9a-f]{32})", sara.client.get(yusuf).text)
    sent = {"csrf_token": token, "agency": "Our file", "section": ids}
    assert sara.client.post(f"{yusuf}/agency-copy", data=sent).status_code == 400


def test_a_copy_says_when_for_which_file_by_whom_and_what_for_and_is_in_the_log(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", copies="what_matters", last_day=in_days(100))
    share(amina, yusuf, sara, "diary", copies="nothing")
    write(amina, yusuf, "meetings", kind="meeting", what="Team meeting", minutes="Short breaks on Fridays")
    write(amina, yusuf, "diary", kind="diary", who="The council", words="Said no")
    with sara.app.test_request_context():
        of = opened(sara, yusuf)
        meetings, diary = of.book.by_slug("meetings"), of.book.by_slug("diary")
    page = sara.client.get(f"{yusuf}/agency-copy").text
    assert diary.id not in page.split("<form")[1]
    sent = {"agency": "Northumberland early help", "section": [meetings.id, diary.id]}
    answer = fill(sara.client, f"{yusuf}/agency-copy", **sent)
    assert answer.mimetype == "application/pdf", answer.text
    assert answer.headers["Content-Disposition"] == f"attachment; filename=record-copy-{clock.today().isoformat()}.pdf"
    text = text_of(answer.data)
    with sara.app.test_request_context():
        today, until = wording.date_in_words(clock.today()), wording.date_in_words(in_days(100))
    assert f"Copy made on {today} for Northumberland early help by Sara, key worker." in text
    assert f"Given by the family for: to plan short breaks together. Until {until}." in text
    assert "Short breaks on Fridays" in text
    assert "Said no" not in text
    last = lines(amina, yusuf, sara)[-1]
    assert (last["what"], last["agency"], last["sections"]) == ("agency_copy", "Northumberland early help", [meetings.id])


def test_where_dates_may_be_copied_nothing_else_is(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", "care_plan", copies="dates")
    write(
        amina, yusuf, "meetings", kind="meeting", what="Hush", date="2027-01-05", minutes="Quarrel", actions=["Sara rings school"]
    )
    write(amina, yusuf, "care_plan", kind="note", title="Worries", words="Many")
    with sara.app.test_request_context():
        ids = [one.id for one in opened(sara, yusuf).sections]
    text = text_of(fill(sara.client, f"{yusuf}/agency-copy", agency="Our file", section=ids).data)
    assert "5 January 2027" in text
    assert "Sara rings school" in text
    assert not re.search("Hush|Quarrel|Worries|Many", text)


def test_one_thing_can_be_copied_alone(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", copies="what_matters")
    one = write(amina, yusuf, "meetings", kind="meeting", what="The one", minutes="Wanted")
    write(amina, yusuf, "meetings", kind="meeting", what="The other", minutes="Unwanted")
    page = sara.client.get(f"{yusuf}/entries/{one.id}").text
    address = re.search(r'href="([^"]+/agency-copy[^"]+)"', page)[1]
    answer = fill(sara.client, address, to=f"{yusuf}/agency-copy", agency="Our file", entry=one.id)
    text = text_of(answer.data)
    assert "Wanted" in text
    assert "Unwanted" not in text
    assert io.BytesIO(answer.data).read(5) == b"%PDF-"
    assert pikepdf.open(io.BytesIO(answer.data)).pages


def test_a_copy_for_no_file_or_of_nothing_is_not_made(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", copies="what_matters")
    answer = fill(sara.client, f"{yusuf}/agency-copy", agency="")
    assert answer.status_code == 400
    assert "Write which file it is for" in answer.text
    assert "Choose at least one section" in answer.text
    assert "agency_copy" not in {one["what"] for one in lines(amina, yusuf, sara)}


def test_a_holder_takes_the_whole_along_and_needs_no_such_copy(amina, yusuf):
    assert amina.client.get(f"{yusuf}/agency-copy").status_code == 404
