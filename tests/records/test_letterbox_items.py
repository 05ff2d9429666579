"""The letter-box: what is put in is sealed to the family, and whoever writes into the database changes nothing of that."""

from __future__ import annotations

import multiprocessing
import threading
import time
from dataclasses import replace

import pytest

from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from plumbing.crypto.envelope import pad
from plumbing.ids import new_id
from records import attachments, canonical, editing, holding, items, leaving, letterbox, links, log, store
from records.gate import NotYours
from records.item import ACCOUNT, LINK, Sender, written
from records.items import Letter
from records.taking_in import NotTaken
from tests.records.people import TODAY, build
from tests.records.senders import CANARY, NEXT_MONTH, WORDS, files_of, find, photo, send


@pytest.fixture
def link(yusuf):
    return links.open_link(yusuf, "Elm School", "Letters for our family", NEXT_MONTH)


# Put in, and found


def test_what_is_put_in_is_sealed_and_the_holder_opens_it(house, yusuf, link):
    item_id = send(house, link)
    everything = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    for secret in (CANARY.encode(), b"Mrs Jones", b"Elm School", b"Letters for our family"):
        assert secret not in everything
    (item,) = items.waiting(yusuf)
    assert (item.id, item.document["title"], item.wish, item.sender.words) == (
        item_id,
        CANARY,
        "education_letters",
        "Mrs Jones, Elm School",
    )
    assert item.is_logged
    assert all(len(yusuf.file(file)) == file.bytes for file in item.files.values())
    assert len(item.files) == 2
    assert items.count(yusuf) == 1


def test_it_is_in_the_log_before_anybody_is_told(house, yusuf, link):
    item_id = send(house, link)
    newest = yusuf.log_lines()[0].words
    assert (newest["what"], newest["who"], newest["link"], newest["item"]) == ("put_in", "", link.id, item_id)
    assert house.office.witness.newest(yusuf.record_id).log_number == log.newest(house.db, yusuf.record_id).number
    assert house.enter(yusuf.person, yusuf.record_id).alarms == ()


def test_sent_twice_it_is_one_letter(house, yusuf, link):
    letter = Letter(WORDS, (photo(),), "", new_id())
    assert send(house, link, letter) == send(house, link, letter)
    assert items.count(yusuf) == 1
    items.file(yusuf, items.waiting(yusuf)[0].id, yusuf.sections[0].id, lambda document: document)
    send(house, link, letter)
    assert items.count(yusuf) == 0, "it is filed, and does not come once more"
    assert len(files_of(house)) == 2


def test_somebody_with_a_grant_uses_the_same_door(house, yusuf):
    door = links.Door(yusuf.record_id, yusuf.stamp, yusuf.letterbox)
    sara = Sender(ACCOUNT, new_id(), "Sara", grant_id=new_id())
    items.put_in(house.db, house.office, door, sara, Letter(WORDS), TODAY)
    (item,) = items.waiting(yusuf)
    assert (item.sender, item.files) == (sara, {})
    line = yusuf.log_lines()[0].words
    assert (line["who"], line["grant"]) == (sara.id, sara.grant_id)


# Edited in the database


@pytest.mark.parametrize("column", ["id", "generation", "sealed"])
def test_an_item_that_was_moved_or_edited_does_not_open_and_keeps_nobody_from_the_others(house, amina, yusuf, link, column):
    touched, other = send(house, link, Letter(WORDS, once=new_id())), send(house, link)
    mariam = house.record(amina, "Mariam")
    send(house, links.open_link(mariam, "Clinic", "", NEXT_MONTH))
    sealed = house.db.execute("SELECT sealed FROM letterbox_item WHERE record_id = ?", [mariam.record_id]).fetchone()[0]
    value = {"id": new_id(), "generation": 2, "sealed": sealed}[column]
    with house.db.conn:
        house.db.execute(f"UPDATE letterbox_item SET {column} = ? WHERE id = ?", [value, touched])
    assert [one.id for one in items.waiting(yusuf)] == [other]
    assert yusuf.damaged == {value if column == "id" else touched}
    items.refuse(yusuf, next(iter(yusuf.damaged)))
    assert items.count(yusuf) == 1


