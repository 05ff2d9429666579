"""A PDF is kept without anything that acts, hides or tells, and each page is drawn."""

from __future__ import annotations

import contextlib
import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from plumbing.files import Refused
from plumbing.files.cleaning import clean, pdf_of
from tests.plumbing.files import samples
from tests.plumbing.files.samples import CANARY, pdf_of_pages, picture, saved


def _unfolded(pdf: bytes) -> bytes:
    """Every object and every stream of a PDF, as anybody can read it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return out.getvalue()


def _refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean(data)
    return refused.value.reason


def _darkest(jpeg: bytes) -> int:
    return Image.open(io.BytesIO(jpeg)).convert("L").getextrema()[0]


def test_what_acts_hides_or_tells_is_gone():
    assert _unfolded(samples.pdf()).count(CANARY.encode()) > 8
    kept = clean(samples.pdf())
    assert (kept.kind, kept.mimetype, kept.extension) == ("pdf", "application/pdf", "pdf")
    inside = _unfolded(kept.original)
    assert CANARY.encode() not in inside
    for word in (
        b"/JavaScript",
        b"/JS",
        b"/OpenAction",
        b"/AA",
        b"/Launch",
        b"/EmbeddedFile",
        b"/XFA",
        b"/AcroForm",
        b"/RichMedia",
    ):
        assert word not in inside
    assert b"/Info" not in inside
    assert b"/Metadata" not in inside


def test_the_letter_itself_is_still_there():
    (page,) = clean(samples.pdf()).pages
    red, green, _ = Image.open(io.BytesIO(page.jpeg)).getpixel((20, 20))
    assert red > 200
    assert green < 60


def test_a_photo_inside_forgets_its_place_and_stays_as_it_was_bit_for_bit():
    sent = samples.jpeg()
    with pikepdf.open(io.BytesIO(clean(pdf_of([sent])).original)) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        kept = image.read_raw_bytes()
    assert CANARY.encode() not in kept
    before, after = (Image.open(io.BytesIO(data)).tobytes() for data in (sent, kept))
    assert before == after


@pytest.mark.parametrize("twice", [False, True])
def test_a_photo_that_is_packed_twice_forgets_its_place_too(twice):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of([samples.jpeg()]))) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        raw = samples.jpeg()
        if twice:
            image.write(zlib.compress(raw), filter=Array([Name.FlateDecode, Name.DCTDecode]))
        else:
            image.write(raw, filter=Array([Name.DCTDecode]))
        pdf.save(out)
    kept = clean(out.getvalue())
    assert CANARY.encode() not in _unfolded(kept.original)
    assert len(kept.pages) == 1


def test_what_was_typed_into_a_form_is_still_to_be_read():
    (page,) = clean(samples.filled_form()).pages
    assert _darkest(page.jpeg) < 60
    assert b"/AcroForm" not in _unfolded(clean(samples.filled_form()).original)


def test_forty_pages_are_kept_and_forty_one_are_not():
    assert len(clean(pdf_of_pages(40)).pages) == 40
    assert _refusal(pdf_of_pages(41)) == "too_many_pages"


def test_a_pdf_that_asks_for_a_password_is_refused():
    assert _refusal(pdf_of_pages(1, encryption=pikepdf.Encryption(user="secret", owner="other"))) == "locked"


def test_a_pdf_that_opens_without_its_password_is_kept_open():
    kept = clean(pdf_of_pages(1, encryption=pikepdf.Encryption(user="", owner="other")))
    with pikepdf.open(io.BytesIO(kept.original)) as pdf:
        assert not pdf.is_encrypted


@pytest.mark.parametrize(("inches", "pixels"), [((200, 200), 3464), ((8.27, 11.7), 1755), ((200, 0.05), 10_000)])
def test_a_page_of_any_size_is_drawn(inches, pixels):
    (page,) = clean(pdf_of_pages(1, (inches[0] * 72, inches[1] * 72))).pages
    assert max(page.width, page.height) == pytest.approx(pixels, abs=2)
    assert page.width * page.height <= 12_100_000


def test_many_large_pages_share_their_pixels():
    pages = clean(pdf_of_pages(40, (2000, 2000))).pages
    assert sum(page.width * page.height for page in pages) <= 121_000_000


def test_a_stream_that_unfolds_without_end_is_refused_or_drawn_empty():
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(1200)) + packer.flush()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of_pages(1))) as pdf:
        ink = Stream(pdf, b"")
        ink.write(bomb, filter=Name.FlateDecode)
        pdf.pages[0].obj.Contents = ink
        pdf.save(out)
    # Nobody can say which of its limits a decoder meets first; that it comes back, and leaves this process well, is what counts.
    with contextlib.suppress(Refused):
        (page,) = clean(out.getvalue()).pages
        assert _darkest(page.jpeg) == 255
    assert clean(pdf_of_pages(1)).pages


@pytest.mark.parametrize(
    "rest", [b"", b"\n%%EOF", b"1.4\n1 0 obj <</Type /Catalog>> endobj trailer <</Root 1 0 R>>", b"1.7\n" + bytes(900)]
)
def test_a_pdf_that_is_none_is_refused(rest):
    assert _refusal(b"%PDF-" + rest) == "pdf_damaged"


def test_pictures_are_bound_without_loss_each_on_a4_and_without_a_date():
    upright, across = saved(picture(300, 400), "JPEG"), saved(picture(), "JPEG")
    bound = pdf_of([upright, across], title="A letter – for Zoë")
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        assert dict(pdf.docinfo.items()) == {"/Title": "A letter – for Zoë"}
        sizes = [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages]
        assert sizes == [(595, 842), (842, 595)]
        kept = [image.read_raw_bytes() for page in pdf.pages for image in page.get_images().values()]
    assert kept == [upright, across]
    assert b"/CreationDate" not in _unfolded(bound)
    assert b"/ModDate" not in _unfolded(bound)
    assert "/Info" not in pikepdf.open(io.BytesIO(pdf_of([upright]))).trailer


def test_only_pictures_are_bound():
    with pytest.raises(Refused, match="photo_damaged"):
        pdf_of([b"not a picture"])


def test_links_and_notes_go_with_whatever_they_would_have_started():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of_pages(1))) as pdf:
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=Name.URI, URI="file:///etc")
        )
        pdf.pages[0].obj.Annots = Array([link])
        pdf.save(out)
    assert b"/URI" not in _unfolded(clean(out.getvalue()).original)
