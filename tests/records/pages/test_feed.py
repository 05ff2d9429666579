"""The calendar feed: what its address gives, to whom, and until when; and reminders, which say nothing."""

from __future__ import annotations

import datetime
import re

import pytest
from icalendar import Calendar

from accounts import store
from accounts.current import family
from plumbing import clock, tidy
from plumbing.days import months_after
from plumbing.server_log import QuietLogger
from records import editing
from tests.family import Member, fill, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.readers import write

WORDS = "Speech therapy with Dr Khan"


def add(member: Member, record: str, day: datetime.date, **more: object) -> str:
    """An appointment on a day; its id."""
    document = {"v": 1, "kind": "appointment", "what": WORDS, "date": day.isoformat(), "time": "14:30", "place": "Harbourne"}
    with member.app.test_request_context():
        there = opened(member, record)
        return editing.add(there, there.book.by_slug("appointments").id, document | more).id


def in_days(days: int) -> datetime.date:
    return clock.today() + datetime.timedelta(days=days)


def turn_on(member: Member, record: str, **fields: str) -> str:
    """Turn the feed on, or make a new address; the address."""
    page = fill(member.client, f"{record}/feed", do="new", **fields).text
    found = re.search(r'value="http://localhost(/feed/[^"]+\.ics)"', page)
    assert found, page
    return found[1]


