"""Commands of the record: `flask records bench`."""

from __future__ import annotations

import re

import click
from flask import Flask
from flask.cli import AppGroup

from records import bench

group = AppGroup("records", help="Measure the record.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("bench")
@click.option("--sizes", default="100,1000,5000", show_default=True, help="How many letters to make, separated by commas.")
def bench_command(sizes: str) -> None:
    """Measure the record beside the bare primitives doing the same bytes, in one run, in a folder that goes afterwards."""
    if not re.fullmatch(r"[1-9][0-9]{0,6}(,[1-9][0-9]{0,6})*", sizes):
        raise click.BadParameter("give whole numbers with commas between them, like 100,1000", param_hint="--sizes")
    bench.run([int(size) for size in sizes.split(",")], click.echo)
