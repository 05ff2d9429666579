"""The demonstration fills itself, everybody in it can sign in with the printed words, and it never touches a real folder."""

from __future__ import annotations

import datetime
import io
import re
from collections import Counter
from contextlib import closing
from dataclasses import replace
from itertools import islice

import pyotp
import pytest
from flask import Flask
from PIL import Image

from accounts import keys, store
from accounts.current import family, secrets
from accounts.person import Person
from accounts.spoken import read_words
from plumbing import clock
from plumbing.crypto.code import read_code
from plumbing.files.sniff import format_of
from records import desk, inviting, items, links, supported, young_people
from records.consent import EXPIRED, WITHDRAWN, day_number
from records.demonstration import filling
from records.demonstration.family import Child, Member, Piece, began, cast, children
from records.demonstration.letters import photographs
from records.gate import Gate, NotShared, Opened
from records.looks import looks
from records.upkeep import office
from tests.family import AMINA, fill, sign_in, sign_up
from tests.records.demonstrated import member, person_of, yusufs


def records_of(person: Person) -> list[Opened]:
    here = Gate(family(), office(), person, clock.today())
    return [here.enter(record_id) for record_id in here.record_ids()]


def everything_of(child: Child) -> list[Piece]:
    """What is in a record: what its holder wrote, and what others added. What came through the letter-box is not in it yet."""
    return [*child.pieces, *(step.piece for step in child.steps if step.does != "sends" and step.piece)]


def count_accounts() -> int:
    return family().execute("SELECT count(*) FROM account").fetchone()[0]


# Whole


@pytest.mark.parametrize("one", cast(), ids=lambda one: one.name)
def test_everybody_signs_in_with_the_printed_words(demonstration: Flask, one: Member):
    client = demonstration.test_client()
    code = pyotp.TOTP(one.second_factor).at(clock.now()) if one.second_factor else ""
    answer = sign_in(client, one.sign_in, one.passphrase, code)
    assert answer.status_code == 302, answer.text
    assert one.shown_name in client.get("/settings").text


@pytest.mark.parametrize("one", [one for one in cast() if one.second_factor], ids=lambda one: one.name)
def test_staff_do_not_get_in_by_the_passphrase_alone(demonstration: Flask, one: Member):
    client = demonstration.test_client()
    assert sign_in(client, one.sign_in, one.passphrase).status_code != 302
    assert client.get("/settings").status_code == 302


def test_every_record_opens_whole_and_without_an_alarm(demonstration: Flask):
    with demonstration.app_context():
        opened = records_of(person_of(member("amina")))
        for record, child in zip(opened, children(clock.today()), strict=True):
            assert (record.book.called, record.book.born) == (child.called, child.born)
            found = record.entries([*(one.id for one in record.sections), record.just_us_id])
            agreed = [step for step in child.steps if step.does == "agrees_plan"]
            written = Counter(piece.document["kind"] for piece in everything_of(child)) + Counter(agreed_plan=len(agreed))
            assert Counter(one.kind for one in found) == written
            assert not record.drafts()
            record.log_lines()
            assert not record.alarms
            assert not record.damaged


def test_every_letter_has_its_sheets_as_pictures(demonstration: Flask):
    with demonstration.app_context():
        for record in records_of(person_of(member("amina"))):
            letters = [one for one in record.entries() if one.kind == "letter"]
            for letter in letters:
                assert letter.document["pages"], "A letter has no sheet."
                for sheet in letter.document["pages"]:
                    assert format_of(record.file(letter.files[sheet["image"]])) == "jpeg"
                    assert len(record.file(letter.files[sheet["thumb"]])) < 60_000


def test_about_me_has_its_drawing(demonstration: Flask):
    with demonstration.app_context():
        yusuf = records_of(person_of(member("amina")))[0]
        page = next(one for one in yusuf.entries() if one.kind == "about_me")
        assert format_of(yusuf.file(page.files[page.document["photo"]["image"]])) == "jpeg"


