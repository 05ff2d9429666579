"""Taken away and brought in again: the same words, the same bytes; and whatever else is sent is refused, whole."""

from __future__ import annotations

import copy as copying
import datetime
import io
import json
import stat
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from records import bringing, copy_format, editing, moving, supported, taking, young_people
from records.copy_format import NotACopy
from records.gate import Gate
from records.supported import Supported
from records.taking_in import take_in
from records.young_people import No
from tests.plumbing.files import samples
from tests.records.people import TODAY, build

MADE_AT = datetime.datetime(2026, 11, 22, 9, 30, tzinfo=datetime.UTC)
LETTER = {
    "v": 1,
    "kind": "letter",
    "title": "Speech: report 3/2",
    "dated": "2026-02-03",
    "note": "Ask\nagain",
    "put_in_by": "Mrs Jones, Elm School",
}
APPOINTMENT = {
    "v": 1,
    "kind": "appointment",
    "what": "Clinic",
    "date": "2026-12-01",
    "time": "02:30",
    "bring": ["Red book", "Glasses"],
    "cancelled": True,
}


def titled(entry) -> str:
    return entry.document.get("title") or entry.document.get("what") or entry.kind


def packed(opened):
    return taking.look_through(taking.pack(opened, titled, "Not filed yet", "Just us"))


def zip_of(opened) -> bytes:
    luggage = packed(opened)
    texts = {taking.RECORD: copy_format.written(taking.copy_of(luggage), TODAY)}
    length, pieces = taking.zip_of(luggage, texts, MADE_AT)
    data = b"".join(pieces)
    assert len(data) == length
    return data


def bring(house, person, data: bytes):
    gate = Gate(house.db, house.office, person, TODAY)
    work = bringing.open_copy(gate, io.BytesIO(data), []).bring_in(house.db)
    try:
        while True:
            next(work)
    except StopIteration as end:
        return gate.enter(end.value)


def everything(opened, just_us: bool = False) -> list:
    """What is in a record, with the files' bytes in the place of their ids."""
    sections = [(one.slug, one.name, one.hidden, opened.entries([one.id])) for one in opened.sections]
    sections.append(("drafts", "", False, opened.drafts()))
    if just_us:
        sections.append(("just_us", "", False, opened.entries([opened.just_us_id])))
    return [(slug, name, hidden, sorted(_plain(opened, entry) for entry in entries)) for slug, name, hidden, entries in sections]


def _plain(opened, entry) -> str:
    ids = {id_: opened.file(file).hex() + file.mimetype for id_, file in entry.files.items()}
    document = {name: value for name, value in entry.document.items() if name not in ("files", "sent")}
    text = json.dumps([entry.saved_at, document], sort_keys=True)
    for id_, content in ids.items():
        text = text.replace(id_, content)
    return text


def fill(yusuf):
    """A letter of two sheets, a PDF, an appointment, a note and a draft."""
    letters, diary = yusuf.sections[1].id, yusuf.sections[2].id
    draft = take_in(yusuf, "", "letter", samples.jpeg())
    take_in(yusuf, draft.id, "letter", samples.png())
    moving.keep_draft(yusuf, draft.id, letters, lambda it: {**it, **LETTER, "found_text": "Dear Ms Hussain"})
    pdf = take_in(yusuf, "", "letter", samples.pdf())
    moving.keep_draft(yusuf, pdf.id, letters, lambda it: {**it, **LETTER})
    editing.add(yusuf, diary, APPOINTMENT)
    editing.add(yusuf, diary, {"v": 1, "kind": "note", "title": "../../etc/passwd", "words": "Ünïcode"})
    take_in(yusuf, "", "letter", samples.jpeg())
    return yusuf


@pytest.fixture
def filled(yusuf):
    """Yusuf's record with something in it."""
    return fill(yusuf)


@pytest.fixture(scope="module")
def taken(tmp_path_factory) -> bytes:
    """A copy that was taken away from another Linkbook."""
    house = build(tmp_path_factory.mktemp("elsewhere"))
    data = zip_of(fill(house.record(house.person())))
    house.db.close()
    return data


def test_what_was_taken_away_comes_back_the_same(house, amina, filled):
    data = zip_of(filled)
    again = bring(house, amina, data)
    assert again.record_id != filled.record_id
    assert everything(again) == everything(filled)
    assert (again.book.called, again.book.born, again.book.nation) == ("Yusuf", datetime.date(2019, 5, 1), "england")
    assert again.log_lines()[0].words["what"] == "brought_in"
    # Each version has its line, as everything that somebody wrote has.
    assert sum(line.words["what"] == "saved" for line in again.log_lines()) == len(again.entries()) + len(again.drafts())
    assert Gate(house.db, house.office, amina, TODAY).enter(again.record_id).alarms == ()


