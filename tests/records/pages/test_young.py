"""Growing up: the prompt on Home, looking at it together, a young person's no, and who decides what."""

from __future__ import annotations

import datetime
import re

import pytest

from plumbing import clock
from plumbing.dates import months_after
from records import canonical, editing, holding, inviting, supported, visits, young_people
from records.age import birthday
from records.consent import TO_HOLD, TO_SEE, Consent, day_number
from records.young_people import No
from tests.family import Member, fill, token_of
from tests.records.pages.conftest import opened


def born_to_be(age: int, on: datetime.date) -> str:
    """The date of birth of somebody who becomes so old on a day, as a parent types it."""
    day = on.replace(year=on.year - age)
    assert birthday(day, age) == on
    return day.isoformat()


def begin(member: Member, born: str, nation: str = "england") -> str:
    """Begin Yusuf's record; its address."""
    answer = fill(member.client, "/records/new", called="Yusuf", born=born, nation=nation)
    assert answer.status_code == 302, answer.text
    return answer.location


def seen(member: Member, record: str):
    """The record as it is kept."""
    with member.app.test_request_context():
        return opened(member, record)


def log_of(member: Member, record: str) -> list[str]:
    with member.app.test_request_context():
        return [line.words["what"] for line in opened(member, record).log_lines()]


@pytest.fixture
def soon() -> datetime.date:
    """A day in two months."""
    return months_after(clock.today(), 2).replace(day=15)


@pytest.fixture
def nearly_13(amina: Member, soon: datetime.date) -> str:
    """The record of a Yusuf who is nearly 13."""
    return begin(amina, born_to_be(13, soon))


def invite(member: Member, record: str, other: Member, to: str) -> None:
    """Let somebody else hold the record, or see a section of it."""
    with member.app.test_request_context():
        there, office = opened(member, record), member.app.extensions["office"]
        last_day = day_number(months_after(there.today, 1))
        consent = Consent("Joe", "dad", (there.sections[0].id,), "read", "to know", last_day, day_number(there.today))
        invited = inviting.invite(there, to, consent, last_day, "Amina")
        inviting.accept(there.db, office, other.person(), canonical.raw(invited.code), day_number(there.today))
        if to == TO_HOLD:
            holding.confirm(there, invited.id)
        else:
            visits.attend(there)


ASKS = "Nothing changes by itself."


# The prompt


def test_home_asks_ahead_of_a_birthday_and_says_what_changes(amina, nearly_13):
    page = amina.client.get(nearly_13).text
    assert "Yusuf will be 13 on 15 " in page
    assert "From 13, the law lets young people say yes or no" in page
    assert ASKS in page


@pytest.mark.parametrize(
    ("age", "nation", "said"),
    [
        (11, "england", "doctors’ surgeries in England"),
        (11, "wales", "have their own view"),
        (12, "scotland", "In Scotland, the law takes it that a person of 12"),
        (16, "wales", "the law in Wales"),
        (16, "scotland", "the law in Scotland"),
        (16, "northern_ireland", "the law in Northern Ireland"),
        (16, "", "From 16, the law starts from this"),
        (18, "england", "a person is an adult"),
    ],
)
def test_each_age_says_what_changes_where_the_family_lives(amina, soon, age, nation, said):
    assert said in amina.client.get(begin(amina, born_to_be(age, soon), nation)).text


@pytest.mark.parametrize(("age", "nation"), [(12, "england"), (12, ""), (10, "scotland"), (15, "england")])
def test_no_other_birthday_is_asked_about(amina, soon, age, nation):
    page = amina.client.get(begin(amina, born_to_be(age, soon), nation)).text
    assert f"will be {age}" not in page


def test_nobody_is_asked_about_a_child_without_a_date_of_birth(amina):
    assert ASKS not in amina.client.get(begin(amina, "")).text


@pytest.mark.parametrize(("answer", "what"), [("looked", "young_looked"), ("later", "young_later")])
def test_an_answer_is_remembered_and_logged_and_changes_nothing_else(amina, nearly_13, answer, what):
    before = seen(amina, nearly_13)
    assert fill(amina.client, nearly_13, f"{nearly_13}/young/answer", age="13", answer=answer).status_code == 302
    assert ASKS not in amina.client.get(nearly_13).text
    after = seen(amina, nearly_13)
    assert young_people.answers(after.book)[13].what == answer
    assert (after.holders, after.roster.given, after.roster.epochs) == (before.holders, before.roster.given, before.roster.epochs)
    assert log_of(amina, nearly_13)[0] == what


@pytest.mark.parametrize("fields", [{"age": "16"}, {"age": ""}, {"age": "13²"}, {"age": "13", "answer": "cut_off"}])
def test_an_answer_to_what_was_not_asked_is_none(amina, nearly_13, fields):
    lines = len(log_of(amina, nearly_13))
    fill(amina.client, nearly_13, f"{nearly_13}/young/answer", **{"answer": "looked"} | fields)
    assert ASKS in amina.client.get(nearly_13).text
    assert len(log_of(amina, nearly_13)) == lines


