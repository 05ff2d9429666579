"""The log as its holders read it: in sentences, a day and a person at a time, page by page; and what it does not know."""

from __future__ import annotations

import time

import pytest

from accounts.current import family, secrets
from plumbing import clock
from plumbing.db import at_once
from records import editing, letterbox, log
from tests.family import Member
from tests.records.pages.conftest import opened
from tests.records.pages.sharing import take_up, told
from tests.records.pages.test_who import tap, words_of

LETTER = {"v": 1, "kind": "letter", "title": "Eye clinic"}


@pytest.fixture
def shared(amina: Member, sara: Member, yusuf: str) -> str:
    """Two letters and a note in the care plan, which Sara reads."""
    with amina.app.test_request_context():
        there = opened(amina, yusuf)
        plan = there.book.by_slug("care_plan").id
        for title in ("Eye clinic", "Hearing test"):
            editing.add(there, plan, LETTER | {"title": title})
        editing.add(there, plan, {"v": 1, "kind": "note", "title": "Short breaks"})
    page, words = told(amina, yusuf)
    take_up(sara, words)
    amina.client.get(page)
    return yusuf


def entries(member: Member, record: str) -> dict[str, str]:
    """The addresses of what is kept, by title."""
    with member.app.test_request_context():
        found = opened(member, record).entries()
        return {one.document["title"]: f"{record}/entries/{one.id}" for one in found}


def test_what_one_person_looked_at_on_a_day_is_one_sentence(amina, sara, shared):
    there = entries(amina, shared)
    with amina.app.test_request_context():
        plan = opened(amina, shared).book.by_slug("care_plan").id
    for address in (*there.values(), there["Eye clinic"], f"{shared}/sections/{plan}"):
        assert sara.client.get(address).status_code == 200
    page = amina.client.get(f"{shared}/log")
    said = words_of(page)
    assert "Sara Morgan opened 2 letters and 1 other thing and looked through" in said
    assert said.count("Sara Morgan opened") == 1
    assert f'href="{there["Hearing test"]}">Hearing test</a>' in page.text
    assert "Sara Morgan took up the words they were told." in said
    assert "You made words for Sara Morgan." in said
    assert "You gave Sara Morgan a part of this record." in said


def test_what_was_taken_back_is_said_by_name_and_what_is_deleted_has_no_title(amina, sara, shared):
    there = entries(amina, shared)
    sara.client.get(there["Eye clinic"])
    with amina.app.test_request_context():
        mine = opened(amina, shared)
        id_ = there["Eye clinic"].rsplit("/", 1)[1]
        editing.put_into_bin(mine, id_)
        editing.delete_for_good(mine, id_)
        grant = mine.roster.given.grants[0].grant_id
    tap(amina.client, f"{shared}/who/{grant}/withdraw")
    said = words_of(amina.client.get(f"{shared}/log"))
    assert "Sara Morgan opened 1 thing" in said
    assert "Eye clinic" not in said
    assert "You ended what Sara Morgan was given." in said


def test_the_log_is_its_holders(amina, sara, joe, shared):
    assert sara.client.get(f"{shared}/log").status_code == 404
    assert joe.client.get(f"{shared}/log").status_code == 404
    assert amina.app.test_client().get(f"{shared}/log").status_code == 302


def _write(member: Member, record: str, count: int, **words: str) -> None:
    """So many lines, as ours are."""
    with member.app.test_request_context():
        there = opened(member, record)
    with member.app.test_request_context(), at_once(family()):
        box = letterbox.newest(family(), secrets().server_key, there.record_id)
        for _number in range(count):
            line = {"at": clock.minute(), "who": member.id, "what": "signed_in", **words}
            log.append(family(), secrets().log_key, (there.record_id, there.stamp), (box.generation, box.public), line)


def test_a_long_log_is_read_page_by_page_and_a_page_is_quick(amina, yusuf):
    _write(amina, yusuf, 1_200, at="2025-03-01T09:00Z")
    _write(amina, yusuf, 8_000, at="2025-03-02T09:00Z")
    _write(amina, yusuf, 400, at="2025-03-03T09:00Z")
    begun = time.perf_counter()
    page = amina.client.get(f"{yusuf}/log")
    took = time.perf_counter() - begun
    assert "3 March 2025" in page.text
    # What of an older day is on a page is all of it that fits there; the next goes on where it stopped.
    assert "You signed in, 400 times." in words_of(page)
    assert "2 March 2025" not in page.text
    assert "Show what was done before" in page.text
    older = page.text.split("log?below=")[1].split('"')[0]
    before = words_of(amina.client.get(f"{yusuf}/log?below={older}"))
    assert "2 March 2025 You signed in, 500 times." in before
    begun = time.perf_counter()
    with amina.app.test_request_context():
        assert len(opened(amina, yusuf).log_lines()) > 9_600
    assert took < time.perf_counter() - begun, "A page opens what it shows, and not all."


@pytest.mark.parametrize("below", ["", "-1", "x", "²", "9" * 30, "0"])
def test_a_page_that_is_not_there_is_no_error(amina, yusuf, below):
    assert amina.client.get(f"{yusuf}/log", query_string={"below": below}).status_code == 200


def test_what_the_log_does_not_know_is_marked_wherever_it_is_read(amina, shared):
    there = entries(amina, shared)
    with amina.app.test_request_context():
        mine, id_ = opened(amina, shared), there["Short breaks"].rsplit("/", 1)[1]
        editing.revise(mine, id_, lambda document: document | {"words": "More of them"})
        # As somebody would who has the keys and writes beside the pages: the version is there, and no line of it.
        family().execute("UPDATE log_line SET proof = NULL")
        family().conn.commit()
    mark = "This is not in the log: somebody may have put it there."
    pages = (f"{shared}/timeline", there["Short breaks"], f"{there['Short breaks']}/history", f"{shared}/letters")
    for address in pages:
        assert mark in amina.client.get(address).text, address


def test_what_the_log_knows_is_not_marked(amina, shared):
    there = entries(amina, shared)
    for address in (f"{shared}/timeline", there["Short breaks"]):
        assert "not in the log" not in amina.client.get(address).text
