"""Imports with open eyes: looked at, chosen, done in one step, taken back in one step; and what is refused."""

import csv
import io
import json
import shutil
import threading
import time
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from directory import importing, store
from directory.importers import UnreadableError
from directory.importers.unpacking import lay_out
from directory.keeping import editing, imports, pulls
from directory.keeping.imports import NotNowError, Workshop
from directory.merging import changes, merged
from directory.service import Service
from directory.store import imports as rows
from plumbing import clock
from plumbing.db import open_db
from plumbing.fetching import Limits, NotFetchedError, fetch, is_open
from plumbing.ids import new_id
from tests.conftest import SHARED

MIAMI = SHARED / "samples" / "hsds_miami211"


def listing(number, **changes):
    return {"id": f"x{number}", "name": f"Club {number}", "status": "active", "description": "A club."} | changes


def feed(*listings):
    return json.dumps({"contents": list(listings)}).encode()


@pytest.fixture
def shop(tmp_path):
    return Workshop(tmp_path / "imports", Limits(anywhere=True))


def read(db, shop, data, source="council", **more):
    """Read a feed into a preview; returns its id."""
    job = new_id()
    lay_out([("feed.json", io.BytesIO(data))], shop.of(job), 1_000_000)
    imports.begin(db, "Beth", "feed.json", source=source, job=job, **more)
    imports.work(db, shop)
    return job


def apply(db, shop, job, status="applying", if_="ready"):
    imports.ask(db, job, status, if_=if_)
    imports.work(db, shop)
    return rows.get_job(db, job)


def bring(db, shop, *listings, **more):
    job = read(db, shop, feed(*listings), **more)
    with db.atomic():
        rows.choose(db, job, chosen=True)
    return apply(db, shop, job)


def undo(db, shop, job):
    return apply(db, shop, job, "undoing", "applied")


def ours(db, number=1, source="council"):
    return store.get_services(db, [store.id_of_source(db, source, f"x{number}")])[0]


def kinds(db, job):
    return {kind: count for kind, count in rows.counts(db, job).items() if count and "chosen" not in kind}


def test_a_preview_changes_nothing_and_says_what_would_happen(own_db, shop):
    bring(own_db, shop, *(listing(n) for n in range(4)))
    before = store.revision(own_db)
    job = read(own_db, shop, feed(listing(0), listing(1, fees="Free"), listing(2, status="gone"), listing(9)))
    assert kinds(own_db, job) == {"added": 1, "changed": 1, "missing": 1, "refused": 1}
    assert rows.get_job(own_db, job).unchanged == 1
    assert [row.name for row in rows.list_rows(own_db, job, "missing")] == ["Club 3"]
    assert "status" in rows.list_rows(own_db, job, "refused")[0].words
    assert store.revision(own_db) == before


def test_what_is_missing_is_not_retired_unless_somebody_ticks_it(own_db, shop):
    bring(own_db, shop, listing(1), listing(2))
    job = read(own_db, shop, feed(listing(1, fees="Free")))
    assert apply(own_db, shop, job).retired == 0
    assert ours(own_db, 2).hidden == ""
    assert bring(own_db, shop, listing(1, fees="Free")).retired == 1
    assert ours(own_db, 2).hidden == "retired"


def test_a_listing_that_an_import_retired_comes_back_with_the_file_and_one_that_a_person_retired_does_not(own_db, shop):
    bring(own_db, shop, listing(1), listing(2), listing(3))
    bring(own_db, shop, listing(1))
    editing.save(own_db, replace(ours(own_db, 1), hidden="retired"), "Beth", "closed")
    job = read(own_db, shop, feed(listing(1), listing(2), listing(3)))
    assert {row.name: row.chosen for row in rows.list_rows(own_db, job, "back")} == {
        "Club 1": False, "Club 2": True, "Club 3": True,
    }  # fmt: skip
    apply(own_db, shop, job)
    assert [ours(own_db, number).hidden for number in (1, 2, 3)] == ["retired", "", ""]


