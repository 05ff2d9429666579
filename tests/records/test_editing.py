"""Changes: whole or not at all, nothing overwritten unseen, and gone when it is gone."""

from __future__ import annotations

import threading

import pytest

from plumbing.crypto import CannotOpen
from records import attachments, editing
from records.gate import NotYours

NOTE = {"v": 1, "kind": "note", "title": "First"}


@pytest.fixture
def note(yusuf):
    return editing.add(yusuf, yusuf.sections[0].id, NOTE)


def test_each_save_keeps_the_version_before(yusuf, note):
    editing.save(yusuf, note.id, NOTE | {"title": "Second"}, based_on=1)
    assert [one.document["title"] for one in yusuf.history(note.id)] == ["Second", "First"]


def test_the_second_to_save_is_shown_both(yusuf, note):
    editing.save(yusuf, note.id, NOTE | {"title": "Hers"}, based_on=1)
    with pytest.raises(editing.EditedMeanwhile) as caught:
        editing.save(yusuf, note.id, NOTE | {"title": "His"}, based_on=1)
    assert caught.value.current.document["title"] == "Hers"
    assert yusuf.entry(note.id).document["title"] == "Hers"


def test_an_earlier_version_comes_back_as_the_newest(yusuf, note):
    editing.save(yusuf, note.id, NOTE | {"title": "Second"}, based_on=1)
    assert editing.bring_back(yusuf, note.id, 1).document == NOTE
    assert yusuf.entry(note.id).version == 3
    with pytest.raises(NotYours):
        editing.bring_back(yusuf, note.id, 9)


def test_a_draft_goes_neither_into_the_bin_nor_out_of_it(yusuf):
    draft = editing.add(yusuf, yusuf.root_id, {"v": 1, "kind": "letter"}, state="draft")
    for put in (editing.put_into_bin, editing.take_out_of_bin):
        with pytest.raises(NotYours):
            put(yusuf, draft.id)
    assert [one.id for one in yusuf.drafts()] == [draft.id]


def test_only_what_is_in_the_bin_still_is_deleted_from_there(yusuf, note):
    with pytest.raises(NotYours):
        editing.delete_for_good(yusuf, note.id, only="binned")
    editing.put_into_bin(yusuf, note.id)
    editing.delete_for_good(yusuf, note.id, only="binned")
    with pytest.raises(NotYours):
        yusuf.entry(note.id)


def test_the_bin_keeps_and_gives_back(yusuf, note):
    editing.put_into_bin(yusuf, note.id)
    assert yusuf.entries() == []
    assert [one.id for one in yusuf.entries(state="binned")] == [note.id]
    editing.take_out_of_bin(yusuf, note.id)
    assert [one.id for one in yusuf.entries()] == [note.id]


def test_what_is_deleted_for_good_is_in_no_file(house, yusuf):
    canary = "canary-of-deleting"
    entry = editing.add(yusuf, yusuf.sections[0].id, NOTE)
    files = editing.attach(yusuf, entry.id, {"page": (canary.encode(), "image/jpeg")})
    page = files["page"]
    editing.revise(yusuf, entry.id, lambda document: document | {"files": {page.id: page.written()}})
    path = attachments.path_of(house.office.attachments, page.id)
    assert path.is_file()
    sealed = house.db.execute("SELECT sealed FROM entry_version WHERE entry_id = ?", [entry.id]).fetchone()[0]
    database = house.folder / "data" / "family.db"
    editing.truncate(yusuf)
    assert sealed[:64] in database.read_bytes(), "the search below must be able to find it"
    editing.delete_for_good(yusuf, entry.id)
    assert not path.exists()
    everything = b"".join(path.read_bytes() for path in database.parent.glob("family.db*"))
    assert sealed[:64] not in everything
    with pytest.raises(NotYours):
        yusuf.entry(entry.id)


def test_attachments_are_sealed_and_come_back(house, yusuf, note):
    photo = b"\xff\xd8" + b"a letter about Yusuf" * 90_000
    file = editing.attach(yusuf, note.id, {"page": (photo, "image/jpeg")})["page"]
    editing.revise(yusuf, note.id, lambda document: document | {"files": {file.id: file.written()}})
    stored = attachments.path_of(house.office.attachments, file.id).read_bytes()
    assert b"about Yusuf" not in stored
    kept = yusuf.entry(note.id).files[file.id]
    assert yusuf.file(kept) == photo
    attachments.path_of(house.office.attachments, file.id).write_bytes(stored[:-1])
    with pytest.raises(CannotOpen):
        yusuf.file(kept)


def test_a_record_keeps_no_more_than_it_may(yusuf, note):
    with pytest.raises(editing.NoRoom):
        editing.attach(yusuf, note.id, {"page": (bytes(51_000_000), "image/jpeg")})


def test_pages_that_arrive_together_all_stay(house, amina, yusuf):
    draft = editing.add(yusuf, yusuf.root_id, {"v": 1, "kind": "letter", "pages": []}, state="draft")

    def send(number: int) -> None:
        other = house.again()
        opened = other.enter(amina, yusuf.record_id)
        editing.revise(opened, draft.id, lambda document: document | {"pages": [*document["pages"], number]})
        other.db.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(house.enter(amina, yusuf.record_id).entry(draft.id).document["pages"]) == list(range(8))


def test_a_change_that_fails_leaves_everything_as_it_was(house, yusuf, note):
    before = "\n".join(house.db.conn.iterdump())

    def fails(_document):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        editing.revise(yusuf, note.id, fails)
    assert "\n".join(house.db.conn.iterdump()) == before
