"""PDFs: what can act, hide or tell on somebody is taken out; what is left is drawn, page by page.

The stripped file is kept as well as the pictures, because a screen reader needs its text.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Collection, Iterator

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Stream

from plumbing.files.facts import MOST_PDF_PAGES, Cleaned, Picture, Refused
from plumbing.files.jpeg import without_comments
from plumbing.files.photo import picture_of

_DPI = 150
_POINTS_AN_INCH = 72
_MOST_PIXELS = 12_000_000
_MOST_PIXELS_OF_ALL = 120_000_000
_LONGEST_SIDE = 10_000

# What a document and a page may have: anything else goes, whatever it is for (actions, scripts, forms, notes, attached files,
# metadata, article threads, thumbnails, what other programs keep for themselves).
# "/Encrypt" is how the rest is read (many letters open without a password, and only forbid printing); it is not written again.
_TRAILER = {"/Root", "/Size", "/Encrypt"}
_DOCUMENT = {
    "/Type",
    "/Version",
    "/Extensions",
    "/Pages",
    "/PageLabels",
    "/Lang",
    "/MarkInfo",
    "/StructTreeRoot",
    "/OCProperties",
}
_PAGE = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"}
_PAGE |= {"/Resources", "/Contents", "/Group", "/StructParents", "/Tabs"}
# What goes from whatever has it. The short names go only from things that say what they are: a list of fonts may call one "/AA".
_NOWHERE = {"/Metadata", "/PieceInfo", "/LastModified", "/OpenAction", "/EmbeddedFiles", "/JavaScript", "/RichMediaContent"}
_NOWHERE_SHORT = {"/AA", "/AF", "/EF", "/JS", "/F", "/FFilter", "/OPI", "/Obj"}


def clean(data: bytes) -> Cleaned:
    """The document without anything that acts, hides or tells, and a picture of each page.

    Raises Refused where it needs a password or has too many pages.
    """
    original = _stripped(data)
    return Cleaned("pdf", original, _drawn(original))


def _stripped(data: bytes) -> bytes:
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    with pdf:
        if len(pdf.pages) > MOST_PDF_PAGES:
            raise Refused("too_many_pages")
        # What was typed into a form, and notes that can be seen, become part of the page: still to be read, and no longer alive.
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
        _keep_only(pdf.trailer, _TRAILER)
        _keep_only(pdf.Root, _DOCUMENT)
        for page in pdf.pages:
            _keep_only(page.obj, _PAGE)
        for thing in pdf.objects:
            for part in _parts(thing):
                _disarm(part)
        out = io.BytesIO()
        pdf.save(out, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _keep_only(thing: Object, allowed: Collection[str]) -> None:
    for key in set(thing.keys()) - set(allowed):
        del thing[key]


def _parts(thing: Object) -> Iterator[Object]:
    """A dictionary or stream, and every dictionary that is written inside it; what it only points to has its own turn."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Dictionary | Stream):
            yield part
            inside = [part[key] for key in part.keys()]  # noqa: SIM118 - a stream does not give its keys when it is walked
        else:
            inside = list(part) if isinstance(part, Array) else []
        waiting += [value for value in inside if isinstance(value, Dictionary | Array) and not value.is_indirect]


def _disarm(part: Object) -> None:
    named = isinstance(part, Stream) or "/Type" in part or "/S" in part
    for key in set(part.keys()) & (_NOWHERE | _NOWHERE_SHORT if named else _NOWHERE):
        del part[key]
    if isinstance(part, Stream):
        _forget_where_it_was_taken(part)


def _forget_where_it_was_taken(stream: Stream) -> None:
    """A photo in a PDF is often a JPEG as the telephone made it, with the place in it."""
    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)]
    if names[-1] != "/DCTDecode" or names[:-1] not in ([], ["/FlateDecode"]):
        return
    settings = stream.get("/DecodeParms")
    if isinstance(settings, Array):
        settings = settings[-1] if len(settings) else None
    raw = stream.read_raw_bytes()
    jpeg = without_comments(zlib.decompress(raw) if len(names) == 2 else raw)
    stream.write(jpeg, filter=Name.DCTDecode, decode_parms=settings if isinstance(settings, Dictionary) else None)


def _drawn(data: bytes) -> tuple[Picture, ...]:
    """Each page as a picture. A page may be 200 inches wide, or a fold-out among forty: each has its share of pixels."""
    with pypdfium2.PdfDocument(data) as pdf:
        share = min(_MOST_PIXELS, _MOST_PIXELS_OF_ALL // len(pdf))
        return tuple(_picture(pdf, number, share) for number in range(len(pdf)))


def _picture(pdf: pypdfium2.PdfDocument, number: int, most_pixels: int) -> Picture:
    page = pdf[number]
    try:
        width, height = page.get_size()
        scale = min(_DPI / _POINTS_AN_INCH, (most_pixels / (width * height)) ** 0.5, _LONGEST_SIDE / max(width, height))
        return picture_of(page.render(scale=scale, may_draw_forms=False).to_pil(), long_side=_LONGEST_SIDE)
    finally:
        page.close()
