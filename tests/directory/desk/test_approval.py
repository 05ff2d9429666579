"""With approval on, a change waits until a second officer has looked at it; families see the last approved listing."""

from __future__ import annotations

import dataclasses
import datetime
import re

import pytest
from flask import Flask

from accounts.account import INFORMATION_OFFICER, SERVICE_MANAGER
from directory import store
from directory.keeping import drafting, editing
from directory.keeping.history import may_undo
from directory.store import drafts
from plumbing import clock
from plumbing.ids import new_id
from plumbing.settings import Settings
from tests.directory.desk.test_editing import _service, begin, publish, send, token
from tests.family import BETH, DEV, join_staff, token_of


@pytest.fixture
def approving(own_app: Flask) -> Flask:
    """Linkbook where a second person looks at each change."""
    own_app.extensions["settings"] = dataclasses.replace(own_app.extensions["settings"], approval=True)
    return own_app


@pytest.fixture
def beth(approving):
    return join_staff(approving.test_client(), BETH, INFORMATION_OFFICER)


@pytest.fixture
def dev(approving):
    return join_staff(approving.test_client(), DEV, SERVICE_MANAGER)


@pytest.fixture
def waiting(beth, own_db):
    """A change of Beth's that waits: the listing as it was, and the address where it is looked at."""
    service = _service(own_db, phones=True)
    draft = begin(beth, service)
    send(beth, f"{draft}/name", name="Changed by Beth")
    answer = publish(beth, draft, why="They rang", checked="phoned")
    assert answer.status_code == 302
    assert "waits now" in beth.client.get(answer.location).text
    return service, f"/directory/waiting/{draft.rsplit('/', 1)[1]}"


def _saves(page):
    return re.findall(r'name="saves" value="(\d+)"', page)[0]


def test_families_see_the_listing_as_it_was_until_somebody_approves(waiting, dev, own_client, own_db):
    service, address = waiting
    assert service.name in own_client.get(f"/services/{service.id}").text
    assert store.get_services(own_db, [service.id]) == [service]
    page = dev.client.get(address).text
    assert "→ Changed by Beth" in page
    assert "They rang" in page
    assert "Edits waiting for approval" in dev.client.get("/directory").text
    dev.client.post(f"{address}/approve", data={"csrf_token": token_of(page), "saves": _saves(page)})
    assert "Changed by Beth" in own_client.get(f"/services/{service.id}").text
    newest = store.revisions(own_db, service.id)[0]
    found = store.get_services(own_db, [service.id])[0]
    assert found.name == "Changed by Beth"
    assert "Beth" in newest.who
    assert found.check is not None
    assert (found.check.how, found.check.checked_by) == ("phoned", "Beth")


def test_nobody_approves_their_own_nor_sends_it_back(waiting, beth, own_db):
    service, address = waiting
    page = beth.client.get(address).text
    assert "Approve and publish" not in page
    draft = drafts.drafts_about(own_db, service.id)[0]
    data = {"csrf_token": token(beth), "saves": str(draft.saves), "words": "x"}
    assert beth.client.post(f"{address}/approve", data=data).status_code == 403
    assert beth.client.post(f"{address}/send-back", data=data).status_code == 403
    assert store.get_services(own_db, [service.id])[0].name == service.name


def test_sent_back_with_words_it_is_the_writers_again(waiting, beth, dev, own_db):
    address = waiting[1]
    data = {"csrf_token": token(dev), "words": ""}
    assert dev.client.post(f"{address}/send-back", data=data).status_code == 400
    assert dev.client.post(f"{address}/send-back", data=data | {"words": "Which number?"}).status_code == 302
    assert "Which number?" in beth.client.get("/directory/drafts").text
    assert dev.client.get(address).status_code == 404


def test_what_was_written_on_after_it_was_sent_is_not_approved_unseen(waiting, beth, dev, own_db):
    service, address = waiting
    page = dev.client.get(address).text
    draft = f"/directory/drafts/{address.rsplit('/', 1)[1]}"
    send(beth, f"{draft}/name", name="Written on")
    answer = dev.client.post(f"{address}/approve", data={"csrf_token": token_of(page), "saves": _saves(page)})
    assert answer.status_code == 404
    publish(beth, draft)
    again = dev.client.post(f"{address}/approve", data={"csrf_token": token(dev), "saves": _saves(page)})
    assert again.status_code == 409
    assert store.get_services(own_db, [service.id])[0].name == service.name


