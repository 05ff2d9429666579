"""Guest packs: who has link and PIN reads what was chosen, as it was that day, and nothing else; nobody else reads anything."""

from __future__ import annotations

import datetime
import threading
from dataclasses import replace

import pytest

from plumbing.crypto import CannotOpen
from plumbing.crypto.passphrase import Cost
from plumbing.db import open_db
from plumbing.ids import new_id
from plumbing.secrets_file import ServerSecrets
from records import canonical, editing, leaving, packs, strangers
from records.gate import NotYours
from records.packs import Gone, Order, WrongPin
from tests.conftest import CHEAP
from tests.records.marks import mark, search
from tests.records.people import TODAY

COST = Cost.parse(CHEAP)
LAST_DAY = TODAY + datetime.timedelta(days=7)
LETTER = {"v": 1, "kind": "letter", "title": "Hearing test", "from_whom": "Dr Khan"}
DIARY = {"v": 1, "kind": "diary", "what": "Slept badly"}


def order(opened, slug="health_letters", **changes):
    """Mr Patel gets the letters."""
    section = opened.book.by_slug(slug)
    return replace(Order("Mr Patel", "The school trip", LAST_DAY, section.id), **changes)


def give(opened, wanted=None):
    return packs.give(opened, wanted or order(opened), "Amina", COST)


def code_of(given):
    return canonical.raw(given.token)


def wrong(pin):
    return f"{(int(pin) + 1) % 10**6:06}"


def open_(house, given, pin="", today=TODAY):
    return packs.open_by_pin(house.db, house.office, code_of(given), pin or given.pin, today)[0]


def documents(pack):
    return [entry.document for entry in pack.entries]


@pytest.fixture
def letter(yusuf):
    """A letter in Yusuf's record, and a diary beside it."""
    editing.add(yusuf, yusuf.book.by_slug("diary").id, DIARY)
    return editing.add(yusuf, yusuf.book.by_slug("health_letters").id, LETTER)


# What it opens


def test_link_and_pin_open_what_was_chosen_and_nothing_else(house, yusuf, letter):
    pack = open_(house, give(yusuf))
    assert documents(pack) == [LETTER]
    assert [chapter.name for chapter in pack.chapters] == ["Health letters"]
    assert (pack.by, pack.called, pack.name, pack.purpose) == ("Amina", "Yusuf", "Mr Patel", "The school trip")
    assert (pack.made_on, pack.last_day) == (TODAY, LAST_DAY)


def test_chosen_entries_come_alone(house, yusuf, letter):
    other = editing.add(yusuf, letter.section_id, LETTER | {"title": "Eye test"})
    pack = open_(house, give(yusuf, order(yusuf, section_id="", entries=(other.id, other.id))))
    assert [document["title"] for document in documents(pack)] == ["Eye test"]


def test_it_is_a_copy_of_that_day(house, yusuf, letter):
    given = give(yusuf)
    editing.save(yusuf, letter.id, LETTER | {"title": "Changed since"}, based_on=1)
    editing.add(yusuf, letter.section_id, LETTER | {"title": "Came later"})
    assert documents(open_(house, given)) == [LETTER]
    editing.put_into_bin(yusuf, letter.id)
    assert documents(open_(house, given)) == [LETTER]


def test_earlier_versions_drafts_and_the_bin_are_never_in_it(house, yusuf, letter):
    editing.save(yusuf, letter.id, LETTER | {"title": "Second version"}, based_on=1)
    binned = editing.add(yusuf, letter.section_id, LETTER | {"title": "Put away"})
    editing.put_into_bin(yusuf, binned.id)
    editing.add(yusuf, yusuf.root_id, LETTER | {"title": "Begun"}, state="draft")
    assert [document["title"] for document in documents(open_(house, give(yusuf)))] == ["Second version"]


def test_what_a_machine_read_on_a_sheet_stays_with_the_family(house, yusuf, letter):
    editing.save(yusuf, letter.id, LETTER | {"found_text": "Yusuf was seen", "read": True}, based_on=1)
    assert documents(open_(house, give(yusuf))) == [LETTER]


