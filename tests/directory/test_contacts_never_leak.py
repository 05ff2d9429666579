"""Nobody's designated contact is anywhere but in front of signed-in staff: every page, file, paper, mail and log.

Canaries are stored in every field of contacts of every standing. A canary found is a person's name or number given away.
"""

from __future__ import annotations

import io
import logging
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from sqlite_utils import Database

from accounts.account import INFORMATION_OFFICER, KEY_WORKER
from directory import exporting, store
from directory.designated_contact import DesignatedContact
from directory.keeping import contact_links
from directory.keeping import designated_contacts as keeping
from directory.search import Query
from directory.store import designated_contacts as rows
from plumbing import clock
from plumbing.tidy import tidy
from tests.family import BETH, MR_PATEL, SARA, Member, fill, join_staff, sign_up, token_of
from tests.test_routes import _addresses

MARK = b"canary"
PHONES = (b"960901", b"960902")
# Everywhere that a family, a provider or a machine searches; the words stand in the contacts, too.
SEARCHES = ("sleep", "autism", "short breaks", "designated clinical officer", "dco", "sendiass", "zzzz", "who to ring")


def canaries(db: Database) -> list[DesignatedContact]:
    """Contacts of every standing: at work, for families, leaving, gone, taken out; each with a canary in every field."""
    (name,) = db.execute("SELECT name FROM organization LIMIT 1").fetchone()
    found = []
    for number, changes in enumerate(
        (
            {},
            {"for_families": "yes", "agency": name},
            {"for_families": "yes", "leaving_on": "2099-01-01"},
            {"leaving_on": clock.today().isoformat()},
            {"role": "", "role_words": "Canaryrole sleep"},
        )
    ):
        written = {
            "name": f"Canaryname{number} sleep",
            "role": "dco",
            "role_words": "Canaryrole",
            "agency": "Canaryagency",
            "area": "",
            "about": "Canaryabout autism sleep short breaks",
            "phone": "01632 960901",
            "email": "canary@example.org",
            "best_times": "Canarytimes",
            "cover_name": "Canarycover",
            "cover_phone": "01632 960902",
            "notes": "Canarynotes",
        }
        found.append(keeping.add(db, written | changes, "Beth"))
    keeping.retire(db, found[0].id, "Beth")
    rows.note_told(db, found[1].id, "Canarytold")
    return found


@pytest.fixture
def stored(own_app: Flask, own_db: Database) -> list[DesignatedContact]:
    """The canaries, with everything made anew that is made of the directory."""
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    found = canaries(own_db)
    own_app.test_cli_runner().invoke(args=["directory", "reindex"])
    return found


def clean(data: bytes, where: str, contacts: list[DesignatedContact]) -> None:
    """Nothing of a contact is in these bytes."""
    lower = data.lower()
    assert MARK not in lower, where
    for mark in (*PHONES, *(one.id.encode() for one in contacts)):
        assert mark not in lower, where


def text_of(pdf: bytes) -> bytes:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)).encode()


def test_the_canaries_are_there_to_be_found(own_app, own_db, stored):
    sara = join_staff(own_app.test_client(), SARA, KEY_WORKER)
    page = sara.client.get("/directory/contacts/find").data.lower()
    assert MARK in page
    assert PHONES[0] in page
    with pytest.raises(AssertionError):
        clean(page, "where they are", stored)


def strangers(app: Flask) -> dict[str, object]:
    """Everybody who is not on the staff: nobody, a parent, and a practitioner."""
    return {"nobody": app.test_client(), "a parent": sign_up(app.test_client(), MR_PATEL).client}


def test_no_public_page_names_anybody(own_app, own_db, stored):
    addresses = {address for address, methods in _addresses(own_app, own_db).values() if "GET" in methods}
    addresses |= {f"/search?q={words.replace(' ', '+')}" for words in SEARCHES}
    addresses |= {f"/api/services?search={words.replace(' ', '+')}" for words in SEARCHES}
    addresses |= {"/", "/sitemap.xml", "/api/services?per_page=50", "/api/organizations?per_page=50"}
    addresses |= {f"/services/{id_}" for id_ in store.all_service_ids(own_db)[:40]}
    assert len(addresses) > 100
    for who, client in strangers(own_app).items():
        for address in sorted(addresses):
            answer = client.get(address)
            clean(answer.data, f"{address}, as {who} sees it", stored)
            clean(str(answer.headers).encode(), f"headers of {address}", stored)


