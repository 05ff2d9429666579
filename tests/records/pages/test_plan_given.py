"""The plan given to people: on paper, by a link, and the slip that comes back; and what to do when something fell through."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from plumbing import clock
from plumbing.ids import new_id
from records import editing, items, letterbox, packs
from records.entry import Entry
from records.item import Sender
from records.links import Door
from records.taking_in import NotTaken
from tests.family import Member, fill
from tests.printed import check_accessible, tags, words
from tests.records.pages.conftest import opened
from tests.records.pages.letters import photo
from tests.records.pages.plans import (
    agree,
    day,
    iso,
    keep,
    plan_in,
    shown,
)
from tests.records.pages.readers import share, write

# Given to people


def test_a_draft_is_not_given_to_anybody(amina, yusuf, page, guard):
    assert "This plan is a draft." in shown(amina, f"{page}/circulate")
    answer = fill(amina.client, page, to=f"{page}/circulate", name="Mr Patel", how_much="whole", how="paper")
    assert answer.status_code == 400


def test_one_persons_own_actions_on_paper_have_nothing_of_the_others(amina, yusuf, page, guard, sleep):
    keep(amina, f"{page}/new/action?need={sleep}", what="Give him his blanket", who="Mr Patel", agency="education")
    agree(amina, page)
    answer = fill(amina.client, f"{page}/circulate", name="Mr Patel", how_much="own", how="large")
    assert answer.status_code == 302
    assert "Patel" not in answer.location
    pdf = amina.client.get(answer.location).data
    check_accessible(pdf, "Care plan: Yusuf")
    text = words(pdf)
    assert "Give him his blanket" in text
    assert "No, because" in text
    for other in ("bed guard", "Sara", "All of us sleep", "Gran helps"):
        assert other not in text
    assert plan_in(amina, yusuf).newest.document["circulated"] == [["Mr Patel", "own_paper", iso(0)]]


def test_the_whole_plan_on_paper_asks_its_reader_for_their_own_answer_alone(amina, yusuf, page, guard, sleep):
    keep(amina, f"{page}/new/action?need={sleep}", what="Give him his blanket", who="Mr Patel, class teacher")
    agree(amina, page)
    for name, asked in (("mr patel", ["blanket"]), ("The team", ["bed guard", "blanket"])):
        answer = fill(amina.client, f"{page}/circulate", name=name, how_much="whole", how="paper")
        assert "atel" not in answer.location
        before, _slip, after = words(amina.client.get(answer.location).data).partition("Your answer")
        assert "bed guard" in before
        assert [one for one in ("bed guard", "blanket") if one in after] == asked


def test_who_agreed_the_plan_is_told_so(amina, page, guard):
    found = fill(amina.client, f"{page}/agree", review_on=day(30))
    assert "You agreed this plan. Nobody is told until you give it to them." in shown(amina, found.location)
    assert "You agreed this plan." not in shown(amina, f"{page}/circulate")


def test_a_guest_with_the_whole_plan_is_asked_loudly_for_their_own_answer_alone(amina, yusuf, page, guard, sleep):
    blanket = keep(amina, f"{page}/new/action?need={sleep}", what="Give him his blanket", who="Mr Patel")
    for name, loud in (("Mr Patel", {blanket}), ("The team", {guard, blanket})):
        client = amina.app.test_client()
        code, pin = given(amina, yusuf, page, name, "whole")
        fill(client, "/pack", code=code, pin=pin)
        text = client.get("/pack/open").text
        assert set(re.findall(r'<a class="btn" href="/pack/actions/([0-9a-f]{32})"', text)) == loud
        assert f"/pack/actions/{guard}" in text, "somebody may be asked to answer for another"


def test_a_slip_asks_nobody_who_has_answered(amina, yusuf, page, guard, sleep):
    blanket = keep(amina, f"{page}/new/action?need={sleep}", what="Give him his blanket", who="Mr Patel")
    keep(amina, f"{page}/new/action?need={sleep}", what="Ring the shop", who="Mr Patel")
    paper = f"{page}/plan.pdf"
    keep(amina, f"{page}/actions/{guard}/answer", says="no", who="Sara Morgan")
    keep(amina, f"{page}/actions/{blanket}/answer", says="yes", who="Mr Patel")
    for of, asked in (("", ["Ring the shop"]), (f"?of={blanket}", ["Ring the shop"]), (f"?of={guard}", [])):
        before, slip, after = words(amina.client.get(paper + of).data).partition("Your answer")
        assert bool(slip) == bool(asked), of
        assert [one for one in ("bed guard", "blanket", "Ring the shop") if one in after] == asked
        assert ("bed guard" in before) == (of != f"?of={blanket}")


def test_own_actions_of_somebody_who_has_none_are_not_given(amina, page, guard):
    agree(amina, page)
    answer = fill(amina.client, f"{page}/circulate", name="Nobody", how_much="own", how="paper")
    assert answer.status_code == 400
    assert "Nobody of that name has an action" in answer.text


@pytest.fixture
def childs(amina, yusuf, page, guard) -> None:
    """What Yusuf says."""
    form = {"matters": "Trains, and my gran", "photo": (io.BytesIO(photo("Yusuf")), "me.jpg")}
    assert fill(amina.client, f"{yusuf}/about-me/edit", **form).status_code == 302
    write(amina, yusuf, "about_me", kind="note", title="Yes is a smile", words="No is looking away")
    write(amina, yusuf, "about_me", kind="voice", title="Yusuf says yes", note="A short hum")


@pytest.mark.parametrize("large", ["", "?large=1"])
def test_what_the_child_says_stands_first_on_the_printed_plan(amina, childs, page, large):
    made = amina.client.get(f"{page}/plan.pdf{large}").data
    check_accessible(made, "Care plan: Yusuf")
    assert [alt for name, alt in tags(made) if name == "/Figure"] == ["A photo of Yusuf"]
    text = " ".join(words(made).split())
    places = [
        text.index(one) for one in ("What Yusuf says", "Trains, and my gran", "Yusuf says yes", "Ask us to play it", "Sleep")
    ]
    assert places[0] == min(places)
    assert places[-1] == max(places)
    assert "No is looking away" in text


def test_the_family_may_leave_out_what_the_child_says_and_own_actions_never_have_it(amina, yusuf, childs, page, guard):
    agree(amina, page)
    assert "On paper, with what Yusuf says" in shown(amina, f"{page}/circulate")
    for typed, is_there in (
        ({"name": "Dr Jones", "how_much": "whole", "with_child": "y"}, True),
        ({"name": "Dr Jones", "how_much": "whole"}, False),
        ({"name": "Sara Morgan", "how_much": "own", "with_child": "y"}, False),
    ):
        made = amina.client.get(fill(amina.client, f"{page}/circulate", how="paper", **typed).location).data
        assert ("Trains" in words(made)) == is_there, typed
        assert bool([name for name, _alt in tags(made) if name == "/Figure"]) == is_there
    agreed = plan_in(amina, yusuf).newest.id
    assert "Trains" not in words(amina.client.get(f"{page}/plan.pdf?agreed={agreed}").data)
    # An address that asks for both is asked for somebody's own.
    assert "Trains" not in words(amina.client.get(f"{page}/plan.pdf?of={guard}").data)


def test_who_reads_the_plan_alone_prints_nothing_of_what_the_child_says(amina, yusuf, childs, page, sara):
    share(amina, yusuf, sara, "care_plan")
    assert "Trains" not in words(sara.client.get(f"{page}/plan.pdf").data)
    share(amina, yusuf, sara, "about_me")
    assert "Trains" in words(sara.client.get(f"{page}/plan.pdf").data)


def given(amina: Member, yusuf: str, page: str, name: str, how_much: str) -> tuple[str, str]:
    """The code and the PIN of a link to the plan."""
    agree(amina, page)
    answer = fill(amina.client, f"{page}/circulate", to=f"{page}/circulate/link", name=name, how_much=how_much)
    assert answer.status_code == 302, answer.text
    text = amina.client.get(answer.location).text
    return re.search(r'/pack#([0-9A-Z-]{34})"', text)[1], "".join(re.findall(r"<li>(\d{3})</li>", text))


@pytest.fixture
def guest(amina: Member, yusuf: str, page: str, guard: str, sleep: str) -> FlaskClient:
    """Sara's telephone, with her own actions open on it."""
    keep(amina, f"{page}/new/action?need={sleep}", what="Give him his blanket", who="Mr Patel")
    client = amina.app.test_client()
    code, pin = given(amina, yusuf, page, "Sara Morgan", "own")
    assert fill(client, "/pack", code=code, pin=pin).status_code == 303
    return client


