"""A letter from the camera to its section: each page by itself, nothing lost, nothing demanded, nothing in the clear."""

from __future__ import annotations

import contextlib
import io
import re
import stat
import threading
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from plumbing.files import MOST_BYTES
from plumbing.files.cleaning import clean
from records import taking_in
from tests.family import Member
from tests.records.pages.letters import CANARY, Desk, entry_id, pages, pdf, photo


@pytest.fixture
def desk(amina: Member, yusuf: str) -> Desk:
    return Desk(amina, yusuf)


def test_two_photos_are_one_letter(desk):
    letter = desk.keep(desk.begin(photo("one"), photo("two")), title="Speech report", from_whom="Dr Khan", dated="3 Nov 2026")
    document = desk.entry(letter).document
    assert (document["title"], document["dated"], len(document["pages"])) == ("Speech report", "2026-11-03", 2)
    assert len(document["files"]) == 4
    assert "Speech report" in desk.member.client.get(f"{desk.record}/letters").text
    assert not desk.drafts()


def test_nothing_but_a_page_is_demanded(desk):
    letter = desk.entry(desk.keep(desk.begin(), dated=""))
    assert letter.document.keys() == {"v", "kind", "pages", "files"}


def test_without_a_page_and_without_a_word_there_is_nothing_to_keep(desk):
    tray = desk.begin()
    desk.post(desk.pages_url(tray).replace("/pages", "/arrange"), do=f"remove {pages(desk.entry(tray))[0]}")
    section = re.search(r'name="section" value="([0-9a-f]{32})" checked', desk.member.client.get(tray).text)[1]
    answer = desk.post(f"{tray}/keep", section=section, dated="today")
    assert answer.status_code == 400
    assert "Choose a file first." in answer.text


def test_an_unfinished_letter_is_found_again(desk):
    tray = desk.begin(photo(), photo())
    for page in (desk.record, f"{desk.record}/letters"):
        text = desk.member.client.get(page).text
        assert "You have a letter that is not kept yet: 2 pages." in text
        assert f'href="{tray}"' in text


def test_a_script_sends_page_after_page_and_sees_the_tray(desk):
    first = desk.post(f"{desk.record}/letters/new", photo("one"), fetch=True).json
    second = desk.post(first["pages"], photo("two"), fetch=True).json
    assert second["next"] == first["next"]
    assert second["tray"].count("<li") == 2
    assert len(pages(desk.entry(first["next"]))) == 2


def test_what_is_sent_twice_is_taken_once(desk):
    begun = [desk.post(f"{desk.record}/letters/new", photo(), fetch=True, mark="a" * 32).json["next"] for _try in range(2)]
    assert begun[0] == begun[1]
    for _try in range(2):
        desk.post(desk.pages_url(begun[0]), photo("two"), fetch=True, mark="b" * 32)
    assert len(pages(desk.entry(begun[0]))) == 2


def test_three_pages_at_once_are_three_pages(desk):
    tray, token = desk.begin(), desk.token()
    cookies = desk.member.client.get_cookie("linkbook"), desk.member.client.get_cookie("session")
    answers = []

    def send(words: str) -> None:
        phone = desk.member.app.test_client()
        for cookie in cookies:
            phone.set_cookie(cookie.key, cookie.value)
        data = {"csrf_token": token, "files": (io.BytesIO(photo(words)), "page")}
        answers.append(phone.post(desk.pages_url(tray), data=data, headers={"X-Linkbook": "fetch"}).status_code)

    phones = [threading.Thread(target=send, args=(words,)) for words in ("two", "three", "four")]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert answers == [200, 200, 200]
    assert len(pages(desk.entry(tray))) == 4


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "We can keep photos, PDFs"),
        (b"<!doctype html><script>alert(1)</script>", "We can keep photos, PDFs"),
        (b"", "That file is empty."),
        (b"\xff\xd8\xff\xe0" + bytes(200), "We could not read that photo."),
        (photo()[:900], "We could not read that photo."),
        (b"%PDF-1.7\n" + bytes(200), "We could not read that PDF."),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "That file is bigger than 25 MB."),
    ],
    ids=["svg", "html", "empty", "no photo inside", "cut off", "no pdf inside", "26 MB"],
)
def test_a_refused_page_says_why_and_leaves_the_others(desk, file, words):
    tray = desk.begin()
    answer = desk.post(desk.pages_url(tray), file, fetch=True)
    assert answer.status_code == 400
    assert words in answer.json["problem"]
    assert len(pages(desk.entry(tray))) == 1


