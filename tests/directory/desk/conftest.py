"""Those who work at the desk, signed in, over a copy of the starter directory that may be changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from accounts.account import INFORMATION_OFFICER, KEY_WORKER, SERVICE_MANAGER
from directory.keeping.imports import Workshop
from plumbing.fetching import Limits
from tests.family import AMINA, BETH, DEV, SARA, Member, join_staff, sign_up


@pytest.fixture
def beth(own_app: Flask) -> Member:
    """The information officer."""
    return join_staff(own_app.test_client(), BETH, INFORMATION_OFFICER)


@pytest.fixture
def dev(own_app: Flask) -> Member:
    """The service manager."""
    return join_staff(own_app.test_client(), DEV, SERVICE_MANAGER)


@pytest.fixture
def sara(own_app: Flask) -> Member:
    """A key worker."""
    return join_staff(own_app.test_client(), SARA, KEY_WORKER)


@pytest.fixture
def amina(own_app: Flask) -> Member:
    """A parent."""
    return sign_up(own_app.test_client(), AMINA)


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """Where imports are worked on; it may ask a server of the test's own."""
    return Workshop(tmp_path / "imports", Limits(anywhere=True))