def test_its_pictures_open_until_the_family_deletes_them(house, yusuf, letter):
    file = editing.attach(yusuf, letter.id, {"page": (b"a picture", "image/jpeg")})["page"]
    editing.save(yusuf, letter.id, LETTER | {"files": {file.id: file.written()}}, based_on=1)
    pack = open_(house, give(yusuf))
    assert pack.file(pack.entries[0].files[file.id]) == b"a picture"
    assert pack.has(file.id)
    editing.delete_for_good(yusuf, letter.id)
    assert not pack.has(file.id)
    with pytest.raises(CannotOpen):
        pack.file(file)


def test_the_last_day_is_inclusive(house, yusuf, letter):
    given = give(yusuf)
    assert open_(house, given, today=LAST_DAY)
    with pytest.raises(Gone):
        open_(house, given, today=LAST_DAY + datetime.timedelta(days=1))


def test_a_holder_finds_link_and_pin_again(house, amina, yusuf, letter):
    given = give(yusuf)
    assert house.enter(amina, yusuf.record_id).roster.given.packs == (given,)


# What cannot be given


def test_just_us_can_never_be_in_a_pack(house, amina, letter, yusuf):
    alone = house.enter(replace(amina, just_us=b"j" * 32), yusuf.record_id)
    secret = editing.add(alone, alone.just_us_id, {"v": 1, "kind": "note", "title": "Ours"})
    for wanted in (order(alone, section_id=alone.just_us_id), order(alone, section_id="", entries=(letter.id, secret.id))):
        with pytest.raises(NotYours):
            give(alone, wanted)
    assert house.db.execute("SELECT count(*) FROM pack").fetchone()[0] == 0


def test_what_is_not_kept_or_not_there_cannot_be_given(house, yusuf, letter):
    draft = editing.add(yusuf, yusuf.root_id, LETTER, state="draft")
    editing.put_into_bin(yusuf, letter.id)
    for entries in ((draft.id,), (letter.id,), (new_id(),), ()):
        with pytest.raises(NotYours):
            give(yusuf, order(yusuf, section_id="", entries=entries))
    for section_id in (new_id(), yusuf.root_id):
        with pytest.raises(NotYours):
            give(yusuf, order(yusuf, section_id=section_id))


def test_who_was_given_a_part_to_read_can_pass_nothing_on_and_end_nothing(house, yusuf, letter):
    given, sara = give(yusuf), house.person("sara", "key_worker")
    house.share(yusuf, sara, len(yusuf.sections))
    reader = house.enter(sara, yusuf.record_id)
    with pytest.raises(NotYours):
        give(reader)
    with pytest.raises(NotYours):
        packs.end(reader, given.id)
    assert packs.live_ids(yusuf) == {given.id}


@pytest.mark.parametrize("days", [-1, packs.MOST_DAYS + 1])
def test_a_pack_lasts_thirty_days_at_most(yusuf, letter, days):
    with pytest.raises(ValueError, match="thirty"):
        give(yusuf, order(yusuf, last_day=TODAY + datetime.timedelta(days=days)))


# PINs


def test_five_wrong_pins_destroy_it(house, yusuf, letter):
    given = give(yusuf)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongPin) as refused:
            open_(house, given, wrong(given.pin))
        assert refused.value.left == left
    with pytest.raises(Gone):
        open_(house, given)
    assert house.db.execute("SELECT count(*) FROM pack").fetchone()[0] == 0
    assert given.id in house.office.witness.ended()
    assert packs.live_ids(yusuf) == set()
    assert yusuf.log_lines()[0].words["what"] == "pack_destroyed"


def test_a_pack_is_not_swept_away_in_the_middle_of_its_last_try(house, yusuf, letter, monkeypatch):
    given, read = give(yusuf), packs._read
    for _try in range(4):
        with pytest.raises(WrongPin):
            open_(house, given, wrong(given.pin))

    def swept_meanwhile(*of):
        assert packs.sweep(house.db, house.office) == 0
        return read(*of)

    monkeypatch.setattr(packs, "_read", swept_meanwhile)
    assert documents(open_(house, given)) == [LETTER]