def test_a_guest_sees_their_own_actions_and_no_others(guest, guard):
    text = guest.get("/pack/open").text
    assert "Ask for a bed guard" in text
    assert f"/pack/actions/{guard}" in text
    for other in ("blanket", "Patel", "All of us sleep", "Gran helps"):
        assert other not in text


def test_a_slip_comes_back_and_is_filed_in_one_tap(amina, yusuf, page, guest, guard):
    answer = fill(guest, f"/pack/actions/{guard}", says="no", reason="We have none left", who="Sara")
    assert (answer.status_code, answer.location) == (302, "/pack/sent")
    assert plan_in(amina, yusuf).actions[0].says == "", "nothing comes into the plan by itself"
    assert "It may be an answer." in shown(amina, page)
    text = shown(amina, f"{yusuf}/to-file")
    assert "Put it into the plan" in text
    assert "“We have none left”" in text, "nobody takes in unread what it says"
    item = re.search(r"/to-file/([0-9a-f]{32})/keep", text)[1]
    assert "We have none left" in shown(amina, f"{yusuf}/to-file/{item}")
    filed = fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item}/keep")
    assert filed.location == f"{page}#e-{guard}"
    action = plan_in(amina, yusuf).action(guard)
    assert (action.says, action.answer.document["how"]) == ("no", "by the slip")
    assert "Sara said no, by the slip, on" in shown(amina, page)
    # Twice is once.
    assert fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item}/keep").status_code == 302
    assert len(plan_in(amina, yusuf).action(guard).answers) == 1


