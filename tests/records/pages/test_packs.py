"""A pack from end to end: Amina makes one for Mr Patel, who has no account, and reads it in two taps."""

from __future__ import annotations

import datetime
import io
import re
from dataclasses import dataclass

import pikepdf
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.current import family, session_rows
from plumbing import clock, tidy
from records import attachments, editing, moving, packs
from tests.family import Member, fill, token_of
from tests.plumbing.files.samples import recording
from tests.records.pages.conftest import begin_record, opened
from tests.records.pages.letters import Desk, photo


@dataclass(frozen=True)
class Given:
    """What Amina's page shows after she made a pack."""

    address: str
    code: str
    pin: str
    page: str


@pytest.fixture
def desk(amina: Member, yusuf: str) -> Desk:
    return Desk(amina, yusuf)


@pytest.fixture
def letter(desk: Desk) -> str:
    """The address of a letter of two sheets in Health letters."""
    return desk.keep(desk.begin(photo(), photo("Page two")), title="Hearing test", from_whom="Dr Khan")


@pytest.fixture
def guest(amina: Member) -> FlaskClient:
    """Mr Patel's telephone."""
    return amina.app.test_client()


def form_of(member: Member, record: str, slug: str = "health_letters") -> str:
    with member.app.test_request_context():
        section = opened(member, record).book.by_slug(slug)
    return f"{record}/sections/{section.id}/pack"


def make(member: Member, record: str, section: str = "health_letters", **fields: object) -> TestResponse:
    """Send the form; the answer."""
    last_day = clock.today() + datetime.timedelta(days=7)
    typed = {"name": "Mr Patel", "purpose": "For the school trip", "how_much": "all", "last_day": last_day.isoformat()}
    return fill(member.client, form_of(member, record, section), **(typed | fields))


def give(member: Member, record: str, **fields: object) -> Given:
    """Make a pack, and read off the page what is passed on."""
    answer = make(member, record, **fields)
    assert answer.status_code == 302, answer.text
    page = member.client.get(answer.location).text
    code = re.search(r'value="http://localhost/pack#([0-9A-Z-]{34})"', page)
    pin = re.findall(r"<li>(\d{3})</li>", page)
    assert code, page
    assert len(pin) == 2, page
    return Given(answer.location, code[1], "".join(pin), page)


def try_(client: FlaskClient, code: str, pin: str) -> TestResponse:
    return fill(client, "/pack", code=code, pin=pin)


def read(client: FlaskClient, given: Given) -> str:
    """Link, PIN, Open: the page."""
    answer = try_(client, given.code, given.pin)
    assert (answer.status_code, answer.location) == (303, "/pack/open"), answer.text
    page = client.get("/pack/open")
    assert page.status_code == 200
    return page.text


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06}"


def sources(page: str) -> list[str]:
    return re.findall(r'src="(/pack/[^"]+)"', page)


# A guest


