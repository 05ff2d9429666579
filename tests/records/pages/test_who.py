"""Who can see: every grant in words, taken back in one tap and given back, extended, paused; and what ended by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import store
from accounts.current import family, secrets
from plumbing import clock
from plumbing.dates import date_in_words
from plumbing.db import at_once
from records import editing, inviting, sharing
from records.consent import day_of
from tests.family import Member, join_staff, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.sharing import agree, ids_of, take_up, told

PLAN = {"v": 1, "kind": "note", "title": "Short breaks on Fridays"}


@pytest.fixture
def shared(amina: Member, sara: Member, yusuf: str) -> str:
    """Yusuf's record, with the care plan shared with Sara and taken up."""
    with amina.app.test_request_context():
        there = opened(amina, yusuf)
        editing.add(there, there.book.by_slug("care_plan").id, PLAN)
    page, words = told(amina, yusuf)
    take_up(sara, words)
    amina.client.get(page)
    return yusuf


def grant_id(member: Member, record: str) -> str:
    with member.app.test_request_context():
        return opened(member, record).roster.given.grants[0].grant_id


def tap(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    """Press a button of the page, with the page's own token; and look at the page it leads to."""
    token = token_of(client.get("/settings").text)
    return client.post(address, data={"csrf_token": token} | fields, follow_redirects=True)


def words_of(page: TestResponse | str) -> str:
    """A page as it is read: without tags, in one line."""
    text = page if isinstance(page, str) else page.text
    return " ".join(re.sub(r"<[^>]+>", " ", text.split("<main", 1)[-1].split("</main>")[0]).split())


@pytest.fixture
def later() -> Iterator[None]:
    with clock.moved(days=400):
        yield


def test_a_grant_is_said_in_words(amina, sara, shared):
    page = words_of(amina.client.get(f"{shared}/who"))
    assert "Besides you: 1 person." in page
    assert "Sara Morgan, key worker Meetings, Care plan Read, until" in page
    assert "Has not looked yet." in page
    sara.client.get(shared)
    assert "Looked once, today." in words_of(amina.client.get(f"{shared}/who"))


def test_nobody_to_see_it_is_said(amina, yusuf):
    for page in (yusuf, f"{yusuf}/who"):
        assert "Only you can see this." in words_of(amina.client.get(page))


def test_home_says_who_can_see_in_one_line(amina, shared):
    assert "Who can see: 1 person" in words_of(amina.client.get(shared))


def test_withdrawn_in_one_tap_and_given_back(amina, sara, shared):
    assert "Short breaks" in words_of(sara.client.get(f"{shared}/timeline"))
    answer = tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/withdraw")
    page = words_of(answer)
    assert "Sara Morgan can no longer see it." in page
    assert "They may remember or have copied what they already read." in page
    assert sara.client.get(f"{shared}/timeline").status_code == 403
    back = re.search(r'action="([^"]+/give-back)"', answer.text)
    assert back
    tap(amina.client, back[1])
    assert "Short breaks" in words_of(sara.client.get(f"{shared}/timeline"))
    # A second tap, from a page that was open for long, finds it given back already.
    assert "Sara Morgan, key worker" in words_of(tap(amina.client, back[1]))


def test_without_the_forms_token_nothing_is_taken_back(amina, sara, shared):
    assert amina.client.post(f"{shared}/who/{grant_id(amina, shared)}/withdraw").status_code == 400
    assert amina.client.post(f"{shared}/who/pause").status_code == 400
    assert sara.client.get(f"{shared}/timeline").status_code == 200


def test_extended_by_six_months_and_never_beyond_twelve(amina, shared):
    def last_day() -> int:
        with amina.app.test_request_context():
            return opened(amina, shared).roster.given.grants[0].consent.last_day

    first = last_day()
    tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/extend")
    second = last_day()
    assert second > first
    page = tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/extend")
    assert last_day() == second
    assert "Extend until" not in page.text


def test_paused_nobody_sees_anything_until_it_goes_on(amina, sara, shared):
    page = words_of(tap(amina.client, f"{shared}/who/pause"))
    assert "Sharing is paused. 1 person waits to see it again. Sara Morgan" in page
    assert "Only you can see this." in page
    assert sara.client.get(f"{shared}/timeline").status_code == 403
    tap(amina.client, f"{shared}/who/resume")
    assert sara.client.get(f"{shared}/timeline").status_code == 200


def test_words_that_were_told_are_shown_again_and_taken_back(amina, sara, yusuf):
    page, words = told(amina, yusuf)
    shown = amina.client.get(f"{yusuf}/who").text
    assert f"<b>{words}</b>" in shown
    tap(amina.client, f"{page}/take-back")
    assert words not in amina.client.get(f"{yusuf}/who").text


def test_words_used_by_other_keys_are_said_to_be(amina, sara, yusuf):
    _page, words = told(amina, yusuf)
    take_up(sara, words)
    with amina.app.test_request_context():
        family().execute("UPDATE invitation SET accepted = zeroblob(32)")
        family().conn.commit()
    page = words_of(amina.client.get(f"{yusuf}/who"))
    assert "The words were used by keys that do not match." in page
    assert "Somebody used the words for Sara Morgan with keys that do not match." in words_of(amina.client.get(yusuf))


def test_what_came_to_its_last_day_is_told_and_given_again(amina, sara, shared, later):
    amina.sign_in()
    sara.sign_in()
    assert "Sara Morgan can see nothing any more: the last day has passed." in words_of(amina.client.get(shared))
    page = amina.client.get(f"{shared}/who")
    with amina.app.test_request_context():
        last_day = date_in_words(day_of(opened(amina, shared).roster.given.ended[0].granted.consent.last_day))
    assert f"The last day was {last_day}." in words_of(page), "Not the day on which it was noticed."
    back = re.search(r'action="([^"]+/give-back)"', page.text)
    assert back
    tap(amina.client, back[1])
    assert "Short breaks" in words_of(sara.client.get(f"{shared}/timeline"))
    assert "the last day has passed" not in words_of(amina.client.get(shared))


def test_what_ended_by_itself_and_is_left_is_told_no_more(amina, shared, later):
    amina.sign_in()
    page = amina.client.get(f"{shared}/who")
    answer = re.search(r'action="([^"]+/answer)"', page.text)
    assert answer
    assert "the last day has passed" not in words_of(tap(amina.client, answer[1]))
    assert "Only you can see this." in words_of(amina.client.get(shared))


def _lose_everything(member: Member) -> None:
    """Keys that nobody signed, as somebody gets who lost passphrase and sheet."""
    from accounts.person import new_person

    with member.app.test_request_context(), at_once(family()):
        account = member.account()
        new = new_person(account.id, 2)
        fields = account.__dict__ | {"generation": 2, "sealing_public": new.sealing.public, "signing_public": new.signing.public}
        store.save_identity(family(), secrets().server_key, type(account)(**fields), was=1)
        store.add_public_keys(family(), type(account)(**fields), None)


def test_new_keys_are_asked_about_and_confirmed_by_six_words(amina, sara, shared):
    id_ = grant_id(amina, shared)
    _lose_everything(sara)
    assert "Is this still Sara Morgan?" in words_of(amina.client.get(shared))
    page = amina.client.get(f"{shared}/who/{id_}/still")
    assert page.text.count("<li>") >= 12
    token, shown = token_of(page.text), re.search(r'name="shown" value="([^"]+)"', page.text)
    assert shown
    # Exchanged between looking and saying yes: other words stand there now, and nothing was given.
    other = amina.client.post(f"{shared}/who/{id_}/still", data={"csrf_token": token, "shown": "0" * 64})
    assert other.status_code == 409
    assert "The keys are others again" in words_of(other)
    with amina.app.test_request_context():
        assert opened(amina, shared).roster.given.grants == ()
    answer = amina.client.post(f"{shared}/who/{id_}/still", data={"csrf_token": token, "shown": shown[1]}, follow_redirects=True)
    assert "Sara Morgan, key worker Meetings, Care plan" in words_of(answer)


def test_new_keys_that_nobody_vouches_for_get_nothing(amina, sara, shared):
    id_ = grant_id(amina, shared)
    _lose_everything(sara)
    amina.client.get(shared)
    assert "Is this still" not in words_of(tap(amina.client, f"{shared}/who/{id_}/answer"))
    assert amina.client.get(f"{shared}/who/{id_}/still").status_code == 404
    with amina.app.test_request_context():
        assert opened(amina, shared).roster.given.grants == ()


def test_whoever_was_given_something_is_written_down_among_those_who_help(amina, shared):
    assert "Write them down in People who help us" in words_of(amina.client.get(f"{shared}/who"))
    page = tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/person")
    assert "Write them down" not in page.text
    assert "Sara Morgan" in words_of(amina.client.get(f"{shared}/people"))


def test_a_colleague_who_left_stays_among_those_who_helped_and_their_successor_is_offered(amina, yusuf):
    sara = join_staff(amina.app.test_client(), "Sara", "key_worker")
    dev = join_staff(amina.app.test_client(), "Dev", "key_worker")
    page, words = told(amina, yusuf)
    take_up(sara, words)
    amina.client.get(page)
    tap(amina.client, f"{yusuf}/who/{grant_id(amina, yusuf)}/person")
    with amina.app.test_request_context(), at_once(family()):
        store.name_successor(family(), secrets().server_key, sara.id, dev.id)
        store.end_account(family(), sara.id, clock.today())
    shown = amina.client.get(f"{yusuf}/who")
    assert "Their manager says that Dev takes over." in words_of(shown)
    share = re.search(r'href="([^"]+\?after=[^"]+)"', shown.text)
    assert share
    form = amina.client.get(share[1]).text
    assert 'value="Dev"' in form
    assert form.count(" checked") >= 2
    answer = re.search(r'action="([^"]+/answer)"', shown.text)
    assert answer
    tap(amina.client, answer[1])
    people = words_of(amina.client.get(f"{yusuf}/people"))
    assert people.index("Helped us before") < people.index("Sara Morgan")


def test_cover_is_switched_on_until_a_day_and_off(amina, sara, yusuf):
    page, words = told(amina, yusuf, invite_to="cover")
    take_up(sara, words)
    amina.client.get(page)
    with amina.app.test_request_context():
        (cover,) = opened(amina, yusuf).roster.given.standby
    address = f"{yusuf}/who/{cover.grant_id}/switch-on"
    assert sara.client.get(f"{yusuf}/timeline").status_code == 403
    for typed, said in (("whenever", "Write the last day like"), ("3 May 2099", "Choose a day from today to")):
        answer = tap(amina.client, address, last_day=typed)
        assert (answer.status_code, said in answer.text, f'value="{typed}"' in answer.text) == (400, True, True)
    tap(amina.client, address, last_day=clock.today().isoformat())
    assert sara.client.get(f"{yusuf}/timeline").status_code == 200
    on = amina.client.get(f"{yusuf}/who")
    assert "Switched on until" in words_of(on)
    tap(amina.client, f"{yusuf}/who/{grant_id(amina, yusuf)}/withdraw")
    assert sara.client.get(f"{yusuf}/timeline").status_code == 403
    assert "Agreed until" in words_of(amina.client.get(f"{yusuf}/who"))
    tap(amina.client, f"{yusuf}/who/{cover.grant_id}/drop")
    with amina.app.test_request_context():
        assert opened(amina, yusuf).roster.given.standby == ()


def test_it_is_the_familys_alone(amina, sara, joe, shared):
    id_ = grant_id(amina, shared)
    token = token_of(sara.client.get("/settings").text)
    for client, own in ((sara.client, token), (joe.client, token_of(joe.client.get("/settings").text))):
        for page in ("who", f"who/{id_}/still", "log"):
            assert client.get(f"{shared}/{page}").status_code == 404, page
        for deed in ("withdraw", "give-back", "extend", "switch-on", "drop", "answer", "still", "person"):
            assert client.post(f"{shared}/who/{id_}/{deed}", data={"csrf_token": own}).status_code == 404, deed
        for deed in ("pause", "resume"):
            assert client.post(f"{shared}/who/{deed}", data={"csrf_token": own}).status_code == 404, deed
    assert "Sara Morgan, key worker" in words_of(amina.client.get(f"{shared}/who"))


def test_a_grant_that_another_holder_took_back_meanwhile_is_only_shown_as_it_is(amina, shared):
    id_ = grant_id(amina, shared)
    with amina.app.test_request_context():
        sharing.withdraw(opened(amina, shared), id_)
    for deed in ("withdraw", "extend", "switch-on", "drop"):
        assert "Only you can see this." in words_of(tap(amina.client, f"{shared}/who/{id_}/{deed}"))


def test_words_that_were_taken_up_elsewhere_are_in_force_at_the_next_visit_and_told_once(amina, sara, yusuf):
    _page, words = told(amina, yusuf)
    take_up(sara, words)
    assert sara.client.get(f"{yusuf}/timeline").status_code == 403
    assert "Sara Morgan took up your words. It is in force now." in words_of(amina.client.get(yusuf))
    assert sara.client.get(f"{yusuf}/timeline").status_code == 200
    assert "took up your words" not in words_of(amina.client.get(yusuf))


def test_an_invitation_is_no_person_yet(amina, yusuf):
    told(amina, yusuf)
    with amina.app.test_request_context():
        assert len(opened(amina, yusuf).roster.given.invitations) == 1
        assert inviting.accepted_by(opened(amina, yusuf), opened(amina, yusuf).roster.given.invitations[0]) is None
    assert "Only you can see this." in words_of(amina.client.get(yusuf))


def test_paused_nobody_is_given_anything_and_every_page_says_so(amina, sara, shared):
    tap(amina.client, f"{shared}/who/pause")
    assert "Sharing is paused. Nobody you share with sees anything." in words_of(amina.client.get(shared))
    assert "Sharing is paused. Let it go on first." in words_of(amina.client.get(f"{shared}/share"))
    with amina.app.test_request_context():
        (waits,) = sharing.paused(opened(amina, shared).roster.given)
    id_ = waits.granted.grant_id
    for address in (f"who/{id_}/give-back", f"who/{id_}/extend", f"grants/{id_}/change", f"grants/{id_}/change/agree"):
        answer = tap(amina.client, f"{shared}/{address}")
        assert (answer.status_code, "Sharing is paused. Let it go on first." in words_of(answer)) == (409, True), address
    assert agree(amina, shared, name="Rhys").status_code == 409
    assert sara.client.get(f"{shared}/timeline").status_code == 403


def test_words_told_before_a_pause_open_when_it_goes_on(amina, sara, joe, shared):
    page, words = told(amina, shared, name="Joe")
    tap(amina.client, f"{shared}/who/pause")
    take_up(joe, words)
    assert "Joe has typed the words, and it cannot open yet. Sharing is paused." in words_of(amina.client.get(page))
    assert "Somebody has used them. Sharing is paused." in words_of(amina.client.get(f"{shared}/who"))
    assert joe.client.get(f"{shared}/timeline").status_code == 403
    tap(amina.client, f"{shared}/who/resume")
    assert joe.client.get(f"{shared}/timeline").status_code == 200


def test_an_account_of_another_name_is_seen_under_its_own(amina, joe, yusuf):
    _page, words = told(amina, yusuf, name="Becky Thorne", role="")
    take_up(joe, words)
    home = amina.client.get(yusuf)
    assert "Joe took up your words for Becky Thorne. It is in force now. Not who you meant?" in words_of(home)
    assert "Becky Thorne (signs in as Joe)" in words_of(amina.client.get(f"{yusuf}/who"))
    joe.client.get(f"{yusuf}/timeline")
    log = words_of(amina.client.get(f"{yusuf}/log"))
    assert "Becky Thorne (signs in as Joe) looked through Meetings, Care plan." in log
    assert "You gave Becky Thorne (signs in as Joe) a part of this record." in log
    stop = re.search(r'action="([^"]+/stop)"', home.text)
    assert stop
    tap(amina.client, stop[1])
    assert joe.client.get(yusuf).status_code == 403


def test_who_sees_it_again_is_not_offered_to_be_given_back(amina, sara, shared):
    tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/withdraw")
    assert "Taken back" in words_of(amina.client.get(f"{shared}/who"))
    page, words = told(amina, shared)
    take_up(sara, words)
    amina.client.get(page)
    assert "Taken back" not in words_of(amina.client.get(f"{shared}/who"))


def test_a_young_persons_no_stands_beside_what_it_is_about(amina, sara, shared):
    (care_plan, people) = ids_of(amina, shared, "care_plan", "people")
    address = f"{shared}/young/noes"
    kept = tap(amina.client, address, words="Not my plan", about=care_plan)
    assert "People you share with who can see this now: Sara Morgan." in words_of(kept)
    other = tap(amina.client, address, words="Not my helpers", about=people)
    assert "Nobody you share with by name can see this now." in words_of(other)
    page = words_of(amina.client.get(f"{shared}/who"))
    assert "Yusuf has said no to this. Not my plan" in page
    assert "Not my helpers" not in page
    tap(amina.client, address, words="Not her", about=people, person="Sara")
    tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/withdraw")
    back = words_of(amina.client.get(f"{shared}/who"))
    assert back.index("Not her") < back.index("Give it back")


def test_looks_are_counted_since_it_was_agreed_also_through_a_change(amina, sara, shared):
    sara.client.get(f"{shared}/timeline")
    tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/extend")
    assert "Looked once, today." in words_of(amina.client.get(f"{shared}/who"))
    withdrawn = tap(amina.client, f"{shared}/who/{grant_id(amina, shared)}/withdraw")
    back = re.search(r'action="([^"]+/give-back)"', withdrawn.text)
    assert back
    assert "Has not looked yet." in words_of(tap(amina.client, back[1]))