def test_an_item_of_another_record_does_not_open_here(house, amina, yusuf, link):
    item_id = send(house, link)
    mariam = house.record(amina, "Mariam")
    with house.db.conn:
        house.db.execute("UPDATE letterbox_item SET record_id = ?", [mariam.record_id])
        house.db.execute("UPDATE letterbox_file SET record_id = ?", [mariam.record_id])
    assert items.waiting(mariam) == []
    assert mariam.damaged == {item_id}


def forge(house, opened, document, files=()) -> str:
    """What somebody can do who writes into the database: they have the letter-box's public key like everybody."""
    item_id, box = new_id(), letterbox.newest(house.db, house.office.secrets.server_key, opened.record_id)
    raw = written("2026-11-22T09:00Z", Sender(LINK, new_id(), "Elm School"), "", document)
    sealed = pairs.wrap(box.public, pad(raw), context("letterbox", "item", opened.stamp, box.generation, item_id))
    with house.db.conn:
        row = {"id": item_id, "record_id": opened.record_id, "generation": box.generation, "arrived_on": "2026-11-22"}
        store.insert(house.db, "letterbox_item", **row, sender=b"", sealed=sealed)
        for file_id in files:
            store.insert(house.db, "letterbox_file", id=file_id, record_id=opened.record_id, item_id=item_id, bytes=1)
    return item_id


def test_an_item_that_nobody_saw_coming_is_shown_as_such(house, yusuf):
    forge(house, yusuf, WORDS)
    (item,) = items.waiting(yusuf)
    assert not item.is_logged


KEY = canonical.text(bytes(32))
FILE = "ab" * 16


@pytest.mark.parametrize(
    "document",
    [
        {"v": 1, "kind": "medicine", "name": "x"},
        {"kind": ["letter"]},
        "letter",
        {"v": 1, "kind": "letter", "pages": [], "files": {FILE: {"mimetype": "text/html", "bytes": 1, "key": KEY}}},
        {"v": 1, "kind": "letter", "pages": [], "files": {FILE: {"mimetype": "image/jpeg", "bytes": 1, "key": "short"}}},
        {"v": 1, "kind": "letter", "pages": [], "files": {"../x": {"mimetype": "image/jpeg", "bytes": 1, "key": KEY}}},
        {"v": 1, "kind": "letter", "pages": [{"image": "../x", "thumb": FILE, "width": 1, "height": 1}],
         "files": {FILE: {"mimetype": "image/jpeg", "bytes": 1, "key": KEY}}},
        {"v": 1, "kind": "letter", "pages": [{"image": FILE, "thumb": FILE, "width": "1", "height": 1}],
         "files": {FILE: {"mimetype": "image/jpeg", "bytes": 1, "key": KEY}}},
        {"v": 1, "kind": "letter", "original": 7, "pages": [],
         "files": {FILE: {"mimetype": "image/jpeg", "bytes": 1, "key": KEY}}},
    ],
)  # fmt: skip
def test_only_what_we_would_have_written_comes_out(house, yusuf, link, document):
    good = send(house, link)
    bad = forge(house, yusuf, document, [FILE] if "files" in document else [])
    assert [one.id for one in items.waiting(yusuf)] == [good]
    assert yusuf.damaged == {bad}


def test_an_item_has_no_fields_that_no_sender_fills_in(house, yusuf):
    forge(house, yusuf, WORDS | {"put_in_by": "Mum", "found_text": "x", "sent": "x", "dated": "2026-02-03", "note": ["x"]})
    (item,) = items.waiting(yusuf)
    assert set(item.document) <= {"v", "kind", "title", "from_whom", "dated", "note"}


