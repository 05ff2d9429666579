"""Timed work: every job is done, one that fails stops no other, two tidyings never meet, and none outlives its server."""

from __future__ import annotations

import os
import re
import resource
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock
from flask import Flask, g

from plumbing import tidy
from plumbing.process import keep_to_ourselves
from plumbing.settings import ROOT, Settings
from tests.conftest import create_app

PRIVATE = "my-sons-private-diagnosis"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Linkbook with nothing in it and no jobs of its own."""
    app = create_app(Settings(data=tmp_path / "data"))
    app.extensions["tidy"] = {}
    return app


def _tidy(app: Flask):
    return app.test_cli_runner().invoke(args=["tidy"])


def _fail() -> None:
    raise ValueError(PRIVATE)


def test_every_job_is_done_in_turn_and_only_what_was_done_is_told(app):
    tidy.register(app, "first", lambda: "2 ended")
    tidy.register(app, "second", lambda: None)
    tidy.register(app, "third", lambda: "1 sent")
    result = _tidy(app)
    assert (result.exit_code, result.output) == (0, "first: 2 ended\nthird: 1 sent\n")


def test_with_nothing_to_do_it_says_nothing(app):
    tidy.register(app, "idle", lambda: None)
    result = _tidy(app)
    assert (result.exit_code, result.output) == (0, "")


def test_a_job_that_fails_stops_no_other_and_is_told_by_kind_alone(app, caplog):
    tidy.register(app, "broken", _fail)
    tidy.register(app, "whole", lambda: "done")
    result = _tidy(app)
    assert result.exit_code == 1
    assert "whole: done" in result.output
    assert re.search(r"Tidying broken failed: ValueError at .*test_tidy\.py:\d+", caplog.text)
    assert PRIVATE not in caplog.text + result.output


def test_each_job_has_a_context_of_its_own(app):
    seen: list[bool] = []
    for name in ("first", "second"):
        tidy.register(app, name, lambda: seen.append("mark" in g) or setattr(g, "mark", True))
    _tidy(app)
    assert seen == [False, False]


def test_two_jobs_of_one_name_are_a_slip(app):
    tidy.register(app, "mail", lambda: None)
    with pytest.raises(ValueError, match="mail"):
        tidy.register(app, "mail", lambda: None)


def test_a_second_tidying_at_the_same_time_says_so_and_does_nothing(app):
    done: list[str] = []
    tidy.register(app, "count", lambda: done.append("once"))
    with FileLock(app.extensions["settings"].data / "tidy.lock"):
        result = _tidy(app)
    assert (result.exit_code, done) == (0, [])
    assert "Another tidying is under way" in result.output
    _tidy(app)
    assert done == ["once"]


def test_a_job_may_not_meet_itself_in_two_processes(app):
    inner: list[str] = []
    tidy.register(app, "long", lambda: inner.append(_tidy_elsewhere(app.extensions["settings"].data)))
    _tidy(app)
    assert "Another tidying is under way" in inner[0]


def _tidy_elsewhere(data: Path) -> str:
    command = [sys.executable, "-m", "flask", "tidy"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {"LINKBOOK_DATA": str(data)}, capture_output=True, check=True, text=True
    ).stdout


def test_no_file_is_for_others_and_no_core_is_written(tmp_path):
    keep_to_ourselves()
    (tmp_path / "file").touch()
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


# What `make run` says to the shell, with an ordinary process in the server's place.
_BESIDE = 'echo $$; "$0" -m flask tidy --every 1 --beside $$ & echo $!; exec sleep 600'


def _is_alive(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_timed_work_ends_with_its_server_however_that_ends(tmp_path, how):
    if not Path("/proc/self").exists():
        pytest.skip("this machine does not tell of its processes in /proc")
    server = subprocess.Popen(
        ["sh", "-c", _BESIDE, sys.executable],
        cwd=ROOT,
        env=os.environ | {"LINKBOOK_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whoever runs the tests in the background has this signal ignored, and so would the server.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    server_id, beside = (int(server.stdout.readline()) for _ in range(2))
    assert server_id == server.pid
    _wait_for(lambda: (tmp_path / "tidy.lock").exists())
    assert _is_alive(beside)
    # Ctrl and C reaches everybody in the terminal; the others the server alone.
    os.killpg(server.pid, how) if how == signal.SIGINT else os.kill(server.pid, how)
    server.wait(timeout=30)
    server.stdout.close()
    _wait_for(lambda: not _is_alive(beside))


def _wait_for(true) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_make_run_starts_the_timed_work_so():
    recipe = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"flask tidy --every \d+ --beside \$\$\$\$ & exec \$\(BIN\)/gunicorn", recipe)
