"""Inviting to a meeting: the family's own letter, a mail that says nothing of anybody, and a date for a calendar."""

from __future__ import annotations

import io
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from icalendar import Calendar

from plumbing import clock
from tests import printed
from tests.family import SARA, Member, fill, join_staff, token_of
from tests.records.pages.conftest import begin_record, opened
from tests.records.pages.letters import photo
from tests.records.pages.readers import lines, share, write
from tests.records.pages.test_meetings import PLAN, pages_of, plan


@pytest.fixture
def sara(empty_app: Flask) -> Member:
    return join_staff(empty_app.test_client(), SARA, "key_worker")


@pytest.fixture
def meeting(amina: Member, yusuf: str) -> str:
    return plan(amina, yusuf)


def mails(member: Member) -> list[EmailMessage]:
    """What lies in the outbox."""
    found = sorted(member.app.extensions["settings"].outbox.glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]  # type: ignore[misc]


def said(mail: EmailMessage) -> tuple[str, str]:
    body = mail.get_body()
    assert body
    return mail["Subject"], body.get_content()


def test_the_letter_is_the_familys_and_says_what_they_planned(amina, meeting):
    page = amina.client.get(f"{pages_of(meeting)}/invite").text
    for words in ("Yusuf", "Spring meeting", "Tuesday 3 March 2099, 2pm to 3pm", "Harbourne school", "- Sleep", "- By pictures"):
        assert words in page, words
    assert "Copy" in page


def test_the_letter_prints_as_it_was_changed_and_is_kept_nowhere(amina, yusuf, meeting):
    letter = "Hello,\n\ncome when you can.\n\nWe talk about:\n- Sleep\n- The bus\n\nAmina"
    answer = fill(amina.client, f"{pages_of(meeting)}/invite", to=f"{pages_of(meeting)}/invite/letter", letter=letter)
    assert answer.mimetype == "application/pdf"
    printed.check_accessible(answer.data, "You are invited to a meeting")
    assert "come when you can" in printed.words(answer.data)
    assert [tag for tag, _alt in printed.tags(answer.data)].count("/LI") == 2
    large = fill(amina.client, f"{pages_of(meeting)}/invite", to=f"{pages_of(meeting)}/invite/letter", letter=letter, large="yes")
    assert "come when you can" in printed.words(large.data)
    empty = fill(amina.client, f"{pages_of(meeting)}/invite", to=f"{pages_of(meeting)}/invite/letter", letter=" ")
    assert empty.status_code == 400
    with amina.app.test_request_context():
        assert "come when you can" not in str([one.document for one in opened(amina, yusuf).entries()])


def test_the_mail_says_nothing_of_the_family_and_is_the_same_for_all(amina, joe, yusuf, meeting):
    write(amina, yusuf, "people", kind="person", name="Dr Jones", email="jones@example.org")
    page = amina.client.get(f"{pages_of(meeting)}/invite").text
    known = page.split('name="person" value="')[1].split('"')[0]
    assert f'value="{known}" checked' in page, "Who is in the list is ticked."
    to = f"{pages_of(meeting)}/invite/mail"
    answer = fill(
        amina.client, f"{pages_of(meeting)}/invite", to=to, person=known, addresses="Patel@example.org\npatel@example.org\n"
    )
    assert answer.status_code == 302
    assert "on its way" in amina.client.get(answer.location).text
    first = mails(amina)
    assert {one["To"].casefold() for one in first} == {"jones@example.org", "patel@example.org"}
    assert len(first) == 2
    other = plan(joe, begin_record(joe, "Megan"), which="cetr", what="Ward review")
    fill(joe.client, f"{pages_of(other)}/invite", to=f"{pages_of(other)}/invite/mail", addresses="gp@example.org")
    every = mails(joe)
    assert len(every) == 3
    assert len({said(one) for one in every}) == 1
    everything = str(every[-1]) + str(every[0])
    for words in ("Yusuf", "Megan", "Amina", "Spring", "Ward", "around", "2099", "Harbourne", "/records/"):
        assert words not in everything, words


