"""Getting ready for a meeting: the family's alone, in their own plan, on one sheet."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import printed
from tests.family import SARA, Member, fill, join_staff
from tests.records.pages.conftest import opened
from tests.records.pages.readers import share
from tests.records.pages.test_meetings import pages_of, plan

WRITTEN = {
    "questions": "Who drives the bus?\nWhen does it come?",
    "not_to_raise": "The money we owe",
    "childs_view": "He likes the bus",
}


@pytest.fixture
def sara(empty_app: Flask) -> Member:
    return join_staff(empty_app.test_client(), SARA, "key_worker")


@pytest.fixture
def meeting(amina: Member, yusuf: str) -> str:
    return plan(amina, yusuf)


def sheets(member: Member, record: str) -> list[tuple[str, int]]:
    with member.app.test_request_context():
        of = opened(member, record)
        return [(of.section(one.section_id).slug, one.version) for one in of.entries() if one.kind == "getting_ready"]


def test_it_is_kept_in_the_familys_plan_and_never_with_the_meeting(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    page = f"{pages_of(meeting)}/getting-ready"
    answer = fill(amina.client, page, **WRITTEN)
    assert answer.status_code == 302
    assert "Saved." in amina.client.get(answer.location).text
    assert sheets(amina, yusuf) == [("family_plan", 1)]
    assert "Only those who hold this record may see that section now" in amina.client.get(page).text
    for member in (amina, sara):
        assert "The money we owe" not in member.client.get(meeting).text
    for address in ("", "/timeline", "/dates", "/search"):
        assert "The money we owe" not in sara.client.get(yusuf + address).text
    assert sara.client.get(page).status_code == 404
    assert sara.client.get(f"{page}.pdf").status_code == 404


def test_it_says_who_may_see_that_section(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "family_plan")
    assert (
        "These people may see that section, and so this too: Sara Morgan"
        in amina.client.get(f"{pages_of(meeting)}/getting-ready").text
    )


def test_there_is_one_sheet_a_meeting_and_whoever_is_second_is_shown_both(amina, yusuf, meeting):
    page = f"{pages_of(meeting)}/getting-ready"
    fill(amina.client, page, **WRITTEN)
    second = fill(amina.client, page, **{**WRITTEN, "questions": "What about Sundays?"}, version="0")
    assert second.status_code == 409
    assert "What about Sundays?" in second.text
    assert "Who drives the bus?" in second.text
    fill(amina.client, page, **{**WRITTEN, "questions": "Both"}, version="1")
    assert sheets(amina, yusuf) == [("family_plan", 2)]
    fill(amina.client, f"{pages_of(plan(amina, yusuf))}/getting-ready", **WRITTEN)
    assert len(sheets(amina, yusuf)) == 2


def test_nothing_written_is_nothing_kept(amina, yusuf, meeting):
    assert fill(amina.client, f"{pages_of(meeting)}/getting-ready", questions=" ").status_code == 400
    assert sheets(amina, yusuf) == []
    assert amina.client.get(f"{pages_of(meeting)}/getting-ready.pdf").status_code == 404


def test_it_prints_on_one_sheet(amina, meeting):
    page = f"{pages_of(meeting)}/getting-ready"
    fill(amina.client, page, **WRITTEN)
    pdf = amina.client.get(f"{page}.pdf")
    assert pdf.mimetype == "application/pdf"
    printed.check_accessible(pdf.data, "Getting ready: Spring meeting")
    assert printed.pages(pdf.data) == 1
    text = printed.words(pdf.data)
    for words in ("Who drives the bus?", "The money we owe", "He likes the bus", "For us alone"):
        assert words in text
    assert "filename=getting-ready.pdf" in pdf.headers["Content-Disposition"]
    assert "He likes the bus" in printed.words(amina.client.get(f"{page}.pdf?large").data)
