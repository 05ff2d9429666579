"""A provider suggests changes to the listings of their own organisation, and gets near nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from accounts import store as accounts
from accounts.account import PROVIDER
from accounts.current import family, secrets
from directory import store
from directory.keeping import editing
from directory.store import drafts, providers
from tests.directory.desk.test_editing import begin, publish, send, token
from tests.family import _member, fill, sign_in, token_of

WORDS = "four sheep under a bridge"


@pytest.fixture
def organization(own_db):
    """An organisation with listings."""
    for service in store.get_services(own_db, store.all_service_ids(own_db)):
        if service.organization and all(phone.is_shown for phone in service.phones):
            return service.organization
    raise AssertionError


@pytest.fixture
def pat(own_app, beth, organization):
    """Somebody at that organisation, invited by Beth through the pages."""
    page = beth.client.get("/directory/providers").text
    data = {"csrf_token": token_of(page), "shown_name": "Pat", "organizations": organization.name, "email": ""}
    answer = beth.client.post("/directory/providers", data=data)
    assert answer.status_code == 200, answer.text
    code = re.findall(r'<b class="name">([^<]+)</b>', answer.text)[0]
    client = own_app.test_client()
    fill(client, "/join", code=code)
    assert fill(client, "/join", to="/join/passphrase", code=code, passphrase=WORDS).status_code == 302
    return _member(client, "Pat", WORDS)


def _own(db, organization):
    return store.get_services(db, store.services_run_by(db, organization.id))[0]


def _others(db, organization):
    return next(
        one
        for one in store.get_services(db, store.all_service_ids(db))
        if one.organization and one.organization.id != organization.id
    )


def test_a_provider_sees_their_own_listings_and_no_others(pat, own_db, organization):
    page = pat.client.get("/directory/mine").text
    assert _own(own_db, organization).id in page
    assert _others(own_db, organization).id not in page
    assert pat.account().role == PROVIDER


def test_what_a_provider_writes_always_waits_for_an_officer(pat, beth, own_db, own_client, organization):
    service = _own(own_db, organization)
    draft = begin(pat, service)
    send(pat, f"{draft}/name", name="As Pat says")
    page = pat.client.get(f"{draft}/finish").text
    assert "Send it to be approved" in page
    publish(pat, draft, why="New name", checked="phoned")
    assert service.name in own_client.get(f"/services/{service.id}").text
    address = f"/directory/waiting/{draft.rsplit('/', 1)[1]}"
    look = beth.client.get(address).text
    saves = re.findall(r'name="saves" value="(\d+)"', look)[0]
    assert beth.client.post(f"{address}/approve", data={"csrf_token": token_of(look), "saves": saves}).status_code == 302
    found = store.get_services(own_db, [service.id])[0]
    assert found.name == "As Pat says"
    assert found.check == service.check, "a provider checks by the link we send them, not by editing"


def test_a_provider_cannot_begin_on_a_listing_of_somebody_else(pat, own_db, organization):
    other = _others(own_db, organization)
    answer = pat.client.post(f"/directory/listings/{other.id}/edit", data={"csrf_token": token(pat)})
    assert answer.status_code == 404
    assert drafts.drafts_about(own_db, other.id) == []


def test_a_provider_cannot_give_a_listing_to_another_organisation(pat, own_db, organization):
    other = _others(own_db, organization)
    draft = begin(pat, _own(own_db, organization))
    send(pat, f"{draft}/name", organization=other.organization.name)
    kept = drafts.get_draft(own_db, draft.rsplit("/", 1)[1])
    assert kept is not None
    assert kept.service.organization == organization


def test_a_draft_is_shut_when_the_listing_went_to_another_organisation(pat, own_db, organization):
    service = _own(own_db, organization)
    draft = begin(pat, service)
    editing.save(own_db, replace(service, organization=_others(own_db, organization).organization), "Beth", "moved")
    for rest in ("name", "finish", "both"):
        assert pat.client.get(f"{draft}/{rest}").status_code == 404


def test_a_draft_is_shut_when_the_listing_is_theirs_no_more(pat, own_db, organization):
    draft = begin(pat, _own(own_db, organization))
    providers.let_write(own_db, pat.id, [])
    assert pat.client.get(f"{draft}/name").status_code == 404


def test_a_new_listing_stands_under_their_own_organisation(pat, own_db, organization):
    other = _others(own_db, organization)
    data = {"csrf_token": token(pat), "organization": other.organization.id}
    draft = pat.client.post("/directory/listings/new", data=data).location.rsplit("/", 1)[0]
    kept = drafts.get_draft(own_db, draft.rsplit("/", 1)[1])
    assert kept is not None
    assert kept.service.organization == organization


@pytest.mark.parametrize(
    "address",
    ["/directory", "/directory/listings", "/directory/waiting", "/directory/providers", "/directory/checks", "/directory/reports",
     "/staff", "/start-together"],
)  # fmt: skip
def test_a_provider_gets_to_nothing_of_the_officers(pat, address):
    assert pat.client.get(address).status_code == 403


def test_a_provider_sees_no_name_of_staff_no_note_and_no_history(pat, beth, own_db, organization):
    service = _own(own_db, organization)
    beth.client.post(f"/directory/listings/{service.id}/note", data={"csrf_token": token(beth), "note": "Their manager drinks"})
    editing.save(own_db, replace(service, alert="Changed"), "Beth", "secret why")
    for address in (f"/directory/listings/{service.id}", f"/directory/listings/{service.id}/history"):
        assert pat.client.get(address).status_code == 403
    draft = begin(pat, service)
    for page in ("/directory/mine", "/directory/drafts", f"{draft}/name", f"{draft}/finish"):
        text = pat.client.get(page).text
        assert "Beth" not in text
        assert "drinks" not in text
        assert "secret why" not in text


def test_a_provider_may_begin_no_record(pat):
    assert pat.client.get("/records/new").status_code == 403


def test_an_account_that_ends_is_out_at_once_and_leaves_what_waits(pat, beth, own_app, own_db, organization):
    draft = begin(pat, _own(own_db, organization))
    send(pat, f"{draft}/name", name="As Pat says")
    address = f"/directory/providers/{pat.id}/end"
    page = beth.client.get(address)
    assert page.status_code == 200
    beth.client.post(address, data={"csrf_token": token_of(page.text)})
    assert pat.client.get("/directory/mine").status_code == 302
    assert providers.organizations_of(own_db, pat.id) == ()
    assert drafts.drafts_of(own_db, pat.id) == []
    assert sign_in(own_app.test_client(), pat.sign_in_name, WORDS).status_code != 302
    with own_app.test_request_context():
        assert [one.ended_on is not None for one in accounts.list_providers(family(), secrets().server_key)] == [True]


def test_an_officer_ends_only_providers(beth, dev):
    assert beth.client.get(f"/directory/providers/{dev.id}/end").status_code == 404
    assert beth.client.post(f"/directory/providers/{dev.id}/end", data={"csrf_token": token(beth)}).status_code == 404


def test_an_invitation_names_organisations_that_we_have(beth):
    page = beth.client.get("/directory/providers").text
    data = {"csrf_token": token_of(page), "shown_name": "Pat", "email": ""}
    for named in ("", "No such people"):
        answer = beth.client.post("/directory/providers", data=data | {"organizations": named})
        assert answer.status_code == 400
        assert "Error:" in answer.text


def test_an_invitation_taken_back_lets_nobody_in(beth, own_db, organization):
    page = beth.client.get("/directory/providers").text
    data = {"csrf_token": token_of(page), "shown_name": "Pat", "organizations": organization.name, "email": ""}
    beth.client.post("/directory/providers", data=data)
    id_ = re.findall(r'name="invitation" value="([0-9a-f]{32})"', beth.client.get("/directory/providers").text)[0]
    beth.client.post("/directory/providers/invitations/end", data={"csrf_token": token(beth), "invitation": id_})
    assert "Pat" not in beth.client.get("/directory/providers").text
    assert providers.invited_for(own_db, id_) == ()


def test_families_and_key_workers_invite_nobody(sara, amina):
    for member in (sara, amina):
        assert member.client.get("/directory/providers").status_code == 403
        assert member.client.post("/directory/providers", data={"csrf_token": token(member)}).status_code == 403