def test_a_no_and_who_decides_go_along_without_saying_who_wrote_them(house, amina, filled):
    noes = [
        No(place * 32, words, section_id, person, amina.account_id, TODAY)
        for place, words, section_id, person in (
            ("a", "Not my weight\nplease", filled.sections[1].id, "Mr Patel"),
            ("b", "Ünïcode", "", ""),
        )
    ]
    notes = [Supported("c" * 32, "Amina", "Health", "deputy", TODAY, "Order 12"), Supported("d" * 32, "Joe", "Money", "other")]
    for no, note in zip(noes, notes, strict=True):
        editing.change_book(filled, lambda book, no=no, note=note: supported.with_note(young_people.with_no(book, no), note))
    again = bring(house, amina, zip_of(filled))
    there = young_people.noes(again.book)
    assert [replace(one, id="", section_id="") for one in there] == [
        replace(one, id="", section_id="", by="") for one in reversed(noes)
    ]
    assert [one.section_id for one in there] == ["", again.sections[1].id]
    assert [replace(one, id="") for one in supported.supported(again.book)] == [replace(one, id="") for one in notes]
    ids = {one.id for one in (*noes, *notes)}
    assert not ids & {one.id for one in (*there, *supported.supported(again.book))}


def test_a_copy_from_before_there_were_noes_is_taken_in(house, amina, taken):
    again = bring(house, amina, _changed(taken, lambda said: [said.pop(name) for name in ("noes", "decides")]))
    assert not young_people.noes(again.book)


def test_bytes_of_our_own_are_not_made_safe_twice(house, amina, filled, monkeypatch):
    data = zip_of(filled)
    cleaned: list[int] = []
    monkeypatch.setattr(bringing, "clean", lambda data: cleaned.append(len(data)))
    bring(house, amina, data)
    assert cleaned == []


def test_what_another_linkbook_made_safe_is_made_safe_again(house, amina, taken):
    again = bring(house, amina, taken)
    titles = sorted(str(entry.document.get("title")) for entry in again.entries())
    assert titles == ["../../etc/passwd", "None", "Speech: report 3/2", "Speech: report 3/2"]
    for entry in again.entries():
        for page in entry.document.get("pages", []):
            assert again.file(entry.files[page["image"]]).startswith(b"\xff\xd8")
            assert again.file(entry.files[page["thumb"]]).startswith(b"\xff\xd8")


def test_just_us_goes_along_only_while_it_is_open(house, amina, filled):
    with_key = replace(amina, just_us=bytes(range(32)))
    opened = house.enter(with_key, filled.record_id)
    editing.add(opened, opened.just_us_id, {"v": 1, "kind": "note", "title": "Between us"})
    closed, taken = zip_of(house.enter(amina, filled.record_id)), zip_of(house.enter(with_key, filled.record_id))
    assert "Between us" not in _json(closed).decode()
    assert "Between us" in _json(taken).decode()
    with pytest.raises(NotACopy, match="just_us"):
        bring(house, amina, taken)
    again = bring(house, with_key, taken)
    assert everything(again, just_us=True) == everything(opened, just_us=True)


def test_names_in_the_zip_are_plain_and_once_each(filled):
    names = zipfile.ZipFile(io.BytesIO(zip_of(filled))).namelist()
    assert len({name.casefold() for name in names}) == len(names)
    assert not [name for name in names if ".." in name or "\\" in name or ":" in name or name.startswith("/")]
    assert "Health letters/2026-02-03 Speech report 3 2, 1.jpg" in names
    assert "Health letters/2026-02-03 Speech report 3 2.pdf" in names


def test_a_damaged_file_is_left_out_and_keeps_back_nothing_else(house, amina, filled):
    letter = next(entry for entry in filled.entries() if entry.document.get("original"))
    path = house.office.attachments / letter.document["original"][:2] / letter.document["original"]
    path.write_bytes(path.read_bytes()[:-1])
    luggage = packed(filled)
    assert [place.path for place in luggage.places if not luggage.opens(place)] == [
        "Health letters/2026-02-03 Speech report 3 2.pdf"
    ]
    again = bring(house, amina, zip_of(filled))
    assert not [entry for entry in again.entries() if "original" in entry.document]
    assert len(again.entries()) == len(filled.entries())


def test_no_key_is_in_the_copy(filled):
    data = zip_of(filled)
    for entry in filled.entries():
        for file in entry.files.values():
            assert file.key.encode() not in data + _json(data)


# Refused, whole