def test_the_printed_sheet_opens_aminas_keys_and_was_checked(demonstration: Flask):
    with demonstration.app_context():
        account = store.find_account(family(), secrets().server_key, member("amina").sign_in)
        sealed = store.get_by_kit(family(), account.id)
        assert account.kit_checked_on == began(clock.today())
        person = keys.open_by_kit(account, sealed, read_code(member("amina").kit))
        assert len(records_of(replace(person, just_us=None))) == 2


def test_every_page_says_that_it_is_a_demonstration(demonstration: Flask):
    client = demonstration.test_client()
    sign_in(client, member("amina").sign_in, member("amina").passphrase)
    for path in ("/", "/settings", "/record"):
        assert "everybody here is invented" in client.get(path, follow_redirects=True).text


@pytest.mark.parametrize(
    ("path", "words"),
    [("/record", "Yusuf"), ("/letters", "EEG during sleep"), ("/dates", "Splints: fitting"), ("/people", "Sara Morgan")],
)
def test_aminas_pages_show_what_is_in_them(demonstration: Flask, path: str, words: str):
    client = demonstration.test_client()
    sign_in(client, member("amina").sign_in, member("amina").passphrase)
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert words in answer.text


def test_what_is_whole_is_left_alone_and_said_again(demonstration: Flask):
    with demonstration.app_context():
        before = family().execute("SELECT id FROM account ORDER BY id").fetchall()
    answer = demonstration.test_cli_runner().invoke(args=["demonstration", "fill"])
    assert answer.exit_code == 0
    for one in cast():
        assert re.search(rf"{re.escape(one.shown_name)} .*{re.escape(one.sign_in)} .*{re.escape(one.passphrase)}", answer.output)
    assert member("amina").kit in answer.output
    with demonstration.app_context():
        assert family().execute("SELECT id FROM account ORDER BY id").fetchall() == before


def test_a_code_is_given_for_those_who_need_one(demonstration: Flask):
    run = demonstration.test_cli_runner().invoke
    assert re.fullmatch(r"\d{6} \(the next one in \d+ seconds\)\n", run(args=["demonstration", "code", "sara"]).output)
    assert run(args=["demonstration", "code", "joe"]).exit_code == 2


# Shared


def test_joe_holds_yusufs_record_and_not_his_sisters(demonstration: Flask):
    with demonstration.app_context():
        (opened,) = records_of(person_of(member("joe")))
        assert opened.is_holder
        assert opened.book.called == "Yusuf"
        assert not opened.alarms


def test_sara_reads_four_sections_and_has_added_to_three(demonstration: Flask):
    with demonstration.app_context():
        opened = yusufs("sara")
        assert {one.slug for one in opened.sections} == {"appointments", "meetings", "care_plan", "family_plan"}
        hers = [one for one in opened.entries() if one.author == opened.person.account_id]
        assert Counter(one.kind for one in hers) == {"meeting": 1, "contribution": 1, "answer": 1}
        (visit,) = (one for one in hers if one.kind == "meeting")
        assert visit.document["what"] == "Home visit: what to ask before the EEG"
        assert visit.saved_at.startswith((clock.today() - datetime.timedelta(days=6)).isoformat())
        assert desk.new_since(opened, opened.entries(), opened.looked[0]), "What is new since she looked stands on her desk."
        lines = yusufs("amina").log_lines()
        assert looks(lines)[opened.person.account_id].times >= 5


@pytest.mark.parametrize("name", ["rhys", "patel", "nadia"])
def test_who_has_nothing_now_opens_nothing(demonstration: Flask, name: str):
    with demonstration.app_context(), pytest.raises(NotShared):
        yusufs(name)


def test_what_ended_can_be_given_back_and_cover_be_switched_on(demonstration: Flask):
    with demonstration.app_context():
        given = yusufs("amina").roster.given
        assert {(one.granted.consent.name, one.why) for one in given.ended} == {("Rhys Carter", EXPIRED), ("Mr Patel", WITHDRAWN)}
        assert [one.consent.name for one in given.standby] == ["Nadia Bell"]
        assert [one.granted.consent.name for one in given.untold] == ["Rhys Carter"]


