"""Style and script files (and the mark), joined, squeezed once, and named by their content.

One style file and one script file cross the wire: on a slow phone every further request costs a round trip.
Written in small files to be read; served as `/assets/app.<hash>.css`, which a browser may keep for a year.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from plumbing.access import public

blueprint = Blueprint("assets", __name__)
STYLES = ("tokens", "base", "layout", "components", "directory", "print")
SCRIPTS = ("errors", "place", "share", "exit", "speak")


@dataclass(frozen=True)
class Bundle:
    """One joined file: its name with the hash of its content, and its bytes as they travel."""

    name: str
    mimetype: str
    plain: bytes
    gzip: bytes
    brotli: bytes


def _squeeze_css(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s*([{};,>])\s*", r"\1", text).replace(";}", "}").strip()


def _squeeze_js(text: str) -> str:
    # Only whole-line comments and indentation: a real minifier would need a build step.
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _bundle(kind: str, mimetype: str, text: str) -> Bundle:
    plain = text.encode()
    name = f"app.{hashlib.sha256(plain).hexdigest()[:12]}.{kind}"
    return Bundle(name, mimetype, plain, gzip.compress(plain, 9, mtime=0), brotli.compress(plain, quality=11))


def _build(folder: Path) -> dict[str, Bundle]:
    css = "".join((folder / "css" / f"{name}.css").read_text("utf-8") for name in STYLES)
    # Each script is an ES module with no imports or exports of its own: a block each keeps their names apart.
    js = "\n".join("{\n" + (folder / "js" / f"{name}.js").read_text("utf-8") + "\n}" for name in SCRIPTS)
    return {
        "css": _bundle("css", "text/css", _squeeze_css(css)),
        "js": _bundle("js", "text/javascript", _squeeze_js(js)),
        "svg": _bundle("svg", "image/svg+xml", (folder / "icons" / "mark.svg").read_text("utf-8")),
    }


def init_app(app: Flask) -> None:
    """Join the files and give templates `asset_url('css')`, `asset_url('js')` and `asset_url('svg')`."""
    bundles = _build(Path(app.static_folder or "static"))
    app.extensions["assets"] = {bundle.name: bundle for bundle in bundles.values()}
    app.jinja_env.globals["asset_url"] = lambda kind: url_for("assets.show", name=bundles[kind].name)
    app.register_blueprint(blueprint)


@blueprint.get("/assets/<name>")
@public
def show(name: str) -> Response:
    """A joined file, in the smallest form that the browser takes."""
    bundle = current_app.extensions["assets"].get(name)
    if bundle is None:
        abort(404)
    accepted = request.accept_encodings
    if accepted["br"] > 0:
        response = Response(bundle.brotli, mimetype=bundle.mimetype, headers={"Content-Encoding": "br"})
    elif accepted["gzip"] > 0:
        response = Response(bundle.gzip, mimetype=bundle.mimetype, headers={"Content-Encoding": "gzip"})
    else:
        response = Response(bundle.plain, mimetype=bundle.mimetype)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
