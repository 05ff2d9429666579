"""Paper: pages set by typst, as PDFs that screen readers can read too (PDF/UA-1), or as a picture.

What people wrote goes in as data and never as markup: `#read("/etc/passwd")` is printed as those letters. Pictures go in through
memory; nothing touches a disk. What typst cannot set, it refuses, and an error never carries what was on the page.
"""

from __future__ import annotations

import base64
import datetime
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import font_source_sans_pro
import typst

FONTS = Path(font_source_sans_pro.__file__).parent / "files"
PIXELS_AN_INCH = 150


class CannotSet(Exception):
    """A page could not be set: a picture without words for it, or a slip in a template of ours."""


@dataclass(frozen=True)
class Picture:
    """A JPEG, and how large it is in pixels."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int

    def wrapped(self) -> str:
        """As typst takes pictures from memory: an SVG around it. The JPEG itself stays as it is, bit by bit."""
        size = f'width="{self.width}" height="{self.height}"'
        data = base64.b64encode(self.jpeg).decode()
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{data}"/></svg>'


def set_page(template: Path, data: Mapping[str, Any], pictures: Mapping[str, Picture | str] | None = None,
             form: Literal["pdf", "png"] = "pdf", made_at: datetime.datetime | None = None) -> bytes:  # fmt: skip
    """The pages that `template` makes of `data`; as a picture ("png"), the first of them. Raises CannotSet.

    The template reads the data by `json(bytes(sys.inputs.data))`, and a picture by `image(bytes(sys.inputs.name), format: "svg")`
    (an SVG may be given as it is). A PDF carries no date but `made_at`.
    """
    options: dict[str, Any] = {"pdf_standards": ["ua-1"], "timestamp": made_at} if form == "pdf" else {"ppi": PIXELS_AN_INCH}
    return _set(template, data, pictures or {}, form, options)[0]


def set_pictures(template: Path, data: Mapping[str, Any], pictures: Mapping[str, Picture | str] | None = None) -> list[bytes]:
    """Like `set_page`, every page a picture of its own."""
    return _set(template, data, pictures or {}, "png", {"ppi": PIXELS_AN_INCH})


def _set(
    template: Path,
    data: Mapping[str, Any],
    pictures: Mapping[str, Picture | str],
    form: Literal["pdf", "png"],
    options: dict[str, Any],
) -> list[bytes]:
    inputs = {name: one.wrapped() if isinstance(one, Picture) else one for name, one in pictures.items()}
    written = json.dumps(data, ensure_ascii=False)
    # PDF/UA wants every letter to be visible, and our font has not all of the world's. Rather than lose somebody's words we
    # say an emoji in words, then take what fonts this machine has, and at last let a letter be an empty box.
    attempts = [
        (written, True, options),
        (_named(written), False, options),
        (_named(written), False, options | {"pdf_standards": []}),
    ]
    for text, only_ours, how in attempts:
        try:
            made: bytes | list[bytes] = typst.compile(
                template.read_bytes(),
                format=form,
                font_paths=[str(FONTS)],
                ignore_system_fonts=only_ours,
                sys_inputs=inputs | {"data": text},
                **how,
            )
        except RuntimeError as error:
            # typst quotes the place, and with it perhaps what somebody wrote: of its words we only look for these.
            if "could not be displayed with font" not in str(error):
                raise CannotSet from None
        else:
            return made if isinstance(made, list) else [made]
    raise CannotSet


def _named(text: str) -> str:
    """`text` with each emoji in words, as a screen reader says it.

    >>> _named("Well done \U0001f600")
    'Well done (grinning face)'
    """
    return "".join(
        f"({unicodedata.name(one, 'picture').lower()})" if one >= "\U0001f000" and unicodedata.category(one) == "So" else one
        for one in text
    )
