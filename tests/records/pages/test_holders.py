"""Holding a record together, by the pages: inviting, confirming, telling of a copy, stepping back, leaving."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from werkzeug.test import TestResponse

from accounts.current import family
from plumbing import clock
from records import editing
from tests.family import Member, fill, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.sharing import take_up, told, words_on
from tests.records.pages.test_who import PLAN, tap, words_of


def invite(member: Member, record: str, name: str = "Joe") -> tuple[str, str]:
    """The address of the page with the words, and the words."""
    answer = fill(member.client, f"{record}/holders/invite", name=name)
    assert answer.status_code == 302, answer.text
    return answer.location, words_on(member.client.get(answer.location).text)


def confirm_page(member: Member, record: str) -> str:
    found = re.search(r'href="(/records/\w+/holders/\w+)">', member.client.get(f"{record}/who").text)
    assert found
    return found[1]


def confirm(member: Member, record: str) -> TestResponse:
    page = confirm_page(member, record)
    text = member.client.get(page).text
    shown = re.search(r'name="shown" value="([^"]+)"', text)
    assert shown
    return member.client.post(page, data={"csrf_token": token_of(text), "shown": shown[1]}, follow_redirects=True)


@pytest.fixture
def together(amina: Member, joe: Member, yusuf: str) -> str:
    """Yusuf's record, which Amina and Joe hold."""
    _page, words = invite(amina, yusuf)
    take_up(joe, words)
    confirm(amina, yusuf)
    return yusuf


def holds(member: Member, record: str) -> bool:
    with member.app.test_request_context():
        return opened(member, record).is_holder


def test_a_record_each_is_offered_first(amina, yusuf):
    page = words_of(amina.client.get(f"{yusuf}/holders/invite"))
    assert page.index("Have a record each") < page.index("Or hold this one together")
    assert "You cannot take it away from them again" in page


def test_whoever_used_the_words_holds_nothing_until_they_are_confirmed(amina, joe, yusuf):
    page, words = invite(amina, yusuf)
    take_up(joe, words)
    assert joe.client.get(yusuf).status_code == 403
    assert "Joe used the words. Say whether they are to hold the record too." in words_of(amina.client.get(yusuf))
    shown = words_of(amina.client.get(confirm_page(amina, yusuf)))
    assert "The words were used by an account called Joe" in shown
    assert "You cannot take it back." in shown
    after = words_of(confirm(amina, yusuf))
    assert "Joe holds it too" in after
    assert holds(joe, yusuf)
    assert "Yusuf’s record" in words_of(joe.client.get(yusuf))
    assert amina.client.get(f"{yusuf}/holders/{page.rsplit('/', 1)[1]}").status_code == 404


def test_confirming_counts_for_the_keys_that_were_shown(amina, joe, yusuf):
    _page, words = invite(amina, yusuf)
    take_up(joe, words)
    page = confirm_page(amina, yusuf)
    token = token_of(amina.client.get(page).text)
    assert amina.client.post(page, data={"csrf_token": token, "shown": "0" * 64}).location == page
    assert joe.client.get(yusuf).status_code == 403


def test_words_used_by_keys_that_do_not_match_make_nobody_a_holder(amina, joe, yusuf):
    page, words = invite(amina, yusuf)
    take_up(joe, words)
    with amina.app.test_request_context():
        family().execute("UPDATE invitation SET accepted = zeroblob(32)")
        family().conn.commit()
    assert amina.client.get(f"{yusuf}/holders/{page.rsplit('/', 1)[1]}").status_code == 404
    assert "do not match" in words_of(amina.client.get(yusuf))
    assert joe.client.get(yusuf).status_code == 403


def test_a_holder_is_named_before_there_are_words(amina, yusuf):
    answer = fill(amina.client, f"{yusuf}/holders/invite", name=" ")
    assert answer.status_code == 400
    assert "Error:" in answer.text
    assert "Write what you call them" in answer.text


def test_the_first_page_names_who_holds_it_too(amina, joe, together):
    assert "Second holder: Joe." in words_of(amina.client.get(together))
    assert "Second holder: Amina." in words_of(joe.client.get(together))


def test_who_holds_it_too_is_seen_in_the_log_by_days_and_not_by_hours(amina, joe, together):
    with amina.app.test_request_context():
        there = opened(amina, together)
        editing.add(there, there.book.by_slug("care_plan").id, PLAN)
    page = joe.client.get(f"{together}/timeline")
    entry = re.search(r'href="(/records/\w+/entries/\w+)"', page.text)
    assert entry
    joe.client.get(entry[1])
    log = words_of(amina.client.get(f"{together}/log"))
    assert "Joe opened 1 thing" in log
    assert "You made Joe a holder of this record." in log
    assert not re.search(r"\d\d:\d\d", log)


