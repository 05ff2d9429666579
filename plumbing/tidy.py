"""Timed work: features register jobs, `flask tidy` does them all. Safe to run twice at once; every minute is right."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable

import click
from filelock import FileLock, Timeout
from flask import Flask, current_app
from flask.cli import with_appcontext

from plumbing.errors import place_of
from plumbing.settings import Settings

log = logging.getLogger(__name__)
Job = Callable[[], str | None]


def register(app: Flask, name: str, job: Job) -> None:
    """Have `job` done at every tidying; it returns what it did, in words without anything personal, or None."""
    jobs: dict[str, Job] = app.extensions.setdefault("tidy", {})
    if name in jobs:
        raise ValueError(f"There are two jobs called {name}.")
    jobs[name] = job


def tidy(app: Flask) -> bool:
    """Do every job once; returns whether all went well. A job that fails does not keep the others from being done."""
    well = True
    for name, job in app.extensions.get("tidy", {}).items():
        try:
            # A context each: a job's connections are closed before the next one begins.
            with app.app_context():
                done = job()
        except Exception as error:
            # Its own text may hold what somebody typed.
            log.error("Tidying %s failed: %s at %s", name, type(error).__name__, place_of(error))
            well = False
        else:
            if done:
                click.echo(f"{name}: {done}")
    return well


def _tidy_alone(app: Flask, settings: Settings) -> bool:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(settings.data / "tidy.lock", blocking=False):
            return tidy(app)
    except Timeout:
        click.echo("Another tidying is under way: nothing was done.")
        return True


@click.command("tidy")
@with_appcontext
@click.option("--every", type=click.IntRange(min=1), metavar="SECONDS", help="Go on, and tidy again after so many seconds.")
@click.option("--beside", type=int, metavar="PID", help="With --every: stop when the process PID that started this one has.")
def tidy_command(every: int | None, beside: int | None) -> None:
    """Do the timed work: send mail, end what has expired, clear away. For a timer, every minute."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    if every is None:
        sys.exit(0 if _tidy_alone(app, settings) else 1)
    next_time = time.monotonic()
    # Whoever starts a process and is killed cannot stop it any more; but then it is somebody else's child.
    while beside is None or os.getppid() == beside:
        if time.monotonic() >= next_time:
            _tidy_alone(app, settings)
            next_time = time.monotonic() + every
        time.sleep(0.5)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(tidy_command)