def test_what_we_corrected_is_not_written_over_silently(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2", email="a@example.org"))
    editing.save(own_db, replace(ours(own_db), fees="£5"), "Beth", "rang them")
    job = read(own_db, shop, feed(listing(1, fees="£3", email="b@example.org")))
    row = rows.list_rows(own_db, job, "changed")[0]
    assert row.ours
    assert row.words.split(",") == ["email", "fees"]
    apply(own_db, shop, job)
    # What only they changed is theirs, what both changed is ours.
    assert (ours(own_db).fees, ours(own_db).email) == ("£5", "b@example.org")


def test_theirs_is_taken_where_somebody_chose_it(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2"))
    editing.save(own_db, replace(ours(own_db), fees="£5", alert="Closed in May"), "Beth", "rang them")
    job = read(own_db, shop, feed(listing(1, fees="£3")))
    with own_db.atomic():
        rows.take_theirs(own_db, job, rows.list_rows(own_db, job, "changed")[0].number, True)
    apply(own_db, shop, job)
    # What only we changed stays whatever was chosen.
    assert (ours(own_db).fees, ours(own_db).alert) == ("£3", "Closed in May")


def test_a_sending_with_nothing_new_says_nothing_of_what_we_corrected(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2"))
    editing.save(own_db, replace(ours(own_db), fees="£5"), "Beth", "rang them")
    assert kinds(own_db, read(own_db, shop, feed(listing(1, fees="£2", last_modified="2026-01-01")))) == {}


def test_undone_it_is_as_before_and_the_same_file_would_do_the_same_again(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2"), listing(2))
    before = [replace(ours(own_db, number), check=None) for number in (1, 2)]
    changed = (listing(1, fees="£3"), listing(7))
    job = bring(own_db, shop, *changed)
    assert (job.added, job.changed, job.retired) == (1, 1, 1)
    assert undo(own_db, shop, job.id).status == "undone"
    assert [replace(ours(own_db, number), check=None) for number in (1, 2)] == before
    assert store.id_of_source(own_db, "council", "x7") is None
    assert kinds(own_db, read(own_db, shop, feed(*changed))) == {"added": 1, "changed": 1, "missing": 1}


def test_undoing_leaves_what_somebody_changed_since_and_says_which(own_db, shop):
    job = bring(own_db, shop, listing(1), listing(2))
    editing.save(own_db, replace(ours(own_db, 2), fees="£5"), "Beth", "rang them")
    assert undo(own_db, shop, job.id).skipped == 1
    assert store.id_of_source(own_db, "council", "x1") is None
    assert ours(own_db, 2).fees == "£5"
    assert [row.name for row in rows.rows_with_outcome(own_db, job.id, "kept")] == ["Club 2"]


def test_what_changed_since_the_preview_is_left_alone(own_db, shop):
    bring(own_db, shop, listing(1), listing(2))
    job = read(own_db, shop, feed(listing(1, fees="Free"), listing(2, fees="Free")))
    editing.save(own_db, replace(ours(own_db, 1), fees="£5"), "Beth", "rang them")
    done = apply(own_db, shop, job)
    assert (done.changed, done.skipped) == (1, 1)
    assert ours(own_db, 1).fees == "£5"


def test_an_address_that_we_hide_is_not_shown_by_an_import_that_forgets_to_hide_it(own_db, shop):
    place = {
        "id": "p",
        "name": "House",
        "addresses": [{"address_1": "1 High Street", "city": "Alnwick", "postal_code": "NE66 1AB"}],
    }
    bring(own_db, shop, listing(1, service_at_locations=[{"location": place | {"hides_address": True}}]))
    bring(own_db, shop, listing(1, fees="Free", service_at_locations=[{"location": place | {"description": "Blue door"}}]))
    assert ours(own_db).locations[0].hides_address
    assert "High Street" not in str(store.shown(ours(own_db)).locations)


def test_a_failure_half_way_leaves_the_directory_as_it_was_and_the_import_as_a_preview(own_db, shop, monkeypatch):
    job = read(own_db, shop, feed(*(listing(n) for n in range(30))))
    do, done = imports._do, []

    def fails(*arguments):
        done.append(1)
        if len(done) == 20:
            raise RuntimeError("disk")
        do(*arguments)

    monkeypatch.setattr(imports, "_do", fails)
    after = apply(own_db, shop, job)
    assert (after.status, after.words) == ("ready", "Something went wrong on our side. Nothing was changed.")
    assert not store.has_source(own_db, "council")
    monkeypatch.undo()
    assert apply(own_db, shop, job).added == 30


def test_what_kills_its_worker_again_and_again_is_given_up(own_db, shop):
    job = read(own_db, shop, feed(listing(1)))
    imports.ask(own_db, job, "applying", if_="ready")
    rows.set_job(own_db, job, tries=3)
    imports.work(own_db, shop)
    assert rows.get_job(own_db, job).status == "ready"
    assert "three times" in rows.get_job(own_db, job).words


def test_one_worker_at_a_time(own_db, own_data, shop):
    job = read(own_db, shop, feed(*(listing(n) for n in range(40))))
    imports.ask(own_db, job, "applying", if_="ready")
    with pytest.raises(NotNowError):
        imports.ask(own_db, job, "applying", if_="ready")
    others = [open_db(own_data / "directory.db") for _ in range(3)]
    threads = [threading.Thread(target=imports.work, args=(other, shop)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert rows.get_job(own_db, job).added == 40
    assert len(store.imported_digests(own_db, "council")) == 40


def test_merging_three_copies():
    base = Service("1", "Club", fees="£2", alert="", url="https://a.example")
    here, there = replace(base, fees="£5", alert="Ours"), replace(base, fees="£3", url="https://b.example")
    assert {change.field: change.by for change in changes(base, here, there)} == {"fees": "both", "alert": "we", "url": "they"}
    assert merged(base, here, there) == replace(here, url="https://b.example")
    assert merged(base, here, there, {"fees"}).fees == "£3"
    assert changes(base, there, there) == []


def zipped(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv").replace("_json", ".json"), text)
    return io.BytesIO(data.getvalue())


def test_an_archive_is_laid_out_under_plain_names(tmp_path):
    lay_out([("hsds.zip", zipped(inside__services_csv="id,name\n1,Club", readme_md="x"))], tmp_path / "a", 1000)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["services.csv"]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../../../tmp/evil.csv", "x")
    lay_out([("x.zip", io.BytesIO(data.getvalue()))], tmp_path / "b", 1000)
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["evil.csv"]


@pytest.mark.parametrize(
    ("name", "file", "words"),
    [
        ("bomb.zip", lambda: zipped(a_csv="0" * 5_000_000), "larger than"),
        ("many.zip", lambda: zipped(**{f"f{n}_csv": "x" for n in range(600)}), "more than 500 files"),
        ("broken.zip", lambda: io.BytesIO(b"PK\x03\x04 nonsense"), "damaged"),
        ("empty.zip", lambda: zipped(readme_md="x"), "no file in it"),
        ("book.xlsx", lambda: io.BytesIO(b"PK"), "not a kind of file"),
        ("big.csv", lambda: io.BytesIO(b"x" * 200_000), "larger than"),
        ("twice.zip", lambda: zipped(a__x_csv="1", b__x_csv="2"), "two files with the name"),
    ],
)
def test_what_cannot_be_unpacked_is_refused_in_words_and_leaves_nothing(tmp_path, name, file, words):
    with pytest.raises(UnreadableError, match=words):
        lay_out([(name, file())], tmp_path / "new", 10_000)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::", "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_an_address_inside_our_walls_is_not_open(address):
    assert not is_open(address)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.org/services", "does not begin with https"),
        ("https://localhost/services", "not a site on the open internet"),
        ("https://127.0.0.1:8000/", "not a site on the open internet"),
        ("https://[::1]/", "not a site on the open internet"),
        ("https://2130706433/", "not a site on the open internet"),
        ("https://user:secret@example.org/", "not a web address"),
        ("file:///etc/passwd", "does not begin with https"),
        ("https:///x", "not a web address"),
    ],
)
def test_what_could_lead_inside_is_not_asked(url, words):
    with pytest.raises(NotFetchedError, match=words):
        fetch(url, Limits())


class Server(BaseHTTPRequestHandler):
    """A feed with an ETag, that can fail, and leads away under /away."""

    listings, status, asked = [], 200, []

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("If-None-Match")))
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest")
            self.end_headers()
            return
        body = feed(*self.listings)
        mark = f'"{hash(body)}"'
        known = self.headers.get("If-None-Match") == mark
        self.send_response(304 if known else self.status)
        self.send_header("ETag", mark)
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def server():
    Server.listings, Server.status, Server.asked = [listing(n) for n in range(8)], 200, []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_redirect_to_another_site_is_not_followed(server):
    with pytest.raises(NotFetchedError, match="leads to another site"):
        fetch(f"{server}/away", Limits(anywhere=True))


def test_a_page_that_is_too_large_is_cut_off(server):
    with pytest.raises(NotFetchedError, match="sent more than"):
        fetch(f"{server}/services", Limits(anywhere=True, most_bytes=100))


def test_a_feed_waits_for_somebody_and_is_not_sent_again_while_nothing_is_new(own_db, shop, server):
    pulls.add(own_db, "council", f"{server}/services", "day", "Beth")
    assert pulls.pull_all(own_db, shop) == 1
    job = rows.list_jobs(own_db, ("ready",))[0]
    assert kinds(own_db, job.id) == {"added": 8}
    assert not store.has_source(own_db, "council")
    apply(own_db, shop, job.id)
    assert pulls.pull_all(own_db, shop) == 0
    with clock.moved(days=1, minutes=1):
        assert pulls.pull_all(own_db, shop) == 1
    assert Server.asked[-1][1]
    assert rows.list_jobs(own_db, ("ready",)) == []


def test_only_what_is_safe_happens_by_itself(own_db, shop, server):
    bring(own_db, shop, *Server.listings)
    editing.save(own_db, replace(ours(own_db, 2), fees="£5"), "Beth", "rang them")
    pulls.add(own_db, "council", f"{server}/services", "week", "Beth", by_itself=True)
    Server.listings = [listing(1, fees="Free"), listing(2, fees="£4"), *(listing(n) for n in range(3, 8)), listing(20)]
    pulls.pull_all(own_db, shop)
    assert (ours(own_db, 1).fees, ours(own_db, 2).fees) == ("Free", "£5")
    rest = rows.list_jobs(own_db, ("ready",))
    assert [kinds(own_db, job.id) for job in rest] == [{"added": 1, "changed": 1, "missing": 1}]
    assert rows.list_jobs(own_db, ("applied",))[0].changed == 1


def test_when_nearly_everything_changes_at_once_nothing_happens_by_itself(own_db, shop, server):
    bring(own_db, shop, *Server.listings)
    pulls.add(own_db, "council", f"{server}/services", "week", "Beth", by_itself=True)
    Server.listings = [listing(n, fees="Free") for n in range(8)]
    pulls.pull_all(own_db, shop)
    assert ours(own_db, 1).fees == ""
    assert len(rows.list_jobs(own_db, ("ready",))) == 1


def test_a_feed_that_fails_says_so_and_is_asked_later_and_later(own_db, shop, server):
    Server.status = 500
    feed_id = pulls.add(own_db, "council", f"{server}/services", "day", "Beth")
    waits = []
    for _turn in range(3):
        pulls.pull_all(own_db, shop)
        pull = pulls.get(own_db, feed_id)
        waits.append(pull.next_at)
        own_db.execute("UPDATE pull SET next_at = ''")
    assert pull.failures == 3
    assert "500" in pull.words
    assert waits == sorted(set(waits))
    Server.status = 200
    pulls.pull_all(own_db, shop)
    assert (pulls.get(own_db, feed_id).failures, pulls.get(own_db, feed_id).words) == (0, "")


# The pages.


def send(beth, *, data=None, name="feed.json", **fields):
    files = [(io.BytesIO(data), name)] if data is not None else []
    return beth.post("/directory/imports", "/directory/imports", files=files, **fields)


def wait_for(beth, place):
    """The page of an import when the work beside it is done."""
    for _turn in range(200):
        page = beth.client.get(place).get_data(as_text=True)
        if "data-progress" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("the work never ended")


def token(beth, place):
    page = beth.client.get(place).get_data(as_text=True)
    return (
        page.partition('name="csrf_token" value="')[2].partition('"')[0]
        or page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    )


def post(beth, place, path, **fields):
    return beth.client.post(path, data={"csrf_token": token(beth, place), **fields})


def test_from_a_file_to_the_directory_and_back(beth):
    listings = [listing(n) for n in range(60)] + [listing(99, status="gone")]
    answer = post(
        beth, "/directory/imports", "/directory/imports", files=(io.BytesIO(feed(*listings)), "feed.json"), source="council"
    )
    place = answer.headers["Location"]
    assert answer.status_code == 302
    page = wait_for(beth, place)
    assert "What this import would do" in page
    assert "New: 60" in page
    page = beth.client.get(f"{place}?kind=refused").get_data(as_text=True)
    assert "it should be one of" in page
    found = list(csv.reader(io.StringIO(beth.client.get(f"{place}/refused.csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert found[1][0] == "feed.json, service 61"
    assert "Club 0" in beth.client.get(f"{place}/rows/0").get_data(as_text=True)
    post(beth, place, f"{place}/choose", kind="added", how="these", row=["0", "1"], tick=["0"])
    assert "59 of 60" in beth.client.get(place).get_data(as_text=True)
    post(beth, place, f"{place}/apply")
    assert "59 added, 1 refused" in wait_for(beth, place)
    assert "Beth" in beth.client.get("/directory/imports").get_data(as_text=True)
    assert "Club 44" in beth.client.get("/search?q=club+44").get_data(as_text=True)
    post(beth, place, f"{place}/undo")
    assert "The import was taken back" in wait_for(beth, place)
    late = post(beth, place, f"{place}/apply")
    assert "said=late" in late.headers["Location"]


def test_a_preview_can_be_thrown_away(beth):
    answer = post(beth, "/directory/imports", "/directory/imports", files=(io.BytesIO(feed(listing(1))), "feed.json"))
    place = answer.headers["Location"]
    wait_for(beth, place)
    assert "Imports to look at" in beth.client.get("/directory").get_data(as_text=True)
    post(beth, place, f"{place}/drop")
    assert beth.client.get(place).status_code == 404


def test_a_file_without_services_says_so_and_no_path_of_ours(beth, own_data):
    answer = post(beth, "/directory/imports", "/directory/imports", files=(io.BytesIO(b"{}"), "feed.json"))
    page = wait_for(beth, answer.headers["Location"])
    assert "There are no services in" in page
    assert str(own_data) not in page
    assert not [path for path in (own_data / "imports").iterdir() if path.name != "work.lock"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose a file, or write a web address"),
        ({"address": "http://example.org/services"}, "should begin with https://"),
        ({"address": "https://example.org", "files": (io.BytesIO(b"{}"), "a.json")}, "not both"),
        ({"address": "https://example.org", "source": "national"}, "name of our own listings"),
        ({"files": (io.BytesIO(b"x"), "virus.exe")}, "not a kind of file"),
    ],
)
def test_what_the_form_refuses(beth, fields, words):
    answer = post(beth, "/directory/imports", "/directory/imports", **fields)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert "Error:" in answer.get_data(as_text=True)


def test_an_address_inside_our_walls_is_refused_on_the_page(beth):
    answer = post(beth, "/directory/imports", "/directory/imports", address="https://localhost/services")
    assert "not a site on the open internet" in wait_for(beth, answer.headers["Location"])


def test_a_feed_is_added_and_stopped(beth):
    new = "/directory/imports/feeds/new"
    assert post(beth, new, new, address="ftp://x", source="", every="day", by_itself="no").status_code == 400
    fields = {"address": "https://localhost/services", "source": "council", "every": "day", "by_itself": "no"}
    assert post(beth, new, new, **fields).status_code == 302
    result = beth.app.test_cli_runner().invoke(args=["tidy"])
    assert result.exit_code == 0
    page = beth.client.get("/directory/imports").get_data(as_text=True)
    assert "It failed once:" in page
    assert "We could not read the feed of council" in beth.client.get("/directory").get_data(as_text=True)
    stop = page.partition("/directory/imports/feeds/")[2]
    feed_id = next(part for part in page.split("/") if len(part) == 32 and part.isalnum())
    assert stop
    assert post(beth, "/directory/imports", f"/directory/imports/feeds/{feed_id}/stop").status_code == 302
    assert "We ask no feed yet" in beth.client.get("/directory/imports").get_data(as_text=True)


def test_only_officers_import(sara, amina):
    for member in (sara, amina):
        assert member.client.get("/directory/imports").status_code == 403
        assert member.client.get("/directory/imports/feeds/new").status_code == 403
        assert member.client.get("/directory/twins").status_code == 403


@pytest.mark.skipif(not MIAMI.is_dir(), reason="../shared/samples is not there")
def test_four_thousand_listings_previewed_applied_and_undone(own_db, shop):
    job = new_id()
    shop.folder.mkdir()
    shutil.copytree(MIAMI, shop.of(job))
    imports.begin(own_db, "Beth", "miami", source="miami", job=job)
    imports.work(own_db, shop)
    assert kinds(own_db, job)["added"] == 4089
    before = len(store.all_service_ids(own_db))
    assert apply(own_db, shop, job).added == 4089
    assert len(store.all_service_ids(own_db)) > before + 3000
    assert undo(own_db, shop, job).status == "undone"
    assert len(store.all_service_ids(own_db)) == before
    assert importing.read_listings(str(MIAMI))[0] == "hsds-csv"
