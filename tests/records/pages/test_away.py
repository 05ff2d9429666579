"""Taking away, bringing in and deleting, as a family does it; and what is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from bs4 import BeautifulSoup

from plumbing import clock
from records import editing, moving, upkeep
from records.taking_in import take_in
from tests.family import Member, fill, sign_in, token_of
from tests.inspector import inspect
from tests.plumbing.files import samples
from tests.records.pages.conftest import begin_record, opened

NOTE = {"v": 1, "kind": "note", "title": "Ask <b>about</b> the bus"}


@pytest.fixture
def letter(amina: Member, yusuf: str) -> None:
    """A letter and a note in Yusuf's record."""
    with amina.app.test_request_context():
        record = opened(amina, yusuf)
        letters = record.book.by_slug("health_letters")
        draft = take_in(record, "", "letter", samples.jpeg())
        take_in(record, draft.id, "letter", samples.pdf())
        moving.keep_draft(record, draft.id, letters.id, lambda it: {**it, "title": "Speech report"})
        editing.add(record, record.book.by_slug("diary").id, NOTE)


def take_away(member: Member, record: str):
    return fill(member.client, f"{record}/take-away")


def bring_in(member: Member, data: bytes, name: str = "copy.zip"):
    token = token_of(member.client.get("/records/bring-in").text)
    return member.client.post("/records/bring-in", data={"csrf_token": token, "copy": (io.BytesIO(data), name)})


def test_a_page_says_what_will_be_in_it_and_that_it_is_not_sealed(amina, yusuf, letter):
    page = amina.client.get(f"{yusuf}/take-away").text
    assert "not sealed" in page
    facts = [one.get_text() for one in BeautifulSoup(page, "html.parser").find_all("dd")]
    assert facts[0] == "2"


def test_the_copy_says_its_length_and_is_a_whole_zip(amina, yusuf, letter):
    answer = take_away(amina, yusuf)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=linkbook-copy-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(answer.data)
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    assert {"index.html", "record.json", "style.css", "Diary/index.html"} <= set(archive.namelist())


def test_the_pages_in_it_can_be_read_without_anything_else(amina, yusuf, letter):
    archive = zipfile.ZipFile(io.BytesIO(take_away(amina, yusuf).data))
    names = set(archive.namelist())
    for name in names:
        if not name.endswith(".html"):
            continue
        page = BeautifulSoup(archive.read(name), "html.parser")
        assert len(page.find_all("h1")) == 1
        assert not page.find_all(["script", "style", "form"])
        folder = name.rpartition("/")[0]
        for tag, attribute in (("a", "href"), ("img", "src"), ("link", "href")):
            for one in page.find_all(tag):
                assert _led_to(folder, one[attribute]) in names
                assert tag != "img" or one["alt"]
    assert "&lt;b&gt;about" in archive.read("Diary/index.html").decode()


def _led_to(folder: str, url: str) -> str:
    from posixpath import normpath
    from urllib.parse import unquote

    return normpath(f"{folder}/{unquote(url)}").lstrip("/")


def test_the_log_says_that_a_copy_was_taken(amina, yusuf, letter):
    before = amina.client.get(f"{yusuf}/log").text
    take_away(amina, yusuf)
    after = amina.client.get(f"{yusuf}/log").text
    assert "took a copy" not in before
    assert "took a copy" in after


def test_nobody_takes_away_what_is_somebody_elses(amina, joe, yusuf, letter):
    token = token_of(joe.client.get("/records/new").text)
    assert joe.client.get(f"{yusuf}/take-away").status_code == 404
    assert joe.client.post(f"{yusuf}/take-away", data={"csrf_token": token}).status_code == 404
    assert joe.client.get(f"{yusuf}/leave").status_code == 404
    assert joe.client.post(f"{yusuf}/leave", data={"csrf_token": token, "called": "Yusuf"}).status_code == 404
    assert amina.client.get(yusuf).status_code == 200


def test_six_minutes_later_the_passphrase_is_asked_for(amina, yusuf, letter):
    token = token_of(amina.client.get(f"{yusuf}/take-away").text)
    with clock.moved(minutes=7):
        assert amina.client.get(f"{yusuf}/take-away").status_code == 302
        answer = amina.client.post(f"{yusuf}/take-away", data={"csrf_token": token})
        assert (answer.status_code, answer.mimetype) == (401, "text/html")
        assert amina.client.post(f"{yusuf}/leave", data={"csrf_token": token, "called": "Yusuf"}).status_code == 401
        typed = {"csrf_token": token, "_passphrase": amina.passphrase}
        assert amina.client.post(f"{yusuf}/take-away", data=typed).mimetype == "application/zip"


