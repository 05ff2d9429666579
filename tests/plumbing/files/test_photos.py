"""A photo is drawn again upright and at a sensible size, and nothing that came with it is in it afterwards."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from plumbing.files import Refused
from plumbing.files.cleaning import clean, turn
from tests.plumbing.files import samples
from tests.plumbing.files.samples import CANARY, picture, saved


def _image(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def _is_red(image: Image.Image, place: tuple[int, int]) -> bool:
    red, green, blue = image.convert("RGB").getpixel(place)
    return red > 200 and green < 60 and blue < 60


def _refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean(data)
    return refused.value.reason


@pytest.mark.parametrize("make", samples.PHOTOS.values(), ids=samples.PHOTOS)
def test_a_photo_becomes_a_bare_jpeg(make):
    sent = make()
    kept = clean(sent)
    (page,) = kept.pages
    assert (kept.kind, kept.mimetype, kept.extension, kept.seconds) == ("photo", "image/jpeg", "jpg", 0)
    assert kept.original == page.jpeg
    assert (page.width, page.height) == (400, 300)
    assert _is_red(_image(page.jpeg), (40, 30))
    assert _is_red(_image(page.thumbnail), (20, 20))
    for made in (page.jpeg, page.thumbnail):
        assert CANARY.encode() not in made
        assert {"exif", "comment", "icc_profile", "xmp", "photoshop"}.isdisjoint(_image(made).info)


@pytest.mark.parametrize("make", [samples.jpeg, samples.png, samples.webp, samples.heic])
def test_the_samples_do_carry_what_is_to_be_gone(make):
    image = _image(make())
    inside = repr(image.info) + repr(dict(image.getexif())) + repr(dict(image.getexif().get_ifd(samples.GPS)))
    assert CANARY in inside


def test_a_large_photo_becomes_smaller_and_its_thumbnail_small():
    (page,) = clean(saved(picture(4000, 3000), "JPEG")).pages
    assert (page.width, page.height) == _image(page.jpeg).size == (2400, 1800)
    assert _image(page.thumbnail).size == (320, 240)


def test_a_small_photo_is_not_made_larger():
    (page,) = clean(saved(picture(40, 30), "PNG")).pages
    assert _image(page.jpeg).size == _image(page.thumbnail).size == (40, 30)


@pytest.mark.parametrize(("orientation", "corner"), [(1, (20, 20)), (3, (380, 280)), (6, (280, 20)), (8, (20, 380))])
def test_a_photo_stands_upright(orientation, corner):
    (page,) = clean(samples.jpeg(orientation)).pages
    image = _image(page.jpeg)
    assert image.size == ((400, 300) if orientation in (1, 3) else (300, 400))
    assert _is_red(image, corner)


@pytest.mark.parametrize(("turns", "corner"), [(0, (20, 20)), (1, (280, 20)), (2, (380, 280)), (3, (20, 380)), (-1, (20, 380))])
def test_a_picture_is_turned_clockwise(turns, corner):
    page = turn(clean(samples.jpeg()).original, turns)
    assert _is_red(_image(page.jpeg), corner)
    assert (page.width, page.height) == _image(page.jpeg).size


def test_only_a_jpeg_is_turned():
    with pytest.raises(Refused, match="kind"):
        turn(samples.png(), 1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_could_be_seen_through_is_white(mode):
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 20, 20))
    (page,) = clean(saved(image.convert(mode), "PNG")).pages
    assert _image(page.jpeg).getpixel((50, 30)) == (255, 255, 255)


@pytest.mark.parametrize(("mode", "grey"), [("L", 128), ("I;16", 128 * 257), ("1", 1), ("CMYK", (0, 0, 0, 127))])
def test_every_way_to_write_colours_is_understood(mode, grey):
    (page,) = clean(saved(Image.new(mode, (40, 40), grey), "JPEG" if mode == "CMYK" else "PNG")).pages
    assert abs(_image(page.jpeg).getpixel((20, 20))[0] - (255 if mode == "1" else 128)) < 4


@pytest.mark.parametrize("make", samples.PHOTOS.values(), ids=samples.PHOTOS)
def test_a_photo_that_is_cut_off_is_refused(make):
    sent = make()
    assert _refusal(sent[: len(sent) * 2 // 3]) == "photo_damaged"


def test_a_few_bytes_that_unfold_into_thirty_thousand_by_thirty_thousand_pixels_are_refused():
    begin = saved(Image.new("L", (1, 1)), "PNG")
    header = b"IHDR" + (30_000).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    bomb = begin[:12] + header + zlib.crc32(header).to_bytes(4) + begin[33:]
    assert _refusal(bomb) == "too_large"


def test_the_largest_photo_a_telephone_takes_is_kept():
    (page,) = clean(saved(Image.new("RGB", (16_320, 12_240), "white"), "JPEG")).pages
    assert (page.width, page.height) == (2400, 1800)


def test_the_largest_picture_with_something_to_see_through_has_room():
    (page,) = clean(saved(Image.new("RGBA", (7_000, 7_000), (255, 0, 0, 128)), "PNG")).pages
    assert (page.width, page.height) == (2400, 2400)


def test_what_stands_behind_a_photo_is_gone():
    tail = b"<html>" + CANARY.encode() + b"</html>PK\x05\x06" + bytes(18)
    kept = clean(samples.jpeg() + tail)
    assert CANARY.encode() not in kept.original
    assert b"PK\x05\x06" not in kept.original


def test_a_moving_picture_is_its_first_one():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    for name in ("PNG", "WEBP"):
        kept = clean(saved(frames[0], name, save_all=True, append_images=frames[1:]))
        assert _is_red(_image(kept.original), (20, 20))


def test_a_heic_that_is_none_is_refused():
    assert _refusal(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(5000)) == "photo_damaged"