def test_key_workers_families_and_strangers_do_not_get_there(waiting, sara, amina, own_client):
    address = waiting[1]
    assert sara.client.get(address).status_code == 403
    assert amina.client.get("/directory/waiting").status_code == 403
    assert own_client.get(address).status_code == 302


def test_retiring_and_bringing_back_wait_too(beth, own_db, own_client):
    service = _service(own_db)
    beth.client.post(f"/directory/listings/{service.id}/retire", data={"csrf_token": token(beth), "reason": "Closed"})
    assert own_client.get(f"/services/{service.id}").status_code == 200
    assert [draft.service.hidden for draft in drafts.drafts_in(own_db, "waiting")] == ["retired"]


def test_many_at_once_wait_each_by_itself(beth, own_db):
    ids = store.all_service_ids(own_db)[:2]
    data = {"csrf_token": token(beth), "ticked": ids, "action": "retire", "sure": "1"}
    beth.client.post("/directory/listings/many", data=data)
    assert len(drafts.drafts_in(own_db, "waiting")) == 2
    assert all(one.is_shown for one in store.get_services(own_db, ids))


def test_the_setting_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("LINKBOOK_APPROVAL", "yes")
    assert Settings.from_environment().approval is True


def test_what_is_saved_at_the_moment_of_approving_is_not_lost(waiting, beth, dev, own_db):
    """Between the look at a draft and its publishing its writer goes on: nothing is published, and nothing thrown away."""
    service, _address = waiting
    seen = drafts.drafts_about(own_db, service.id)[0]
    drafting.keep(own_db, seen, dataclasses.replace(seen.service, name="Written on"), seen.saves)
    boss = drafting.Writer(dev.id, "Dev")
    with pytest.raises(drafting.SavedElsewhereError):
        drafting.approve(own_db, seen, boss)
    with pytest.raises(drafting.SavedElsewhereError):
        drafting.send_back(own_db, seen, boss, "Which number?")
    with pytest.raises(drafting.SavedElsewhereError):
        drafting.finish(own_db, seen, drafting.Writer(beth.id, "Beth"), "why", "", approval=False)
    assert store.get_services(own_db, [service.id])[0].name == service.name
    assert drafts.drafts_about(own_db, service.id)[0].service.name == "Written on"


def test_what_was_approved_cannot_be_sent_back(waiting, dev, own_db):
    service, address = waiting
    seen, boss = drafts.drafts_about(own_db, service.id)[0], drafting.Writer(dev.id, "Dev")
    page = dev.client.get(address).text
    dev.client.post(f"{address}/approve", data={"csrf_token": token_of(page), "saves": _saves(page)})
    with pytest.raises(drafting.SavedElsewhereError):
        drafting.send_back(own_db, seen, boss, "Which number?")
    with pytest.raises(drafting.SavedElsewhereError):
        drafting.approve(own_db, seen, boss)
    assert drafts.drafts_about(own_db, service.id) == []


def retired(db, days_ago, who="Beth"):
    """A job of somebody's, some days old; returns the listing and the job."""
    service, job = _service(db), new_id()
    editing.save(db, dataclasses.replace(service, hidden="retired"), who, "closed", job)
    at = (clock.now() - datetime.timedelta(days=days_ago)).isoformat()
    db.execute("UPDATE service_revision SET at = ? WHERE job = ?", [at, job])
    db.conn.commit()
    return service.id, job


def undo(member, job):
    data = {"csrf_token": token_of(member.client.get("/directory/listings").text)}
    return member.client.post(f"/directory/jobs/{job}/undo", data=data).headers["Location"]


@pytest.mark.parametrize(("days", "said"), [(0, "undone"), (2, "second")])
def test_one_s_own_job_is_undone_alone_for_a_day(beth, own_db, days, said):
    service_id, job = retired(own_db, days)
    assert f"said={said}" in undo(beth, job)
    assert store.get_services(own_db, [service_id])[0].hidden == ("" if said == "undone" else "retired")


def test_a_second_person_undoes_what_is_older(beth, dev, own_db):
    service_id, job = retired(own_db, 9)
    assert "said=undone" in undo(dev, job)
    assert store.get_services(own_db, [service_id])[0].hidden == ""


def test_without_approval_anybody_undoes_anything():
    assert may_undo("Beth", "2020-01-01T00:00:00+00:00", "Beth", approval=False)
    assert not may_undo("Beth", "2020-01-01T00:00:00+00:00", "Beth", approval=True)
