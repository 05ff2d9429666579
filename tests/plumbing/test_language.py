"""Each page says its language and the way it is read."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from plumbing.language import text_direction


@pytest.mark.parametrize(
    ("locale", "language", "direction"),
    [
        ("en_GB", "en", "ltr"),
        ("cy_GB", "cy", "ltr"),
        ("ar", "ar", "rtl"),
        ("ur_PK", "ur", "rtl"),
        ("pl", "pl", "ltr"),
        ("he", "he", "rtl"),
    ],
)
def test_a_page_says_its_language_and_which_way_it_runs(own_app, own_client, locale, language, direction):
    own_app.config["BABEL_DEFAULT_LOCALE"] = locale
    html = BeautifulSoup(own_client.get("/").text, "html.parser").html
    assert (html["lang"], html["dir"]) == (language, direction)


def test_out_of_the_box_pages_are_in_english_and_run_left_to_right(app):
    with app.test_request_context():
        assert text_direction() == "ltr"
        assert app.jinja_env.globals["page_language"]() == "en"


def test_the_language_is_not_for_the_address_to_choose(client):
    answer = client.get("/?lang=ar", headers={"Accept-Language": "ar"})
    assert BeautifulSoup(answer.text, "html.parser").html["dir"] == "ltr"


@pytest.mark.parametrize("page", ["/", "/search?q=sleep", "/categories", "/talk-now", "/privacy"])
@pytest.mark.parametrize("locale", ["cy_GB", "ar"])
def test_pages_work_in_a_language_that_nobody_has_translated_yet(own_app, own_client, locale, page):
    own_app.config["BABEL_DEFAULT_LOCALE"] = locale
    assert own_client.get(page).status_code == 200