def test_a_last_try_that_the_machine_stopped_in_is_over_for_good_and_the_family_is_told(house, yusuf, letter):
    given = give(yusuf)
    house.db.execute("UPDATE pack SET tries = 0, tried_at = tried_at - 61")
    assert packs.sweep(house.db, house.office) == 1
    assert given.id in house.office.witness.ended()
    assert yusuf.log_lines()[0].words["what"] == "pack_destroyed"
    assert packs.sweep(house.db, house.office) == 0
    with pytest.raises(Gone):
        open_(house, given)


def test_a_right_pin_forgives_the_slips_before_it(house, yusuf, letter):
    given = give(yusuf)
    for _round in range(3):
        for _slip in range(4):
            with pytest.raises(WrongPin):
                open_(house, given, wrong(given.pin))
        assert open_(house, given)


def test_of_many_who_try_at_once_five_get_to_try(house, yusuf, letter):
    given, answers = give(yusuf), []

    def try_it():
        db = open_db(house.folder / "data" / "family.db", secure_delete=True)
        try:
            packs.open_by_pin(db, house.office, code_of(given), wrong(given.pin), TODAY)
        except (WrongPin, Gone, packs.Busy) as refused:
            answers.append(type(refused))
        db.close()

    for _wave in range(4):
        threads = [threading.Thread(target=try_it) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers.count(WrongPin) == packs.TRIES
    assert answers.count(Gone) == 12 - packs.TRIES
    with pytest.raises(Gone):
        open_(house, given)


def test_a_server_that_is_busy_takes_no_try(house, yusuf, letter, monkeypatch):
    given = give(yusuf)

    def busy(*_args):
        raise packs.Busy

    monkeypatch.setattr(packs, "stretch", busy)
    for _try in range(8):
        with pytest.raises(packs.Busy):
            open_(house, given)
    monkeypatch.undo()
    assert open_(house, given)


def test_a_link_that_was_made_up_leads_nowhere(house, yusuf, letter):
    give(yusuf)
    with pytest.raises(Gone):
        packs.open_by_pin(house.db, house.office, bytes(17), "000000", TODAY)


# Ending


def test_ended_it_is_gone_at_once(house, amina, yusuf, letter):
    given, other = give(yusuf), give(yusuf)
    packs.end(yusuf, given.id)
    with pytest.raises(Gone):
        open_(house, given)
    assert documents(open_(house, other)) == [LETTER]
    assert house.enter(amina, yusuf.record_id).roster.given.packs == (other,)
    with pytest.raises(NotYours):
        packs.end(yusuf, given.id)


def test_all_of_them_end_in_one_change(house, yusuf, letter):
    many = [give(yusuf) for _ in range(3)]
    with editing.change(yusuf) as pen:
        packs.end_all(pen)
    assert yusuf.roster.given.packs == ()
    for given in many:
        with pytest.raises(Gone):
            open_(house, given)


def test_a_restored_backup_brings_no_ended_pack_back(house, yusuf, letter):
    given = give(yusuf)
    backup = open_db(house.folder / "backup.db")
    house.db.conn.backup(backup.conn)
    packs.end(yusuf, given.id)
    backup.conn.backup(house.db.conn)
    backup.close()
    other = house.again()
    assert other.db.execute("SELECT count(*) FROM pack").fetchone()[0] == 1
    with pytest.raises(Gone):
        open_(other, given)
    other.db.close()


def test_a_pack_ends_with_its_record(house, yusuf, letter):
    given = give(yusuf)
    leaving.delete_record(yusuf)
    with pytest.raises(Gone):
        open_(house, given)


def test_packs_that_are_over_leave_the_roster_with_the_next_one(house, amina, yusuf, letter):
    give(yusuf)
    later = house.enter(amina, yusuf.record_id, LAST_DAY + datetime.timedelta(days=1))
    new = packs.give(later, order(later, last_day=later.today), "Amina", COST)
    assert later.roster.given.packs == (new,)


# Somebody who can write into the database


@pytest.mark.parametrize("edit", ["last_day = 20991231", "salt = x'00'", "cost = 'm=64,t=2,p=1'", "cost = 'none'"])
def test_an_edited_row_does_not_open(house, yusuf, letter, edit):
    given = give(yusuf)
    with house.db.conn:
        house.db.execute(f"UPDATE pack SET {edit}")
    with pytest.raises(WrongPin):
        open_(house, given)


def test_moved_to_another_record_it_does_not_open(house, amina, yusuf, letter):
    given, layla = give(yusuf), house.record(amina, "Layla")
    with house.db.conn:
        house.db.execute("UPDATE pack SET record_id = ?", [layla.record_id])
    with pytest.raises(WrongPin):
        open_(house, given)


def test_under_another_packs_name_it_does_not_open(house, yusuf, letter):
    given, other = give(yusuf), give(yusuf, order(yusuf, slug="diary"))
    with house.db.conn:
        house.db.execute("UPDATE pack SET sealed = (SELECT sealed FROM pack WHERE id = ?) WHERE id = ?", [other.id, given.id])
    with pytest.raises(WrongPin):
        open_(house, given)


def test_a_copy_of_the_database_with_the_link_and_the_pin_opens_nothing_without_the_pepper(house, yusuf, letter):
    given = give(yusuf)
    stolen = replace(house.office, secrets=ServerSecrets(b"?" * 32, b"?" * 32, b"?" * 32))
    with pytest.raises(WrongPin):
        packs.open_by_pin(house.db, stolen, code_of(given), given.pin, TODAY)


# The log


def test_the_family_sees_each_opening(house, yusuf, letter):
    given, other = give(yusuf), give(yusuf)
    pack = open_(house, given)
    open_(house, given)
    packs.note_copy(house.db, house.office, pack)
    lines = yusuf.log_lines()
    assert [line.words["what"] for line in lines[:5]] == [
        "guest_copied",
        "guest_opened",
        "guest_opened",
        "pack_given",
        "pack_given",
    ]
    assert (lines[1].words["who"], lines[1].words["name"], lines[1].words["pack"]) == ("", "Mr Patel", given.id)
    (times, last) = packs.looks(lines)[given.id]
    assert times == 2
    assert abs((last - datetime.datetime.now(datetime.UTC).date()).days) <= 1
    assert other.id not in packs.looks(lines)


def test_a_guests_line_is_with_the_witness_and_alarms_nobody(house, amina, yusuf, letter):
    open_(house, give(yusuf))
    newest = house.office.witness.newest(yusuf.record_id)
    assert newest.log_number == yusuf.log_lines()[0].number
    assert house.enter(amina, yusuf.record_id).alarms == ()


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM log_line WHERE number = (SELECT max(number) FROM log_line)",
        "UPDATE log_line SET head = zeroblob(32) WHERE number = (SELECT max(number) FROM log_line)",
        "UPDATE letterbox SET mac = zeroblob(32)",
        "DELETE FROM roster WHERE number = (SELECT max(number) FROM roster)",
    ],
)
def test_without_a_line_in_the_log_nothing_is_shown_and_no_try_is_lost(house, yusuf, letter, harm):
    given = give(yusuf)
    with house.db.conn:
        house.db.execute(harm)
    for _try in range(7):
        with pytest.raises(strangers.NotWitnessed):
            open_(house, given)


