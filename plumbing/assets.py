"""Style and script files (and the mark), joined, squeezed once, and named by their content.

One style file and one script file cross the wire: on a slow phone every further request costs a round trip. Pages for people
who are signed in have one more of each, so that whoever only looks does not wait for them.
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

from plumbing.access import needs_sign_in, public

blueprint = Blueprint("assets", __name__)
STYLES = ("tokens", "base", "layout", "components", "directory", "print")
SCRIPTS = ("errors", "place", "share", "exit", "speak", "keep")
INSIDE_STYLES = ("records", "desk")
INSIDE_SCRIPTS = (
    "shortlist",
    "fields",
    "passphrase",
    "lock",
    "shrink",
    "put_in",
    "send",
    "tray",
    "recorder",
    "reading",
    "copy",
    "waiting",
    "minutes",
    "progress",
)


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
    stem, _, suffix = kind.rpartition(".")
    name = f"{stem or 'app'}.{hashlib.sha256(plain).hexdigest()[:12]}.{suffix}"
    return Bundle(name, mimetype, plain, gzip.compress(plain, 9, mtime=0), brotli.compress(plain, quality=11))


def _style(folder: Path, names: tuple[str, ...]) -> str:
    return _squeeze_css("".join((folder / "css" / f"{name}.css").read_text("utf-8") for name in names))


def _script(folder: Path, names: tuple[str, ...]) -> str:
    # Each script is an ES module with no imports or exports of its own: a block each keeps their names apart.
    return _squeeze_js("\n".join("{\n" + (folder / "js" / f"{name}.js").read_text("utf-8") + "\n}" for name in names))


def _build(folder: Path) -> dict[str, Bundle]:
    texts = {
        "css": ("text/css", _style(folder, STYLES)),
        "js": ("text/javascript", _script(folder, SCRIPTS)),
        "svg": ("image/svg+xml", (folder / "icons" / "mark.svg").read_text("utf-8")),
        "inside.css": ("text/css", _style(folder, INSIDE_STYLES)),
        "inside.js": ("text/javascript", _script(folder, INSIDE_SCRIPTS)),
    }
    return {kind: _bundle(kind, mimetype, text) for kind, (mimetype, text) in texts.items() if text}


def init_app(app: Flask) -> None:
    """Join the files and give templates `asset_urls('css')`: the addresses of that kind that the page in hand needs."""
    bundles = _build(Path(app.static_folder or "static"))
    app.extensions["assets"] = {bundle.name: bundle for bundle in bundles.values()}

    def asset_urls(kind: str, inside: bool = False) -> list[str]:
        kinds = (kind, f"inside.{kind}") if inside or needs_sign_in() else (kind,)
        return [url_for("assets.show", name=bundles[kind].name) for kind in kinds if kind in bundles]

    app.jinja_env.globals["asset_urls"] = asset_urls
    app.register_blueprint(blueprint)


@blueprint.get("/favicon.ico")
@public
def icon() -> Response:
    """The mark, where browsers look for it beside a PDF: that cannot name its own."""
    found = next(bundle for bundle in current_app.extensions["assets"].values() if bundle.name.endswith(".svg"))
    response = Response(found.plain, mimetype=found.mimetype)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


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
