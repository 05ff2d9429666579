"""A contact whom families may be given goes into a family's record: where the family lets somebody add, and nowhere else."""

from __future__ import annotations

import re

import pytest

from directory.keeping import designated_contacts as keeping
from directory.store import designated_contacts as rows
from tests.directory.desk.people import ROSA, add, press, settings
from tests.family import Member
from tests.records.pages.conftest import begin_record
from tests.records.pages.readers import notice, take_up


def given(amina: Member, sara: Member, verb: str, section: str = "people") -> str:
    """Amina's record, of which Sara has a section."""
    record = begin_record(amina)
    take_up(amina, record, sara, section, verb=verb)
    notice(amina, record)
    return record


def tap(sara: Member, contact_id: str) -> str:
    """The page that asks whose record."""
    answer = press(sara, f"/directory/contacts/{contact_id}/keep")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def test_a_key_worker_who_may_add_keeps_them_with_the_day_of_the_check(sara, amina, own_db):
    record = given(amina, sara, "read_and_add")
    contact = add(own_db)
    keeping.check(own_db, settings(sara.app), contact.id, "phoned", "Beth")
    page = tap(sara, contact.id)
    assert "Put into Yusuf’s record" in page
    action = re.search(rf'action="({record}/people/from-a-contact)"', page)[1]
    fields = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page.split(action)[1].split("</form>")[0]))
    for _ in range(2):
        assert sara.client.post(action, data=fields).status_code == 302
    shown = amina.client.get(f"{record}/people").text
    assert shown.count("Rosa Ångström-Percent</a>") == 1, "sent twice it is one person"
    entry = re.search(rf'href="({record}/entries/[0-9a-f]+)"[^>]*>[^<]*Rosa', shown)[1]
    kept = amina.client.get(entry).text
    for words in ("01632 960777", "Designated clinical officer", "Checked by phone", "people in agencies"):
        assert words in kept
    assert "Likes a text first" not in kept


@pytest.mark.parametrize(("verb", "section"), [("read", "people"), ("read_and_add", "diary"), ("add", "people")])
def test_who_may_not_add_to_people_is_offered_nothing_and_refused(sara, amina, own_db, verb, section):
    record = given(amina, sara, verb, section)
    page = tap(sara, add(own_db).id)
    assert "Put into" not in page
    assert "No family has let you add" in page
    assert press(sara, f"{record}/people/from-a-contact", name="Rosa").status_code in {403, 404}
    assert "Rosa" not in amina.client.get(f"{record}/people").text


def test_who_has_no_key_to_the_record_is_refused(sara, amina, own_db):
    record = begin_record(amina)
    assert press(sara, f"{record}/people/from-a-contact", name="Rosa").status_code in {403, 404}
    assert "Put into" not in tap(sara, add(own_db).id)


def test_an_officer_keeps_no_record_and_a_parent_never_sees_them(beth, amina, own_db):
    contact = add(own_db)
    assert "Put into" not in tap(beth, contact.id)
    begin_record(amina)
    assert press(amina, f"/directory/contacts/{contact.id}/keep").status_code == 403
    keeping.change(own_db, contact.id, ROSA | {"for_families": ""}, "Beth", rows.get(own_db, contact.id).version)
    assert press(beth, f"/directory/contacts/{contact.id}/keep").status_code == 403
