"""Paper: pages set by typst, as PDFs that screen readers can read too (PDF/UA-1), or as a picture.

What people wrote goes in as data and never as markup: `#read("/etc/passwd")` is printed as those letters. Pictures go in through
memory; nothing touches a disk. What typst cannot set, it refuses, and an error never carries what was on the page.
"""

from __future__ import annotations

import base64
import datetime
import io
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import font_source_sans_pro
import typst
from PIL import Image

FONTS = Path(font_source_sans_pro.__file__).parent / "files"
PIXELS_AN_INCH = 150
_PRELUDE = Path(__file__).with_suffix(".typ")
# Control characters, halves of surrogate pairs, and what Unicode says is no character: PDF/UA forbids them.
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_EMOJI = re.compile("[\U0001f000-\U0001faff](?:[\ufe0f\u200d]|[\U0001f3fb-\U0001f3ff])*")


class CannotSet(Exception):
    """A page could not be set: a picture without words for it, or a slip in a template of ours."""


@dataclass(frozen=True)
class Picture:
    """A JPEG, and how large it is in pixels."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int

    def at_most(self, longest: int) -> Picture:
        """The picture with its longer side at most `longest` pixels: a book of photos as they were taken is too heavy to send."""
        if max(self.width, self.height) <= longest:
            return self
        smaller, made = Image.open(io.BytesIO(self.jpeg)), io.BytesIO()
        smaller.thumbnail((longest, longest), reducing_gap=2)
        smaller.save(made, "JPEG", quality=75)
        return Picture(made.getvalue(), *smaller.size)

    def wrapped(self) -> str:
        """As typst takes pictures from memory: an SVG around it. The JPEG itself stays as it is, bit by bit."""
        if not self.jpeg.startswith(b"\xff\xd8\xff"):
            # typst would leave the place white and say nothing.
            raise CannotSet("not a JPEG")
        size = f'width="{self.width}" height="{self.height}"'
        data = base64.b64encode(self.jpeg).decode()
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{data}"/></svg>'


def set_page(template: Path, data: Mapping[str, Any], pictures: Mapping[str, Picture | str] | None = None,
             form: Literal["pdf", "png"] = "pdf", made_at: datetime.datetime | None = None) -> bytes:  # fmt: skip
    """The pages that `template` makes of `data`; as a picture ("png"), the first of them. Raises CannotSet.

    The template may import its neighbours in the folder, and from our paper.typ the data, the look and `picture(name, alt: ...)`.
    A picture may be given as an SVG of our own. A PDF carries no date but `made_at`.
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
    written = json.dumps(_printable(data), ensure_ascii=False)
    # PDF/UA wants every letter to be visible, and our font has not all of the world's. Rather than lose somebody's words we
    # say an emoji in words, then take what fonts this machine has, and at last let a letter be an empty box.
    attempts = [
        (written, True, options),
        (_named(written), True, options),
        (_named(written), False, options),
        (_named(written), False, options | {"pdf_standards": []}),
    ]
    place = ""
    for text, only_ours, how in attempts:
        try:
            made: bytes | list[bytes] = typst.compile(
                _files(template),
                format=form,
                font_paths=_fonts(only_ours),
                ignore_system_fonts=only_ours,
                sys_inputs=inputs | {"data": text},
                **how,
            )
        except RuntimeError as error:
            # typst quotes what it stumbled over, which may be what somebody wrote: of its words we only look for these, and
            # keep the line. We raise below, out of its sight, so that it does not hang on our own error as its context.
            if "could not be displayed with font" not in str(error):
                place = _place(getattr(error, "diagnostic", ""))
                break
        else:
            return made if isinstance(made, list) else [made]
    raise CannotSet(f"{template.name}{place}")


def _files(template: Path) -> dict[str, bytes]:
    """What a template may import, by name: its neighbours and our prelude. All of it is ours, and none of it is a family's."""
    return {one.name: one.read_bytes() for one in (*template.parent.glob("*.typ"), _PRELUDE)} | {
        "main.typ": template.read_bytes()
    }


@cache
def _fonts(only_ours: bool) -> typst.Fonts:
    """Our fonts, looked for once; or those of this machine as well."""
    return typst.Fonts(include_system_fonts=not only_ours, font_paths=[str(FONTS)])


def _place(diagnostic: str) -> str:
    """Where in a template of ours typst stumbled, for whoever mends it: the file and line, and none of the words.

    >>> _place("error: dictionary does not contain key\\n  ┌─ main.typ:4:12")
    ', main.typ:4'
    """
    found = re.search(r"┌─ ([a-z_]+\.typ:\d+)", diagnostic)
    return f", {found[1]}" if found else ""


def _printable(value: Any) -> Any:
    r"""`value` without what cannot be printed, at any depth; every way of ending a line is one way.

    >>> _printable({"said": ["a\x00b\r\nc"]})
    {'said': ['ab\nc']}
    """
    if isinstance(value, str):
        return _NOT_PRINTED.sub("", "\n".join(value.splitlines()))
    if isinstance(value, Mapping):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value


def _named(text: str) -> str:
    """`text` with each emoji in words, as a screen reader says it; its shade of skin is left out.

    >>> _named("Well done \U0001f600")
    'Well done (grinning face)'
    """
    return _EMOJI.sub(lambda found: f"({unicodedata.name(found[0][0], 'picture').lower()})", text)