def events(client, address: str) -> list[tuple[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [
        (str(event["summary"]), str(event.decoded("dtstart"))[:10]) for event in Calendar.from_ical(answer.data).walk("VEVENT")
    ]


def test_a_calendar_reads_the_dates_and_none_of_the_words(amina, yusuf):
    add(amina, yusuf, in_days(3))
    address = turn_on(amina, yusuf)
    stranger = amina.app.test_client()
    assert events(stranger, address) == [("Appointment", str(in_days(3)))]
    answer = stranger.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert b"Khan" not in answer.data
    assert b"Harbourne" not in answer.data


def test_the_words_are_there_only_where_a_holder_wants_them(amina, yusuf):
    add(amina, yusuf, in_days(3))
    address = turn_on(amina, yusuf, words="yes")
    assert events(amina.client, address)[0][0] == WORDS
    fill(amina.client, f"{yusuf}/feed", do="words", words="")
    assert events(amina.client, address)[0][0] == "Appointment"


def test_last_days_are_in_it_only_where_a_holder_wants_them(amina, yusuf):
    action = {"kind": "action", "what": WORDS, "agency": "family", "by_when": in_days(4).isoformat()}
    done = write(amina, yusuf, "care_plan", **action).id
    add(amina, yusuf, in_days(3))
    address = turn_on(amina, yusuf)
    assert events(amina.client, address) == [("Appointment", str(in_days(3)))]
    fill(amina.client, f"{yusuf}/feed", do="words", deadlines="yes")
    assert events(amina.client, address) == [("Appointment", str(in_days(3))), ("Reminder", str(in_days(4)))]
    fill(amina.client, f"{yusuf}/feed", do="words", deadlines="yes", words="yes")
    assert events(amina.client, address)[1] == (WORDS, str(in_days(4)))
    plan = {"kind": "agreed_plan", "agreed_on": in_days(0).isoformat(), "review_on": in_days(9).isoformat()}
    write(amina, yusuf, "care_plan", **plan)
    assert events(amina.client, address)[2] == ("Care plan", str(in_days(9)))
    with amina.app.test_request_context():
        editing.revise(opened(amina, yusuf), done, lambda document: document | {"state": "done"})
    assert [name for name, _day in events(amina.client, address)] == [WORDS, "Care plan"]


def test_the_feed_follows_the_record(amina, yusuf):
    address = turn_on(amina, yusuf)
    assert events(amina.client, address) == []
    entry = add(amina, yusuf, in_days(3))
    assert events(amina.client, address) == [("Appointment", str(in_days(3)))]
    with amina.app.test_request_context():
        there = opened(amina, yusuf)
        editing.revise(there, entry, lambda document: document | {"date": in_days(5).isoformat()})
    assert events(amina.client, address) == [("Appointment", str(in_days(5)))]
    with amina.app.test_request_context():
        editing.put_into_bin(opened(amina, yusuf), entry)
    assert events(amina.client, address) == []
    with amina.app.test_request_context():
        editing.take_out_of_bin(opened(amina, yusuf), entry)
    assert len(events(amina.client, address)) == 1
    with amina.app.test_request_context():
        editing.delete_for_good(opened(amina, yusuf), entry)
    assert events(amina.client, address) == []


def test_a_new_address_ends_the_old_one_and_off_ends_both(amina, yusuf):
    first = turn_on(amina, yusuf)
    second = turn_on(amina, yusuf)
    assert amina.client.get(first).status_code == 404
    assert amina.client.get(second).status_code == 200
    fill(amina.client, f"{yusuf}/feed", do="off")
    assert amina.client.get(second).status_code == 404
    with amina.app.test_request_context():
        assert family().execute("SELECT count(*) FROM feed").fetchone()[0] == 0


def test_an_address_that_was_made_up_gives_nothing(amina, yusuf):
    address = turn_on(amina, yusuf)
    client = amina.app.test_client()
    for other in (
        address.replace(address[6], "A" if address[6] != "A" else "B", 1),
        "/feed/.ics",
        "/feed/x.ics",
        "/feed/%C3%A9.ics",
    ):
        assert client.get(other).status_code == 404
    assert client.get(address.removesuffix(".ics")).status_code == 404


def test_who_guesses_addresses_is_slowed_and_calendars_are_not(amina, yusuf):
    address = turn_on(amina, yusuf)
    client = amina.app.test_client()
    for _number in range(80):
        assert client.get(address).status_code == 200
    answers = {client.get(f"/feed/{number}.ics").status_code for number in range(80)}
    assert answers == {404, 429}


def test_the_address_is_shown_once_and_is_in_no_file(amina, yusuf):
    address = turn_on(amina, yusuf)
    secret = address.removeprefix("/feed/").removesuffix(".ics")
    assert secret not in amina.client.get(f"{yusuf}/feed").text
    data = amina.app.extensions["settings"].data
    assert not [path for path in data.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_the_address_is_kept_out_of_the_access_log(monkeypatch):
    monkeypatch.setattr("gunicorn.glogging.Logger.atoms", lambda *_things: {"U": "?"})
    logger = QuietLogger.__new__(QuietLogger)
    for path in ("/feed/secret.ics", "/Feed/secret.ics", "//feed/secret.ics"):
        assert "secret" not in logger.atoms(None, None, {"PATH_INFO": path}, None)["U"]
    assert logger.atoms(None, None, {"PATH_INFO": "/search"}, None)["U"] == "/search"


def test_nobody_turns_on_the_feed_of_somebody_elses_record(amina, joe, yusuf):
    token = token_of(joe.client.get("/records/new").text)
    assert joe.client.get(f"{yusuf}/feed").status_code == 404
    assert joe.client.post(f"{yusuf}/feed", data={"csrf_token": token, "do": "new"}).status_code == 404
    assert joe.client.get(f"{yusuf}/reminders").status_code == 404


def test_what_the_form_does_not_offer_is_refused(amina, yusuf):
    assert fill(amina.client, f"{yusuf}/feed", do="everything").status_code == 400


def test_the_feed_ends_with_the_record(amina, yusuf):
    address = turn_on(amina, yusuf)
    fill(amina.client, f"{yusuf}/leave", called="Yusuf")
    assert amina.client.get(address).status_code == 404


# Reminders


@pytest.fixture
def reminded(amina: Member, yusuf: str) -> str:
    """Amina has a confirmed address, an appointment in three days, and reminders."""
    confirm(amina, "amina@example.org")
    add(amina, yusuf, in_days(3))
    assert fill(amina.client, f"{yusuf}/reminders", wanted="yes").status_code == 302
    return yusuf


def confirm(member: Member, email: str) -> None:
    with member.app.test_request_context():
        store.claim_email(family(), member.id, email)
        store.confirm_email(family(), member.account())
        family().conn.commit()


def rows(member: Member) -> list[tuple]:
    with member.app.test_request_context():
        return family().execute("SELECT account_id, day, sent FROM reminder").fetchall()


def mails(member: Member) -> list[str]:
    return [path.read_text() for path in member.app.extensions["settings"].outbox.glob("*.eml")]


def noon_in(days: int):
    """Move the clock to noon, so many days from now."""
    here = clock.here()
    noon = here.replace(hour=12, minute=0) + datetime.timedelta(days=days)
    return clock.moved(seconds=(noon - here).total_seconds())


def test_a_reminder_goes_the_day_before_once_and_says_nothing(amina, reminded):
    assert rows(amina) == [(amina.id, in_days(3).isoformat(), 0)]
    assert tidy.tidy(amina.app)
    assert mails(amina) == []
    with noon_in(2):
        assert tidy.tidy(amina.app)
        assert tidy.tidy(amina.app)
    assert len(mails(amina)) == 1
    mail = mails(amina)[0]
    assert "You have something tomorrow. Look in Linkbook." in mail
    assert "amina@example.org" in mail
    assert not [word for word in ("Khan", "Yusuf", "Harbourne", "14:30", "ppointment") if word in mail]


def test_the_day_a_plan_is_looked_at_again_is_reminded_of_and_moves_with_it(amina, reminded):
    def agree(days: int) -> str:
        agreed = {"agreed_on": in_days(days - 30).isoformat(), "review_on": in_days(days).isoformat()}
        return write(amina, reminded, "care_plan", kind="agreed_plan", **agreed).id

    agree(40)
    assert [day for _account, day, _sent in rows(amina)] == [in_days(3).isoformat(), in_days(40).isoformat()]
    # Agreed anew, the newest counts; taken back, the one before.
    again = agree(50)
    assert [day for _account, day, _sent in rows(amina)] == [in_days(3).isoformat(), in_days(50).isoformat()]
    with amina.app.test_request_context():
        editing.put_into_bin(opened(amina, reminded), again)
    assert [day for _account, day, _sent in rows(amina)] == [in_days(3).isoformat(), in_days(40).isoformat()]


def test_a_review_that_a_law_asks_for_is_reminded_of_unless_it_is_switched_off(amina, reminded):
    # A year beginning with a day is over on the day before that day comes again.
    day = in_days(100)
    start = months_after(day, -12) + datetime.timedelta(days=1)
    clock_ = {"kind": "review", "rule": "ehc_plan", "what": "EHC plan", "counted_from": start.isoformat()}
    kept = write(amina, reminded, "care_plan", **clock_)
    assert day.isoformat() in [one for _account, one, _sent in rows(amina)]
    with amina.app.test_request_context():
        editing.revise(opened(amina, reminded), kept.id, lambda now: now | {"off": True})
    assert [one for _account, one, _sent in rows(amina)] == [in_days(3).isoformat()]


def test_a_save_on_the_day_before_sends_no_second_one(amina, reminded):
    with noon_in(2):
        tidy.tidy(amina.app)
        add(amina, reminded, clock.today() + datetime.timedelta(days=1))
        tidy.tidy(amina.app)
    assert len(mails(amina)) == 1


def test_nobody_is_woken_by_a_reminder(amina, reminded):
    with noon_in(2), clock.moved(hours=-7):
        tidy.tidy(amina.app)
    assert mails(amina) == []


def test_a_day_that_is_over_is_forgotten(amina, reminded):
    with noon_in(3):
        tidy.tidy(amina.app)
    assert rows(amina) == []
    assert mails(amina) == []


def test_what_is_called_off_or_put_away_reminds_nobody(amina, reminded):
    with amina.app.test_request_context():
        there = opened(amina, reminded)
        entry = there.entries()[0]
        editing.revise(there, entry.id, lambda document: document | {"cancelled": True})
    assert rows(amina) == []


def test_turned_off_the_days_are_gone(amina, reminded):
    fill(amina.client, f"{reminded}/reminders", wanted="")
    assert rows(amina) == []


def test_an_address_that_nobody_confirmed_gets_nothing(amina, yusuf):
    assert "confirmed" in amina.client.get(f"{yusuf}/reminders").text
    token = token_of(amina.client.get(f"{yusuf}/about").text)
    amina.client.post(f"{yusuf}/reminders", data={"csrf_token": token, "wanted": "yes"})
    add(amina, yusuf, in_days(1))
    assert rows(amina) == []


def test_an_address_that_was_changed_gets_nothing_until_it_is_confirmed(amina, reminded):
    with amina.app.test_request_context():
        store.claim_email(family(), amina.id, "other@example.org")
        family().conn.commit()
    with noon_in(2):
        tidy.tidy(amina.app)
    assert mails(amina) == []


def test_reminders_end_with_the_account(amina, reminded):
    assert fill(amina.client, "/leave", name=amina.sign_in_name).status_code == 302
    assert rows(amina) == []


def test_only_the_days_are_in_the_clear(amina, reminded):
    with amina.app.test_request_context():
        names = [row[1] for row in family().execute("PRAGMA table_info(reminder)").fetchall()]
    assert names == ["account_id", "record_id", "day", "sent"]
