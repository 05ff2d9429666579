"""Guides at the desk: written, looked at by a second person, checked on their own clock, and ours when a newer text comes."""

from __future__ import annotations

import datetime
import re
import shutil

import pytest
from bs4 import BeautifulSoup

from directory import reference, setup
from directory.guide import Guide, GuideStanding
from directory.keeping import guides as keeping
from directory.store import guides as rows
from plumbing import clock
from tests.family import token_of


def _form(member, address):
    page = BeautifulSoup(member.client.get(address).text, "html.parser")
    form = next(one for one in page.select("main form") if one.find("textarea", {"name": "body"}))
    fields = {}
    for one in form.select("input, textarea"):
        if one.get("type") == "checkbox" and not one.has_attr("checked"):
            continue
        fields.setdefault(one["name"], []).append(one.get("value", one.text.strip("\n")))
    return form["action"], fields


def _write(member, address, do="publish", **changes):
    action, fields = _form(member, address)
    return member.client.post(action, data=fields | changes | {"do": do})


def _press(member, address, page, **data):
    token = token_of(member.client.get(page).text)
    return member.client.post(address, data=data | {"csrf_token": token})


@pytest.fixture
def approval(own_app):
    object.__setattr__(own_app.extensions["settings"], "approval", True)


NEW = {
    "title": "Short days at school",
    "summary": "What to do.",
    "words": "melatonin, sleep",
    "categories": "sleep",
    "body": "## First\n\n- Ring the SENCO\n\n<script>alert(1)</script>",
}


