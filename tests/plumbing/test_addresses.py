"""No request chooses the links that leave the house."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plumbing import addresses
from plumbing.settings import ROOT, Settings
from tests.conftest import create_app, settings_for

PUBLIC = "https://linkbook.example.org"


@pytest.fixture
def public_app(tmp_path):
    return create_app(settings_for(tmp_path / "data", address=PUBLIC))


def test_a_link_that_leaves_begins_with_the_public_address(public_app):
    with public_app.test_request_context("/", base_url="http://evil.example"):
        assert addresses.outside("accounts.register") == f"{PUBLIC}/register"


@pytest.mark.parametrize("host", ["linkbook.example.org", "LINKBOOK.example.org", "linkbook.example.org:443"])
def test_the_public_host_is_answered(public_app, host):
    assert public_app.test_client().get("/register", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost", "linkbook.example.org.evil.example", "linkbook.example.org:8443", "linkbook.example.org:x"],
)
def test_no_other_host_is(public_app, host):
    answer = public_app.test_client().get("/register", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_without_one_the_start_says_so_but_to_developers(tmp_path):
    settings = Settings(data=tmp_path)
    assert "LINKBOOK_ADDRESS" in str(addresses.where(settings))
    assert addresses.where(replace(settings, development=True)) is None
    assert addresses.where(replace(settings, address=PUBLIC)) is None


@pytest.mark.parametrize(
    "wrong", ["linkbook.example.org", "ftp://linkbook.example.org", "https://", f"{PUBLIC}/here", f"{PUBLIC}?a"]
)
def test_an_address_that_is_none_is_refused_at_the_start(tmp_path, wrong):
    with pytest.raises(ValueError, match="LINKBOOK_ADDRESS"):
        create_app(settings_for(tmp_path / "data", address=wrong))


def test_nothing_else_makes_whole_addresses():
    ours = [
        path for folder in ("accounts", "directory", "records", "plumbing", "templates") for path in (ROOT / folder).rglob("*.*")
    ]
    found = [path.name for path in ours if path.suffix in {".py", ".html"} and "_external=True" in path.read_text()]
    assert found == ["addresses.py"]
