"""Keeping a photo, and giving a section new keys."""

from __future__ import annotations

import io

from PIL import Image

from plumbing.files.cleaning import clean
from records import editing
from records import keys as record_keys
from records.bench.house import House, fill
from records.bench.measuring import MEGABYTE, Echo, bare_of, say, side_by_side

IN_ROTATION = 1000
_PHOTO = (4000, 3000)


def keep_photo(here: House, echo: Echo) -> None:
    """A photo of a letter, from the camera to the disk."""
    photo = _photograph()
    echo(f"\nKeeping a photo of {_PHOTO[0] * _PHOTO[1] / MEGABYTE:.0f} megapixels, {len(photo) / MEGABYTE:.1f} MB")
    opened = here.record()
    entry = editing.add(opened, opened.root_id, {"v": 1, "kind": "letter"}, state="draft")
    page = clean(photo).pages[0]

    def kept() -> None:
        picture = clean(photo).pages[0]
        files = editing.attach(
            opened, entry.id, {"image": (picture.jpeg, "image/jpeg"), "thumb": (picture.thumbnail, "image/jpeg")}
        )
        written = {file.id: file.written() for file in files.values()}
        editing.revise(opened, entry.id, lambda document: document | {"files": document.get("files", {}) | written})

    def pillow() -> None:
        image = Image.open(io.BytesIO(photo))
        image.draft("RGB", (page.width, page.height))
        image.thumbnail((page.width, page.height), Image.Resampling.LANCZOS, reducing_gap=2)
        image.save(io.BytesIO(), "JPEG", quality=80)

    ours, same = side_by_side(8, kept, pillow)
    say(echo, "made safe, sealed and kept", ours, "Pillow alone, in this process", same)


def _photograph() -> bytes:
    """A sheet as a phone sees it: a shaded page, grain, and lines of print."""
    grain = Image.effect_noise(_PHOTO, 24).convert("L")
    shade = Image.linear_gradient("L").resize(_PHOTO)
    out = io.BytesIO()
    Image.merge("RGB", [Image.blend(grain, shade, 0.4)] * 3).save(out, "JPEG", quality=90)
    return out.getvalue()


def rotate(here: House, echo: Echo) -> None:
    """New keys for a section."""
    opened = here.record()
    section_id = opened.sections[0].id
    fill(opened, section_id, IN_ROTATION)
    rows = here.db.execute("SELECT sealed FROM entry_version WHERE section_id = ?", [section_id]).fetchall()
    bare, again = bare_of(*(row[0] for row in rows)), bare_of(*(row[0] for row in rows))
    echo(f"\nNew keys for a section with {IN_ROTATION:,} entries, as withdrawing a grant makes them, on the disk")

    def rotated() -> None:
        with editing.change(opened) as pen:
            record_keys.rotate(opened, [section_id])
            pen.note("new_keys")

    ours, same = side_by_side(8, rotated, lambda: (bare(), again()))
    say(echo, "rotated", ours, "AES-256-GCM, out and in again, alone", same, "500 ms")