def test_the_log_tells_it_in_the_order_in_which_it_happened(demonstration: Flask):
    with demonstration.app_context():
        for opened in records_of(person_of(member("amina"))):
            days = [line.words["at"] for line in opened.log_lines()]
            assert days == sorted(days, reverse=True)
            assert days[-1][:10] == began(clock.today()).isoformat()


def test_what_is_printed_for_those_without_an_account_works(demonstration: Flask):
    printed = demonstration.test_cli_runner().invoke(args=["demonstration", "who"]).output
    (code,), (pin,) = re.findall(r"/pack#(\S+)", printed), re.findall(r"PIN (\d{6})", printed)
    guest = demonstration.test_client()
    assert fill(guest, "/pack", code=code, pin=pin).status_code == 303
    assert "Talk to me and not over my head" in guest.get("/pack/open").text
    with demonstration.app_context():
        (link,) = re.findall(r"/put-in#(\S+)", printed)
        assert links.find(family(), office(), read_code(link), clock.today()).label == "Letters for the Hussain and Carter family"
        (words,) = re.findall(r"/words:\n +([a-z ]+)\n", printed)
        assert inviting.find(family(), office(), read_words(words), day_number(clock.today())).consent.name == "Lucy Ferngrove"
        (waiting,) = items.waiting(yusufs("amina"))
        assert waiting.sender.words == "Gwen Hartside, Larkmoor School"
        assert waiting.files


def test_nothing_is_printed_of_anybody_where_this_is_no_demonstration(app: Flask):
    assert "PIN" not in app.test_cli_runner().invoke(args=["demonstration", "who"]).output


def test_mariam_said_no_and_it_says_who_decides(demonstration: Flask):
    with demonstration.app_context():
        mariam = records_of(person_of(member("amina")))[1]
        assert [one.person for one in young_people.noes(mariam.book)] == ["Nursery"]
        assert [one.who for one in supported.supported(mariam.book)] == ["Amina Hussain"]


# Refused, and broken off


def test_a_folder_with_real_accounts_is_not_touched(make_app):
    app = make_app(demonstration_family=True)
    amina = sign_up(app.test_client(), AMINA)
    answer = app.test_cli_runner().invoke(args=["demonstration", "fill", "--afresh"])
    assert answer.exit_code == 1
    assert "Nothing was done" in answer.output
    assert amina.sign_in(app.test_client()).status_code == 302
    with app.app_context():
        assert count_accounts() == 1


def test_a_linkbook_that_is_no_demonstration_is_not_filled(make_app):
    app = make_app()
    answer = app.test_cli_runner().invoke(args=["demonstration", "fill"])
    assert answer.exit_code == 1
    assert "LINKBOOK_DEMONSTRATION_FAMILY" in answer.output
    with app.app_context():
        assert count_accounts() == 0


def test_what_was_broken_off_begins_again(make_app):
    app, people = make_app(demonstration_family=True), len(cast())
    with app.app_context():
        with closing(filling.fill()) as steps:
            # Everybody, the founding of a record, and the first entries of it.
            assert [done for done, _all in islice(steps, people + 3)][-1] == people + 3
        assert family().execute("SELECT count(*) FROM record").fetchone()[0] == 1
        with closing(filling.fill()) as steps:
            list(islice(steps, 2))
        assert count_accounts() == 2
        for table in ("record", "entry", "entry_version", "wrap", "attachment"):
            assert family().execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
        assert not list(office().attachments.glob("??/*"))


# Letters


def test_a_letter_looks_the_same_every_time_and_no_two_look_alike():
    text = "An office\nPhone 1\n\nDear all\n\n# News\n\n- **one**\n- two\n\nYours sincerely\n\nCarol"
    once, again, other = photographs("A letter", text), photographs("A letter", text), photographs("Another", text)
    assert once == again != other
    image = Image.open(io.BytesIO(once[0]))
    assert image.size == (1400, 1930)
    assert image.convert("L").resize((1, 1)).getpixel((0, 0)) > 150, "The photo is too dark to read."


def test_a_long_letter_has_several_sheets():
    long = "An office\n\n" + "\n\n".join("Word after word after word after word. " * 8 for _ in range(14))
    assert len(photographs("Long", long)) == 2
