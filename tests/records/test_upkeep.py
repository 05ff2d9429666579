"""What is done in time without anybody's keys: really gone after 30 days, and nothing before; and what is said when it fails."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from accounts.current import family
from accounts.hooks import NotYet
from plumbing import clock
from records import attachments, editing, keys, leaving
from records.consent import Consent, Granted
from records.gate import Gate, NotYours
from tests.family import AMINA, Member, sign_up
from tests.records.pages.conftest import begin_record, opened

NOTE = {"v": 1, "kind": "note", "title": "First"}


@pytest.fixture
def amina(empty_app) -> Member:
    return sign_up(empty_app.test_client(), AMINA)


@pytest.fixture
def yusuf(amina) -> str:
    return begin_record(amina)


@pytest.fixture
def inside(amina, yusuf):
    """The record, for as long as the test."""
    with amina.app.test_request_context():
        yield opened(amina, yusuf)


def tidied(amina, days: float = 0):
    """`flask tidy` so many days later."""
    with clock.moved(days=days):
        return amina.app.test_cli_runner().invoke(args=["tidy"])


def files(inside) -> list[str]:
    return sorted(path.name for path in inside.office.attachments.glob("??/*"))


def with_page(inside, entry_id: str, data: bytes = b"page") -> str:
    page = editing.attach(inside, entry_id, {"page": (data, "image/jpeg")})["page"]
    editing.revise(inside, entry_id, lambda document: document | {"files": {page.id: page.written()}})
    return page.id


def test_the_bin_is_emptied_after_30_days_with_every_page(amina, inside):
    entry = editing.add(inside, inside.sections[0].id, NOTE)
    page = with_page(inside, entry.id)
    editing.put_into_bin(inside, entry.id)
    assert tidied(amina, 30).exit_code == 0
    assert files(inside) == [page]
    assert inside.entry(entry.id).state == "binned"
    assert "1 entries" in tidied(amina, 31).output
    assert files(inside) == []
    with pytest.raises(NotYours):
        inside.entry(entry.id)
    assert inside.db.execute("SELECT count(*) FROM entry_version WHERE entry_id = ?", [entry.id]).fetchone() == (0,)


def test_an_earlier_version_stays_30_days_from_the_day_it_was_replaced(amina, inside):
    entry = editing.add(inside, inside.sections[0].id, NOTE)
    with clock.moved(days=100):
        later = Gate(inside.db, inside.office, inside.person, clock.today()).enter(inside.record_id)
        editing.save(later, entry.id, NOTE | {"title": "Second"}, based_on=1)
    tidied(amina, 130)
    assert len(inside.history(entry.id)) == 2
    tidied(amina, 131)
    assert [one.document["title"] for one in inside.history(entry.id)] == ["Second"]


def test_a_page_that_was_taken_out_is_gone_with_the_last_version_that_has_it(amina, inside):
    entry = editing.add(inside, inside.sections[0].id, NOTE)
    with_page(inside, entry.id)
    editing.revise(inside, entry.id, lambda _document: NOTE)
    tidied(amina, 30)
    assert len(files(inside)) == 1
    assert inside.file(next(iter(inside.history(entry.id)[1].files.values()))) == b"page"
    tidied(amina, 31)
    assert files(inside) == []
    assert len(inside.history(entry.id)) == 1


def test_what_is_over_30_days_old_is_in_no_byte_of_the_database(amina, inside):
    entry = editing.add(inside, inside.sections[0].id, NOTE)
    sealed = inside.db.execute("SELECT sealed FROM entry_version WHERE entry_id = ?", [entry.id]).fetchone()[0]
    editing.put_into_bin(inside, entry.id)
    editing.truncate(inside)
    database = amina.app.extensions["settings"].family_db
    assert sealed[:64] in database.read_bytes(), "the search below must be able to find it"
    tidied(amina, 31)
    assert sealed[:64] not in b"".join(path.read_bytes() for path in database.parent.glob("family.db*"))


def test_the_newest_version_of_an_old_letter_stays(amina, inside):
    entry = editing.add(inside, inside.sections[0].id, NOTE)
    page = with_page(inside, entry.id)
    tidied(amina, 4000)
    assert files(inside) == [page]
    assert inside.entry(entry.id).files


def test_a_file_that_belongs_to_nothing_is_swept_after_a_day(amina, inside):
    entry = editing.add(inside, inside.sections[0].id, NOTE)
    page = with_page(inside, entry.id)
    attachments.write(inside.office.attachments, "f" * 32, bytes(32), b"left behind", inside.stamp)
    tidied(amina)
    assert files(inside) == sorted([page, "f" * 32]), "it may belong to a save that is under way"
    yesterday = time.time() - 25 * 60 * 60
    os.utime(attachments.path_of(inside.office.attachments, "f" * 32), (yesterday, yesterday))
    assert "1 files belonged to nothing" in tidied(amina).output
    assert files(inside) == [page]


def test_a_wrap_that_is_over_is_deleted_for_everybody(amina, inside):
    section = inside.sections[0].id
    inside.db.execute(
        "INSERT INTO wrap (record_id, section_id, epoch, account_id, generation, grant_id, verb, last_day, wrapped)"
        " VALUES (?, ?, 1, ?, 1, ?, 'read', ?, x'00')",
        [inside.record_id, section, "0" * 32, "1" * 32, int(f"{clock.today():%Y%m%d}")],
    )
    inside.db.conn.commit()
    before = inside.db.execute("SELECT count(*) FROM wrap").fetchone()[0]
    assert tidied(amina).exit_code == 0
    assert inside.db.execute("SELECT count(*) FROM wrap").fetchone()[0] == before
    assert "last day" in tidied(amina, 1).output
    assert inside.db.execute("SELECT count(*) FROM wrap").fetchone()[0] == before - 1


def test_a_broken_chain_is_told_to_whoever_runs_the_server(amina, inside):
    assert tidied(amina).exit_code == 0
    inside.db.execute("UPDATE log_line SET sealed = x'00' WHERE number = 0")
    inside.db.conn.commit()
    result = tidied(amina)
    assert result.exit_code == 1
    assert inside.record_id not in result.output


def test_after_a_chain_broke_everything_else_is_still_done(amina, inside):
    entry = editing.add(inside, inside.sections[0].id, NOTE)
    editing.put_into_bin(inside, entry.id)
    inside.db.execute("UPDATE log_line SET sealed = x'00' WHERE number = 0")
    inside.db.conn.commit()
    assert tidied(amina, 31).exit_code == 1
    assert inside.db.execute("SELECT count(*) FROM entry").fetchone() == (0,)


# What others hold


def shared(inside) -> None:
    """Somebody else may see a part of it: a grant stands in the roster."""
    consent = Consent("Sara", "key worker", (inside.sections[0].id,), "read", "", 20991231, 20261122)
    given = inside.roster.given.with_grant(Granted("1" * 32, "2" * 32, 1, "", consent))
    roster = replace(inside.roster, given=given)
    with editing.change(inside) as pen:
        keys.next_roster(inside, roster)
        pen.note("arranged")


def test_nobody_deletes_a_record_that_somebody_else_may_see(inside):
    shared(inside)
    with pytest.raises(leaving.NotAlone):
        leaving.delete_record(inside)
    assert not inside.office.witness.is_gone(inside.record_id)
    assert inside.db.execute("SELECT count(*) FROM record").fetchone() == (1,)


def test_an_account_with_a_shared_record_does_not_end_yet(amina, inside):
    shared(inside)
    with pytest.raises(NotYet):
        leaving.end_with_account(Gate(family(), inside.office, inside.person, clock.today()))
    assert inside.db.execute("SELECT count(*) FROM record").fetchone() == (1,)


def test_a_record_that_does_not_open_any_more_goes_with_its_account(amina, inside):
    inside.db.execute("UPDATE roster SET sealed = x'00'")
    inside.db.conn.commit()
    leaving.end_with_account(Gate(inside.db, inside.office, inside.person, clock.today()))
    assert inside.db.execute("SELECT count(*) FROM record").fetchone() == (0,)


def test_a_record_nobody_pinned_is_deleted_by_nobody(amina, inside):
    mariam = opened(amina, begin_record(amina, "Mariam"))
    leaving.delete_record(inside)
    assert inside.db.execute("SELECT id FROM record").fetchall() == [(mariam.record_id,)]
    with pytest.raises(NotYours):
        leaving.delete_record(inside)
