"""Eight words on the other side of the table: typed, read, taken up or not; and words that open nothing."""

from __future__ import annotations

import re

import pytest

from accounts.hooks import may_join
from accounts.spoken import show_words
from plumbing import clock
from plumbing.crypto.words import new_words_code
from records import canonical, inviting
from records.consent import Consent
from records.gate import NotShared
from tests.family import PASSPHRASES, SARA, fill, join_staff, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.sharing import refused, take_up, told, waits


def test_unknown_used_and_overdue_words_are_the_same(amina, yusuf, sara, joe):
    unknown = refused(sara, show_words(new_words_code()))
    page, words = told(amina, yusuf)
    take_up(joe, words)
    taken = refused(sara, words)
    waits(amina, page)
    used = refused(sara, words)
    _page, words = told(amina, yusuf, "diary")
    with clock.moved(days=15):
        sara.sign_in()
        overdue = refused(sara, words)
    assert {unknown, taken, used, overdue} == {"These words open nothing, or not any more. Ask whoever told you for new ones"}


def test_on_their_last_day_words_are_good(amina, yusuf, sara):
    _page, words = told(amina, yusuf)
    with clock.moved(days=14):
        sara.sign_in()
        assert take_up(sara, words).status_code == 302


def test_a_slip_is_told_apart_and_what_was_typed_stays(amina, yusuf, sara):
    _page, words = told(amina, yusuf)
    assert "One of the words is not right" in refused(sara, words.rsplit(" ", 1)[0])
    assert "badger badger" in fill(sara.client, "/words", words="badger badger").text


def test_ones_own_words_are_for_somebody_else(amina, yusuf):
    _page, words = told(amina, yusuf)
    assert "You hold this record already" in refused(amina, words)
    answer = fill(amina.client, "/words", to="/words/accept", words=words)
    assert answer.status_code == 400
    with amina.app.test_request_context():
        assert opened(amina, yusuf).is_holder


def test_guessing_is_slowed_down(amina, yusuf, sara):
    token = token_of(sara.client.get("/words").text)
    code = show_words(new_words_code())
    answers = [sara.client.post("/words", data={"csrf_token": token, "words": code}).status_code for _turn in range(62)]
    assert answers[:60] == [400] * 60
    assert answers[-1] == 429


def test_with_a_sign_in_the_words_come_along(amina, yusuf, sara):
    _page, words = told(amina, yusuf)
    browser = amina.app.test_client()
    page = fill(browser, "/words", words=words)
    assert "I am new here" in page.text
    asked = browser.post("/words/signed-in", data={"csrf_token": token_of(page.text), "words": words})
    assert asked.status_code == 401
    assert "Sign in to go on" in asked.text
    held = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))
    sent = held | {"_name": sara.sign_in_name, "_passphrase": sara.passphrase}
    assert browser.post("/words/signed-in", data=sent).location == "/words"
    assert "Amina wants to share" in browser.get("/words").text


def test_somebody_new_makes_an_account_and_types_the_words_once(amina, yusuf):
    _page, words = told(amina, yusuf)
    browser = amina.app.test_client()
    page = fill(browser, "/words", words=words)
    begun = browser.post(
        "/register/invited", data={"csrf_token": token_of(page.text), "begin": "y", "code": words, "next": "/words"}
    )
    fields = {"code": words, "next": "/words", "shown_name": "Sara Morgan", "passphrase": PASSPHRASES[SARA]}
    made = browser.post("/register/invited", data={"csrf_token": token_of(begun.text)} | fields)
    assert made.status_code == 302, made.text
    assert "Amina wants to share" in browser.get("/words").text
    with amina.app.test_request_context():
        rows = opened(amina, yusuf).db.execute("SELECT role FROM account WHERE shown_name = 'Sara Morgan'").fetchall()
    assert rows == [("practitioner",)]


def test_words_that_are_none_let_nobody_register(amina, yusuf):
    browser = amina.app.test_client()
    fields = {"code": show_words(new_words_code()), "next": "", "shown_name": "Nobody", "passphrase": PASSPHRASES[SARA]}
    assert fill(browser, "/register/invited", **fields).status_code == 400


def test_no_thank_you_changes_nothing(amina, yusuf, sara):
    page, words = told(amina, yusuf)
    fill(sara.client, "/words", words=words)
    assert "Nothing is shared with you" in fill(sara.client, "/words", to="/words/decline").text
    assert "What is shared with you" not in sara.client.get("/words").text
    assert waits(amina, page)


def test_a_manager_is_given_no_part_of_a_record(amina, yusuf):
    dev = join_staff(amina.app.test_client(), "Dev", "service_manager")
    _page, words = told(amina, yusuf)
    assert "cannot be given a part" in refused(dev, words)
    assert fill(dev.client, "/words", to="/words/accept", words=words).status_code == 400


@pytest.mark.parametrize("to", ["hold", "cover"])
def test_holding_and_standing_in_have_words_of_their_own(amina, yusuf, sara, to):
    with amina.app.test_request_context():
        here = opened(amina, yusuf)
        terms = Consent("Sara", "gran", (here.sections[0].id,), "read", "Holidays", 20991231, 20261122)
        made = inviting.invite(here, to, terms, 20991231, "Amina")
        words = show_words(canonical.raw(made.code))
        assert may_join(words) == {"hold": "parent", "cover": "practitioner"}[to]
    fill(sara.client, "/words", words=words)
    page = sara.client.get("/words").text
    answer = fill(sara.client, "/words", to="/words/accept", words=words)
    with amina.app.test_request_context():
        assert may_join(words) == "", "They are somebody's by now."
    if to == "hold":
        assert "Amina asks you to hold Yusuf’s record together" in page
        assert "as equals" in page
        assert waits(sara, answer.location)
        page = amina.client.get(f"{yusuf}/invitations/{made.id}").text
        assert "Make Sara a holder too" in page
        assert f"{yusuf}/holders/{made.id}" in page
    else:
        assert "Amina asks you to stand in for Yusuf" in page
        assert "Nothing is open now" in sara.client.get(answer.location).text


def test_agreed_to_stand_in_nothing_opens(amina, yusuf, sara):
    assert 'name="invite_to" type="hidden" value="cover"' in amina.client.get(f"{yusuf}/share?to=cover").text
    page, words = told(amina, yusuf, invite_to="cover")
    take_up(sara, words)
    assert not waits(amina, page)
    assert "Sara has agreed to stand in" in amina.client.get(page).text
    with sara.app.test_request_context(), pytest.raises(NotShared):
        opened(sara, yusuf)
    fill(amina.client, page, to=f"{page}/stop")
    with amina.app.test_request_context():
        assert not opened(amina, yusuf).roster.given.standby