def test_a_copy_that_one_takes_away_is_told_to_the_other(amina, joe, together):
    assert "took a copy" not in words_of(amina.client.get(together))
    token = token_of(joe.client.get(f"{together}/take-away").text)
    assert joe.client.post(f"{together}/take-away", data={"csrf_token": token}).status_code == 200
    assert "Joe took a copy of the whole record away today." in words_of(amina.client.get(together))
    assert "took a copy" not in words_of(joe.client.get(together))
    # Whoever wants it overlooked looks about a great deal: it is found by its mark, and not among the newest lines.
    with joe.app.test_request_context():
        of = opened(joe, together)
        with editing.change(of) as pen:
            for _look in range(600):
                pen.note("listed", sections=[])
    assert "Joe took a copy of the whole record away today." in words_of(amina.client.get(together))


def test_nobody_deletes_what_another_holds(amina, joe, together):
    answer = fill(joe.client, f"{together}/leave", called="Yusuf")
    assert answer.status_code == 409
    assert "Somebody else holds this record too" in answer.text
    assert "Nobody can delete what another holds." in answer.text
    assert "Yusuf’s record" in words_of(amina.client.get(together))


def test_one_leaves_and_the_other_goes_on(amina, joe, together):
    wrong = fill(amina.client, f"{together}/holders/leave", called="Somebody")
    assert wrong.status_code == 400
    assert "Type the name just as it stands above" in wrong.text
    answer = fill(amina.client, f"{together}/holders/leave", called=" yusuf ")
    assert answer.location == "/records/left-holding"
    assert "You no longer hold it" in words_of(amina.client.get(answer.location))
    assert amina.client.get(together).status_code == 404
    assert "Only you can see this." in words_of(joe.client.get(together))
    assert "Amina stopped holding this record." in words_of(joe.client.get(f"{together}/log"))


def test_the_last_holder_is_told_to_hand_on_or_delete(amina, yusuf):
    page = words_of(amina.client.get(f"{yusuf}/holders/leave"))
    assert "You alone hold it, so you cannot just leave." in page
    token = token_of(amina.client.get("/settings").text)
    answer = amina.client.post(f"{yusuf}/holders/leave", data={"csrf_token": token, "called": "Yusuf"})
    assert answer.status_code == 409
    assert holds(amina, yusuf)


def test_a_parent_steps_back_and_goes_on_seeing_what_was_agreed(amina, joe, together):
    """The ceremony, with Joe as the young person who holds the record now, and Amina as mum."""
    with joe.app.test_request_context():
        there = opened(joe, together)
        plan, last_day = there.book.by_slug("care_plan").id, "3 May 2027"
    address = f"{together}/holders/{amina.id}/keeps"
    none = fill(joe.client, address, verb="read", last_day=last_day)
    assert (none.status_code, "Tick at least one section" in none.text) == (400, True)
    agreed = fill(joe.client, address, sections=[plan], verb="read", last_day=last_day)
    assert agreed.status_code == 302, agreed.text
    assert "Standing in" in words_of(joe.client.get(f"{together}/who")), "It is nobody's cover."
    assert "/switch-on" not in joe.client.get(f"{together}/who").text
    assert holds(amina, together), "Nothing changes until she steps back."
    shown = amina.client.get(f"{together}/holders/leave")
    assert "It was agreed that you go on seeing: Care plan, until 3 May 2027." in words_of(shown)
    answer = fill(amina.client, f"{together}/holders/leave", called="Yusuf", keeps="y")
    assert answer.location == together
    assert not holds(amina, together)
    assert amina.client.get(together).status_code == 200
    assert "Amina Care plan Read, until 3 May 2027" in words_of(joe.client.get(f"{together}/who"))


def test_what_was_agreed_is_agreed_no_longer(amina, joe, together):
    with joe.app.test_request_context():
        plan = opened(joe, together).book.by_slug("care_plan").id
    address = f"{together}/holders/{amina.id}/keeps"
    for _twice in range(2):
        fill(joe.client, address, sections=[plan], verb="read", last_day="3 May 2027")
    with joe.app.test_request_context():
        assert len(opened(joe, together).roster.given.standby) == 1
    tap(joe.client, f"{address}/drop")
    assert "It was agreed" not in words_of(amina.client.get(f"{together}/holders/leave"))


