"""Pages of a long list: always in range, whatever an address asks for."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from plumbing.paging import Paging


@pytest.mark.parametrize(
    ("total", "size", "asked", "page", "last", "first_shown", "last_shown", "previous", "following"),
    [
        (0, 10, 1, 1, 1, 0, 0, None, None),
        (1, 10, 1, 1, 1, 1, 1, None, None),
        (10, 10, 1, 1, 1, 1, 10, None, None),
        (11, 10, 1, 1, 2, 1, 10, None, 2),
        (11, 10, 2, 2, 2, 11, 11, 1, None),
        (30, 10, 2, 2, 3, 11, 20, 1, 3),
        (25, 10, 3, 3, 3, 21, 25, 2, None),
        # Out of range: too high, nought, below nought.
        (25, 10, 4, 3, 3, 21, 25, 2, None),
        (25, 10, 10**9, 3, 3, 21, 25, 2, None),
        (25, 10, 0, 1, 3, 1, 10, None, 2),
        (25, 10, -5, 1, 3, 1, 10, None, 2),
        (0, 10, 7, 1, 1, 0, 0, None, None),
        (3, 1, 2, 2, 3, 2, 2, 1, 3),
    ],
)
def test_a_page_knows_where_it_is(total, size, asked, page, last, first_shown, last_shown, previous, following):
    paging = Paging.of(total, size, asked)
    assert (paging.page, paging.last) == (page, last)
    assert (paging.first_shown, paging.last_shown) == (first_shown, last_shown)
    assert (paging.previous, paging.next) == (previous, following)


@given(total=st.integers(0, 10_000), size=st.integers(1, 200), page=st.integers())
def test_every_thing_stands_on_exactly_one_page(total, size, page):
    asked = Paging.of(total, size, page)
    assert 1 <= asked.page <= asked.last
    pages = [Paging.of(total, size, number) for number in range(1, min(asked.last, 50) + 1)]
    shown = [number for one in pages for number in range(one.first_shown, one.last_shown + 1) if total]
    assert shown == list(range(1, len(shown) + 1))
    assert asked.last > 50 or len(shown) == total


@pytest.mark.parametrize("page", ["0", "-1", "999", "1000000", "two", "", "1e9", "٢", "1&page=2"])
def test_a_page_that_is_not_there_shows_one_that_is(client, page):
    answer = client.get(f"/search?q=autism&page={page}")
    assert answer.status_code == 200
    assert BeautifulSoup(answer.text, "html.parser").select("main li.card")


def test_the_links_lead_forwards_and_back_through_the_same_question(client):
    first = BeautifulSoup(client.get("/search?q=autism&place=alnwick").text, "html.parser")
    assert not first.find("a", rel="prev")
    second = BeautifulSoup(client.get(first.find("a", rel="next")["href"]).text, "html.parser")
    assert "Page 2 of" in second.find("nav", class_="paging").get_text()
    names = [[a["href"] for a in page.select("li.card .name a")] for page in (first, second)]
    assert not set(names[0]) & set(names[1])
    back = client.get(second.find("a", rel="prev")["href"]).text
    assert [a["href"] for a in BeautifulSoup(back, "html.parser").select("li.card .name a")] == names[0]