def test_who_it_is_from_is_one_plain_line(house, yusuf, link):
    sender = Sender(LINK, link.id, "Mrs\u202e senoJ " + "x" * 100, "Elm\nSchool")
    items.put_in(house.db, house.office, find(house, link), sender, Letter(WORDS), TODAY)
    (item,) = items.waiting(yusuf)
    assert item.sender.words.startswith("Mrs senoJ xxx")
    assert item.sender.words.endswith("x, Elm School")
    assert len(item.sender.words) < 100


def test_an_item_that_names_anothers_page_takes_it_from_nobody(house, yusuf):
    entry = editing.add(yusuf, yusuf.sections[0].id, WORDS)
    page = editing.attach(yusuf, entry.id, {"page": (b"page", "image/jpeg")})["page"]
    editing.revise(yusuf, entry.id, lambda document: document | {"files": {page.id: page.written()}})
    item_id = forge(house, yusuf, WORDS, [page.id])
    items.refuse(yusuf, item_id)
    assert yusuf.file(page) == b"page"


# Filed, refused


def test_filing_moves_the_letter_and_leaves_its_files_as_they_are(house, yusuf, link):
    item_id, before = send(house, link), files_of(house)
    section = yusuf.sections[1].id
    entry = items.file(yusuf, item_id, section, lambda document: document | {"title": "Speech report"})
    assert (entry.section_id, entry.document["title"], entry.author) == (section, "Speech report", yusuf.person.account_id)
    assert entry.document["put_in_by"] == "Mrs Jones, Elm School"
    assert files_of(house) == before == set(entry.files)
    assert all(len(yusuf.file(file)) == file.bytes for file in entry.files.values())
    assert items.count(yusuf) == 0
    assert house.db.execute("SELECT count(*), sum(dropped_on IS NULL) FROM attachment").fetchone() == (2, 2)
    assert items.file(yusuf, item_id, section, lambda document: document).version == 1, "done twice, it is done once"
    assert house.enter(yusuf.person, yusuf.record_id).alarms == ()


def _file(folder, person, record_id, item_id, ready, queue):
    house = build(folder)
    opened = house.enter(person, record_id)
    ready.wait()
    queue.put(items.file(opened, item_id, opened.sections[0].id, lambda document: document).version)