def test_nothing_is_begun_by_files_that_are_refused(desk):
    answer = desk.post(f"{desk.record}/letters/new", b"<svg/>", b"")
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert "That file is empty." in answer.text
    assert not desk.drafts()


def test_without_a_script_the_good_files_go_in_and_the_bad_one_is_named(desk):
    tray = desk.begin(photo("one"), b"<svg/>", photo("two"))
    page = desk.member.client.get(tray).text
    assert "We can keep photos, PDFs" in page
    assert "Page 2 of 2" in page
    assert "We can keep" not in desk.member.client.get(f"{tray.split('?')[0]}?refused=<script>").text


def test_more_than_a_form_may_bring_is_refused_in_words(desk):
    answer = desk.post(desk.pages_url(desk.begin()), *[bytes(MOST_BYTES)] * 5, fetch=True)
    assert answer.status_code == 413
    assert "bigger than 25 MB" in answer.json["problem"]


def test_a_letter_has_twenty_photos_at_most(desk, monkeypatch):
    monkeypatch.setattr("records.sheets.MOST_PHOTOS", 2)
    tray = desk.begin(photo(), photo())
    answer = desk.post(desk.pages_url(tray), photo(), fetch=True)
    assert "Keep this one, and begin another for the rest." in answer.json["problem"]
    assert len(pages(desk.entry(tray))) == 2


def test_a_pdf_is_pages_to_see_and_a_file_to_save(desk):
    letter = desk.keep(desk.begin(pdf(3)))
    document = desk.entry(letter).document
    assert len(document["pages"]) == 3
    saved = desk.member.client.get(f"{desk.record}/entries/{entry_id(letter)}/original")
    assert saved.data.startswith(b"%PDF-")
    assert saved.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
    assert saved.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_page_taken_out_of_a_pdf_takes_the_pdf_with_it(desk):
    tray = desk.begin(pdf(2))
    desk.post(desk.pages_url(tray).replace("/pages", "/arrange"), do=f"remove {pages(desk.entry(tray))[0]}")
    document = desk.entry(tray).document
    assert "original" not in document
    assert len(document["files"]) == 2
    assert desk.member.client.get(f"{desk.record}/entries/{entry_id(tray)}/original").status_code == 404


def test_pages_are_turned_and_moved(desk):
    tray = desk.begin(photo("one", (600, 800)), photo("two", (500, 700)))
    arrange = desk.pages_url(tray).replace("/pages", "/arrange")
    first, second = pages(desk.entry(tray))
    desk.post(arrange, do=f"down {first}")
    assert pages(desk.entry(tray)) == [second, first]
    desk.post(arrange, do=f"turn {second}")
    document = desk.entry(tray).document
    assert (document["pages"][0]["width"], document["pages"][0]["height"]) == (700, 500)
    # Pressed twice by a quick thumb: the page is another picture by now.
    assert desk.post(arrange, do=f"turn {second}").status_code == 302
    assert desk.post(arrange, do="burn it").status_code == 400


def test_turning_a_page_loses_nothing_that_was_typed(desk):
    tray = desk.begin()
    image = pages(desk.entry(tray))[0]
    desk.post(desk.pages_url(tray).replace("/pages", "/arrange"), do=f"turn {image}", title="Half a ti", dated="31 smarch")
    page = desk.member.client.get(tray).text
    assert 'value="Half a ti"' in page
    assert 'value="31 smarch"' in page


def test_a_date_that_nobody_can_read_is_asked_again(desk):
    tray = desk.begin()
    section = re.search(r'name="section" value="([0-9a-f]{32})" checked', desk.member.client.get(tray).text)[1]
    answer = desk.post(f"{tray}/keep", section=section, title="Speech report", dated="31 smarch")
    assert answer.status_code == 400
    assert 'value="Speech report"' in answer.text
    assert 'value="31 smarch"' in answer.text
    assert 'value="Speech report"' in desk.member.client.get(tray).text, "She was called away, and came back to it."


