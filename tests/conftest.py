"""What every test stands on: a real directory in a folder of its own, real search, and a client that looks at every page.

The starter directory is set up once a session and copied for tests that change something.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlite_utils import Database

from app import create_app
from directory import setup
from directory.search import Finder, Query
from plumbing.db import open_db
from plumbing.settings import Settings
from tests import once
from tests.inspector import InspectingClient

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PROOF = bool(os.environ.get("LINKBOOK_PROOF"))
# Argon2id as weak as it goes: what is tested is what is done with its keys. The vectors test it as it is.
CHEAP = "m=64,t=1,p=1"


def settings_for(data: Path, **changes: Any) -> Settings:
    """How Linkbook runs in tests: guesses at passphrases are cheap, and sessions lie beside the data."""
    usual = {"argon2": CHEAP, "sessions_folder": str(data.with_name(f"{data.name}-sessions"))}
    return Settings(data=data, **usual | changes)


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the starter directory and its index. Read only: copy it to change it."""
    data = tmp_path_factory.mktemp("starter")
    app = create_app(settings_for(data))
    db = open_db(data / "directory.db")
    setup.set_up(db)
    app.extensions["finder"].search(db, Query(size=1))
    db.close()
    return data


@pytest.fixture(scope="session")
def app(starter: Path) -> Flask:
    """Linkbook over the starter directory, for tests that only look."""
    return _app(starter)


@pytest.fixture
def own_data(starter: Path, tmp_path: Path) -> Path:
    """A copy of the starter directory that a test may change."""
    return shutil.copytree(starter, tmp_path / "data")


@pytest.fixture
def own_app(own_data: Path) -> Flask:
    """Linkbook over a copy of the starter directory."""
    return _app(own_data)


@pytest.fixture
def empty_app(tmp_path: Path) -> Flask:
    """Linkbook with nothing in it, not even categories."""
    return _app(tmp_path / "empty")


def plain_app(data: Path, **changes: Any) -> Flask:
    """Linkbook over a folder, with clients that do not look at every page as an inspector would."""
    app = create_app(settings_for(data, development=True, **changes))
    once.share_templates(app)
    app.testing = True
    return app


def _app(data: Path, **changes: Any) -> Flask:
    app = plain_app(data, **changes)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.test_client_class = InspectingClient
    return app


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., Flask]:
    """Linkbook with nothing in it, and with other settings."""
    return lambda **changes: _app(tmp_path / "made", **changes)


@pytest.fixture(scope="session")
def demonstration(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Linkbook filled with the invented family, only to look at."""
    data = shutil.copytree(starter, tmp_path_factory.mktemp("demonstration") / "data")
    app = _app(data, demonstration_family=True)
    answer = app.test_cli_runner().invoke(args=["demonstration", "fill"])
    assert answer.exit_code == 0, answer.output
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Looks at the starter directory, and at every page it is given."""
    return app.test_client()


@pytest.fixture
def own_client(own_app: Flask) -> FlaskClient:
    """Like `client`, over a copy that may be changed."""
    return own_app.test_client()


@pytest.fixture
def runner(own_app: Flask) -> FlaskCliRunner:
    """The command line over a copy of the starter directory."""
    return own_app.test_cli_runner()


@pytest.fixture
def db(app: Flask) -> Iterator[Database]:
    """The starter directory, only to read."""
    db = open_db(app.extensions["settings"].directory_db)
    yield db
    db.close()


@pytest.fixture
def own_db(own_data: Path) -> Iterator[Database]:
    """A copy of the starter directory that a test may change."""
    db = open_db(own_data / "directory.db")
    yield db
    db.close()


@pytest.fixture(scope="session")
def finder(app: Flask) -> Finder:
    """Search over the starter directory."""
    return app.extensions["finder"]


@pytest.fixture
def own_finder(own_app: Flask) -> Finder:
    """Search over a copy that may be changed."""
    return own_app.extensions["finder"]


@pytest.fixture
def samples() -> Path:
    """Other people's real data, which is not ours to keep in the project."""
    folder = SHARED / "samples"
    if not folder.is_dir():
        pytest.skip("the samples of other people's data are not beside this checkout")
    return folder


class Server:
    """A real server process for tests that need one."""

    def __init__(self, data: Path, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        settings = {"LINKBOOK_SESSIONS": str(data.with_name(f"{data.name}-sessions")), "LINKBOOK_ARGON2": CHEAP}
        settings |= {"LINKBOOK_DATA": str(data), "LINKBOOK_BIND": f"127.0.0.1:{self.port}", "LINKBOOK_DEVELOPMENT": "yes"}
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | settings | environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(150):
            try:
                urllib.request.urlopen(self.url + "/privacy", timeout=2).read()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(self.log.read_text())

    def get(self, path: str) -> str:
        """The text of a page."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Linkbook as it is served, two processes, over a copy of the starter directory."""
    data = shutil.copytree(starter, tmp_path_factory.mktemp("served") / "data")
    server = Server(data)
    yield server
    server.stop()
