"""Square codes (QR) as drawings."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def for_page(text: str, title: str) -> Markup:
    """A square code for the middle of a page; `title` is read out in its place."""
    drawing = for_paper(text, title, svgns=False)
    # segno escapes the title; the rest is numbers.
    return Markup(drawing.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704


def for_paper(text: str, title: str = "", svgns: bool = True) -> str:
    """A square code as an SVG file."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture,
        kind="svg",
        scale=6,
        border=4,
        xmldecl=False,
        svgns=svgns,
        dark="#000",
        light="#fff",
        title=title or None,
        omitsize=True,
    )
    return picture.getvalue().decode()