def test_a_slip_says_only_what_it_may(amina, yusuf, guest, guard):
    """Its sender cannot say how or when it was said, nor to which action of another plan."""
    other = "f" * 32
    assert fill(guest, f"/pack/actions/{guard}", to=f"/pack/actions/{other}", says="yes").status_code == 404
    forged = {"says": "yes", "how": "sworn", "on": "1 January 2020", "action_id": other, "turn": "99", "what": "Forged"}
    assert fill(guest, f"/pack/actions/{guard}", **forged).status_code == 302
    with amina.app.test_request_context():
        document = items.waiting(opened(amina, yusuf))[0].document
    assert document.pop("at") <= clock.second()
    assert document == {"v": 1, "kind": "answer", "says": "yes", "action_id": guard, "what": "Ask for a bed guard"}


def test_ten_actions_can_each_be_answered_four_times_and_then_others_still_have_room(amina, yusuf, guest, guard):
    """No family can be expected to file each slip before the next one comes; and one guest does not keep the others out."""
    slip = {"v": 1, "kind": "answer", "says": "yes"}
    with amina.app.test_request_context():
        of, office = opened(amina, yusuf), amina.app.extensions["office"]
        pack = of.roster.given.packs[0]
        door = Door(of.record_id, of.stamp, letterbox.newest(of.db, office.secrets.server_key, of.record_id))

        def put(*sender: str) -> str:
            letter = items.Letter(slip, once=new_id())
            return items.put_in(of.db, office, door, Sender(*sender), letter, of.today)

        for _ in range(40):
            put("pack", pack.id, "Sara Morgan")
        with pytest.raises(NotTaken, match="too_many_of_yours"):
            put("pack", pack.id, "Sara Morgan")
        assert put("pack", "f" * 32, "Dr Jones")
        assert put("link", "e" * 32, "School office")
        assert items.MOST_OF_A_GUEST * 5 <= items.MOST_OF_A_RECORD
    answer = fill(guest, f"/pack/actions/{guard}", says="no", reason="We have none left")
    assert answer.status_code == 400
    assert "You have sent many answers" in answer.text
    assert "We have none left" in answer.text


