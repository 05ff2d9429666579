"""The pages for somebody who has no account yet, or no keys any more, can be used by everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.checks import SMALL, look_on_phones

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/register/invited", "/join", "/kit/use"])
def test_whoever_comes_in_finds_no_barrier(open_page, path):
    page = open_page(None, viewport=SMALL)
    page.goto(path)
    look_on_phones(page)


def test_words_in_a_link_fill_the_form_and_leave_the_address(page):
    page.goto("/register/invited#otter%20lamp")
    expect(page.locator("main [name=code]")).to_have_value("otter lamp")
    expect(page).to_have_url("/register/invited")
