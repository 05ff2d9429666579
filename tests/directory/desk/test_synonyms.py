"""Synonyms by officers: tried before they are kept, live in every process at once, taken back, and spared by a set-up."""

from __future__ import annotations

import re

import pytest

from directory.keeping import synonyms
from directory.search import Finder, Query
from directory.setup import crisis_words, set_up
from directory.store import synonyms as rows
from tests.family import token_of

NEW = "/directory/synonyms/new"


def send(member, do, said, meant, kind="="):
    token = token_of(member.client.get(NEW).text)
    return member.client.post(NEW, data={"csrf_token": token, "said": said, "meant": meant, "kind": kind, "do": do})


@pytest.fixture
def elsewhere(own_app):
    """Another server process, which has answered questions before."""
    return Finder(own_app.extensions["settings"].search_index, crisis_words())


def test_a_failed_search_succeeds_in_every_process_once_its_word_is_known(beth, own_db, own_finder, elsewhere):
    for finder in (own_finder, elsewhere):
        assert not finder.search(own_db, Query("zorbing")).total
    preview = send(beth, "try", "zorbing", "trampoline, swimming", ">")
    assert "This is what would change" in preview.text
    assert "nothing" in preview.text
    assert not elsewhere.search(own_db, Query("zorbing")).total, "a preview keeps nothing"
    kept = send(beth, "keep", "zorbing", "swimming", ">")
    page = beth.client.get(kept.location).text
    assert "Kept: every search knows it now" in page
    for finder in (own_finder, elsewhere):
        assert finder.search(own_db, Query("zorbing")).total > 1


def test_it_is_taken_back_and_stays_in_the_history(beth, own_db, own_finder):
    page = beth.client.get(send(beth, "keep", "zorbing", "swimming", ">").location).text
    action = re.search(r'action="(/directory/synonyms/[0-9a-f]{32}/take-out)"', page)[1]
    assert own_finder.search(own_db, Query("zorbing")).total
    beth.client.post(action, data={"csrf_token": token_of(page)})
    assert not own_finder.search(own_db, Query("zorbing")).total
    (one,) = rows.every(own_db)
    assert one.added_by == one.removed_by == beth.shown_name
    assert one.removed_at is not None
    assert "Taken out" in beth.client.get("/directory/synonyms").text
    assert beth.client.post(action, data={"csrf_token": token_of(page)}).status_code == 404


def test_a_set_up_loads_the_file_anew_and_leaves_our_own(own_db, own_finder):
    synonyms.add(own_db, ("zorbing",), ("swimming",), ">", "Beth")
    own_db.execute("DELETE FROM setup WHERE name = 'synonyms'")
    own_db.conn.commit()
    assert "synonyms" in set_up(own_db)
    assert own_finder.search(own_db, Query("zorbing")).total


def test_one_that_would_spoil_a_good_search_is_warned_of(own_db, own_finder):
    trial = synonyms.try_out(own_db, own_finder, ("sleep",), ("benefits", "grants", "swimming", "school transport"), "~")
    assert any("sleep" in words for words in trial.worse)
    harmless = synonyms.try_out(own_db, own_finder, ("zorbing",), ("swimming",), ">")
    assert not harmless.worse
    assert not harmless.changes_nothing


def test_one_that_changes_nothing_is_said_to(own_db, own_finder):
    assert synonyms.try_out(own_db, own_finder, ("zorbing",), ("xylophone",), "=").changes_nothing


def test_a_misspelling_is_put_right(own_db, own_finder):
    synonyms.add(own_db, ("zzleep",), ("sleep",), "~", "Beth")
    assert own_finder.search(own_db, Query("zzleep")).total


def test_twice_the_same_is_kept_once(own_db):
    assert synonyms.add(own_db, ("zorbing",), ("swimming",), ">", "Beth")
    assert synonyms.add(own_db, ("zorbing",), ("swimming",), ">", "Beth") == []


@pytest.mark.parametrize(
    ("said", "meant", "kind"),
    [
        ("", "sleep", "="),
        ("the", "sleep", "="),
        ("zorbing", "", "="),
        ("zorbing => x", "sleep", "="),
        ("07700 900123", "sleep", "="),
        ("zorbing", "sleep", "?"),
        ("sleeping", "sleep", "="),
        ("a b c", "sleep", "~"),
        (",".join(f"w{chr(97 + n)}" for n in range(9)), "sleep", "="),
        ("z" * 61, "sleep", "="),
    ],
)
def test_what_cannot_be_a_synonym_is_refused_with_what_was_typed(beth, own_db, said, meant, kind):
    answer = send(beth, "keep", said, meant, kind)
    assert answer.status_code == 400
    assert "Error:" in answer.text
    assert rows.every(own_db) == []


def test_only_officers_change_what_words_mean(sara, amina, own_client, own_db):
    for client in (sara.client, amina.client, own_client):
        for place in ("/directory/synonyms", NEW):
            assert client.get(place).status_code in {302, 303, 403, 404}
        assert client.post(NEW, data={"said": "zorbing", "meant": "sleep", "kind": "=", "do": "keep"}).status_code >= 302
    assert rows.every(own_db) == []
