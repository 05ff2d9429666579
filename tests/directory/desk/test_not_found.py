"""What people could not find: what is counted of a failed search, what never is, and what an officer sees and does with it."""

from __future__ import annotations

import csv
import datetime
import io
import re
import sqlite3
import threading
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from directory.keeping import searches, unmet_needs
from directory.not_found import Cell
from directory.store import searches as rows
from directory.unmet_need import UnmetNeed
from plumbing import clock
from tests import printed
from tests.family import token_of

NOWHERE = "zorbing xylophone"
LONG_AGO = "2026-01"


def search(app, words, sender="192.0.2.1", **more):
    client = app.test_client()
    return client.get("/search", query_string={"q": words} | more, environ_base={"REMOTE_ADDR": sender})


def kept(db):
    return list(db.query("SELECT * FROM missed ORDER BY subject")), list(db.query("SELECT * FROM missed_word"))


def everything(db):
    """All that was written into tables where what somebody typed could end up."""
    tables = ("missed", "missed_word", "missed_question", "own_synonym", "unmet_need", "question_message")
    return str([[list(row.values()) for row in db.query(f"SELECT * FROM {table}")] for table in tables]).lower()


def fill(db, *counts):
    """Counts of a year ago, which is over."""
    with db.atomic():
        for number, subject, sign, area, band in counts:
            rows.add(db, Cell(LONG_AGO, subject, sign, area, band), number)


@pytest.fixture
def later(monkeypatch):
    """A day on which the months before may be shown."""

    def travel(day):
        noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
        monkeypatch.setattr(clock, "now", lambda: noon)

    return travel


# -- counting


def test_a_search_that_finds_nothing_is_counted_by_month_outcode_age_and_meaning(own_app, own_db):
    assert search(own_app, NOWHERE, place="NE66 1AB", age="7").status_code == 200
    (row,), words = kept(own_db)
    assert (row["month"], row["sign"], row["outcode"]) == (f"{clock.today():%Y-%m}", "nothing_found", "NE66")
    assert row["age_band"] == "5_10"
    assert len(words) == 2
    assert {one["word"] for one in words} == {""}


def test_a_search_that_finds_enough_leaves_nothing(own_app, own_db):
    search(own_app, "autism")
    assert kept(own_db) == ([], [])


def test_a_word_that_no_listing_has_is_counted_though_others_are_found(own_app, own_db):
    search(own_app, "swimming zorbing")
    (row,), words = kept(own_db)
    assert (row["sign"], len(words)) == ("no_word", 1)


@pytest.mark.parametrize(
    "typed",
    [
        "zorbing 07700 900123",
        "zorbing NE66 1AB",
        "zorbing amina@example.com",
        "zorbing https://example.com/amina",
        "zorbing for Zebedee",
    ],
)
def test_numbers_addresses_postcodes_and_names_are_nowhere_in_the_file(own_app, own_db, typed):
    search(own_app, typed)
    assert kept(own_db)[0]
    own_db.conn.commit()
    written = everything(own_db)
    for secret in ("07700", "900123", "66 1ab", "amina", "example.com/amina", "zebedee", "192.0.2.1", "zorbing"):
        assert secret not in written


def test_a_word_is_written_down_when_the_fifth_sender_types_it(own_app, own_db):
    # Sixty senders would be sure; of these seven at least five set bits of their own.
    seen = 0
    for number in range(40):
        search(own_app, "zorbing", f"192.0.2.{number}")
        seen = max(one["senders"].bit_count() for one in kept(own_db)[1])
        assert ("zorbing" in rows.words(own_db)) == (seen >= 5)
        if seen >= 5:
            break
    assert seen == 5


def test_one_sender_never_makes_a_word_appear(own_app, own_db, later):
    today = clock.today()
    for day in range(5):
        later(today + datetime.timedelta(days=day % 5))
        for _again in range(3):
            search(own_app, "zorbing")
    assert not rows.words(own_db)
    # A home has a whole network of addresses of the new kind, and is one sender.
    for number in range(40):
        search(own_app, "xylophone", f"2001:db8:1:2::{number:x}")
    assert not rows.words(own_db)


def test_one_sender_counts_once_a_day(own_app, own_db):
    for words in (NOWHERE, NOWHERE, "xylophone zorbing"):
        search(own_app, words)
    assert [row["number"] for row in kept(own_db)[0]] == [1]


def test_what_sounds_like_danger_is_not_counted(own_app, own_db):
    search(own_app, "suicide zorbing xylophone")
    assert kept(own_db) == ([], [])