def test_no_address_of_a_contact_opens_for_anybody_else(own_app, own_db, stored):
    contact = stored[1]
    for who, client in strangers(own_app).items():
        token = token_of(client.get("/sign-in?other=1").text if who == "nobody" else client.get("/settings").text)
        for path in ("", "/edit"):
            answer = client.get(f"/directory/contacts/{contact.id}{path}")
            assert answer.status_code in {302, 403}, who
            assert b"canaryname" not in answer.data.lower()
        for path in ("find", "list", "contacts.csv", "spreadsheet", "roles"):
            answer = client.get(f"/directory/contacts/{path}")
            assert answer.status_code in {302, 403}, who
            clean(answer.data, path, stored)
        for path in ("/pick", "/keep", "/check", "/retire", "/ask"):
            answer = client.post(f"/directory/contacts/{contact.id}{path}", data={"csrf_token": token, "how": "phoned"})
            assert answer.status_code in {401, 403}, who
        answer = client.post("/directory/contacts/find", data={"csrf_token": token, "words": "canaryname1"})
        assert answer.status_code in {401, 403}
        assert b"960901" not in answer.data


def test_no_paper_for_the_public_has_anybody_on_it(own_app, own_db, stored):
    client, ids = own_app.test_client(), store.all_service_ids(own_db)[:20]
    shown = [one.id for one in store.get_shown_services(own_db, ids)]
    # An id of a contact sent as a service's is none.
    page = client.get("/shortlist", query_string={"s": shown})
    clean(page.data, "my list", stored)
    token = token_of(page.text)
    for look in ("plain", "large", "easy"):
        sent = [*shown, *(one.id for one in stored)]
        answer = client.post("/shortlist/leaflet", data={"csrf_token": token, "s": sent, "look": look})
        assert answer.status_code == 200
        clean(text_of(answer.data), look, stored)
        clean(answer.data, look, stored)


@pytest.mark.parametrize("format_", sorted(exporting.FORMATS))
def test_no_export_has_anybody_in_it(own_app, own_db, stored, format_):
    file = io.BytesIO()
    with own_app.test_request_context():
        assert exporting.export(own_db, format_, file) > 100
    clean(file.getvalue(), format_, stored)
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                clean(archive.read(name), f"{format_}: {name}", stored)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_file_but_the_directorys_own_database_has_anybody_in_it(own_app, own_data, own_db, stored):
    beth = join_staff(own_app.test_client(), BETH, INFORMATION_OFFICER)
    use(beth, stored)
    own_app.extensions["finder"].search(own_db, Query(words="canaryname1 sleep"))
    looked = [path for path in _files(own_data) if not path.name.startswith("directory.db")]
    assert any("search" in path.parts for path in looked), "the index is among them"
    for path in looked:
        clean(path.read_bytes(), str(path.relative_to(own_data)), stored)
    assert MARK in (own_data / "directory.db").read_bytes().lower() + (own_data / "directory.db-wal").read_bytes().lower()


def use(beth: Member, contacts: list[DesignatedContact]) -> None:
    """What officers do all day: search, check, change, and make mistakes."""
    client, contact = beth.client, contacts[1]
    client.get("/search?q=sleep")
    fill(client, "/directory/contacts/find", words="canaryname1")
    client.get(f"/directory/contacts/{contact.id}")
    page = f"/directory/contacts/{contact.id}"
    for to in ("check", "pick", "keep", "looked"):
        fill(client, page, to=f"{page}/{to}", how="phoned")
    fill(client, f"{page}/edit", name="Canaryname9", phone="nonsense")


def test_no_log_names_anybody(own_app, own_db, stored, caplog):
    caplog.set_level(logging.DEBUG)
    use(join_staff(own_app.test_client(), BETH, INFORMATION_OFFICER), stored)
    with own_app.test_request_context():
        tidy(own_app)
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    lower = said.lower()
    assert "canary" not in lower
    assert "96090" not in lower
    assert "canary" not in repr(stored).lower(), "what an exception may show"


def test_mail_goes_to_the_person_alone_and_says_nothing_of_them(own_app, own_db, stored):
    settings = own_app.extensions["settings"]
    with own_app.test_request_context():
        contact_links.ask(own_db, settings, own_app.extensions["server_secrets"].server_key, stored[1].id, "Beth", clock.today())
    (path,) = settings.outbox.glob("*.eml")
    text = path.read_text()
    assert "To: canary@example.org" in text
    assert text.lower().count("canary") == 1, "their address, and nothing else"


def test_pages_of_staff_are_kept_by_no_cache(own_app, own_db, stored):
    sara = join_staff(own_app.test_client(), SARA, KEY_WORKER)
    for address in ("/search?q=sleep", "/search?q=zzzz", "/directory/contacts/find", "/directory/contacts/list"):
        assert sara.client.get(address).headers["Cache-Control"] == "no-store", address
    stranger = own_app.test_client().get("/search?q=sleep")
    assert "no-store" not in stranger.headers["Cache-Control"], "a family's own phone may keep what it found"