def test_filed_by_two_at_once_it_is_one_entry(house, amina, yusuf, link):
    item_id = send(house, link)
    fork = multiprocessing.get_context("fork")
    queue, ready = fork.SimpleQueue(), fork.Event()
    arguments = (house.folder, amina, yusuf.record_id, item_id, ready, queue)
    processes = [fork.Process(target=_file, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    ready.set()
    assert [queue.get() for _ in processes] == [1, 1]
    for process in processes:
        process.join()
    assert len(yusuf.entries()) == 1
    assert items.count(yusuf) == 0


def test_refused_it_is_gone_with_its_files(house, yusuf, link):
    item_id = send(house, link)
    assert files_of(house)
    items.refuse(yusuf, item_id)
    items.refuse(yusuf, item_id)
    assert not files_of(house)
    assert items.waiting(yusuf) == []
    assert [line.words["what"] for line in yusuf.log_lines()[:2]] == ["refused", "put_in"]
    with pytest.raises(NotYours):
        items.file(yusuf, item_id, yusuf.sections[0].id, lambda document: document)


def test_what_is_filed_is_not_refused_by_a_page_that_was_open_before(house, yusuf, link):
    item_id = send(house, link)
    entry = items.file(yusuf, item_id, yusuf.sections[0].id, lambda document: document)
    items.refuse(yusuf, item_id)
    assert set(yusuf.entry(item_id).files) == set(entry.files) == files_of(house)


def test_a_letter_that_waits_follows_the_letter_box_to_its_next_keys(house, yusuf, link):
    item_id = send(house, link)
    with editing.change(yusuf) as pen:
        holding.renew_letterbox(yusuf)
        links.end_all(pen)
        pen.note("rotated")
    assert house.db.execute("SELECT generation FROM letterbox_item").fetchone() == (2,)
    assert [one.id for one in items.waiting(yusuf)] == [item_id]
    with pytest.raises(CannotOpen):
        find(house, link)


def test_a_link_to_an_older_letter_box_is_over_even_where_nobody_ended_it(house, yusuf, link):
    with editing.change(yusuf) as pen:
        holding.renew_letterbox(yusuf)
        pen.note("rotated")
    with pytest.raises(CannotOpen):
        find(house, link)


def test_it_goes_with_the_record(house, yusuf, link):
    send(house, link)
    leaving.delete_record(yusuf)
    assert not files_of(house)
    for table in ("letterbox_link", "letterbox_item", "letterbox_file"):
        assert house.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    with pytest.raises(CannotOpen):
        find(house, link)


# How much


def test_twenty_of_one_sender_may_wait(house, yusuf, link, monkeypatch):
    monkeypatch.setattr(items, "MOST_OF_A_SENDER", 2)
    for _ in range(2):
        send(house, link, Letter(WORDS, once=new_id()))
    with pytest.raises(NotTaken, match="too_many_of_yours"):
        send(house, link, Letter(WORDS, (photo(),), once=new_id()))
    assert not files_of(house)
    other = links.open_link(yusuf, "Clinic", "", NEXT_MONTH)
    send(house, other, Letter(WORDS, once=new_id()))
    items.refuse(yusuf, next(one.id for one in items.waiting(yusuf) if one.sender.id == link.id))
    send(house, link, Letter(WORDS, once=new_id()))


def test_two_hundred_of_one_record_may_wait(house, yusuf, link, monkeypatch):
    monkeypatch.setattr(items, "MOST_OF_A_RECORD", 1)
    send(house, link)
    with pytest.raises(NotTaken, match="box_full"):
        send(house, links.open_link(yusuf, "Clinic", "", NEXT_MONTH))


def test_nobody_outside_fills_the_record(house, yusuf, link):
    big = replace(photo(), pages=(replace(photo().pages[0], jpeg=bytes(2_000_000)),))
    house.office = replace(house.office, quota=12_000_000)
    send(house, link, Letter(WORDS, (big,), once=new_id()))
    with pytest.raises(NotTaken, match="box_full"):
        send(house, link, Letter(WORDS, (big,), once=new_id()))
    assert store.bytes_waiting(house.db, yusuf.record_id) < 12_000_000 / items.SHARE
    assert store.bytes_kept(house.db, yusuf.record_id) == store.bytes_waiting(house.db, yusuf.record_id)


def test_two_at_once_do_not_get_past_the_last_place(house, yusuf, link, monkeypatch):
    monkeypatch.setattr(items, "MOST_OF_A_SENDER", 3)
    answers = []

    def one_of_many():
        other = house.again()
        try:
            send(other, link, Letter(WORDS, once=new_id()))
            answers.append("taken")
        except NotTaken:
            answers.append("refused")
        finally:
            other.db.close()

    threads = [threading.Thread(target=one_of_many) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count("taken"), items.count(yusuf)) == (3, 3)


# Stopped in the middle


def test_stopped_between_file_and_row_nothing_is_lost_and_nothing_stays(house, yusuf, link, monkeypatch):
    kept = send(house, link)
    before = files_of(house)

    class Stopped(BaseException):
        """The machine."""

    def stop(*_args, **_kwargs):
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(items, "_insert", stop)
        patched.setattr(attachments, "unlink", lambda *_args: None)
        with pytest.raises(Stopped):
            send(house, link)
    assert files_of(house) > before
    assert [one.id for one in items.waiting(yusuf)] == [kept]
    attachments.sweep(house.office.attachments, store.all_attachment_ids(house.db), time.time() + 60)
    assert files_of(house) == before
    assert all(yusuf.file(file) for file in items.waiting(yusuf)[0].files.values())


def test_what_fails_after_the_commit_leaves_the_files(house, yusuf, link, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(house.office.witness, "saw", lambda *_args: (_ for _ in ()).throw(OSError("no room")))
        with pytest.raises(OSError, match="no room"):
            send(house, link)
    (item,) = items.waiting(house.enter(yusuf.person, yusuf.record_id))
    assert set(item.files) == files_of(house)