def test_kept_twice_by_a_quick_thumb_it_is_one_letter(desk):
    tray = desk.begin()
    letter = desk.keep(tray)
    assert desk.post(f"{tray}/keep").location == letter
    assert desk.member.client.get(tray).location == letter


def test_a_kept_letter_can_be_turned_and_brought_back(desk):
    letter = desk.keep(desk.begin())
    kept = desk.entry(letter)
    desk.post(f"{desk.record}/letters/{kept.id}/arrange", do=f"turn {pages(kept)[0]}")
    turned = pages(desk.entry(letter))
    picture = desk.member.client.get(f"{letter}/files/{turned[0]}")
    assert Image.open(io.BytesIO(picture.data)).size == (800, 600)
    desk.post(f"{letter}/history/{kept.version}")
    assert pages(desk.entry(letter)) == pages(kept) != turned
    assert desk.member.client.get(f"{letter}/files/{pages(kept)[0]}").status_code == 200


def test_a_page_can_be_added_to_a_letter_that_is_kept(desk):
    letter = desk.keep(desk.begin())
    desk.post(f"{desk.record}/letters/{entry_id(letter)}/pages", photo("two"))
    assert len(pages(desk.entry(letter))) == 2
    assert "Page 2 of 2" in desk.member.client.get(letter).text


def test_a_picture_is_shown_as_a_picture_and_nothing_else(desk):
    letter = desk.keep(desk.begin(pdf(1), photo()))
    document = desk.entry(letter).document
    files = f"{desk.record}/entries/{entry_id(letter)}/files"
    shown = desk.member.client.get(f"{files}/{document['pages'][0]['image']}")
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    assert desk.member.client.get(f"{files}/{document['original']}").status_code == 404


def test_a_letter_is_saved_as_a_pdf_under_a_name_that_says_nothing(desk):
    letter = desk.keep(desk.begin(photo(), photo()), title="Diagnosis")
    saved = desk.member.client.get(f"{desk.record}/entries/{entry_id(letter)}/letter.pdf")
    assert saved.data.startswith(b"%PDF-")
    assert saved.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
    assert b"Diagnosis" not in saved.data


def test_a_letter_that_is_dropped_is_gone_with_its_files(desk):
    tray = desk.begin()
    files = [path for path in desk.member.app.extensions["office"].attachments.glob("??/*") if path.is_file()]
    assert files
    desk.post(f"{tray}/drop")
    assert not any(path.exists() for path in files)
    assert desk.member.client.get(tray).status_code == 404


def test_what_is_kept_is_not_dropped_this_way(desk):
    tray = desk.begin()
    letter = desk.keep(tray)
    assert desk.post(f"{tray}/drop").status_code == 404
    assert desk.entry(letter).state == "kept"


def test_letters_can_be_seen_by_their_section(desk):
    health = desk.keep(desk.begin(), title="From the clinic")
    tray = desk.begin()
    sections = re.findall(r'name="section" value="([0-9a-f]{32})"', desk.member.client.get(tray).text)
    desk.post(f"{tray}/keep", section=sections[1], title="From the school")
    everything = desk.member.client.get(f"{desk.record}/letters").text
    assert "From the clinic" in everything
    assert "From the school" in everything
    some = desk.member.client.get(f"{desk.record}/letters?section={desk.entry(health).section_id}").text
    assert "From the clinic" in some
    assert "From the school" not in some


def test_the_next_letter_is_offered_the_same_section_and_known_senders(desk):
    tray = desk.begin()
    sections = re.findall(r'name="section" value="([0-9a-f]{32})"', desk.member.client.get(tray).text)
    desk.post(f"{tray}/keep", section=sections[2], from_whom="Department for Work and Pensions")
    page = desk.member.client.get(desk.begin()).text
    assert f'value="{sections[2]}" checked' in page
    assert '<option value="Department for Work and Pensions">' in page


