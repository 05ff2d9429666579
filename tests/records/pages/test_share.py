"""Sharing across a kitchen table: Amina gives, Sara takes it up, each page says what happened; and all that is refused."""

from __future__ import annotations

import datetime
import re
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from plumbing import clock
from records import editing, inviting
from records.gate import NotShared
from tests.family import Member, fill, sign_up, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.readers import write
from tests.records.pages.sharing import USUAL, agree, hidden, ids_of, refused, take_up, told, waits


def test_across_the_table_it_is_in_force_at_once(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    assert waits(amina, page)
    offer = fill(sara.client, "/words", words=words)
    offered = sara.client.get(offer.location).text
    for said in ("Amina wants to share a part of Yusuf’s record with you", "2 of 12 sections: Meetings, Care plan"):
        assert said in offered
    answer = fill(sara.client, "/words", to="/words/accept", words=words)
    assert answer.location.endswith("/taken-up")
    assert "Amina’s page will show it" in sara.client.get(answer.location).text
    assert waits(sara, answer.location)
    assert not waits(amina, page)
    assert "Sara can now see Meetings, Care plan" in amina.client.get(page).text
    assert not waits(sara, answer.location)
    assert sara.client.get(answer.location).location == yusuf


# The form


def test_from_a_section_that_one_is_ticked_and_no_other(amina, yusuf):
    plan = ids_of(amina, yusuf, "care_plan")[0]
    page = amina.client.get(f"{yusuf}/share?section={plan}").text
    assert re.findall(r'name="sections" value="(\w+)" checked', page) == [plan]
    assert not re.findall(r'name="sections" value="\w+" checked', amina.client.get(f"{yusuf}/share").text)


def test_just_us_cannot_be_chosen(amina, yusuf):
    with amina.app.test_request_context():
        just_us = opened(amina, yusuf).just_us_id
    assert just_us not in amina.client.get(f"{yusuf}/share?section={just_us}").text
    answer = fill(amina.client, f"{yusuf}/share", **USUAL, sections=[just_us])
    assert answer.status_code == 400
    assert "Tick at least one section" in answer.text
    assert (
        amina.client.post(
            f"{yusuf}/share/agree", data=USUAL | {"csrf_token": token_of(answer.text), "sections": [just_us]}
        ).status_code
        == 400
    )


def test_somebody_has_to_be_chosen(amina, yusuf):
    with amina.app.test_request_context():
        here = opened(amina, yusuf)
        editing.add(here, here.book.by_slug("people").id, {"v": 1, "kind": "person", "name": "Sara Morgan"})
    for who in ("", "0" * 32):
        answer = fill(amina.client, f"{yusuf}/share", **USUAL | {"who": who}, sections=ids_of(amina, yusuf, "diary"))
        assert answer.status_code == 400
        assert "Choose who it is for" in answer.text


def test_those_who_help_us_are_there_to_be_chosen(amina, yusuf):
    with amina.app.test_request_context():
        here = opened(amina, yusuf)
        people = here.book.by_slug("people").id
        sara = editing.add(here, people, {"v": 1, "kind": "person", "name": "Sara Morgan", "role": "Key worker"})
        editing.add(here, people, {"v": 1, "kind": "person", "name": "Phil Before", "until": "2020-01-01"})
    form = amina.client.get(f"{yusuf}/share").text
    assert "Sara Morgan" in form
    assert "Phil Before" not in form
    terms = fill(amina.client, f"{yusuf}/share", **USUAL | {"who": sara.id, "name": ""}, sections=ids_of(amina, yusuf, "diary"))
    assert "Sara Morgan can read: Diary." in terms.text
    assert "Key worker" in terms.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Write their name"),
        ({"sections": []}, "Tick at least one section"),
        ({"purpose": ""}, "Write in a few words what it is for"),
        ({"until": "another", "last_day": "soon"}, "Write the last day like"),
        ({"until": "another", "last_day": "3 March 2031"}, "Choose a day from today to"),
        ({"until": "another", "last_day": "3 March 2020"}, "Choose a day from today to"),
        ({"purpose": "x" * 201}, "Keep what it is for under 200 letters"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_rest_stays(amina, yusuf, typed, said):
    fields = USUAL | {"sections": ids_of(amina, yusuf, "diary"), "supporter": "Hodan Ali, interpreter"} | typed
    answer = fill(amina.client, f"{yusuf}/share", **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<title>Error: Share" in answer.text
    assert 'value="Hodan Ali, interpreter"' in answer.text


@pytest.mark.parametrize("field", ["verb", "until", "colleagues", "copies"])
def test_a_choice_that_is_none_of_ours_is_refused(amina, yusuf, field):
    fields = USUAL | {"sections": ids_of(amina, yusuf, "diary"), field: "hold"}
    assert fill(amina.client, f"{yusuf}/share", **fields).status_code == 400
    with amina.app.test_request_context():
        assert not opened(amina, yusuf).roster.given.invitations


def test_a_plan_review_that_is_written_down_is_the_last_day(amina, yusuf):
    day = clock.today() + datetime.timedelta(days=60)
    with amina.app.test_request_context():
        here = opened(amina, yusuf)
        meeting = {"v": 1, "kind": "meeting", "which": "annual_review", "date": day.isoformat()}
        editing.add(here, here.book.by_slug("meetings").id, meeting)
    page = amina.client.get(f"{yusuf}/share").text
    assert re.search(r'value="review" checked>\s*<span>Until the plan is reviewed, on', page)
    told(amina, yusuf, until="review")
    with amina.app.test_request_context():
        invited = opened(amina, yusuf).roster.given.invitations[0]
    assert invited.consent.last_day == int(day.strftime("%Y%m%d"))


def test_the_page_says_in_plain_words_what_it_means(amina, yusuf):
    sections = ids_of(amina, yusuf, "care_plan", "meetings")
    fields = USUAL | {"sections": sections, "colleagues": "cover", "supporter": "Hodan Ali"}
    page = fill(amina.client, f"{yusuf}/share", **fields).text
    for said in (
        "Sara Morgan can read: Meetings, Care plan.",
        "Sara Morgan cannot see: About me, Health and needs, Our home",
        "Just us.",
        "“To plan short breaks”",
        "whoever stands in may be told",
        "may write dates, and what was agreed",
        "has to tell others who can help, even if you do not agree",
        "It stops by itself after",
        "You need give no reason",
        "You lose nothing by saying no",
        "Hodan Ali was there",
        'data-aloud="terms"',
    ):
        assert said in page
    with amina.app.test_request_context():
        assert not opened(amina, yusuf).roster.given.invitations, "Nobody agreed to anything yet."


def test_what_was_typed_comes_back_to_be_changed(amina, yusuf):
    terms = fill(amina.client, f"{yusuf}/share", **USUAL, sections=ids_of(amina, yusuf, "diary")).text
    page = amina.client.post(f"{yusuf}/share", data=hidden(terms) | {"change": "y"})
    assert page.status_code == 200
    assert 'value="Sara Morgan"' in page.text
    assert re.findall(r'name="sections" value="(\w+)" checked', page.text) == ids_of(amina, yusuf, "diary")


def test_a_young_persons_no_and_who_decides_are_read_first(amina, yusuf):
    diary = ids_of(amina, yusuf, "diary")[0]
    fill(amina.client, f"{yusuf}/young/noes", words="Not my diary", about=diary, person="")
    asked = {"sections": [diary]}
    page = fill(amina.client, f"{yusuf}/share", **USUAL | asked).text
    assert page.index("Yusuf has said no to this") < page.index("Sara Morgan can read")
    assert "Not my diary" in page
    page = fill(amina.client, f"{yusuf}/share", **USUAL, sections=ids_of(amina, yusuf, "care_plan")).text
    assert "Not my diary" not in page


def test_the_passphrase_is_asked_for_before_words_are_made_and_nothing_is_lost(amina, yusuf):
    with clock.moved(minutes=6):
        answer = agree(amina, yusuf)
        assert answer.status_code == 401
        held = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text))
        sections = re.findall(r'name="sections" value="(\w+)"', answer.text)
        sent = held | {"sections": sections, "_passphrase": amina.passphrase}
        assert amina.client.post(f"{yusuf}/share/agree", data=sent).status_code == 302


def test_sent_twice_it_is_one_invitation(amina, yusuf):
    assert agree(amina, yusuf).location == agree(amina, yusuf).location
    with amina.app.test_request_context():
        assert len(opened(amina, yusuf).roster.given.invitations) == 1


def test_only_to_add_shows_nothing(amina, yusuf, sara):
    sections = ids_of(amina, yusuf, "care_plan")
    terms = fill(amina.client, f"{yusuf}/share", **USUAL | {"verb": "add", "sections": sections}).text
    assert "Sara Morgan cannot see any of the record." in terms
    assert "Nobody else where" not in terms
    page, words = told(amina, yusuf, "care_plan", verb="add")
    assert take_up(sara, words).status_code == 302
    assert not waits(amina, page)
    assert "Sara can now put things into your letter-box" in amina.client.get(page).text
    with sara.app.test_request_context():
        seen = opened(sara, yusuf)
        assert not seen.sections
        assert not seen.entries()


# The words


def test_the_words_are_in_no_address_and_stand_after_the_sign_in_the_square(amina, yusuf, sara, caplog):
    page, words = told(amina, yusuf)
    shown = amina.client.get(page)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "<title>Eight words – Linkbook</title>" in shown.text
    assert not set(words.split()) & set(re.split(r"\W", page))
    answer = take_up(sara, words)
    assert "?" not in answer.location
    assert words not in answer.location


def test_a_screen_asks_without_script_too(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    take_up(sara, words)
    answer = fill(amina.client, page, to=f"{page}/waiting")
    assert answer.location == page
    assert "Sara can now see" in amina.client.get(page).text


def test_at_the_next_visit_it_is_in_force_as_well(amina, yusuf, sara):
    _page, words = told(amina, yusuf)
    take_up(sara, words)
    amina.sign_in(amina.app.test_client())
    with sara.app.test_request_context():
        assert len(opened(sara, yusuf).sections) == 2


def test_with_an_alarm_on_nothing_opens_and_the_page_says_why(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    waiting = take_up(sara, words).location
    with amina.app.test_request_context():
        db = opened(amina, yusuf).db
        with db.conn:
            db.execute("DELETE FROM log_line WHERE number = (SELECT max(number) FROM log_line)")
    assert not waits(amina, page)
    assert "Sara has typed the words, and it cannot open yet." in amina.client.get(page).text
    assert waits(sara, waiting)


def test_words_that_are_taken_back_keep_nobody_waiting(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    waiting = take_up(sara, words).location
    with amina.app.test_request_context():
        inviting.take_back(opened(amina, yusuf), page.rsplit("/", 1)[1])
    assert not waits(sara, waiting)
    assert "Nothing is open here" in sara.client.get(waiting).text


def test_somebody_who_was_not_meant_is_stopped_in_one_tap(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    waiting = take_up(sara, words).location
    waits(amina, page)
    assert "You call them Sara Morgan. Their own account says Sara." in amina.client.get(page).text
    answer = fill(amina.client, page, to=f"{page}/stop")
    assert "Sara Morgan cannot see anything any more" in amina.client.get(answer.location).text
    assert "Nothing is open here" in sara.client.get(waiting).text
    with sara.app.test_request_context(), pytest.raises(NotShared):
        opened(sara, yusuf)


def test_words_that_are_taken_back_open_nothing(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    fill(amina.client, page, to=f"{page}/take-back")
    assert "These words are not good any more" in amina.client.get(page).text
    refused(sara, words)


def test_keys_that_do_not_match_are_said_and_nothing_is_shared(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    take_up(sara, words)
    with amina.app.test_request_context():
        here = opened(amina, yusuf)
        here.db.execute("UPDATE invitation SET account_id = ? WHERE account_id = ?", [amina.id, sara.id])
    assert not waits(amina, page)
    assert "Something does not match." in amina.client.get(page).text
    with amina.app.test_request_context():
        assert not opened(amina, yusuf).roster.given.grants


def test_one_form_sent_four_times_at_once_is_one_invitation(amina, yusuf):
    fields = USUAL | {"sections": ids_of(amina, yusuf, "care_plan")}
    sent = hidden(fill(amina.client, f"{yusuf}/share", **fields).text)
    cookie = amina.client._cookies  # four browsers' worth of one session

    def send(_turn):
        client = amina.app.test_client()
        client._cookies = dict(cookie)
        return client.post(f"{yusuf}/share/agree", data=sent).location

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    with amina.app.test_request_context():
        assert len(opened(amina, yusuf).roster.given.invitations) == 1


# The mail


def mails(member: Member) -> list[EmailMessage]:
    folder = member.app.extensions["settings"].outbox
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def test_the_message_is_the_same_for_everybody_and_has_neither_words_nor_names(amina, yusuf):
    known = sign_up(amina.app.test_client(), "Joe", email="joe@example.org")
    before = {one["Message-ID"] for one in mails(amina)}
    page, words = told(amina, yusuf)
    said = []
    for address in ("joe@example.org", "nobody@example.org"):
        answer = fill(amina.client, page, to=f"{page}/mail", email=address)
        said.append(re.sub(r'name="csrf_token"[^>]*>', "", amina.client.get(answer.location).text))
        assert address not in answer.location
    sent = [one for one in mails(known) if one["Message-ID"] not in before]
    assert {one["To"] for one in sent} == {"joe@example.org", "nobody@example.org"}
    first, second = (one.get_payload(decode=True) for one in sent)
    assert first == second
    assert sent[0]["Subject"] == sent[1]["Subject"]
    whole = (first.decode() + sent[0]["Subject"]).casefold()
    assert "http://localhost/words" in whole
    for private in (*words.split(), "amina", "yusuf", "sara", "joe"):
        assert not re.search(rf"\b{private}\b", whole), private
    assert "is on its way" in said[0]


def test_an_address_that_is_none_is_asked_for_again(amina, yusuf):
    page, _words = told(amina, yusuf)
    answer = fill(amina.client, page, to=f"{page}/mail", email="sara at home")
    assert answer.status_code == 400
    assert 'value="sara at home"' in answer.text
    assert not mails(amina)


def test_nobodys_inbox_is_filled(amina, yusuf):
    page, _words = told(amina, yusuf)
    written = ("sara@example.org", "sara@\uff45xample.org", "sara@EXAMPLE\u3002org")
    answers = [fill(amina.client, page, to=f"{page}/mail", email=written[turn % 3]) for turn in range(12)]
    assert len(mails(amina)) == 2
    assert {answer.status_code for answer in answers[:10]} == {302}
    assert "Try again in an hour" in answers[10].text


# On other terms


def test_changed_it_is_so_at_once_and_without_new_words(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    take_up(sara, words)
    waits(amina, page)
    address = f"{yusuf}/grants/{page.rsplit('/', 1)[1]}/change"
    form = amina.client.get(address).text
    assert 'value="To plan short breaks"' in form
    diary = ids_of(amina, yusuf, "diary")
    terms = fill(amina.client, address, **USUAL | {"purpose": "To read the diary", "sections": diary})
    assert "Sara Morgan can read: Diary." in terms.text
    with sara.app.test_request_context():
        assert len(opened(sara, yusuf).sections) == 2, "Not before they agree."
    assert amina.client.post(f"{address}/agree", data=hidden(terms.text)).status_code == 302
    with sara.app.test_request_context():
        assert [one.name for one in opened(sara, yusuf).sections] == ["Diary"]
    assert amina.client.get(address).status_code == 404, "Those terms are over."


# Nobody but a holder


def test_whoever_reads_a_part_shares_none_of_it(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    take_up(sara, words)
    waits(amina, page)
    assert sara.client.get(yusuf).status_code == 200
    grant = page.rsplit("/", 1)[1]
    token = token_of(sara.client.get("/settings").text)
    for method, address in (
        ("GET", f"{yusuf}/share"),
        ("POST", f"{yusuf}/share"),
        ("POST", f"{yusuf}/share/agree"),
        ("GET", page),
        ("POST", f"{page}/waiting"),
        ("POST", f"{page}/mail"),
        ("POST", f"{page}/take-back"),
        ("POST", f"{page}/stop"),
        ("GET", f"{yusuf}/grants/{grant}/change"),
        ("POST", f"{yusuf}/grants/{grant}/change/agree"),
    ):
        answer = sara.client.open(address, method=method, data={"csrf_token": token})
        assert answer.status_code == 404, f"{method} {address}"
    assert not re.search(r'href="[^"]*/share[?"]', sara.client.get(yusuf).text)


def test_a_stranger_learns_nothing(amina, yusuf, joe):
    page, _words = told(amina, yusuf)
    for address in (f"{yusuf}/share", page, f"{yusuf}/taken-up"):
        assert joe.client.get(address).status_code == 404


@pytest.mark.parametrize(("typed", "day"), [("31 July", (7, 31)), ("end of July", (7, 31)), ("30 June", (6, 30))])
def test_the_last_day_may_be_said_without_a_year(amina, yusuf, typed, day):
    today = clock.today()
    following = next(one for year in (today.year, today.year + 1) if (one := datetime.date(year, *day)) >= today)
    fields = USUAL | {"sections": ids_of(amina, yusuf, "care_plan"), "until": "another", "last_day": typed}
    page = fill(amina.client, f"{yusuf}/share", **fields)
    assert page.status_code == 200
    assert f"It stops by itself after {following.day} {following:%B} {following.year}." in page.text


def test_a_day_that_no_year_has_is_said_in_words(amina, yusuf):
    fields = USUAL | {"sections": ids_of(amina, yusuf, "care_plan"), "until": "another", "last_day": "31 June"}
    page = fill(amina.client, f"{yusuf}/share", **fields)
    assert (page.status_code, "31 July or end of July" in page.text) == (400, True)


def test_the_summary_says_how_much_is_in_each_section_and_the_form_where_one_letter_is_shown(amina, yusuf):
    write(amina, yusuf, "health_letters", kind="letter", title="Eye clinic")
    fields = USUAL | {"sections": ids_of(amina, yusuf, "health_letters", "meetings")}
    page = fill(amina.client, f"{yusuf}/share", **fields).text
    assert "<li>Health letters: 1 letter</li>" in page
    assert "<li>Meetings: nothing yet</li>" in page
    form = amina.client.get(f"{yusuf}/share").text
    assert f'href="{yusuf}/letters">Open the letter and choose “Show it to somebody”</a>' in form
