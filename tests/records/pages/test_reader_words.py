"""What a reader is told is true: what is not shared is no empty page, and only what may be copied is offered to be copied."""

from __future__ import annotations

import pytest

from records import packs, sharing
from tests.records.pages.conftest import opened
from tests.records.pages.readers import share, write


def test_what_is_not_shared_is_said_and_not_called_empty(amina, sara, yusuf):
    share(amina, yusuf, sara, "about_me")
    for page, words in {
        "people": "The people who help are not shared with you.",
        "letters": "Letters are not shared with you.",
        "dates": "Appointments and meetings are not shared with you.",
    }.items():
        assert words in sara.client.get(f"{yusuf}/{page}").text


def test_what_is_shared_and_empty_is_called_empty(amina, sara, yusuf):
    share(amina, yusuf, sara, "people", "health_letters", "appointments")
    for page, words in {
        "people": "Nobody is here yet.",
        "letters": "There are no letters yet.",
        "dates": "Nothing is coming up.",
    }.items():
        assert words in sara.client.get(f"{yusuf}/{page}").text


@pytest.mark.parametrize(("copies", "offered"), [("nothing", False), ("dates", True)])
def test_only_what_may_be_copied_is_offered(amina, sara, yusuf, copies, offered):
    entry = write(amina, yusuf, "meetings", kind="meeting", what="Review", date="2027-03-03")
    share(amina, yusuf, sara, "meetings", copies=copies)
    page = f"{yusuf}/entries/{entry.id}"
    assert ("Add to my calendar" in sara.client.get(page).text) is offered
    assert sara.client.get(f"{page}/calendar").status_code == (200 if offered else 404)
    assert "Add to my calendar" in amina.client.get(page).text


def test_while_all_is_paused_nobody_is_told_that_it_is_over(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings")
    with amina.app.test_request_context():
        sharing.pause(opened(amina, yusuf), packs.end_all)
    answer = sara.client.get(yusuf)
    assert answer.status_code == 403
    assert "This is not shared with you now" in answer.text
    assert "The family may share it again." in answer.text
    assert "ended" not in answer.text.split("<main")[1].split("</main>")[0]