def test_two_taps_and_mr_patel_reads(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    first = guest.get("/pack")
    assert first.headers["Cache-Control"] == "no-store"
    assert "Hearing" not in first.text
    page = read(guest, given)
    for words in ("Yusuf: shared by Amina", "For Mr Patel", "For the school trip", "Hearing test", "Dr Khan", "Health letters"):
        assert words in page
    assert "<title>Shared with you – Linkbook</title>" in page
    assert guest.get("/pack/open").headers["Cache-Control"] == "no-store"
    assert 'class="nav"' not in page


def test_photographs_are_shown_and_nothing_else_is(amina, yusuf, letter, guest, desk):
    private = desk.keep(desk.begin(photo("Private")), title="Not for him")
    with amina.app.test_request_context():
        there = opened(amina, yusuf)
        moving.move(there, private.rsplit("/", 1)[1], there.book.by_slug("care_letters").id)
    page = read(guest, give(amina, yusuf))
    assert "Not for him" not in page
    assert len(sources(page)) == 2
    for source in sources(page):
        shown = guest.get(source)
        assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
        assert shown.headers["Cache-Control"] == "no-store"
        assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    (other,) = [one["image"] for one in desk.entry(private).document["pages"]]
    assert guest.get(f"/pack/files/{other}").status_code == 404
    assert guest.get(f"/pack/recordings/{sources(page)[0].rsplit('/', 1)[1]}").status_code == 404
    assert guest.get(letter).status_code == 302
    assert guest.get(f"{letter}/files/{sources(page)[0].rsplit('/', 1)[1]}").status_code == 302


def test_recordings_play_in_pieces(amina, yusuf, guest, desk):
    tray = desk.post(f"{yusuf}/voice/new", recording("wav", sound="pcm_s16le")).location
    desk.keep(tray, title="How he says yes")
    page = read(guest, give(amina, yusuf, section="diary"))
    assert "<audio controls" in page
    (source,) = sources(page)
    piece = guest.get(source, headers={"Range": "bytes=10-19"})
    assert (piece.status_code, len(piece.data)) == (206, 10)
    assert guest.get(source.replace("recordings", "files")).status_code == 404


def test_about_me_has_its_photo(amina, yusuf, guest):
    address = f"{yusuf}/about-me/edit"
    token = token_of(amina.client.get(address).text)
    data = {"csrf_token": token, "liked": "His laugh", "photo": (io.BytesIO(photo()), "me.jpg")}
    assert amina.client.post(address, data=data, content_type="multipart/form-data").status_code == 302
    shown = read(guest, give(amina, yusuf, section="about_me"))
    assert "His laugh" in shown
    (source,) = sources(shown)
    assert guest.get(source).mimetype == "image/jpeg"


def test_all_of_it_as_a_pdf_and_the_family_is_told(amina, yusuf, letter, guest):
    read(guest, give(amina, yusuf))
    made = guest.get("/pack/shared.pdf")
    assert made.mimetype == "application/pdf"
    assert made.headers["Content-Disposition"] == "inline; filename=shared.pdf"
    assert made.headers["Cache-Control"] == "no-store"
    assert len(pikepdf.open(io.BytesIO(made.data)).pages) >= 4
    assert "Mr Patel’s pack was taken along as a PDF." in amina.client.get(f"{yusuf}/log").text


def test_a_sheet_that_was_deleted_since_is_said_in_words(amina, yusuf, letter, guest, desk):
    page = read(guest, give(amina, yusuf))
    gone = sources(page)[0].rsplit("/", 1)[1]
    attachments.unlink(amina.app.extensions["settings"].attachments, [gone])
    page = guest.get("/pack/open").text
    assert "This is not there any more" in page
    assert len(sources(page)) == 1
    assert guest.get(f"/pack/files/{gone}").status_code == 404
    assert guest.get("/pack/shared.pdf").status_code == 200


def test_without_script_the_code_is_typed_as_people_type(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    page = guest.get("/pack").text
    assert 'id="code"' in page
    answer = try_(guest, given.code.lower().replace("-", " ").replace("0", "o"), f" {given.pin[:3]} {given.pin[3:]} ")
    assert answer.status_code == 303


def test_a_slip_in_the_code_is_told_from_a_wrong_pin_and_costs_nothing(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    for _slip in range(6):
        answer = try_(guest, given.code[:-1] + ("0" if given.code[-1] != "0" else "1"), given.pin)
        assert answer.status_code == 400
        assert "Check the code" in answer.text
    for pin in ("", "12345", "1234567", "²²²²²²", "abcdef"):
        answer = try_(guest, given.code, pin)
        assert (answer.status_code, "Type the six digits" in answer.text) == (400, True)
    read(guest, given)


def test_a_wrong_pin_keeps_the_code_and_says_what_is_left(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    answer = try_(guest, given.code, wrong(given.pin))
    assert answer.status_code == 400
    assert "You can try 4 more times." in answer.text
    assert f'<input type="hidden" name="code" value="{given.code}">' in answer.text
    assert wrong(given.pin) not in answer.headers.get("Location", "")


def test_five_wrong_pins_and_it_is_gone_for_everybody(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    answers = [try_(guest, given.code, wrong(given.pin)) for _try in range(5)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 410]
    other = amina.app.test_client()
    assert try_(other, given.code, given.pin).status_code == 410
    assert "Ask the family to share it again" in answers[-1].text
    for address in (given.address, f"{yusuf}/packs"):
        assert "It is gone: a wrong PIN was typed five times." in amina.client.get(address).text
    assert "Mr Patel’s pack was ended by five wrong tries." in amina.client.get(f"{yusuf}/log").text


def test_who_guesses_from_one_place_is_slowed(amina, yusuf, letter, guest):
    given, statuses = give(amina, yusuf), []
    for _round in range(2):
        for _try in range(3):
            statuses.append(try_(guest, given.code, wrong(given.pin)).status_code)
        with amina.app.test_request_context():
            family().execute("UPDATE pack SET tries = 5")
    assert statuses == [400] * 5 + [429]


def test_who_tries_made_up_links_is_slowed(amina, yusuf, guest):
    from plumbing.crypto.code import new_code, show_code

    statuses = {try_(guest, show_code(new_code()), "123456").status_code for _try in range(64)}
    assert statuses == {410, 429}


def test_edited_later_it_still_says_what_it_said(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    with amina.app.test_request_context():
        there = opened(amina, yusuf)
        editing.revise(there, letter.rsplit("/", 1)[1], lambda document: document | {"title": "Changed since"})
    page = read(guest, given)
    assert "Hearing test" in page
    assert "Changed since" not in page


# The half hour


def test_the_visit_is_over_when_the_family_ends_the_pack(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    picture = sources(read(guest, given))[0]
    assert fill(amina.client, given.address, to=f"{given.address}/end").location == f"{yusuf}/packs?done=ended"
    for address in ("/pack/open", picture, "/pack/shared.pdf"):
        assert guest.get(address).status_code == 410
    assert amina.client.get(given.address).status_code == 404
    assert "It is ended. The link opens nothing any more." in amina.client.get(f"{yusuf}/packs?done=ended").text
    assert "Nothing is shown by a link" in amina.client.get(f"{yusuf}/packs").text


def test_whoever_makes_a_pack_is_told_that_their_notes_go_along(amina, yusuf, letter):
    with amina.app.test_request_context():
        section = opened(amina, yusuf).entry(letter.rsplit("/", 1)[1]).section_id
    assert "Your own notes on what you show go along with it" in amina.client.get(f"{yusuf}/sections/{section}/pack").text


def test_the_visit_is_over_after_half_an_hour(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    read(guest, given)
    with clock.moved(minutes=31):
        assert guest.get("/pack/open").location == "/pack"
        assert tidy.tidy(amina.app)
        with amina.app.test_request_context():
            assert session_rows().execute("SELECT count(*) FROM guest").fetchone()[0] == 0
        read(guest, given)


def test_closed_the_next_person_at_this_computer_reads_nothing(amina, yusuf, letter, guest):
    picture = sources(read(guest, give(amina, yusuf)))[0]
    cookie = guest.get_cookie("linkbook-guest").value
    closed = fill(guest, "/pack/open", to="/pack/close")
    assert (closed.status_code, closed.headers["Clear-Site-Data"]) == (200, '"cache"')
    guest.set_cookie("linkbook-guest", cookie)
    for address in ("/pack/open", picture, "/pack/shared.pdf"):
        assert guest.get(address).location == "/pack"


def test_the_last_day_is_the_last(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    with clock.moved(days=7):
        read(guest, given)
    with clock.moved(days=8):
        assert try_(guest, given.code, given.pin).status_code == 410
        assert tidy.tidy(amina.app)
        with amina.app.test_request_context():
            assert family().execute("SELECT count(*) FROM pack").fetchone()[0] == 0


def test_nothing_is_shown_where_the_log_cannot_be_written(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    with amina.app.test_request_context():
        family().execute("DELETE FROM log_line WHERE number = (SELECT max(number) FROM log_line)")
    for _try in range(6):
        answer = try_(guest, given.code, given.pin)
        assert answer.status_code == 503
        assert "Hearing" not in answer.text
    assert "Set-Cookie" not in answer.headers or "linkbook-guest" not in answer.headers["Set-Cookie"]


# A holder


def test_the_holder_sees_what_is_passed_on_how_and_until_when(amina, yusuf, letter):
    page = give(amina, yusuf).page
    assert '<svg role="img"' in page
    assert "never in the same message" in page
    assert "five wrong tries in a row end it" in page
    assert "All of “Health letters”" in page
    assert "Not opened yet." in page


def test_the_family_sees_that_it_was_opened_and_how_often(amina, yusuf, letter, guest):
    given = give(amina, yusuf)
    for _time in range(2):
        read(guest, given)
    assert "Opened 2 times" in amina.client.get(given.address).text
    assert "Opened 2 times" in amina.client.get(f"{yusuf}/packs").text
    log = amina.client.get(f"{yusuf}/log").text
    assert "Mr Patel’s pack was opened, 2 times." in log
    assert "You showed Mr Patel a part of it by a link." in log


def test_from_an_entry_that_one_is_ticked_and_goes_alone(amina, yusuf, letter, guest, desk):
    desk.keep(desk.begin(photo()), title="Eye test")
    form = re.search(r'href="([^"]+/pack\?entry=[0-9a-f]{32})"', amina.client.get(letter).text)
    assert form
    page = amina.client.get(form[1]).text
    entry_id = letter.rsplit("/", 1)[1]
    assert f'value="{entry_id}" checked' in page
    assert 'value="some" checked' in page
    given = give(amina, yusuf, how_much="some", entries=[entry_id])
    assert "Hearing test" in given.page
    shown = read(guest, given)
    assert "Hearing test" in shown
    assert "Eye test" not in shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Write who it is for"),
        ({"name": "x" * 61}, "under 60 letters"),
        ({"purpose": "x" * 201}, "under 200 letters"),
        ({"how_much": "some"}, "Tick at least one thing"),
        ({"how_much": "some", "entries": ["0" * 32]}, "Tick at least one thing"),
        ({"last_day": "whenever"}, "Write the last day like"),
        ({"last_day": "yesterday"}, "Choose a day from today to"),
        ({"last_day": "3/5/2099"}, "Choose a day from today to"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(amina, yusuf, letter, fields, words):
    answer = make(amina, yusuf, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert "<title>Error:" in answer.text
    assert (fields.get("purpose") or "For the school trip") in answer.text
    with amina.app.test_request_context():
        assert family().execute("SELECT count(*) FROM pack").fetchone()[0] == 0


def test_what_the_young_person_said_no_to_is_shown_before_it_is_given(amina, yusuf, letter):
    form = form_of(amina, yusuf)
    assert "has said no to this" not in amina.client.get(form).text
    fill(amina.client, f"{yusuf}/young/noes", words="Not my ears", about=form.split("/")[-2], person="")
    assert "Not my ears" in amina.client.get(form).text


def test_just_us_has_no_such_page(amina, yusuf):
    with amina.app.test_request_context():
        section = opened(amina, yusuf).just_us_id
    assert amina.client.get(f"{yusuf}/sections/{section}/pack").status_code == 404
    assert fill(amina.client, f"{yusuf}/about", to=f"{yusuf}/sections/{section}/pack", name="Mr Patel").status_code == 404


def test_making_one_asks_for_the_passphrase_unless_it_was_typed_just_now(amina, yusuf, letter):
    with clock.moved(minutes=6):
        answer = make(amina, yusuf)
        assert answer.status_code == 401
        assert "Type your passphrase again" in answer.text
        assert "Mr Patel" in answer.text
        answer = make(amina, yusuf, _passphrase=amina.passphrase)
        assert answer.status_code == 302


def test_nobody_reaches_the_packs_of_somebody_elses_record(amina, joe, yusuf, letter):
    given = give(amina, yusuf)
    theirs = begin_record(joe, "Layla")
    token = token_of(joe.client.get(f"{theirs}/about").text)
    for address in (f"{yusuf}/packs", given.address, form_of(amina, yusuf)):
        assert joe.client.get(address).status_code == 404
    assert joe.client.post(f"{given.address}/end", data={"csrf_token": token}).status_code == 404
    pack_id = given.address.rsplit("/", 1)[1]
    assert joe.client.post(f"{theirs}/packs/{pack_id}/end", data={"csrf_token": token}).status_code == 404
    assert joe.client.get(f"{theirs}/packs/{pack_id}").status_code == 404
    with amina.app.test_request_context():
        assert packs.live_ids(opened(amina, yusuf)) == {pack_id}


def test_code_and_pin_stand_in_no_address_and_no_file(amina, yusuf, letter, guest, caplog):
    given = give(amina, yusuf)
    answer = try_(guest, given.code, given.pin)
    page = guest.get("/pack/open").text
    for place in (given.address, answer.location, page, caplog.text):
        assert given.code not in place
        assert given.pin not in place
    settings = amina.app.extensions["settings"]
    secrets = [given.code, given.code.replace("-", ""), guest.get_cookie("linkbook-guest").value]
    for folder in (settings.data, settings.private, settings.sessions_db.parent):
        for path in folder.rglob("*"):
            assert not path.is_file() or not any(secret.encode() in path.read_bytes() for secret in secrets), path


def test_in_public_the_cookie_is_kept_to_this_host_and_to_https(make_app):
    with make_app(https_only=True).test_request_context("/pack", base_url="https://localhost"):
        from flask import Response

        from records.pages.guest import _with_cookie

        cookie = _with_cookie(Response(), "x").headers["Set-Cookie"]
    assert cookie.startswith("__Host-linkbook-guest=x;")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=1800"))
