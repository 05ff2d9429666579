"""Links to the letter-box: turned off for good, over after their last day, and led by nobody to another letter-box."""

from __future__ import annotations

import datetime
import hmac
import shutil

import pytest

from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from plumbing.ids import new_id
from records import editing, items, letterbox, links
from records.item import LINK, Sender
from records.items import Letter
from records.taking_in import NotTaken
from tests.records.people import TODAY, build
from tests.records.senders import NEXT_MONTH, WORDS, files_of, find, photo, send


@pytest.fixture
def link(yusuf):
    return links.open_link(yusuf, "Elm School", "Letters for our family", NEXT_MONTH)


def test_a_link_says_the_familys_words_and_nothing_else(house, yusuf, link):
    door = find(house, link)
    assert (door.label, door.box) == ("Letters for our family", yusuf.letterbox)
    assert links.is_open(house.db, house.office, link.id, TODAY)
    assert [one.id for one in links.live(house.enter(yusuf.person, yusuf.record_id))] == [link.id]


def test_the_same_form_sent_twice_is_one_link(yusuf, link):
    assert links.open_link(yusuf, "Elm School", "Letters for our family", NEXT_MONTH) == link
    assert len(links.live(yusuf)) == 1


def test_a_link_lasts_twelve_months_at_most(yusuf):
    for last_day in (TODAY - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=367)):
        with pytest.raises(links.TooLong):
            links.open_link(yusuf, "Elm School", "", last_day)


def test_a_link_that_is_turned_off_takes_nothing(house, yusuf, link):
    links.close_link(yusuf, link.id)
    with pytest.raises(CannotOpen):
        find(house, link)
    assert not links.live(yusuf)
    assert not links.is_open(house.db, house.office, link.id, TODAY)
    links.close_link(yusuf, link.id)
    assert sum(line.words["what"] == "link_closed" for line in yusuf.log_lines()) == 1


def test_a_link_turned_off_while_a_letter_is_on_its_way_takes_nothing(house, yusuf, link):
    door = find(house, link)
    links.close_link(yusuf, link.id)
    sender = Sender(LINK, door.link_id, "Mrs Jones")
    with pytest.raises(CannotOpen):
        items.put_in(house.db, house.office, door, sender, Letter(WORDS, (photo(),)), TODAY, lambda: find(house, link))
    assert not files_of(house)
    assert items.count(yusuf) == 0


def test_a_restored_backup_does_not_turn_a_link_on_again(house, yusuf, link, tmp_path):
    copy = tmp_path / "backup.db"
    house.db.execute("VACUUM INTO ?", [str(copy)])
    links.close_link(yusuf, link.id)
    house.db.close()
    for beside in ("-wal", "-shm"):
        (house.folder / "data" / f"family.db{beside}").unlink(missing_ok=True)
    shutil.copy(copy, house.folder / "data" / "family.db")
    again = build(house.folder)
    assert again.db.execute("SELECT count(*) FROM letterbox_link").fetchone() == (1,)
    with pytest.raises(CannotOpen):
        find(again, link)
    assert not links.is_open(again.db, again.office, link.id, TODAY)
    again.db.close()


def test_nothing_is_taken_while_the_database_is_older_than_its_witness(house, yusuf, link):
    """A stranger's line must not cover up what was cut off."""
    editing.add(yusuf, yusuf.sections[0].id, WORDS)
    with house.db.conn:
        house.db.execute("DELETE FROM log_line WHERE number = (SELECT max(number) FROM log_line)")
    with pytest.raises(NotTaken, match="not_now"):
        send(house, link)
    assert not files_of(house)
    assert "witness" in house.enter(yusuf.person, yusuf.record_id).alarms


def test_after_its_last_day_a_link_is_over(house, link):
    assert find(house, link, NEXT_MONTH)
    with pytest.raises(CannotOpen):
        find(house, link, NEXT_MONTH + datetime.timedelta(days=1))


@pytest.mark.parametrize("column", ["last_day", "record_id", "id", "sealed"])
def test_a_link_that_was_edited_opens_nothing(house, amina, yusuf, link, column):
    other = house.record(amina, "Mariam")
    second = links.open_link(other, "Clinic", "", NEXT_MONTH)
    sealed = house.db.execute("SELECT sealed FROM letterbox_link WHERE id = ?", [second.id]).fetchone()[0]
    value = {"last_day": 20300101, "record_id": other.record_id, "id": new_id(), "sealed": sealed}[column]
    with house.db.conn:
        house.db.execute(f"UPDATE letterbox_link SET {column} = ? WHERE id = ?", [value, link.id])
    with pytest.raises(CannotOpen):
        find(house, link)


def test_another_letter_box_is_noticed_by_link_and_holder(house, yusuf, link):
    """Even whoever has the server's key cannot lead a link that was given to a letter-box of theirs."""
    theirs = pairs.sealing_pair()
    key = house.office.secrets.server_key
    mac = hmac.digest(key, context("letterbox", "public", yusuf.record_id, 1, theirs.public), "sha256")
    with house.db.conn:
        house.db.execute("UPDATE letterbox SET public = ?, mac = ?", [theirs.public, mac])
    assert letterbox.newest(house.db, key, yusuf.record_id).public == theirs.public
    with pytest.raises(CannotOpen):
        find(house, link)
    with pytest.raises(CannotOpen):
        yusuf.letterbox  # noqa: B018 - asking is the point
