"""The whole directory in one file."""

from __future__ import annotations

import tempfile

from flask import Response, send_file

from directory import exporting
from directory.pages.api.blueprint import blueprint
from directory.pages.api.limits import downloads_limited
from directory.pages.blueprint import database
from plumbing import clock
from plumbing.access import public


def _file(format_: str, stem: str) -> Response:
    # Written to the disk first: whoever takes it slowly holds up no reading of ours.
    chosen, file = exporting.FORMATS[format_], tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    exporting.export(database(), format_, file)
    file.seek(0)
    name = f"{stem}-{clock.today().isoformat()}.{chosen.ending}"
    response = send_file(file, chosen.mimetype, as_attachment=chosen.ending != "json", download_name=name)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@blueprint.get("/services.csv")
@public
@downloads_limited
def spreadsheet() -> Response:
    """Every service as a spreadsheet."""
    return _file("spreadsheet", "linkbook")


@blueprint.get("/hsds.zip")
@public
@downloads_limited
def hsds() -> Response:
    """Every service as HSDS tables."""
    return _file("hsds-csv", "linkbook-hsds")


@blueprint.get("/services.json")
@public
@downloads_limited
def everything() -> Response:
    """Every service with everything nested, in one file."""
    return _file("openreferral", "linkbook")
