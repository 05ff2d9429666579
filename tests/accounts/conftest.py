"""Amina and her browser, in a Linkbook of their own."""

from __future__ import annotations

import pytest
from flask import Flask

from plumbing.db import open_db
from tests.family import AMINA, Member, sign_up


@pytest.fixture
def amina(empty_app: Flask) -> Member:
    """Amina, signed in."""
    return sign_up(empty_app.test_client(), AMINA)


@pytest.fixture
def family_db(empty_app: Flask):
    """What somebody sees who has the database in their hands."""
    db = open_db(empty_app.extensions["settings"].family_db, secure_delete=True)
    yield db
    db.close()


@pytest.fixture
def sessions_db(empty_app: Flask):
    """The file of sessions."""
    db = open_db(empty_app.extensions["settings"].sessions_db, secure_delete=True)
    yield db
    db.close()