def test_a_guest_cannot_cover_up_that_the_witness_is_lost(house, yusuf, letter):
    given = give(yusuf)
    (house.folder / "witness" / "witness.log").unlink()
    other = house.again()
    with pytest.raises(strangers.NotWitnessed):
        open_(other, given)
    other.db.close()


# What is left lying about


def test_no_word_of_it_stands_in_any_file(house, yusuf, letter):
    words = [mark() for _ in range(3)]
    editing.save(yusuf, letter.id, LETTER | {"title": words[0]}, based_on=1)
    given = give(yusuf, order(yusuf, name=words[1], purpose=words[2]))
    open_(house, given)
    with pytest.raises(WrongPin):
        open_(house, given, wrong(given.pin))
    assert search([house.folder], [*words, given.token, code_of(given).hex()]) == []


def test_a_visit_is_over_when_its_pack_is(house, yusuf, letter):
    given = give(yusuf)
    pack, key = packs.open_by_pin(house.db, house.office, code_of(given), given.pin, TODAY)
    assert documents(packs.open_again(house.db, house.office, pack.id, key, TODAY)) == [LETTER]
    with pytest.raises(Gone):
        packs.open_again(house.db, house.office, pack.id, b"?" * 32, TODAY)
    packs.end(yusuf, given.id)
    with pytest.raises(Gone):
        packs.open_again(house.db, house.office, pack.id, key, TODAY)