# Their no


def say_no(member: Member, record: str, **fields: str):
    return fill(member.client, f"{record}/young/noes", **{"words": "Not my weight", "about": "", "person": ""} | fields)


def test_a_no_is_kept_in_their_own_words_and_shown(amina, yusuf):
    letters = seen(amina, yusuf).book.by_slug("health_letters").id
    assert say_no(amina, yusuf, about=letters, person="Mr Patel").status_code == 302
    page = amina.client.get(f"{yusuf}/young/noes").text
    for words in ("Not my weight", "About: Health letters.", "Not for: Mr Patel.", "You wrote it down on"):
        assert words in page
    assert "1 thing" in amina.client.get(yusuf).text
    assert "Yusuf has said no to this." in amina.client.get(f"{yusuf}/young/together").text
    assert [one.words for one in young_people.noes_for(seen(amina, yusuf).book, [letters])] == ["Not my weight"]
    assert log_of(amina, yusuf)[0] == "young_no"


def test_a_no_sent_twice_is_one(amina, yusuf):
    page = amina.client.get(f"{yusuf}/young/noes").text
    once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', page)[1]
    for _time in range(2):
        say_no(amina, yusuf, once=once)
    assert len(young_people.noes(seen(amina, yusuf).book)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("words", " ", "Write what they said or showed"),
        ("words", "\u200b", "Write what they said or showed"),
        ("words", "x" * 1001, "Keep this under 1000 letters"),
        ("person", "x" * 101, "Keep this under 100 letters"),
        ("about", "0" * 32, "Choose what it is about"),
    ],
)
def test_a_no_that_cannot_be_kept_is_said_and_stays_typed(amina, yusuf, field, typed, said):
    answer = say_no(amina, yusuf, **{"words": "Not my weight", field: typed})
    assert answer.status_code == 400
    assert said in answer.text
    assert "<title>Error:" in answer.text
    assert field == "words" or "Not my weight" in answer.text
    assert not young_people.noes(seen(amina, yusuf).book)


def test_a_no_can_be_taken_back(amina, yusuf):
    say_no(amina, yusuf)
    no = young_people.noes(seen(amina, yusuf).book)[0]
    fill(amina.client, f"{yusuf}/young/noes", f"{yusuf}/young/noes/{no.id}/take-back")
    assert not young_people.noes(seen(amina, yusuf).book)
    assert "Not my weight" not in amina.client.get(f"{yusuf}/young/noes").text
    assert log_of(amina, yusuf)[0] == "young_no_taken_back"


def test_a_no_that_is_not_there_cannot_be_taken_back(amina, yusuf):
    say_no(amina, yusuf)
    assert fill(amina.client, f"{yusuf}/young/noes", f"{yusuf}/young/noes/{'0' * 32}/take-back").status_code == 404
    assert len(young_people.noes(seen(amina, yusuf).book)) == 1


def test_a_no_says_which_of_the_holders_wrote_it_down(amina, joe, yusuf):
    invite(amina, yusuf, joe, TO_HOLD)
    assert say_no(joe, yusuf).status_code == 302
    assert "You wrote it down on" in joe.client.get(f"{yusuf}/young/noes").text
    assert "Joe wrote it down on" in amina.client.get(f"{yusuf}/young/noes").text


def test_a_no_outlives_whoever_wrote_it_down(amina, yusuf):
    no = No("a" * 32, "Not my weight", "", "", "0" * 32, clock.today())
    with amina.app.test_request_context():
        editing.change_book(opened(amina, yusuf), lambda book: young_people.with_no(book, no))
    assert "Somebody who has left wrote it down on" in amina.client.get(f"{yusuf}/young/noes").text


def test_what_was_said_is_shown_as_words_and_never_as_html(amina, yusuf):
    say_no(amina, yusuf, words="<b>Not</b>\n\nmy weight")
    assert "&lt;b&gt;Not&lt;/b&gt;" in amina.client.get(f"{yusuf}/young/noes").text


def test_a_record_keeps_only_so_many_noes(amina, yusuf, monkeypatch):
    monkeypatch.setattr(young_people, "MOST_NOES", 1)
    say_no(amina, yusuf)
    answer = say_no(amina, yusuf)
    assert answer.status_code == 400
    assert "Take one back first" in answer.text


# Who decides what

NOTE = {
    "who": "Amina",
    "what": "Who may see this record",
    "footing": "best_interests",
    "since": "3 May 2026",
    "paper": "Order 12",
}


def note_down(member: Member, record: str, **fields: str):
    return fill(member.client, f"{record}/young/decides/new", **NOTE | fields)


def test_who_decides_is_kept_and_shown_on_home(amina, yusuf):
    assert note_down(amina, yusuf).status_code == 302
    home, page = amina.client.get(yusuf).text, amina.client.get(f"{yusuf}/young/decides").text
    for words in ("Amina decides", "Who may see this record", "Best interests.", "Since 3 May 2026.", "Order 12"):
        assert words in home
        assert words in page
    assert "decide what is best for them" in page
    assert log_of(amina, yusuf)[0] == "supported"


