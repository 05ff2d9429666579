"""The officers' page of files."""

from __future__ import annotations

import pytest

from tests.directory.desk.conftest import amina, beth, sara

__all__ = ["amina", "beth", "sara"]


def test_an_officer_finds_every_file(beth):
    page = beth.client.get("/directory/exports").text
    for address in ("/api/services.csv", "/api/services.json", "/api/hsds.zip", "/api/about"):
        assert f'href="{address}"' in page
        assert beth.client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["sara", "amina"])
def test_nobody_else_has_that_page(who, request):
    assert request.getfixturevalue(who).client.get("/directory/exports").status_code == 403


def test_the_feed_sets_no_cookie_and_says_the_same_to_somebody_who_is_signed_in(beth, own_client):
    for address in ("/api/services", "/api"):
        mine, anybodys = beth.client.get(address), own_client.get(address)
        assert mine.data == anybodys.data
        assert "Set-Cookie" not in mine.headers
