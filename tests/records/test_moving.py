"""Into another section: whole, once, and with every page, whoever does what at the same moment."""

from __future__ import annotations

import pytest

from plumbing.crypto import CannotOpen
from records import attachments, editing, moving
from records.gate import NotYours

NOTE = {"v": 1, "kind": "note", "title": "First"}
LETTER = {"v": 1, "kind": "letter"}


@pytest.fixture
def note(yusuf):
    return editing.add(yusuf, yusuf.sections[0].id, NOTE)


@pytest.fixture
def draft(yusuf):
    draft = editing.add(yusuf, yusuf.root_id, LETTER, state="draft")
    add_page(yusuf, draft.id, b"page 1")
    return draft


def add_page(opened, entry_id, data):
    page = editing.attach(opened, entry_id, {"page": (data, "image/jpeg")})["page"]
    editing.revise(opened, entry_id, lambda it: it | {"files": it.get("files", {}) | {page.id: page.written()}})


def pages(opened, entry_id):
    return sorted(opened.file(file) for file in opened.entry(entry_id).files.values())


def meanwhile(monkeypatch, do):
    """Have something done, once, between the first look at an entry and the transaction that moves it."""
    seal = moving._sealed_anew

    def sealed_anew(*given):
        monkeypatch.setattr(moving, "_sealed_anew", seal)
        do()
        return seal(*given)

    monkeypatch.setattr(moving, "_sealed_anew", sealed_anew)


def test_moving_takes_versions_along_and_gives_attachments_new_keys(yusuf, note):
    file = editing.attach(yusuf, note.id, {"page": (b"photo", "image/jpeg")})["page"]
    with_page = NOTE | {"title": "Second", "pages": [{"image": file.id}], "files": {file.id: file.written()}}
    editing.save(yusuf, note.id, with_page, based_on=1)
    moved = moving.move(yusuf, note.id, yusuf.sections[1].id)
    (new,) = moved.files.values()
    assert (moved.section_id, moved.document["pages"]) == (yusuf.sections[1].id, [{"image": new.id}])
    assert new.id != file.id
    assert new.key != file.key
    assert yusuf.file(new) == b"photo"
    assert [one.document["title"] for one in yusuf.history(note.id)] == ["Second", "Second", "First"]
    with pytest.raises(CannotOpen):
        yusuf.file(file)


def test_a_draft_is_kept_as_one_version(yusuf):
    draft = editing.add(yusuf, yusuf.root_id, LETTER, state="draft")
    editing.revise(yusuf, draft.id, lambda document: document | {"title": "Half"})
    assert [one.id for one in yusuf.drafts()] == [draft.id]
    kept = moving.keep_draft(yusuf, draft.id, yusuf.sections[1].id, lambda it: it | {"title": "Whole"})
    assert kept.state == "kept"
    assert [one.document["title"] for one in yusuf.history(draft.id)] == ["Whole"]
    assert yusuf.drafts() == []


def test_a_draft_kept_twice_at_once_is_kept_once_with_its_pages(house, amina, yusuf, draft, monkeypatch):
    other, section_id = house.enter(amina, yusuf.record_id), yusuf.sections[1].id
    meanwhile(monkeypatch, lambda: moving.keep_draft(other, draft.id, section_id, lambda it: it | {"title": "Hers"}))
    kept = moving.keep_draft(yusuf, draft.id, section_id, lambda it: it | {"title": "Hers, once more"})
    assert (kept.document["title"], pages(yusuf, draft.id)) == ("Hers", [b"page 1"])
    assert len(yusuf.history(draft.id)) == 1
    assert sum(1 for _file in house.office.attachments.glob("??/*")) == 1


def test_a_page_that_comes_while_its_letter_is_kept_is_in_it(house, amina, yusuf, draft, monkeypatch):
    other = house.enter(amina, yusuf.record_id)
    meanwhile(monkeypatch, lambda: add_page(other, draft.id, b"page 2"))
    moving.keep_draft(yusuf, draft.id, yusuf.sections[1].id, lambda it: it | {"title": "Two pages"})
    assert pages(yusuf, draft.id) == [b"page 1", b"page 2"]


def test_a_letter_moved_twice_at_once_keeps_its_pages(house, amina, yusuf, draft, monkeypatch):
    moving.keep_draft(yusuf, draft.id, yusuf.sections[1].id, lambda it: it)
    other = house.enter(amina, yusuf.record_id)
    meanwhile(monkeypatch, lambda: moving.move(other, draft.id, yusuf.sections[2].id))
    assert moving.move(yusuf, draft.id, yusuf.sections[0].id).section_id == yusuf.sections[0].id
    assert pages(yusuf, draft.id) == [b"page 1"]


def test_a_draft_dropped_while_it_is_kept_is_gone_and_nothing_is_damaged(house, amina, yusuf, draft, monkeypatch):
    other = house.enter(amina, yusuf.record_id)
    meanwhile(monkeypatch, lambda: editing.delete_for_good(other, draft.id, only="draft"))
    with pytest.raises(NotYours):
        moving.keep_draft(yusuf, draft.id, yusuf.sections[1].id, lambda it: it)
    assert not list(house.office.attachments.glob("??/*"))


def test_a_draft_that_was_kept_is_not_dropped(yusuf, draft):
    moving.keep_draft(yusuf, draft.id, yusuf.sections[1].id, lambda it: it)
    with pytest.raises(NotYours):
        editing.delete_for_good(yusuf, draft.id, only="draft")
    assert pages(yusuf, draft.id) == [b"page 1"]


def test_a_damaged_page_is_not_taken_for_a_moved_one(house, yusuf, draft):
    (file,) = yusuf.entry(draft.id).files.values()
    attachments.path_of(house.office.attachments, file.id).write_bytes(b"not what was sealed")
    with pytest.raises(CannotOpen):
        moving.keep_draft(yusuf, draft.id, yusuf.sections[1].id, lambda it: it)
    assert [one.id for one in yusuf.drafts()] == [draft.id]
