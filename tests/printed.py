"""What tests ask of a PDF that was printed."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw

from plumbing.paper import Picture


def pages(pdf: bytes) -> int:
    """How many sides it has."""
    return len(pypdfium2.PdfDocument(pdf))


def words(pdf: bytes) -> str:
    """All its text in reading order, with single spaces, and without the marks where a long word may break."""
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.replace("\u200b", "").split())


def letters(pdf: bytes) -> str:
    """All its text without a single space: what stays when lines break elsewhere."""
    return words(pdf).replace(" ", "")


def check_accessible(pdf: bytes, title: str, language: str = "en") -> None:
    """It says it is PDF/UA-1, and has what that asks for: tags, a title that is shown, a language, embedded fonts."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert root.Lang == language
        assert root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo["/Title"] == title
        assert "/K" in root.StructTreeRoot
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == title
        fonts = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts)


def tags(pdf: bytes) -> list[tuple[str, str]]:
    """Every tag in reading order, with its words for a picture."""
    found: list[tuple[str, str]] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append((str(node.S), str(node.get("/Alt", ""))))
            walk(node.get("/K"))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


def photo(width: int = 900, height: int = 1200, colour: str = "red") -> Picture:
    """A sheet with lines on it, in one colour."""
    picture, jpeg = Image.new("RGB", (width, height), "white"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    for y in range(60, height - 60, 40):
        draw.line([(60, y), (width - 60, y)], fill=colour, width=9)
    picture.save(jpeg, "JPEG")
    return Picture(jpeg.getvalue(), width, height)


def jpegs(pdf: bytes) -> list[bytes]:
    """The photos in it, bit by bit as they were given."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/DCTDecode"]
        return [one.read_raw_bytes() for one in streams]
