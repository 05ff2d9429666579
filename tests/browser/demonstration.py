"""The demonstration's directory, served to a browser: a desk with work of every kind on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts.account import INFORMATION_OFFICER
from tests.browser.test_lock import Served, lend
from tests.conftest import plain_app
from tests.family import BETH, Member, join_staff


@pytest.fixture
def server(own_data: Path) -> Iterator[Served]:
    """Linkbook as `make demo` sets up its directory."""
    app = plain_app(own_data, demonstration_family=True)
    told = app.test_cli_runner().invoke(args=["setup"])
    assert told.exit_code == 0, told.output
    served = Served(app)
    yield served
    served.stop()


@pytest.fixture
def beth(server: Served) -> Member:
    """Beth, who keeps the directory."""
    return join_staff(server.app.test_client(), BETH, INFORMATION_OFFICER)


@pytest.fixture
def at_desk(desktop: Page, beth: Member, server: Served) -> Page:
    """Beth's screen, signed in."""
    lend(beth, desktop, server.url)
    return desktop