def test_a_slip_of_a_pack_that_has_ended_is_not_taken(amina, yusuf, guest, guard):
    form = guest.get(f"/pack/actions/{guard}").text
    with amina.app.test_request_context():
        of = opened(amina, yusuf)
        packs.end(of, of.roster.given.packs[0].id)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    answer = guest.post(f"/pack/actions/{guard}", data={"csrf_token": token, "says": "yes"})
    assert answer.status_code == 410
    with amina.app.test_request_context():
        assert not items.count(opened(amina, yusuf))


def test_a_slip_to_an_action_that_is_gone_is_still_filed(amina, yusuf, page, guest, guard):
    fill(guest, f"/pack/actions/{guard}", says="yes")
    with amina.app.test_request_context():
        of = opened(amina, yusuf)
        editing.put_into_bin(of, guard)
        item = items.waiting(of)[0].id
    assert "It is not in your plan any more." in shown(amina, f"{yusuf}/to-file/{item}")
    assert fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item}/keep").status_code == 302


def test_whoever_has_no_pack_open_sends_no_slip(amina, guard):
    stranger = amina.app.test_client()
    assert stranger.get(f"/pack/actions/{guard}").location == "/pack"
    assert stranger.get("/pack/sent").location == "/pack"


# Something fell through


def test_something_fell_through_is_one_form_and_words_to_send(amina, yusuf):
    person = write(amina, yusuf, "people", kind="person", name="Sara Morgan", phone="01632 960123")
    write(amina, yusuf, "people", kind="person", name="Mr Old", until="2020-01-01")
    form = shown(amina, f"{yusuf}/fell-through")
    assert "Mr Old" not in form
    answer = fill(amina.client, f"{yusuf}/fell-through", words="The escort did not come.", date=day(0), people=person.id)
    text = shown(amina, answer.location)
    assert "something fell through on" in text
    assert "The escort did not come. Please tell me" in text
    assert "tel:+44" in text
    words_to_send = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)[1]
    assert "Yusuf" not in words_to_send
    entry = diary(amina, yusuf)[0].document
    assert (entry["outcome"], entry["who"]) == ("fell_through", "Sara Morgan")


def test_who_may_add_to_the_diary_notes_it_in_their_own_name(amina, yusuf, sara, joe):
    person = write(amina, yusuf, "people", kind="person", name="Mr Patel")
    share(amina, yusuf, sara, "diary", verb="read_and_add")
    assert "Something fell through" in shown(sara, yusuf)
    form = shown(sara, f"{yusuf}/fell-through")
    assert "in your name" in form
    assert "Mr Patel" not in form, "who helps is not shared with her"
    typed = {"words": "The escort did not come.", "date": day(0), "people": person.id}
    answer = fill(sara.client, f"{yusuf}/fell-through", **typed)
    assert "It is in the family’s diary" in shown(sara, answer.location)
    (entry,) = diary(amina, yusuf)
    assert (entry.author, entry.document["outcome"], "who" in entry.document) == (sara.id, "fell_through", False)
    assert joe.client.get(f"{yusuf}/fell-through").status_code == 404


@pytest.mark.parametrize(("slug", "verb"), [("diary", "read"), ("care_plan", "read_and_add")])
def test_who_may_not_add_to_the_diary_notes_nothing(amina, yusuf, sara, slug, verb):
    fell = write(amina, yusuf, "diary", kind="diary", words="The escort did not come.", outcome="fell_through")
    share(amina, yusuf, sara, slug, verb=verb)
    assert "Something fell through" not in shown(sara, yusuf)
    for address in ("", f"/{fell.id}"):
        assert sara.client.get(f"{yusuf}/fell-through{address}").status_code == 404


def diary(member: Member, record: str) -> list[Entry]:
    with member.app.test_request_context():
        of = opened(member, record)
        return of.entries([of.book.by_slug("diary").id])


def test_nothing_fell_through_without_a_word(amina, yusuf):
    answer = fill(amina.client, f"{yusuf}/fell-through", words=" ")
    assert answer.status_code == 400
    assert not diary(amina, yusuf)


def test_words_to_send_are_for_what_fell_through_alone(amina, yusuf):
    other = write(amina, yusuf, "diary", kind="diary", words="A good day")
    assert amina.client.get(f"{yusuf}/fell-through/{other.id}").status_code == 404
