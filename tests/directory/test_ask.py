"""Ask us: kept sealed, answered, opened by reference and PIN, refused without, and erased."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from accounts.current import secrets
from directory.keeping.comments import Comments
from directory.keeping.questions import Questions
from directory.question import Question
from directory.store import unmet_needs
from plumbing import clock
from plumbing.db import open_db
from tests.family import AMINA, fill, sign_up, token_of

WORDS = "Is there a swimming group for a child who uses a wheelchair?"


@pytest.fixture
def ask(own_client: FlaskClient):
    """Ask as a person would; returns the page with the reference and the PIN."""

    def do(client: FlaskClient = own_client, **fields: str):
        page = client.get("/ask").text
        once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', page)[1]
        typed = {"words": WORDS, "once": once, "age_band": "", "place": "", "email": "", "website": ""} | fields
        return client.post("/ask", data={"csrf_token": token_of(page)} | typed)

    return do


def numbers(page: str) -> tuple[str, str]:
    """The reference and the PIN that a page shows."""
    found = [one.text for one in BeautifulSoup(page, "html.parser").select(".said-number")]
    return (found[0], found[1] if len(found) > 1 else "")


def open_answer(client: FlaskClient, reference: str, pin: str):
    return fill(client, "/ask/answer", reference=reference, pin=pin, website="")


def work(app: Flask) -> Questions:
    """The officers' work, in a request of its own."""
    settings = app.extensions["settings"]
    with app.test_request_context():
        return Questions(open_db(settings.directory_db), settings, secrets())


def only(app: Flask) -> Question:
    (question,) = work(app).every()
    return question


def answer(app: Flask, words: str = "Yes: look at these.", services: tuple[str, ...] = ()) -> None:
    with app.test_request_context():
        work(app).answer(only(app).id, words, services, "leisure-clubs", "Beth")


def test_a_question_is_kept_and_its_reference_and_pin_open_it(ask, own_client, own_app):
    page = ask(place="NE66 1AB", age_band="5_10")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    reference, pin = numbers(page.text)
    assert re.fullmatch(r"\d{3} \d{3} \d{3}", reference)
    assert re.fullmatch(r"\d{4} \d{4}", pin)
    question = only(own_app)
    assert (question.asked, question.outcode, question.age_band) == (WORDS, "NE66", "5_10")
    opened = open_answer(own_client, reference, pin)
    assert opened.status_code == 200
    assert WORDS in opened.text
    assert opened.headers["Cache-Control"] == "no-store"


def test_the_answer_comes_with_live_services_and_no_name_of_ours(ask, own_client, own_app, own_db):
    from directory import store

    reference, pin = numbers(ask().text)
    shown, withdrawn = store.all_service_ids(own_db)[:2]
    answer(own_app, "Yes: these two.", (shown, withdrawn))
    with own_db.atomic():
        own_db.execute("UPDATE service SET status = 'inactive' WHERE id = ?", [withdrawn])
    page = open_answer(own_client, reference, pin).text
    assert "Yes: these two." in page
    assert f"/services/{shown}" in page
    assert f"/services/{withdrawn}" not in page
    assert "Beth" not in page


def test_nothing_that_was_asked_lies_open_in_the_file(ask, own_data, own_app):
    ask(email="amina@example.org")
    stored = b"".join(path.read_bytes() for path in own_data.glob("directory.db*"))
    for written in (b"swimming group", b"amina@example.org"):
        assert written not in stored
    assert only(own_app).has_email


def test_a_form_sent_twice_is_one_question_with_one_pin(own_client, own_app):
    page = own_client.get("/ask").text
    once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', page)[1]
    sent = {"csrf_token": token_of(page), "once": once, "words": WORDS, "age_band": ""}
    first, second = (own_client.post("/ask", data=sent).text for _ in range(2))
    assert numbers(first) == numbers(second)
    assert only(own_app)
    with clock.moved(days=1):
        third = own_client.post("/ask", data=sent).text
    assert numbers(third) == (numbers(first)[0], "")


def test_whoever_goes_back_and_asks_something_else_has_asked_two_things(own_client, own_app):
    page = own_client.get("/ask").text
    once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', page)[1]
    sent = {"csrf_token": token_of(page), "once": once, "age_band": ""}
    first, second = (
        numbers(own_client.post("/ask", data=sent | {"words": words}).text) for words in (WORDS, "Who helps with sleep?")
    )
    assert first[0] != second[0]
    assert {one.asked for one in work(own_app).every()} == {WORDS, "Who helps with sleep?"}


