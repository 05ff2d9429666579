"""The book as a whole: search, timeline, arranging, the log, and paper."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest

from tests.family import fill, token_of
from tests.records.pages.conftest import section_url


@pytest.fixture
def written(amina, yusuf):
    """A diary note."""
    return fill(
        amina.client, section_url(amina, yusuf, "Diary") + "/new/diary", who="Mrs Okafor", words="Promised the hoist by Friday"
    ).location


def test_search_finds_words_and_says_where(amina, yusuf, written):
    answer = fill(amina.client, yusuf + "/search", words="hoyst")
    assert "1 found" in answer.text
    assert "<mark>hoist</mark>" in answer.text
    assert written in answer.text


@pytest.mark.parametrize("words", ["zzzzz", '"', "<script>alert(1)</script>", "(" * 300, "\u202eabc", " "])
def test_search_never_fails_whatever_is_typed(amina, yusuf, written, words):
    answer = fill(amina.client, yusuf + "/search", words=words)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_what_is_searched_for_is_in_no_address(amina, yusuf, written):
    page = amina.client.get(yusuf).text
    form = re.search(r'<form[^>]*action="[^"]+/search"[^>]*>', page)[0]
    assert 'method="post"' in form


def test_the_timeline_has_everything(amina, yusuf, written):
    page = amina.client.get(yusuf + "/timeline").text
    assert "Mrs Okafor" in page
    assert "Diary" in page


def test_sections_are_renamed_hidden_moved_and_added(amina, yusuf, written):
    page = amina.client.get(yusuf + "/sections").text
    names = dict(re.findall(r'name="name-([0-9a-f]{32})"[^>]*value="([^"]+)"', page))
    diary = next(id_ for id_, name in names.items() if name == "Diary")
    home_ = next(id_ for id_, name in names.items() if name == "Our home")
    typed = {f"name-{id_}": name for id_, name in names.items()} | {f"shown-{id_}": "1" for id_ in names}
    typed |= {f"name-{diary}": "Calls", "added": "Swimming", "move": f"up-{diary}"}
    del typed[f"shown-{home_}"]
    assert fill(amina.client, yusuf + "/sections", **typed).status_code == 302
    page = amina.client.get(yusuf).text
    tiles = re.findall(r"</svg><span>([^<]+)</span>", page)
    assert "Calls" in tiles
    assert "Swimming" in tiles
    assert "Our home" not in tiles
    assert tiles.index("Calls") < tiles.index("Our family’s plan")
    assert "1 found" in fill(amina.client, yusuf + "/search", words="hoist").text


@pytest.mark.parametrize(("name", "said"), [("", "Every section needs a name"), ("x" * 61, "under 60 letters")])
def test_a_section_without_a_name_is_not_saved(amina, yusuf, name, said):
    page = amina.client.get(yusuf + "/sections").text
    id_ = re.search(r'name="name-([0-9a-f]{32})"', page)[1]
    answer = fill(amina.client, yusuf + "/sections", **{f"name-{id_}": name, "added": "Kept"})
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="Kept"' in answer.text


def test_the_log_says_what_was_done(amina, yusuf, written):
    assert "You wrote or changed something." in amina.client.get(yusuf + "/log").text


def test_the_book_prints_with_a_divider_for_each_section(amina, yusuf, written):
    pdf = pypdfium2.PdfDocument(io.BytesIO(amina.client.get(yusuf + "/book.pdf").data))
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    for words in ("Yusuf’s book", "Health letters", "Diary", "Promised the hoist by Friday"):
        assert words in text
    dividers = pypdfium2.PdfDocument(io.BytesIO(amina.client.get(yusuf + "/dividers.pdf").data))
    assert len(dividers) == 12


def test_nobody_else_prints_or_searches(joe, yusuf):
    token = token_of(joe.client.get("/records/new").text)
    for rest in (
        "/book.pdf",
        "/dividers.pdf",
        "/about-me.pdf",
        "/paper",
        "/timeline",
        "/log",
        "/bin",
        "/sections",
        "/dates",
        "/people",
    ):
        assert joe.client.get(yusuf + rest).status_code == 404, rest
    assert joe.client.post(yusuf + "/search", data={"csrf_token": token, "words": "x"}).status_code == 404


def test_the_privacy_page_is_open_and_never_promises_too_much(empty_app):
    page = empty_app.test_client().get("/your-privacy").text
    assert "end-to-end" not in page.lower()
    assert "zero-knowledge" not in page.lower()
