"""Settings come from the environment and a wrong one is refused by name; the secret key is made once and kept to ourselves."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
import time
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from plumbing.settings import ROOT, Settings

VARIABLES = [setting.metadata["env"] for setting in fields(Settings)]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_without_an_environment_every_setting_has_its_default():
    assert Settings.from_environment() == Settings()


def test_out_of_the_box_nothing_is_open_that_should_be_shut():
    settings = Settings()
    assert not settings.development
    assert settings.trusted_proxies == 0
    assert settings.reports_an_hour > 0
    assert settings.data == ROOT / "data" / "local"


def test_every_setting_has_a_variable_and_a_reason():
    for setting in fields(Settings):
        assert setting.metadata["env"] == f"LINKBOOK_{setting.name.removesuffix('_folder').upper()}"
        assert len(setting.metadata["reason"]) > 20


def test_settings_cannot_be_changed_once_made():
    with pytest.raises(FrozenInstanceError):
        Settings().development = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("LINKBOOK_DATA", "/srv/linkbook", "data", Path("/srv/linkbook")),
        ("LINKBOOK_DATA", " /srv/link book ", "data", Path("/srv/link book")),
        ("LINKBOOK_DEVELOPMENT", "yes", "development", True),
        ("LINKBOOK_DEVELOPMENT", "TRUE", "development", True),
        ("LINKBOOK_DEVELOPMENT", "1", "development", True),
        ("LINKBOOK_DEVELOPMENT", "no", "development", False),
        ("LINKBOOK_DEVELOPMENT", "0", "development", False),
        ("LINKBOOK_DEVELOPMENT", "", "development", False),
        ("LINKBOOK_CONTACT_EMAIL", "help@example.org", "contact_email", "help@example.org"),
        ("LINKBOOK_TRUSTED_PROXIES", "2", "trusted_proxies", 2),
        ("LINKBOOK_HTTPS_ONLY", "yes", "https_only", True),
        ("LINKBOOK_REPORTS_AN_HOUR", "12", "reports_an_hour", 12),
        ("LINKBOOK_REPORTS_AN_HOUR", "  ", "reports_an_hour", 6),
        ("LINKBOOK_SMTP_TLS", "TLS", "smtp_tls", "tls"),
        ("LINKBOOK_SMTP_PASSWORD", "Two Words", "smtp_password", "Two Words"),
    ],
)
def test_a_setting_is_read_from_its_variable(monkeypatch, variable, text, name, value):
    monkeypatch.setenv(variable, text)
    assert getattr(Settings.from_environment(), name) == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("LINKBOOK_DEVELOPMENT", "maybe"),
        ("LINKBOOK_DEVELOPMENT", "on"),
        ("LINKBOOK_DEVELOPMENT", "2"),
        ("LINKBOOK_HTTPS_ONLY", "https"),
        ("LINKBOOK_SMTP_TLS", "ssl"),
        ("LINKBOOK_SMTP_PORT", "submission"),
        ("LINKBOOK_TRUSTED_PROXIES", "-1"),
        ("LINKBOOK_TRUSTED_PROXIES", "one"),
        ("LINKBOOK_TRUSTED_PROXIES", "1.5"),
        ("LINKBOOK_TRUSTED_PROXIES", "²"),
        ("LINKBOOK_REPORTS_AN_HOUR", "six"),
        ("LINKBOOK_REPORTS_AN_HOUR", "6 per hour"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(monkeypatch, variable, text):
    monkeypatch.setenv(variable, text)
    with pytest.raises(ValueError, match=variable):
        Settings.from_environment()


def test_a_variable_that_nobody_knows_changes_nothing(monkeypatch):
    monkeypatch.setenv("LINKBOOK_SECRET_KEY", "hunter2")
    assert Settings.from_environment() == Settings()


def test_everything_we_store_stands_in_the_data_folder(tmp_path):
    settings = Settings(data=tmp_path)
    for path in (settings.directory_db, settings.search_index, settings.limits_db):
        assert path.parent == tmp_path


def test_the_secret_key_is_made_once_and_kept(tmp_path):
    first = Settings(data=tmp_path / "new" / "folder").secret_key()
    assert len(first) == 32
    assert Settings(data=tmp_path / "new" / "folder").secret_key() == first


def test_two_linkbooks_have_two_keys(tmp_path):
    assert Settings(data=tmp_path / "a").secret_key() != Settings(data=tmp_path / "b").secret_key()


def test_nobody_else_on_the_machine_can_read_the_secret_key(tmp_path):
    Settings(data=tmp_path).secret_key()
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_key_that_was_never_finished_is_not_signed_with(tmp_path):
    # A process killed between making the file and filling it leaves it empty.
    (tmp_path / "secret_key").touch(0o600)
    assert len(Settings(data=tmp_path).secret_key()) == 32


_START = """
import sys, time
from pathlib import Path
from app import create_app
from plumbing.settings import Settings
folder, begin = Path(sys.argv[1]), float(sys.argv[2])
for number in range(12):
    time.sleep(max(0, begin + number * 0.3 - time.time()))
    print(create_app(Settings(data=folder / str(number))).config["SECRET_KEY"].hex(), flush=True)
"""


def test_two_server_processes_may_start_together_on_an_empty_folder_and_agree_on_the_key(tmp_path):
    begin = str(time.time() + 3)
    together = [
        subprocess.Popen(
            [sys.executable, "-c", _START, tmp_path, begin], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [process.communicate() for process in together]
    assert not [errors.decode().splitlines()[-1] for _, errors in said if errors]
    one, other = [out.decode().split() for out, _ in said]
    assert one == other
    assert {len(key) for key in one} == {64}


def test_threads_that_start_together_never_see_half_a_key(tmp_path):
    for round_ in range(40):
        settings, gate, keys = Settings(data=tmp_path / str(round_)), threading.Barrier(8), []

        def ask(settings=settings, gate=gate, keys=keys):
            gate.wait()
            keys.append(settings.secret_key())

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {len(key) for key in keys} == {32}
        assert len(set(keys)) == 1
