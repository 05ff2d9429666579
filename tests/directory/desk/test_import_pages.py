"""The pages of imports: from a file to the directory and back, and what they refuse."""

import csv
import io
import time

import pytest

from tests.directory.desk.bringing import feed, listing


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
    assert "59 of 60 ticked" in beth.client.get(place).get_data(as_text=True)
    # A press on "do" takes the ticks of the page with it.
    post(beth, place, f"{place}/choose", kind="added", how="do", row=["2", "3"], tick=["3"])
    assert "58 added, 1 refused" in wait_for(beth, place)
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


def test_a_stranger_cannot_fill_our_disk(own_client, amina):
    """The body of a form is read before its page can refuse it."""
    for client in (own_client, amina.client):
        answer = client.post("/directory/imports", data={"files": (io.BytesIO(b"x" * 1_000_000), "feed.json")})
        assert answer.status_code == 413