def test_a_reader_and_a_stranger_find_nothing_here(amina, sara, joe, yusuf):
    page, words = told(amina, yusuf)
    take_up(sara, words)
    amina.client.get(page)
    for member in (sara, joe):
        token = token_of(member.client.get("/settings").text)
        for place in ("holders/invite", "holders/leave", f"holders/{amina.id}/keeps", f"holders/{'0' * 32}"):
            assert member.client.get(f"{yusuf}/{place}").status_code == 404, place
            assert member.client.post(f"{yusuf}/{place}", data={"csrf_token": token}).status_code == 404, place
    assert amina.client.post(f"{yusuf}/holders/leave", data={"called": "Yusuf"}).status_code == 400
    assert holds(amina, yusuf)


def test_the_six_words_that_are_compared_are_those_of_ones_own_account(amina, joe, yusuf):
    _page, words = invite(amina, yusuf)
    take_up(joe, words)
    shown = words_on(amina.client.get(confirm_page(amina, yusuf)).text)
    assert shown in words_of(joe.client.get("/settings"))
    assert shown not in words_of(amina.client.get("/settings"))


def test_a_copy_does_not_say_at_what_hour_another_wrote(amina, joe, together):
    with amina.app.test_request_context():
        there = opened(amina, together)
        editing.add(there, there.book.by_slug("care_plan").id, PLAN)
    hours = {}
    for member in (amina, joe):
        token = token_of(member.client.get(f"{together}/take-away").text)
        answer = member.client.post(f"{together}/take-away", data={"csrf_token": token})
        with zipfile.ZipFile(io.BytesIO(answer.data)) as copy:
            hours[member.shown_name] = re.findall(r'"saved_at": ?"[\d-]+T([\d:]+Z)"', copy.read("record.json").decode())
    assert hours["Joe"] == ["00:00Z"]
    with amina.app.test_request_context():
        (mine,) = opened(amina, together).entries()
    assert hours["Amina"] == [mine.saved_at[11:]]


def test_what_one_holder_opens_or_ends_is_told_to_the_other(amina, joe, sara, together):
    page, words = told(amina, together)
    take_up(sara, words)
    amina.client.get(page)
    tap(joe.client, f"{together}/who/pause")
    assert "Joe paused all sharing today." in words_of(amina.client.get(together))
    assert "paused all sharing today" not in words_of(joe.client.get(together))
    tap(joe.client, f"{together}/who/resume")
    assert "Joe let all sharing go on today." in words_of(amina.client.get(together))
    invite(joe, together, name="Gran")
    assert "Joe made words today for Gran to hold this record with you." in words_of(amina.client.get(together))
    assert "Amina made you a holder of this record." in words_of(joe.client.get(f"{together}/log"))
    leaving = words_of(joe.client.get(f"{together}/holders/leave"))
    assert "Everybody’s links, letter-boxes, packs and calendar feed end" in leaving
    assert fill(joe.client, f"{together}/holders/leave", called="Yusuf").status_code == 302
    assert "Joe left today. The links, packs and the calendar feed of this record ended" in words_of(amina.client.get(together))


def test_whoever_is_asked_to_hold_it_is_told_everybody_who_does(amina, joe, sara, together):
    _page, words = invite(joe, together, name="Gran")
    fill(sara.client, "/words", words=words)
    assert "You, Joe and Amina hold it together, as equals." in words_of(sara.client.get("/words"))


def test_who_holds_it_by_now_is_not_told_of_as_somebody_who_lost_it(amina, joe, sara, yusuf):
    today = clock.today()
    page, words = told(amina, yusuf, name="Sara", until="another", last_day=today.isoformat())
    take_up(sara, words)
    amina.client.get(page)
    again, more = told(amina, yusuf, "care_plan", name="Sara", until="another", last_day=today.isoformat(), purpose="More")
    take_up(sara, more)
    amina.client.get(again)
    with clock.moved(days=1):
        amina.sign_in()
        said = words_of(amina.client.get(yusuf))
        assert said.count("Sara can see nothing any more: the last day has passed. Look at it") == 1
        sara.sign_in()
        _page, hold = invite(amina, yusuf, name="Sara")
        take_up(sara, hold)
        confirm(amina, yusuf)
        assert "can see nothing any more" not in words_of(amina.client.get(yusuf))