def test_nobody_else_gets_at_a_draft_or_a_picture(desk, joe):
    tray = desk.begin()
    image = pages(desk.entry(tray))[0]
    other = Desk(joe, desk.record)
    for page in (tray, f"{desk.record}/letters", f"{desk.record}/letters/new", desk.pages_url(tray)):
        assert joe.client.get(page).status_code == 404, page
    for file in (f"files/{image}", "letter.pdf", "original", "recording"):
        assert joe.client.get(f"{desk.record}/entries/{entry_id(tray)}/{file}").status_code == 404
    other.token = lambda: re.search(r'value="([^"]+)"', joe.client.get("/settings").text.split("csrf_token")[1])[1]
    for page in (desk.pages_url(tray), f"{tray}/keep", f"{tray}/drop", f"{desk.record}/letters/new"):
        assert other.post(page, photo()).status_code == 404, page
    assert len(pages(desk.entry(tray))) == 1


def test_a_page_without_its_token_is_refused(desk):
    tray = desk.begin()
    for address in (desk.pages_url(tray), f"{tray}/keep", f"{tray}/drop", f"{desk.record}/letters/new"):
        answer = desk.member.client.post(address, data={"files": (io.BytesIO(photo()), "page")})
        assert answer.status_code == 400
    assert len(pages(desk.entry(tray))) == 1
    assert len(desk.drafts()) == 1


def test_a_stranger_may_not_even_send_a_photo(desk):
    answer = desk.member.app.test_client().post(
        f"{desk.record}/letters/new", data={"files": (io.BytesIO(bytes(200_000)), "page")}, headers={"X-Linkbook": "fetch"}
    )
    assert answer.status_code == 413


def test_a_full_record_says_so(desk):
    tray = desk.begin()
    object.__setattr__(desk.member.app.extensions["office"], "quota", 1000)
    answer = desk.post(desk.pages_url(tray), photo(), fetch=True)
    assert "This record is full." in answer.json["problem"]
    assert len(pages(desk.entry(tray))) == 1


def test_a_photos_secrets_are_nowhere(desk, tmp_path: Path):
    letter = desk.keep(desk.begin(photo(), photo(file_format="PNG"), photo(file_format="WEBP")))
    for image in pages(desk.entry(letter)):
        seen = desk.member.client.get(f"{desk.record}/entries/{entry_id(letter)}/files/{image}").data
        assert CANARY.encode() not in seen
        assert not Image.open(io.BytesIO(seen)).getexif()
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert CANARY.encode() not in everything
    assert CANARY.encode() in photo(), "The scan must be able to find something."


def test_while_a_page_arrives_no_word_of_it_is_on_the_disk(desk, monkeypatch):
    looked_at = []

    def look(data: bytes):
        # Files without a name, too: what this process has open.
        for link in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                if link.stat().st_size and stat.S_ISREG(link.stat().st_mode):
                    looked_at.append(link.read_bytes())
        return clean(data)

    monkeypatch.setattr(taking_in, "clean", look)
    sent = photo() + CANARY.encode() * 40_000
    # Put together here: the test client would write it into a file of its own, in the clear.
    boundary, body = encode_multipart({"csrf_token": desk.token(), "files": FileStorage(io.BytesIO(sent), "page")})
    kind = f"multipart/form-data; boundary={boundary}"
    answer = desk.member.client.post(f"{desk.record}/letters/new", data=body, content_type=kind)
    assert answer.status_code == 302
    assert max(map(len, looked_at)) >= len(sent), "The photo was to be on the disk by now, enciphered."
    assert not any(CANARY.encode() in file for file in looked_at)


def test_killed_after_the_page_is_sealed_there_is_nothing_or_the_page(desk, monkeypatch):
    tray = desk.begin()

    def die(*_args: object) -> None:
        raise SystemExit

    monkeypatch.setattr(taking_in.editing, "revise", die)
    with pytest.raises(SystemExit):
        desk.post(desk.pages_url(tray), photo(), fetch=True)
    monkeypatch.undo()
    assert len(pages(desk.entry(tray))) == 1
    desk.post(desk.pages_url(tray), photo(), fetch=True)
    assert len(pages(desk.entry(tray))) == 2


def test_a_first_page_that_cannot_be_kept_leaves_no_empty_letter(desk, monkeypatch):
    def full(*_args: object) -> None:
        raise taking_in.NoRoom

    monkeypatch.setattr(taking_in.editing, "attach", full)
    assert desk.post(f"{desk.record}/letters/new", photo(), fetch=True).status_code == 400
    monkeypatch.undo()
    assert not desk.drafts()