def test_a_copy_is_brought_in_as_a_new_record(amina, yusuf, letter):
    answer = bring_in(amina, take_away(amina, yusuf).data)
    assert answer.status_code == 200
    assert "Everything is in." in answer.text
    assert "2 of 2" in answer.text
    found = BeautifulSoup(answer.text, "html.parser").find("a", string="Open the record")
    assert found["href"] != yusuf
    assert "Yusuf" in amina.client.get(found["href"]).text
    assert "brought this record in" in amina.client.get(f"{found['href']}/log").text


def test_a_copy_moves_to_another_linkbook(amina, yusuf, letter, make_app):
    data = take_away(amina, yusuf).data
    from tests.family import AMINA, sign_up

    elsewhere = sign_up(make_app().test_client(), AMINA)
    answer = bring_in(elsewhere, data)
    assert "Everything is in." in answer.text
    assert elsewhere.client.get("/record").status_code == 302


def test_what_is_no_copy_is_refused_in_words(amina, yusuf):
    for data, words in ((b"hello", "not a ZIP file"), (b"", "not a ZIP file")):
        answer = bring_in(amina, data)
        assert answer.status_code == 400
        assert words in answer.text
        assert "<title>Error:" in answer.text
    token = token_of(amina.client.get("/records/bring-in").text)
    assert "Choose the file" in amina.client.post("/records/bring-in", data={"csrf_token": token}).text


def test_what_fails_in_the_middle_says_so_and_leaves_nothing(amina, yusuf, letter):
    data = take_away(amina, yusuf).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, b"%PDF-1.7 no more" if name.endswith(".pdf") else content)
    answer = bring_in(amina, out.getvalue())
    inspect(answer.text)
    assert "Nothing was brought in." in answer.text
    assert "Speech report.pdf" in answer.text
    with amina.app.test_request_context():
        assert len(opened(amina, yusuf).db.execute("SELECT id FROM record").fetchall()) == 1


def test_a_stranger_may_not_send_a_large_file(amina, yusuf):
    stranger = amina.app.test_client()
    token = token_of(stranger.get("/sign-in").text)
    large = io.BytesIO(bytes(300_000))
    answer = stranger.post("/records/bring-in", data={"csrf_token": token, "copy": (large, "copy.zip")})
    assert answer.status_code == 413


# Deleting


def test_a_record_is_deleted_with_everything_in_it(amina, yusuf, letter):
    attachments = amina.app.extensions["settings"].attachments
    assert list(attachments.glob("??/*"))
    answer = fill(amina.client, f"{yusuf}/leave", called=" yusuf ")
    assert answer.location == "/records/left"
    assert amina.client.get("/records/left").status_code == 200
    assert not list(attachments.glob("??/*"))
    assert amina.client.get(yusuf).status_code == 404
    assert amina.client.get("/record").location.endswith("/records/new")
    with amina.app.test_request_context():
        db = upkeep._database()
        for table in ("record", "wrap", "entry", "entry_version", "attachment", "log_line", "statement", "section", "book"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_another_name_deletes_nothing(amina, yusuf, letter):
    answer = fill(amina.client, f"{yusuf}/leave", called="Mariam")
    assert answer.status_code == 400
    assert amina.client.get(yusuf).status_code == 200


def test_a_restored_backup_does_not_bring_it_back(amina, yusuf, letter):
    family_db = amina.app.extensions["settings"].family_db
    mariam = begin_record(amina, "Mariam")
    with amina.app.test_request_context():
        upkeep._database().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    backup = family_db.read_bytes()
    fill(amina.client, f"{yusuf}/leave", called="Yusuf")
    family_db.write_bytes(backup)
    with amina.app.test_request_context():
        assert upkeep.bury_again(upkeep._database(), amina.app.extensions["office"]) == 1
    assert amina.client.get(yusuf).status_code == 404
    assert amina.client.get(mariam).status_code == 200
    assert yusuf not in amina.client.get(mariam).text


def test_an_account_takes_the_records_it_alone_holds_along(amina, yusuf, letter):
    attachments = amina.app.extensions["settings"].attachments
    answer = fill(amina.client, "/leave", name=amina.sign_in_name)
    assert answer.status_code == 302, answer.text
    with amina.app.test_request_context():
        assert upkeep._database().execute("SELECT count(*) FROM record").fetchone()[0] == 0
        assert amina.app.extensions["office"].witness.is_gone(yusuf.rsplit("/", 1)[1])
    assert not list(attachments.glob("??/*"))
    assert sign_in(amina.app.test_client(), amina.sign_in_name, amina.passphrase).status_code != 302