def _json(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(taking.RECORD)


def _zip(files: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _changed(data: bytes, change: Callable[[dict], None]) -> bytes:
    files = _files(data)
    said = json.loads(files[taking.RECORD])
    change(said)
    return _zip(files | {taking.RECORD: json.dumps(said).encode()})


def _first(said: dict, kind: str) -> dict:
    entries = [entry for section in said["sections"] for entry in section["entries"]]
    return next(entry for entry in entries if entry["document"]["kind"] == kind)


def _refused(house, amina, data: bytes) -> str:
    """The reason for which something is refused; and nothing of it stays."""
    before = _left(house)
    with pytest.raises(NotACopy) as caught:
        bring(house, amina, data)
    assert _left(house) == before
    return caught.value.reason


def _left(house) -> tuple:
    rows = [house.db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("record", "entry", "attachment", "wrap")]
    return rows, sorted(path.name for path in house.office.attachments.glob("??/*"))


NO = {"words": "Not my weight", "section_id": "", "person": "", "on": "2026-11-22"}
NOTE = {"who": "Amina", "what": "Health", "footing": "deputy", "since": "", "paper": ""}
TAMPERED = {
    "another kind": (lambda said: _first(said, "letter")["document"].update(kind="statement"), "changed"),
    "no kind": (lambda said: _first(said, "letter")["document"].pop("kind"), "changed"),
    "a list for a title": (lambda said: _first(said, "letter")["document"].update(title=["a"]), "changed"),
    "a number for lines": (lambda said: _first(said, "appointment")["document"].update(bring=7), "changed"),
    "no such day": (lambda said: _first(said, "letter")["document"].update(dated="2026-02-30"), "changed"),
    "a field nobody knows": (lambda said: _first(said, "letter")["document"].update(owner="me"), "newer"),
    "a newer document": (lambda said: _first(said, "letter")["document"].update(v=2), "newer"),
    "a newer copy": (lambda said: said.update(version=2), "newer"),
    "another format": (lambda said: said.update(format="other"), "not_ours"),
    "a file twice": (lambda said: _twice(_first(said, "letter")["document"]["pages"]), "changed"),
    "a page that is no file": (lambda said: _first(said, "letter")["document"]["pages"][0].update(image="x"), "changed"),
    "a width of a mile": (lambda said: _first(said, "letter")["document"]["pages"][0].update(width=10**9), "changed"),
    "a picture said to be a program": (
        lambda said: _first(said, "letter")["files"]["file1"].update(mimetype="text/html"),
        "changed",
    ),
    "a file that is not there": (lambda said: _first(said, "letter")["files"]["file1"].update(path="gone.jpg"), "missing"),
    "a file of the machine": (lambda said: _first(said, "letter")["files"]["file1"].update(path="../../etc/passwd"), "missing"),
    "a section twice": (lambda said: said["sections"].append(copying.deepcopy(said["sections"][0])), "changed"),
    "Just us as a section": (lambda said: said["sections"][0].update(slug="just_us"), "changed"),
    "a section without a name": (lambda said: said["sections"][0].update(name=" "), "changed"),
    "an appointment as a draft": (lambda said: said["drafts"].append(_first(said, "appointment")), "changed"),
    "a moment that never was": (lambda said: _first(said, "note").update(saved_at="2026-13-01T00:00Z"), "changed"),
    "no name": (lambda said: said.update(called=""), "changed"),
    "entries that are none": (lambda said: said["sections"][0].update(entries={"a": 1}), "changed"),
    "a no about no section": (lambda said: said["noes"].append(NO | {"section_id": "3"}), "changed"),
    "a no about a section of another record": (lambda said: said["noes"].append(NO | {"section_id": "0" * 32}), "changed"),
    "a no without words": (lambda said: said["noes"].append(NO | {"words": ""}), "changed"),
    "a no too long to have been typed": (lambda said: said["noes"].append(NO | {"words": "x" * 1001}), "changed"),
    "a no that turns what follows": (lambda said: said["noes"].append(NO | {"words": "a\u202eb"}), "changed"),
    "a no of tomorrow": (lambda said: said["noes"].append(NO | {"on": "2026-11-23"}), "changed"),
    "a no of no day": (lambda said: said["noes"].append(NO | {"on": ""}), "changed"),
    "more noes than a record keeps": (lambda said: said["noes"].extend([NO] * 101), "changed"),
    "somebody who decides on no footing": (lambda said: said["decides"].append(NOTE | {"footing": "king"}), "changed"),
    "nobody who decides": (lambda said: said["decides"].append(NOTE | {"who": ""}), "changed"),
    "a list for who decides": (lambda said: said["decides"].append(NOTE | {"footing": ["deputy"]}), "changed"),
    "a thing for a record": (lambda said: said.update(sections="all"), "changed"),
}


def _twice(pages: list) -> None:
    pages.append(copying.deepcopy(pages[0]))


def test_what_is_tampered_with_above_is_taken_in_as_it_is(house, amina, taken):
    again = bring(house, amina, _changed(taken, lambda said: (said["noes"].append(NO), said["decides"].append(NOTE))))
    assert (young_people.noes(again.book)[0].words, supported.supported(again.book)[0].who) == ("Not my weight", "Amina")


@pytest.mark.parametrize("name", TAMPERED)
def test_a_copy_that_was_changed_is_refused(house, amina, taken, name):
    change, reason = TAMPERED[name]
    assert _refused(house, amina, _changed(taken, change)) == reason


def test_what_is_no_zip_is_refused(house, amina, taken):
    data = taken
    for other in (b"", b"PK", b"<html>", data[:-1000], data[: len(data) // 2], _zip({}), _zip({"a.txt": b"a"})):
        assert _refused(house, amina, other) in ("no_zip", "missing")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"format": 1}', b"\xff\xfe", b"9" * 10_000])
def test_json_that_is_no_record_is_refused(house, amina, text):
    assert _refused(house, amina, _zip({taking.RECORD: text})) == "not_ours"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "..\\b", "C:b"])
def test_a_name_that_leads_out_of_its_folder_is_refused(house, amina, taken, name):
    assert _refused(house, amina, _zip(_files(taken) | {name: b"root"})) == "changed"


def test_a_link_is_refused(house, amina, taken):
    out = io.BytesIO(taken)
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("link.jpg")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert _refused(house, amina, out.getvalue()) == "changed"


def test_two_files_of_one_name_are_refused(house, amina, taken):
    out = io.BytesIO(taken)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(taking.RECORD, b"{}")
    assert _refused(house, amina, out.getvalue()) == "changed"


def test_a_bomb_is_refused_before_it_goes_off(house, amina):
    began = time.monotonic()
    assert _refused(house, amina, _zip({taking.RECORD: bytes(200_000_000)})) == "too_big"
    lying = bytearray(_zip({taking.RECORD: b" " * 70_000_000}, compresslevel=1))
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert _refused(house, amina, bytes(lying)) == "damaged"
    assert time.monotonic() - began < 20


def test_a_hundred_thousand_files_are_refused_unread(house, amina):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(100_000):
            archive.writestr(str(number), b"")
    began = time.monotonic()
    assert _refused(house, amina, out.getvalue()) == "too_many"
    assert time.monotonic() - began < 1


def test_a_file_that_cannot_be_kept_stops_all_of_it(house, amina, taken):
    files = _files(taken)
    path = next(name for name in files if name.endswith(".jpg") and "letters" in name)
    assert _refused(house, amina, _zip(files | {path: b"<script>alert(1)</script>"})) == "file"
    assert _refused(house, amina, _zip(files | {path: samples.pdf()})) == "file"


def test_more_than_a_record_may_hold_is_refused(house, amina, taken):
    data = taken
    office = replace(house.office, quota=10_000)
    gate = Gate(house.db, office, amina, TODAY)
    with pytest.raises(NotACopy, match="no_room"):
        bringing.open_copy(gate, io.BytesIO(data), [])


def test_half_of_it_is_nothing(house, amina, filled):
    before = _left(house)
    gate = Gate(house.db, house.office, amina, TODAY)
    work = bringing.open_copy(gate, io.BytesIO(zip_of(filled)), []).bring_in(house.db)
    next(work)
    next(work)
    assert _left(house) != before, "something lies sealed on the disk by now"
    work.close()
    assert _left(house) == before
    assert gate.record_ids() == [filled.record_id]


def test_somebody_elses_mark_is_worth_nothing(house, amina, taken):
    """A file with a made-up mark goes the way of every stranger's file."""
    files = _files(taken)
    path = next(name for name in files if name.endswith(".jpg") and "letters" in name)
    evil = samples.jpeg()
    again = bring(house, amina, _zip(files | {path: evil}))
    pages = [again.file(file) for entry in again.entries() for file in entry.files.values()]
    assert evil not in pages
    assert not [page for page in pages if samples.CANARY.encode() in page]


def test_ids_in_a_copy_are_not_taken_over(house, amina, filled):
    again = bring(house, amina, zip_of(filled))
    assert not {entry.id for entry in again.entries()} & {entry.id for entry in filled.entries()}
    assert not {one.id for one in again.sections} & {one.id for one in filled.sections}