def test_a_program_is_not_counted(own_app, own_db):
    own_app.test_client().get("/search?q=zorbing", headers={"User-Agent": "Examplebot/2.0"})
    assert kept(own_db) == ([], [])


def test_a_locked_database_loses_the_count_and_not_the_page(own_app, own_db):
    search(own_app, "autism")
    own_db.execute("BEGIN IMMEDIATE")
    begun = clock.now()
    answer = search(own_app, NOWHERE)
    assert answer.status_code == 200
    assert (clock.now() - begun).total_seconds() < 2
    own_db.conn.rollback()
    assert kept(own_db) == ([], [])


def test_searches_at_once_are_all_counted(own_app, own_db):
    search(own_app, "autism")
    threads = [threading.Thread(target=search, args=(own_app, NOWHERE, f"192.0.2.{number}")) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= sum(row["number"] for row in kept(own_db)[0]) <= 6


def test_a_table_that_is_gone_breaks_no_search(own_app, own_db):
    own_db.execute("DROP TABLE missed")
    own_db.conn.commit()
    with pytest.raises(sqlite3.OperationalError):
        own_db.execute("SELECT * FROM missed")
    assert search(own_app, NOWHERE).status_code == 200


def test_settled_questions_are_counted_once_and_in_the_month_of_the_counting(own_db):
    columns = (
        "id, reference, pin_salt, pin_hash, pin_cost, asker, from_staff, asked_on, due_on, erase_on, status, category, outcode"
    )
    own_db.execute(
        f"INSERT INTO question ({columns}) VALUES ('q', '1', x'00', x'00', '', '', 0, '2026-01-02', '2026-01-05', '2027-01-01', "
        "'answered', 'sleep', 'NE66')"
    )
    own_db.conn.commit()
    assert searches.count_questions(own_db) == 1
    assert searches.count_questions(own_db) == 0
    ((cell, number),) = rows.counts(own_db).items()
    assert (cell.period, cell.subject, cell.sign, number) == (f"{clock.today():%Y-%m}", "sleep", "question", 1)


def test_a_year_is_erased_whole_and_words_of_too_few_with_their_month(own_db):
    today = datetime.date(2026, 11, 22)
    with own_db.atomic():
        for month in ("2023-12", "2024-01", "2024-12", "2026-10"):
            rows.add(own_db, Cell(month, "sleep", "waiting", "", ""))
            rows.add_word(own_db, month, b"few", 1, "few")
        unmet_needs.add(own_db, UnmetNeed("2023-05", "sleep"))
    searches.forget(own_db, 24, today)
    assert {cell.period for cell in rows.counts(own_db)} == {"2024-01", "2024-12", "2026-10"}
    assert not kept(own_db)[1]


# -- the desk


def test_an_officer_sees_groups_of_five_and_nothing_of_fewer(beth, own_db):
    fill(own_db, (7, "sleep", "nothing_found", "NE66", "5_10"), (4, "short-breaks", "waiting", "NE66", "5_10"))
    page = beth.client.get("/directory/not-found").text
    assert "NE66" in page
    table = BeautifulSoup(page, "html.parser").select_one("table.missed").text
    assert "Sleep" in table
    assert "7" in table
    assert "hort breaks" not in table


def test_two_worlds_that_differ_in_one_person_look_the_same(beth, own_db):
    """Every page, filter, the file and the note."""
    fill(own_db, (7, "sleep", "nothing_found", "NE66", "5_10"), (2, "sleep", "waiting", "NE65", "5_10"))
    places = [
        f"/directory/not-found{kind}?{query}"
        for kind in ("", ".csv", "/note")
        for query in ("", "subject=sleep", "sign=waiting", "age_band=5_10", "council=E06000057", "since=2026-01&until=2026-01")
    ]

    def look():
        texts = [beth.client.get(place).text for place in places]
        return [re.sub(r'value="[^"]{60,}"', "", text.partition("<main")[2].partition("</main>")[0] or text) for text in texts]

    before = look()
    fill(own_db, (1, "sleep", "waiting", "NE65", "5_10"), (1, "ehcp", "cost", "NE1", ""))
    for place, was, is_now in zip(places, before, look(), strict=True):
        assert was.split("\n") == is_now.split("\n"), place


def test_words_of_one_meaning_stand_together(own_db, own_finder):
    with own_db.atomic():
        for word, senders in (("nappies", 5), ("nappy", 7), ("zorbing", 6)):
            rows.add_word(own_db, LONG_AGO, word.encode(), (1 << senders) - 1, word)
    found = searches.words_by_meaning(own_db, own_finder.vocabulary(own_db))
    assert found == [(("nappy", "nappies"), 7), (("zorbing",), 6)]


def test_filters_choose_and_leave_out_what_cannot_be_meant(beth, own_db):
    fill(own_db, (7, "sleep", "nothing_found", "NE66", "5_10"), (6, "short-breaks", "waiting", "NE1", "11_15"))
    table = (
        BeautifulSoup(beth.client.get("/directory/not-found?age_band=11_15").text, "html.parser").select_one("table.missed").text
    )
    assert "Sleep" not in table
    hostile = "/directory/not-found?subject=<script>&since=yesterday&_external=1&_scheme=javascript&_anchor=x"
    answer = beth.client.get(hostile)
    assert answer.status_code == 200
    assert "javascript" not in answer.text
    assert "<script>&" not in answer.text


def test_the_file_says_the_same_and_runs_nothing(beth, own_db):
    fill(own_db, (7, "sleep", "nothing_found", "NE66", "5_10"))
    answer = beth.client.get("/directory/not-found.csv")
    (_head, row) = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row[0] == "January 2026"
    assert row[-1] == "7"


def test_a_listing_is_begun_with_what_was_missed(beth, own_db):
    fill(own_db, (7, "sleep", "nothing_found", "NE66", "5_10"))
    token = token_of(beth.client.get("/directory/not-found").text)
    sent = {"csrf_token": token, "words": "sleep <b>", "category": "sleep"}
    answer = beth.client.post("/directory/not-found/listing", data=sent)
    page = beth.client.get(answer.location).text
    assert 'value="Sleep &lt;b&gt;"' in page


def test_the_desk_says_how_many_subjects_and_nothing_where_there_is_none(beth, own_db):
    assert "What people could not find" not in beth.client.get("/directory").text
    fill(own_db, (7, "sleep", "nothing_found", "NE66", "5_10"))
    assert "What people could not find" in beth.client.get("/directory").text


def test_the_month_that_runs_is_not_shown(beth, own_db, own_app):
    with own_db.atomic():
        rows.add(own_db, Cell(f"{clock.today():%Y-%m}", "sleep", "waiting", "NE66", ""), 30)
    assert not searches.release(own_db, clock.today())
    assert "Nothing that can be shown" in beth.client.get("/directory/not-found").text


@pytest.mark.parametrize("place", ["", ".csv", "/note"])
def test_nobody_else_sees_it(sara, amina, own_client, own_app, own_db, place):
    for member in (sara.client, amina.client, own_client):
        answer = member.get(f"/directory/not-found{place}")
        assert answer.status_code in {302, 303, 403, 404}


# -- the note


def test_the_note_is_printed_for_screen_readers_too(beth, own_db):
    fill(own_db, (7, "sleep", "nothing_found", "NE66", "5_10"), (9, "short-breaks", "waiting", "NE66", "5_10"))
    page = beth.client.get("/directory/not-found/note?council=E06000057").text
    assert "at least 9 times" in page
    words = {"title": "What families miss", "missing": 'Nobody sleeps. #read("/etc/passwd")', "did": "We asked.", "sender": "FIS"}
    sent = words | {"csrf_token": token_of(page), "council": "E06000057"}
    answer = beth.client.post("/directory/not-found/note", data=sent)
    assert answer.mimetype == "application/pdf"
    printed.check_accessible(answer.data, "What families miss")
    text = printed.words(answer.data)
    for said in ("Nobody sleeps", '#read("/etc/passwd")', "We asked.", "Northumberland", "How this was counted"):
        assert said in text
    assert not re.search(r"\b[1-4]\b(?! / )", re.sub(r"Made on .*?2026", "", text.replace("January 2026", "")))


def test_a_note_without_a_title_is_not_printed(beth, own_db):
    token = token_of(beth.client.get("/directory/not-found/note").text)
    answer = beth.client.post("/directory/not-found/note", data={"csrf_token": token, "title": "", "missing": "Kept as typed"})
    assert answer.status_code == 400
    assert "Kept as typed" in answer.text
    assert Counter(re.findall("Write a title", answer.text))["Write a title"] == 2


def test_what_counting_costs_is_measured_and_leaves_nothing(runner, own_data, own_db):
    answer = runner.invoke(args=["directory", "bench", "--counting"])
    assert "counting it:" in answer.output
    assert kept(own_db) == ([], [])
    assert not list(own_data.glob("*.bench*"))