def test_a_wrong_pin_opens_nothing_and_five_have_to_wait(ask, own_client):
    reference, pin = numbers(ask().text)
    wrong = "0000 0000" if pin != "0000 0000" else "1111 1111"
    for _ in range(5):
        refused = open_answer(own_client, reference, wrong)
        assert refused.status_code == 400
        assert "do not belong together" in refused.text
        assert WORDS not in refused.text
    locked = open_answer(own_client, reference, pin)
    assert locked.status_code == 429
    assert WORDS not in locked.text
    with clock.moved(minutes=16):
        assert WORDS in open_answer(own_client, reference, pin).text


@pytest.mark.parametrize(
    ("reference", "pin", "status"),
    [
        ("999 999 999", "1234 5678", 400),
        ("", "", 400),
        ("²82 119 305", "1234 5678", 400),
        ("' OR 1=1 --", "1234 5678", 400),
        ("9" * 5000, "1" * 5000, 400),
    ],
)
def test_a_forged_reference_is_told_no_more_than_a_wrong_pin(ask, own_client, reference, pin, status):
    ask()
    refused = open_answer(own_client, reference, pin)
    assert refused.status_code == status
    assert WORDS not in refused.text
    assert "<title>Error:" in refused.text


def test_one_reference_does_not_open_with_anothers_pin(ask, own_client):
    first, second = numbers(ask().text), numbers(ask(words="Another question").text)
    assert open_answer(own_client, first[0], second[1]).status_code == 400


def test_spaces_and_dashes_do_not_matter(ask, own_client):
    reference, pin = numbers(ask().text)
    assert WORDS in open_answer(own_client, reference.replace(" ", "-"), f" {pin.replace(' ', '')} ").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"words": "  "}, "Write your question"),
        ({"words": "x" * 2001}, "under 2,000 letters"),
        ({"email": "not an address"}, "Check the e-mail address"),
        ({"place": "Nowhereville"}, "We do not know that place"),
        ({"age_band": "thirty"}, "There is a problem"),
    ],
)
def test_bad_input_gets_a_clear_sentence_and_nothing_typed_is_lost(ask, own_app, fields, words):
    answered = ask(**{"words": "My own long words"} | fields)
    assert answered.status_code == 400
    assert words in answered.text
    assert "<title>Error:" in answered.text
    if "words" not in fields:
        assert "My own long words" in answered.text
    assert work(own_app).every() == []


def test_hostile_words_are_shown_as_words(ask, own_client):
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }}'
    reference, pin = numbers(ask(words=hostile).text)
    page = open_answer(own_client, reference, pin).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page


def test_a_program_that_fills_every_box_is_not_kept(ask, own_app):
    assert ask(website="https://spam.example").status_code == 200
    assert work(own_app).every() == []


def test_what_comes_too_often_from_one_address_waits(ask, own_app):
    assert [ask().status_code for _ in range(12)] == [200] * 12
    assert ask().status_code == 429
    assert len(work(own_app).every()) == 12


def test_words_of_a_crisis_show_who_answers_now_and_the_question_is_kept(ask, own_app):
    page = ask(words="I cannot go on and I want to kill myself. Who helps with nights?").text
    assert page.index("Need to talk to someone now?", page.index("<main")) < page.index("<h1")
    assert "tel:116123" in page.replace(" ", "")
    assert only(own_app)
    assert "People answer day and night" not in ask().text


def test_no_means_an_unmet_need_of_that_month_and_once_only(ask, own_client, own_app, own_db):
    reference, pin = numbers(ask(place="Alnwick", age_band="5_10").text)
    answer(own_app)
    page = open_answer(own_client, reference, pin).text
    opened = re.search(r'name="opened"[^>]*value="([^"]+)"', page)[1]
    sent = {"csrf_token": token_of(page), "opened": opened, "useful": "no", "words": ""}
    for _ in range(2):
        own_client.post("/ask/answer/reply", data=sent)
    (count,) = unmet_needs.counts(own_db)
    assert (count.category, count.outcode, count.age_band, count.number) == ("leisure-clubs", "NE66", "5_10", 1)
    assert count.month == f"{clock.today():%Y-%m}"


def test_yes_counts_nothing(ask, own_client, own_app, own_db):
    reference, pin = numbers(ask().text)
    answer(own_app)
    page = open_answer(own_client, reference, pin).text
    opened = re.search(r'name="opened"[^>]*value="([^"]+)"', page)[1]
    sent = {"csrf_token": token_of(page), "opened": opened, "useful": "yes", "words": ""}
    assert "what you needed" in own_client.post("/ask/answer/reply", data=sent).text
    assert unmet_needs.counts(own_db) == []


def test_a_reply_brings_the_question_back_to_us(ask, own_client, own_app):
    reference, pin = numbers(ask().text)
    with own_app.test_request_context():
        work(own_app).ask_back(only(own_app).id, "How far can you travel?", "Beth")
    page = open_answer(own_client, reference, pin).text
    assert "How far can you travel?" in page
    opened = re.search(r'name="opened"[^>]*value="([^"]+)"', page)[1]
    sent = {"csrf_token": token_of(page), "opened": opened, "words": "Ten miles"}
    assert "Ten miles" in own_client.post("/ask/answer/reply", data=sent).text
    assert only(own_app).waits