def test_with_a_date_it_carries_day_and_time_and_nothing_else(amina, meeting):
    to = f"{pages_of(meeting)}/invite/mail"
    fill(amina.client, f"{pages_of(meeting)}/invite", to=to, addresses="gp@example.org", calendar="yes")
    [mail] = mails(amina)
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "invitation.ics"
    assert attached.get_content_type() == "text/calendar"
    file = amina.client.get(f"{pages_of(meeting)}/invite/calendar")
    for data in (attached.get_payload(decode=True), file.data):
        calendar = Calendar.from_ical(data)
        [event] = calendar.walk("VEVENT")
        assert calendar["method"] == "PUBLISH"
        assert event["summary"] == "Meeting"
        assert event.decoded("dtstart").isoformat() == "2099-03-03T14:00:00+00:00"
        assert event.decoded("dtend").isoformat() == "2099-03-03T15:00:00+00:00"
        text = data.decode()
        for words in (PLAN["what"], PLAN["place"], meeting.rsplit("/", 1)[1], "LOCATION", "ORGANIZER", "ATTENDEE"):
            assert words not in text, words


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ("", "Tick somebody, or write an e-mail address"),
        ("gp.example.org", "Write each e-mail address on a line of its own"),
        ("\n".join(f"a{number}@example.org" for number in range(21)), "Choose 20 people or fewer"),
    ],
)
def test_a_slip_sends_nothing_and_keeps_what_was_typed(amina, meeting, addresses, words):
    answer = fill(amina.client, f"{pages_of(meeting)}/invite", to=f"{pages_of(meeting)}/invite/mail", addresses=addresses)
    assert answer.status_code == 400
    assert words in answer.text
    assert addresses in answer.text
    assert mails(amina) == []


def test_nobodys_inbox_is_filled(amina, meeting):
    def send(addresses: str) -> int:
        to = f"{pages_of(meeting)}/invite/mail"
        return fill(amina.client, f"{pages_of(meeting)}/invite", to=to, addresses=addresses).status_code

    for _time in range(5):
        assert send("gp@example.org") == 302, "Nobody is told which address has had enough."
    assert len(mails(amina)) == 3
    for number in range(2):
        assert send("\n".join(f"{number}-{one}@example.org" for one in range(20))) == 302
    assert send("\n".join(f"3-{one}@example.org" for one in range(20))) == 429
    with clock.moved(days=2):
        amina.sign_in()
        assert send("gp@example.org") == 302


def test_nobody_is_invited_to_what_the_family_did_not_agree_to(amina, yusuf):
    meeting = plan(amina, yusuf, agreed="")
    page = amina.client.get(f"{pages_of(meeting)}/invite").text
    assert "First say whether you agree to this meeting" in page
    assert "textarea" not in page.split("<main")[1]
    for name in ("mail", "letter"):
        assert fill(amina.client, meeting, to=f"{pages_of(meeting)}/invite/{name}", addresses="gp@example.org").status_code == 404
    assert amina.client.get(f"{pages_of(meeting)}/invite/calendar").status_code == 404
    assert mails(amina) == []


def test_a_key_worker_who_may_add_invites_for_the_family_and_the_log_says_so(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    to = f"{pages_of(meeting)}/invite/mail"
    assert fill(sara.client, f"{pages_of(meeting)}/invite", to=to, addresses="gp@example.org").status_code == 302
    assert lines(amina, yusuf, sara)[-1]["what"] in {"meeting_mailed", "opened", "listed"}
    assert "meeting_mailed" in {one["what"] for one in lines(amina, yusuf, sara)}
    assert "sent neutral mails that invite to a meeting" in amina.client.get(f"{yusuf}/log").text


# Words instead of coming, by the letter-box


def test_a_letter_from_the_letter_box_is_kept_with_the_meeting_it_is_for(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "health_letters", verb="add")
    fill(
        sara.client,
        f"{yusuf}/put-in",
        title="Dr Jones says",
        note="More sleep, please",
        files=[(io.BytesIO(photo("Report")), "a.jpg")],
    )
    page = amina.client.get(f"{yusuf}/to-file").text
    item = re.search(rf'href="({yusuf}/to-file/[0-9a-f]{{32}})"', page)
    assert item
    letter = amina.client.get(item[1]).text
    assert "It is for a meeting" in letter
    assert "Spring meeting · Tuesday 3 March 2099, 2pm to 3pm" in letter
    known = meeting.rsplit("/", 1)[1]
    assert fill(amina.client, item[1], to=f"{item[1]}/meeting", meeting="0" * 32).status_code == 404
    for _time in range(2):
        token = token_of(amina.client.get(meeting).text)
        answer = amina.client.post(f"{item[1]}/meeting", data={"csrf_token": token, "meeting": known})
        assert answer.location == meeting
    page = amina.client.get(meeting).text
    assert "More sleep, please" in page
    assert "They send their words instead" in page
    with amina.app.test_request_context():
        [kept] = [one for one in opened(amina, yusuf).entries() if one.kind == "contribution"]
        assert opened(amina, yusuf).section(kept.section_id).slug == "meetings"
    own = amina.client.get(f"{yusuf}/entries/{kept.id}").text
    image = re.search(r'<img src="([^"]+)"', own)
    assert image
    assert amina.client.get(image[1]).mimetype == "image/jpeg"
    assert f'href="{meeting}"' in own
    assert "nothing to file" in amina.client.get(f"{yusuf}/to-file").text
