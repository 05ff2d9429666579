"""What families say: kept sealed, answered, published without names, and erased."""

from __future__ import annotations

import datetime
import re

import pytest
from flask import Flask

from accounts.current import secrets
from directory.keeping.comments import Comments
from directory.publication import Publication, YouSaid
from directory.store import publications
from plumbing import clock
from plumbing.db import open_db
from plumbing.ids import new_id
from tests.family import fill, token_of

WORDS = "Nobody told us about short breaks. Yusuf is seven and we live in Bailiffgate."


@pytest.fixture
def say(own_client):
    """Send a comment as a person would."""

    def do(client=own_client, **fields):
        page = client.get("/comments/new").text
        once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', page)[1]
        typed = {"topic": "local_offer", "words": WORDS, "once": once, "website": ""} | fields
        return client.post("/comments/new", data={"csrf_token": token_of(page)} | typed)

    return do


def work(app: Flask) -> Comments:
    settings = app.extensions["settings"]
    with app.test_request_context():
        return Comments(open_db(settings.directory_db), settings, secrets())


def test_a_comment_is_kept_sealed_and_thanked(say, own_client, own_app, own_data):
    answer = say()
    assert answer.status_code == 302
    assert "Thank you" in own_client.get(answer.location).text
    (comment,) = work(own_app).waiting()
    assert comment.words == WORDS
    assert b"Bailiffgate" not in b"".join(path.read_bytes() for path in own_data.glob("directory.db*"))
    assert "short breaks" not in own_client.get("/comments").text


def test_what_is_published_is_what_was_left_of_it(say, own_client, own_app, own_data):
    say()
    (comment,) = work(own_app).waiting()
    assert work(own_app).publish(comment.id, "Nobody told us about short breaks.", "We wrote to every school.", "Beth")
    page = own_client.get("/comments").text
    assert "Nobody told us about short breaks." in page
    assert "We wrote to every school." in page
    assert "Shortened by us" in page
    assert f">{clock.today().year}<" in page
    for private in ("Yusuf", "Bailiffgate", "Beth"):
        assert private not in page
    assert work(own_app).settled()[0].words == ""


def test_a_comment_published_whole_is_not_called_shortened(say, own_client, own_app):
    say(words="Nobody told us.")
    (comment,) = work(own_app).waiting()
    work(own_app).publish(comment.id, "Nobody  told us.", "We will.", "Beth")
    assert "Shortened by us" not in own_client.get("/comments").text


def test_what_nobody_wants_published_is_not(say, own_client, own_app):
    say(keep_private="y")
    (comment,) = work(own_app).waiting()
    assert not work(own_app).publish(comment.id, WORDS, "An answer", "Beth")
    assert work(own_app).waiting(), "It was not dealt with."
    assert work(own_app).answer(comment.id, "We will ring the team.", "Beth")
    page = own_client.get("/comments").text
    assert "short breaks" not in page
    assert "ring the team" not in page


def test_where_comments_are_not_published_none_is(make_app):
    app = make_app(comments_published=False)
    client = app.test_client()
    fill(client, "/comments/new", topic="directory", words="A comment", website="")
    (comment,) = work(app).waiting()
    assert not work(app).publish(comment.id, "A comment", "An answer", "Beth")
    page = client.get("/comments").text
    assert "not published here" in page
    assert "A comment" not in page


def test_what_was_dealt_with_is_not_dealt_with_again(say, own_app):
    say()
    (comment,) = work(own_app).waiting()
    assert work(own_app).set_aside(comment.id, "Beth")
    assert not work(own_app).answer(comment.id, "Late", "Dev")
    assert work(own_app).settled()[0].response == ""


def test_each_year_has_its_own(say, own_client, own_app):
    for days, words in ((0, "This year's"), (400, "A later year's")):
        with clock.moved(days=days):
            say(words=words)
            (comment,) = work(own_app).waiting()
            work(own_app).publish(comment.id, words, "An answer", "Beth")
    newest = own_client.get("/comments").text
    assert "A later year" in newest
    assert "This year" not in newest
    assert "This year" in own_client.get(f"/comments?year={clock.today().year}").text
    for odd in ("²026", "-1", "x" * 500, "1999"):
        assert own_client.get("/comments", query_string={"year": odd}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"topic": ""}, "Choose what it is about"),
        ({"topic": "pigeons"}, "There is a problem"),
        ({"words": " "}, "Write what you would like to say"),
        ({"words": "x" * 2001}, "under 2,000 letters"),
    ],
)
def test_bad_input_gets_a_clear_sentence_and_nothing_typed_is_lost(say, own_app, fields, words):
    answer = say(**fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert "<title>Error:" in answer.text
    if "words" not in fields:
        assert "Bailiffgate" in answer.text
    assert work(own_app).waiting() == []


def test_hostile_words_are_shown_as_words(say, own_client, own_app):
    hostile = "<script>alert(1)</script> {{ 7*7 }} <b>bold</b>"
    say(words=hostile)
    (comment,) = work(own_app).waiting()
    work(own_app).publish(comment.id, hostile, hostile, "Beth")
    page = own_client.get("/comments").text
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "{{ 7*7 }}" in page


def test_a_program_is_thanked_and_not_kept(say, own_app):
    assert say(website="https://spam.example").status_code == 302
    assert work(own_app).waiting() == []


def test_a_flood_from_one_address_is_held_back(say, own_app):
    assert [say().status_code for _ in range(12)] == [302] * 12
    assert say().status_code == 429
    assert len(work(own_app).waiting()) == 12


def test_words_of_a_crisis_show_who_answers_now_and_are_kept(say, own_app):
    assert "People answer day and night" in say(words="I want to kill myself").text
    assert work(own_app).waiting()


def test_you_said_we_did_shows_what_is_published_newest_first(own_client, own_db):
    for month, is_published in (("2026-09", True), ("2026-11", True), ("2026-12", False)):
        with own_db.atomic():
            one = YouSaid(new_id(), f"You said {month}", "We did it.", month, is_published, "Beth")
            publications.save_you_said(own_db, one)
    page = own_client.get("/you-said-we-did").text
    assert page.index("November 2026") < page.index("September 2026")
    assert "2026-12" not in page
    assert "Beth" not in page


def test_a_document_is_there_while_it_is_shown(own_client, own_db):
    day = datetime.date(2026, 3, 3)
    pdf = b"%PDF-1.7 small"
    shown = Publication(new_id(), "short_breaks", "Short Breaks Statement", "What breaks there are.", day, day, pdf=pdf)
    hidden = Publication(new_id(), "other", "A draft", "Not yet.", day, day, is_shown=False, pdf=pdf)
    with own_db.atomic():
        publications.save_publication(own_db, shown)
        publications.save_publication(own_db, hidden)
    page = own_client.get("/documents").text
    assert "Short Breaks Statement" in page
    assert "3 March 2026" in page
    assert "A draft" not in page
    answer = own_client.get(f"/documents/{shown.id}.pdf")
    assert answer.data == pdf
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert own_client.get(f"/documents/{hidden.id}.pdf").status_code == 404
    assert own_client.get(f"/documents/{new_id()}.pdf").status_code == 404
