"""One style file and one script file, named by their content, as small as the browser takes them."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from flask import render_template

from plumbing.assets import INSIDE_SCRIPTS, INSIDE_STYLES, SCRIPTS, STYLES, Bundle

STATIC = Path(__file__).resolve().parents[2] / "static"
OPENERS = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@pytest.fixture(params=["css", "js", "svg"])
def bundle(request, app) -> Bundle:
    return next(bundle for name, bundle in app.extensions["assets"].items() if name.endswith(request.param))


@pytest.mark.parametrize("address", ["/", "/search?q=sleep", "/guides/sleep", "/nowhere"])
def test_a_page_asks_for_one_style_file_and_one_script(client, address):
    page = BeautifulSoup(client.get(address).text, "html.parser")
    styles, scripts = page.find_all("link", rel="stylesheet"), page.find_all("script")
    assert len(styles) == len(scripts) == 1
    assert re.fullmatch(r"/assets/app\.[0-9a-f]{12}\.css", styles[0]["href"])
    assert re.fullmatch(r"/assets/app\.[0-9a-f]{12}\.js", scripts[0]["src"])
    assert client.get(styles[0]["href"]).mimetype == "text/css"
    assert client.get(scripts[0]["src"]).mimetype == "text/javascript"


def test_a_browser_finds_the_mark_where_it_looks_beside_a_pdf(client):
    answer = client.get("/favicon.ico", follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


@pytest.mark.parametrize(("folder", "names"), [("css", STYLES + INSIDE_STYLES), ("js", SCRIPTS + INSIDE_SCRIPTS)])
def test_every_file_written_is_in_the_bundle(folder, names):
    assert sorted(path.stem for path in (STATIC / folder).iterdir()) == sorted(names)


def _inside() -> str:
    return render_template("errors/error.html", status=200, title="A page", words="For somebody.")


def test_pages_for_people_signed_in_ask_for_one_more_of_each(own_app, own_client):
    _inside.access = "signed in"
    own_app.add_url_rule("/inside", view_func=_inside)
    page = BeautifulSoup(own_client.get("/inside").text, "html.parser")
    files = [tag.get("href") or tag["src"] for tag in page.find_all("link", rel="stylesheet") + page.find_all("script")]
    kinds = ["app css", *(["inside css"] if INSIDE_STYLES else []), "app js", *(["inside js"] if INSIDE_SCRIPTS else [])]
    assert [re.sub(r"/assets/(\w+)\.[0-9a-f]{12}\.", r"\1 ", file) for file in files] == kinds
    assert {own_client.get(file).status_code for file in files} == {200}


def test_each_bundle_is_named_by_its_content(app, bundle):
    assert len(app.extensions["assets"]) == 3 + bool(INSIDE_STYLES) + bool(INSIDE_SCRIPTS)
    assert bundle.name.split(".")[1] == hashlib.sha256(bundle.plain).hexdigest()[:12]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip", "gzip"),
        ("identity", None),
        ("deflate", None),
        ("", None),
        ("gzip, br;q=0", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("identity, *;q=0", None),
    ],
)
def test_a_browser_gets_the_smallest_form_it_takes_and_none_it_refuses(client, bundle, accepted, encoding):
    answer = client.get(f"/assets/{bundle.name}", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert OPENERS[encoding](answer.data) == bundle.plain
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_client_that_says_nothing_gets_it_plain(client, bundle):
    answer = client.get(f"/assets/{bundle.name}")
    assert answer.data == bundle.plain
    assert "Content-Encoding" not in answer.headers


def test_a_bundle_may_be_kept_for_good(client, bundle):
    assert client.get(f"/assets/{bundle.name}").headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_squeezing_makes_it_smaller(bundle):
    assert len(bundle.brotli) <= len(bundle.gzip) < len(bundle.plain)


def test_comments_stay_at_home(bundle):
    assert b"/*" not in bundle.plain
    assert not re.search(rb"^\s*//", bundle.plain, re.M)


@pytest.mark.parametrize(
    "name",
    [
        "app.000000000000.css",
        "app.css",
        "app.js",
        "..%2f..%2fapp.py",
        "%2e%2e/app.py",
        "tokens.css",
        "app.000000000000.css%00",
        "x" * 3000,
    ],
)
def test_a_name_we_do_not_know_is_refused_and_not_kept(client, name):
    answer = client.get(f"/assets/{name}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_what_is_drawn_is_in_no_style_file_of_elsewhere(app):
    for bundle in app.extensions["assets"].values():
        assert b"http:" not in bundle.plain.replace(b"http://www.w3.org/", b"")
        assert b"@import" not in bundle.plain