def test_a_note_can_be_changed_and_taken_away(amina, yusuf):
    note_down(amina, yusuf)
    note = supported.supported(seen(amina, yusuf).book)[0]
    address = f"{yusuf}/young/decides/{note.id}"
    assert 'value="3 May 2026"' in amina.client.get(address).text
    fill(amina.client, address, **NOTE | {"footing": "deputy", "since": ""})
    changed = supported.supported(seen(amina, yusuf).book)
    assert [(one.id, one.footing, one.since) for one in changed] == [(note.id, "deputy", None)]
    fill(amina.client, f"{yusuf}/young/decides", f"{address}/remove")
    assert not supported.supported(seen(amina, yusuf).book)
    assert "Amina decides" not in amina.client.get(yusuf).text
    assert log_of(amina, yusuf)[:2] == ["supported_removed", "supported"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("who", "", "Write who decides"),
        ("what", " ", "Write what they decide"),
        ("footing", "", "Choose why they may decide it"),
        ("footing", "king", "Choose why they may decide it"),
        ("since", "one day", "Write the day like 3 May 2026"),
        ("since", "3 May 2090", "that day is still to come"),
        ("paper", "x" * 201, "Keep this under 200 letters"),
    ],
)
def test_a_note_that_cannot_be_kept_is_said_and_stays_typed(amina, yusuf, field, typed, said):
    answer = note_down(amina, yusuf, **{field: typed})
    assert answer.status_code == 400
    assert said in answer.text
    assert field == "who" or 'value="Amina"' in answer.text
    assert not supported.supported(seen(amina, yusuf).book)


def test_a_note_that_is_not_there_is_not_found(amina, yusuf):
    address = f"{yusuf}/young/decides/{'0' * 32}"
    assert amina.client.get(address).status_code == 404
    for to in (address, f"{address}/remove"):
        assert fill(amina.client, f"{yusuf}/young/decides/new", to, **NOTE).status_code == 404
    assert not supported.supported(seen(amina, yusuf).book)


def test_a_record_keeps_only_so_many_notes(amina, yusuf, monkeypatch):
    monkeypatch.setattr(supported, "MOST_NOTES", 1)
    note_down(amina, yusuf)
    assert note_down(amina, yusuf).status_code == 400
    assert "as many notes as a record can keep" in amina.client.get(f"{yusuf}/young/decides").text


def test_the_log_has_words_for_all_of_it(amina, nearly_13):
    fill(amina.client, nearly_13, f"{nearly_13}/young/answer", age="13", answer="later")
    say_no(amina, nearly_13)
    note_down(amina, nearly_13)
    page = amina.client.get(f"{nearly_13}/log").text
    for words in ("asked to be reminded later", "wrote down something that is not to be shared", "wrote down who decides what"):
        assert words in page
    assert "Not my weight" not in page


# Together, and who may


def test_the_steps_lead_to_every_part(amina, yusuf):
    page = amina.client.get(f"{yusuf}/young/together").text
    with amina.app.test_request_context():
        from flask import url_for

        record_id = yusuf.rsplit("/", 1)[1]
        for endpoint in ("who_can_see", "young_noes", "invite_holder", "leave_holding", "decides"):
            assert f'href="{url_for(f"records.{endpoint}", record_id=record_id)}"' in page
    assert 'data-aloud="together"' in page


PAGES = ("together", "noes", "decides", "decides/new", f"decides/{'0' * 32}")
SENT = ("answer", "noes", f"noes/{'0' * 32}/take-back", "decides/new", f"decides/{'0' * 32}", f"decides/{'0' * 32}/remove")


def _refused(member: Member, record: str) -> set[int]:
    """What somebody gets who asks for each of these pages, and sends each of these forms."""
    token = token_of(member.client.get("/leave").text)
    typed = {"csrf_token": token, "words": "No", "about": "", "age": "13", "answer": "looked"} | NOTE
    shown = {member.client.get(f"{record}/young/{page}").status_code for page in PAGES}
    return shown | {member.client.post(f"{record}/young/{to}", data=typed).status_code for to in SENT}


def test_nobody_else_finds_these_pages_or_changes_anything(amina, joe, yusuf):
    before = seen(amina, yusuf).book
    assert _refused(joe, yusuf) == {404}
    assert seen(amina, yusuf).book == before


def test_whoever_only_reads_finds_none_of_these_pages(amina, joe, nearly_13):
    say_no(amina, nearly_13)
    invite(amina, nearly_13, joe, TO_SEE)
    before = seen(amina, nearly_13).book
    assert _refused(joe, nearly_13) == {404}
    assert seen(amina, nearly_13).book == before


def test_holders_are_told_that_the_others_see_what_they_open(amina, joe, yusuf):
    told = "can see in the log what you open"
    assert told not in amina.client.get(yusuf).text
    invite(amina, yusuf, joe, TO_HOLD)
    assert told in amina.client.get(yusuf).text
    assert told in joe.client.get(yusuf).text