def test_a_new_guide_is_looked_at_published_and_found(beth, own_client):
    action, fields = _form(beth, "/directory/guides/new")
    looked = beth.client.post(action, data=fields | NEW | {"do": "look"}).text
    assert "<h2>First</h2>" in looked
    assert "<script>alert" not in looked
    assert own_client.get("/guides/short-days-at-school").status_code == 404
    assert beth.client.post(action, data=fields | NEW | {"do": "publish"}).status_code == 302
    page = own_client.get("/guides/short-days-at-school")
    assert "<li>Ring the SENCO</li>" in page.text
    assert "&lt;script&gt;" in page.text
    assert "Short days at school" in own_client.get("/guides").text
    assert "Short days at school" in own_client.get("/search?q=sleep+short+days").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give the guide a title"),
        ({"body": " "}, "Write the guide"),
        ({"written": "2199-01-01"}, "today or before"),
        ({"categories": "made-up"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_published_is_said_and_kept_in_the_form(beth, changes, words, own_db):
    answer = _write(beth, "/directory/guides/new", **(NEW | changes))
    assert answer.status_code == 400
    assert "not a valid choice" in answer.text if "categories" in changes else words in answer.text
    assert "What to do." in answer.text
    assert "short-days-at-school" not in reference.get_guides(own_db)


def test_a_draft_is_its_writers_and_is_thrown_away(beth, dev, own_client):
    answer = _write(beth, "/directory/guides/sleep/edit", "keep", title="Half a title")
    assert "Half a title" in beth.client.get(answer.location).text
    assert dev.client.get(answer.location).status_code == 404
    assert "Half a title" not in own_client.get("/guides/sleep").text
    _write(beth, answer.location, "discard")
    assert beth.client.get(answer.location).status_code == 404


def test_history_says_what_changed_and_brings_it_back(beth, own_db, own_client):
    before = reference.get_guides(own_db)["sleep"]
    _write(beth, "/directory/guides/sleep/edit", body=before.body + "\n\nRing the new sleep line.", why="A new line")
    history = beth.client.get("/directory/guides/sleep/history").text
    assert "A new line" in history
    assert "<ins>" in history
    assert "Ring the new sleep line." in history
    assert history.count("<del>") == 0
    first = rows.guide_revisions(own_db, "sleep")[-1]
    assert first.guide == before
    _press(beth, f"/directory/guides/sleep/history/{first.number}", "/directory/guides/sleep/history")
    assert reference.get_guides(own_db)["sleep"] == before
    assert "Ring the new sleep line." not in own_client.get("/guides/sleep").text


def test_the_second_of_two_is_shown_both(beth, dev, own_db):
    action, fields = _form(beth, "/directory/guides/sleep/edit")
    _write(dev, "/directory/guides/sleep/edit", summary="What Dev wrote.")
    answer = beth.client.post(action, data=fields | {"summary": "What Beth wrote.", "do": "publish"})
    assert answer.status_code == 409
    assert "What Dev wrote." in answer.text
    assert "What Beth wrote." in answer.text
    assert "You both changed: Summary" in answer.text
    assert reference.get_guides(own_db)["sleep"].summary == "What Dev wrote."
    page = BeautifulSoup(answer.text, "html.parser")
    form = next(one for one in page.select("main form") if one.find("textarea", {"name": "body"}))
    again = {name: form.find("input", {"name": name})["value"] for name in ("version", "saves", "csrf_token")}
    assert beth.client.post(form["action"], data=fields | again | {"summary": "Both.", "do": "publish"}).status_code == 302
    assert reference.get_guides(own_db)["sleep"].summary == "Both."


def test_a_second_person_approves_and_nobody_their_own(beth, dev, own_db, own_client, approval):
    assert _write(beth, "/directory/guides/sleep/edit", summary="By Beth.").location.endswith("?said=asked")
    assert "By Beth." not in own_client.get("/guides/sleep").text
    draft = rows.list_guide_drafts(own_db, ("waiting",))[0]
    address = f"/directory/guides/waiting/{draft.id}"
    assert _press(beth, address, "/directory/guides/new", do="approve", saves=draft.saves).status_code == 403
    assert _press(dev, address, address, do="approve", saves=draft.saves - 1).status_code == 409
    assert "Guides waiting for approval" in dev.client.get("/directory").text
    assert _press(dev, address, address, do="approve", saves=draft.saves).status_code == 302
    assert "By Beth." in own_client.get("/guides/sleep").text
    assert rows.guide_revisions(own_db, "sleep")[0].who == f"{draft.author} + {dev.shown_name}"


def test_what_is_sent_back_says_why(beth, dev, own_db, approval):
    _write(beth, "/directory/guides/sleep/edit", summary="By Beth.")
    address = f"/directory/guides/waiting/{rows.list_guide_drafts(own_db, ('waiting',))[0].id}"
    assert _press(dev, address, address, do="back", words=" ").status_code == 400
    _press(dev, address, address, do="back", words="Too long")
    assert "Sent back: Too long" in beth.client.get("/directory/guides").text


def test_a_check_is_shown_and_an_edit_is_none(beth, own_client, own_db):
    _write(beth, "/directory/guides/sleep/edit", summary="Edited.")
    assert "Checked on" not in own_client.get("/guides/sleep").text
    _press(beth, "/directory/guides/sleep/check", "/directory/guides/sleep")
    assert "Checked on" in own_client.get("/guides/sleep").text
    assert keeping.due(own_db, clock.today(), 12) == []


def test_the_clock_and_the_day_of_a_law_bring_it_to_the_desk(beth, own_db):
    assert "Guides to look at" not in beth.client.get("/directory").text
    _press(beth, "/directory/guides/dla/look-by", "/directory/guides/dla", day=clock.today().isoformat(), why="New rates")
    assert "Guides to look at" in beth.client.get("/directory").text
    assert "New rates" in beth.client.get("/directory/guides").text
    with clock.moved(days=31):
        due = keeping.due(own_db, clock.today(), 12)
        assert [(one.guide.slug, one.why, one.is_late(clock.today())) for one in due] == [("dla", "New rates", True)]
    with clock.moved(days=400):
        assert len(keeping.due(own_db, clock.today(), 12)) == len(reference.get_guides(own_db))
        assert [one.guide.slug for one in keeping.due(own_db, clock.today(), 0)] == ["dla"]


def test_a_day_that_is_over_is_refused(beth):
    answer = _press(beth, "/directory/guides/dla/look-by", "/directory/guides/dla", day="2020-01-01", why="Law")
    assert answer.status_code == 400
    assert "Give a day to come" in answer.text


def test_retired_is_said_at_its_address_and_history_brings_it_back(beth, own_db, own_client):
    _press(beth, "/directory/guides/sleep/retire", "/directory/guides/sleep", why="Old")
    assert own_client.get("/guides/sleep").status_code == 410
    assert 'href="/guides/sleep"' not in own_client.get("/guides").text
    version = next(one for one in rows.guide_revisions(own_db, "sleep") if one.guide)
    _press(beth, f"/directory/guides/sleep/history/{version.number}", "/directory/guides/sleep/history")
    assert own_client.get("/guides/sleep").status_code == 200


@pytest.fixture
def newer(tmp_path):
    """The reference data of a newer Linkbook, in which the guide to sleep says something else."""
    folder = tmp_path / "reference"
    shutil.copytree(setup.REFERENCE, folder)
    path = folder / "guides" / "sleep.md"
    path.write_text(path.read_text("utf-8") + "\n\nWhat the newer Linkbook says.\n", "utf-8")
    return folder


def test_a_newer_text_comes_by_itself_where_nobody_changed_ours(newer, own_db):
    setup.set_up(own_db, newer)
    assert "What the newer Linkbook says." in reference.get_guides(own_db)["sleep"].body
    assert keeping.newer_shipped(own_db) == []


def test_ours_survives_a_set_up_and_the_desk_shows_both(beth, newer, own_db, own_client):
    _write(beth, "/directory/guides/sleep/edit", summary="Ours.")
    setup.set_up(own_db, newer)
    assert "Ours." in own_client.get("/guides/sleep").text
    page = beth.client.get("/directory/guides/sleep").text
    assert "A newer text came with Linkbook" in page
    assert "What the newer Linkbook says." in page
    assert "Guides to look at" in beth.client.get("/directory").text
    _press(beth, "/directory/guides/sleep/keep-ours", "/directory/guides/sleep")
    assert keeping.newer_shipped(own_db) == []
    assert "Ours." in own_client.get("/guides/sleep").text


def test_the_newer_text_is_taken_like_any_change(beth, newer, own_db):
    _write(beth, "/directory/guides/sleep/edit", summary="Ours.")
    setup.set_up(own_db, newer)
    assert _write(beth, "/directory/guides/sleep/edit?shipped=1").status_code == 302
    guide, standing = reference.get_guides(own_db)["sleep"], rows.get_standing(own_db, "sleep")
    assert guide == standing.shipped == standing.base


def test_a_retired_guide_does_not_come_back_with_a_set_up(beth, newer, own_db):
    _press(beth, "/directory/guides/sleep/retire", "/directory/guides/sleep", why="")
    setup.set_up(own_db, newer)
    assert "sleep" not in reference.get_guides(own_db)


def test_only_officers_write_guides(sara, amina, own_client):
    for client in (sara.client, amina.client):
        assert client.get("/directory/guides").status_code == 403
        assert client.get("/directory/guides/sleep/edit").status_code == 403
    assert re.search("/sign-in", own_client.get("/directory/guides").location)


def test_the_sooner_of_clock_and_day_counts():
    guide = Guide("a", "A", "a", written=datetime.date(2026, 1, 31))
    standing = GuideStanding("a", checked_on=datetime.date(2026, 2, 28), look_by=datetime.date(2026, 6, 1))
    assert standing.due_on(guide, 12) == datetime.date(2026, 6, 1)
    assert GuideStanding("a").due_on(guide, 13) == datetime.date(2027, 2, 28)
    assert GuideStanding("a").due_on(guide, 0) is None
