"""Photos: looked at once, and drawn again from nothing."""

from __future__ import annotations

import io

import pillow_heif
from PIL import Image, ImageOps

from plumbing.files.facts import Cleaned, Picture, Refused

pillow_heif.register_heif_opener()

LONG_SIDE = 2400
_SMALL_SIDE = 320
_QUALITY = 80
# A JPEG is made smaller while it is decoded, so that the largest of telephones will do; the others need room for each pixel.
_MOST_PIXELS = {"jpeg": 200_000_000, "png": 50_000_000, "webp": 50_000_000, "heif": 50_000_000}
Image.MAX_IMAGE_PIXELS = None
_QUARTERS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


def clean(data: bytes, file_format: str) -> Cleaned:
    """The photo upright, without anything that came with it: place, time, camera, comments, and what stood after its end."""
    page = picture_of(_opened(data, file_format))
    return Cleaned("jpeg", page.jpeg, (page,))


def turn(jpeg: bytes, quarter_turns: int) -> Cleaned:
    """The photo turned clockwise by quarters."""
    image = _opened(jpeg, "jpeg")
    quarters = quarter_turns % 4
    page = picture_of(image.transpose(_QUARTERS[quarters]) if quarters else image)
    return Cleaned("jpeg", page.jpeg, (page,))


def picture_of(image: Image.Image, long_side: int = LONG_SIDE) -> Picture:
    """An image drawn on a new white sheet, at most `long_side` wide and high.

    Pillow takes a JPEG's comment, among other things, along into whatever is made from it. The new sheet knows nothing.
    """
    if image.mode.startswith("I"):
        # Scanners write greys in 65,536 steps; Pillow would take all but the darkest 256 for white.
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode != "RGB":
        image = image.convert("RGB")
    image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=2)
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    small = sheet.copy()
    small.thumbnail((_SMALL_SIDE, _SMALL_SIDE))
    return Picture(_jpeg(sheet), _jpeg(small), *sheet.size)


def _opened(data: bytes, file_format: str) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=[file_format.upper()])
    # Said by the file before anything is decoded: 30,000 by 30,000 white pixels travel in a hundred kilobytes.
    if image.width * image.height > _MOST_PIXELS[file_format]:
        raise Refused("too_large")
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    return ImageOps.exif_transpose(image)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