def test_a_forged_or_old_opened_page_answers_nothing(ask, own_client, own_app):
    reference, pin = numbers(ask().text)
    answer(own_app)
    page = open_answer(own_client, reference, pin).text
    opened = re.search(r'name="opened"[^>]*value="([^"]+)"', page)[1]
    token = token_of(page)
    for forged in ("", "x", only(own_app).id, opened[:-2]):
        sent = {"csrf_token": token, "opened": forged, "useful": "no", "words": "Let me in"}
        refused = own_client.post("/ask/answer/reply", data=sent)
        assert refused.status_code == 400
        assert WORDS not in refused.text
    with clock.moved(minutes=31):
        sent = {"csrf_token": token, "opened": opened, "useful": "no", "words": "Let me in"}
        assert own_client.post("/ask/answer/reply", data=sent).status_code == 400
    assert only(own_app).useful == ""


def test_whoever_is_signed_in_reads_their_own_and_nobody_elses(ask, own_app, own_client):
    amina = sign_up(own_app.test_client(), AMINA)
    joe = sign_up(own_app.test_client(), "Joe")
    ask(amina.client)
    assert 'href="/ask/mine"' in amina.client.get("/ask").text
    assert 'href="/ask/mine"' not in own_client.get("/ask").text
    mine = amina.client.get("/ask/mine").text
    assert WORDS[:40] in mine
    address = f"/ask/mine/{only(own_app).id}"
    assert WORDS in amina.client.get(address).text
    assert WORDS[:40] not in joe.client.get("/ask/mine").text
    assert joe.client.get(address).status_code == 404
    assert own_client.get(address).location.startswith("/sign-in")


def test_the_file_does_not_say_whose_account_asked(ask, own_app, own_db):
    amina = sign_up(own_app.test_client(), AMINA)
    ask(amina.client)
    dump = "\n".join(own_db.conn.iterdump())
    assert amina.id not in dump
    assert amina.sign_in_name not in dump


def test_the_mail_says_nothing_of_the_question(ask, own_app, own_data):
    ask(email="amina@example.org")
    answer(own_app)
    (mail,) = (own_data / "outbox").glob("*.eml")
    text = mail.read_text()
    assert "amina@example.org" in text
    assert "/ask/answer" in text
    for private in ("swimming", "wheelchair", "look at these", only(own_app).reference, "Beth"):
        assert private not in text


def test_what_nobody_answers_is_counted_and_what_is_over_is_erased(ask, own_app, own_db, own_data, runner):
    ask(place="Alnwick")
    with clock.moved(days=13):
        runner.invoke(args=["tidy"])
    assert unmet_needs.counts(own_db) == []
    with clock.moved(days=14):
        assert "1 questions" in runner.invoke(args=["tidy"]).output
        runner.invoke(args=["tidy"])
    assert [count.number for count in unmet_needs.counts(own_db)] == [1]
    assert only(own_app)
    with clock.moved(days=90):
        runner.invoke(args=["tidy"])
    assert work(own_app).every() == []
    assert own_db.execute("SELECT count(*) FROM question_message").fetchone()[0] == 0


def test_nothing_stands_in_an_address(ask, own_client):
    reference, pin = numbers(ask().text)
    own_client.get("/ask/answer")
    for address in (f"/ask/answer?reference={reference}&pin={pin}", f"/ask/answer/{reference}"):
        answered = own_client.get(address)
        assert WORDS not in answered.text


def test_the_demonstration_has_a_question_that_was_answered_and_one_that_waits(own_data, own_app, runner):
    from tests.conftest import plain_app

    runner.invoke(args=["setup"])
    assert work(own_app).every() == [], "Only where everybody is invented."
    invented = plain_app(own_data, demonstration_family=True)
    for _ in range(2):
        told = invented.test_cli_runner().invoke(args=["setup"])
        assert told.exit_code == 0, told.output
    client = invented.test_client()
    waiting, answered = sorted(work(invented).every(), key=lambda one: one.status == "answered")
    assert waiting.waits
    assert answered.status == "answered"
    assert len(answered.service_ids) == 2
    assert "Short Breaks Statement" in client.get("/documents").text
    assert "Karen" not in client.get("/comments").text
    assert "Shortened by us" in client.get("/comments").text
    assert "sleep clinic" in client.get("/you-said-we-did").text
    assert len(work_on_comments(invented).waiting()) == 1


def work_on_comments(app: Flask) -> Comments:
    settings = app.extensions["settings"]
    with app.test_request_context():
        return Comments(open_db(settings.directory_db), settings, secrets())
