"""The sheet on paper and as a picture: everything one needs to get back in, and not a word of what it opens."""

from __future__ import annotations

import datetime
import io

import pypdfium2
import pytest
import segno
from flask import Flask
from PIL import Image

from accounts import square
from accounts.kit_sheet import kit_picture, kit_sheet
from plumbing.crypto.code import ALPHABET, new_code, show_code
from plumbing.paper import CannotSet
from tests.printed import check_accessible, letters, pages, tags, words

CODE = "7HKM-2QX9-D0WT-BB48-ZS5G-1NRC-6VEJ"
WHERE = "https://linkbook.example.gov.uk/sign-in"
LINK = f"https://linkbook.example.gov.uk/kit/use#{CODE}"
NAME = "amina@example.org"
MADE_ON = datetime.date(2027, 3, 3)


@pytest.fixture(autouse=True)
def request_context(app: Flask):
    """Words are in a language, and a language is a request's."""
    with app.test_request_context():
        yield


def sheet(name: str = NAME, code: str = CODE, where: str = WHERE, link: str = LINK) -> bytes:
    return kit_sheet(code.split("-"), name, where, square.for_paper(link), MADE_ON)


def picture(name: str = NAME) -> Image.Image:
    made = kit_picture(CODE.split("-"), name, WHERE, square.for_paper(LINK), MADE_ON)
    return Image.open(io.BytesIO(made)).convert("RGB")


def modules(drawn: Image.Image, count: int) -> list[list[bool]]:
    """The square code in a picture, dark or light. It alone is quite black: our letters are not."""
    black = drawn.convert("L").point(lambda shade: 255 if shade < 8 else 0)
    left, top, right, bottom = black.getbbox()
    step = (right - left) / count, (bottom - top) / count
    middle = [0.5 + number for number in range(count)]
    return [[black.getpixel((int(left + x * step[0]), int(top + y * step[1]))) > 0 for x in middle] for y in middle]


def expected(link: str) -> list[list[bool]]:
    return [[bool(one) for one in row] for row in segno.make(link, error="m", micro=False).matrix]


def test_it_is_one_accessible_side_with_everything_on_it():
    pdf = sheet()
    check_accessible(pdf, "Your way back in")
    assert pages(pdf) == 1
    text = words(pdf)
    for said in (*CODE.split("-"), NAME, WHERE, "3 March 2027", "How to use it", "1.", "2.", "3."):
        assert said in text, said
    assert [name for name, _alt in tags(pdf)].count("/LI") == 3
    assert [bool(alt) for name, alt in tags(pdf) if name == "/Figure"] == [True]


def test_it_does_not_say_what_it_opens():
    text = words(sheet()).replace(WHERE, "").replace(NAME, "").lower()
    for telling in ("child", "record", "health", "famil", "disab", "linkbook", "letter-box", "care", "amina"):
        assert telling not in text, telling


def test_the_groups_are_numbered_and_in_order():
    text = words(sheet())
    places = [text.index(f"{number} {group}") for number, group in enumerate(CODE.split("-"), 1)]
    assert places == sorted(places)


def test_no_group_ever_holds_a_letter_that_the_sheet_says_is_not_there():
    assert "It has no letter O, I or L." in words(sheet())
    assert not set("OIL") & set(ALPHABET)
    assert all(not set("OIL") & set(show_code(new_code())) for _ in range(50))


def test_the_letters_of_the_code_are_large():
    page = pypdfium2.PdfDocument(sheet())[0]
    sizes = [one.get_font_size() for one in page.get_objects() if hasattr(one, "get_font_size")]
    assert max(sizes) >= 27
    assert sum(size >= 26 for size in sizes) >= 7


def test_the_square_on_paper_and_in_the_picture_is_the_link():
    wanted = expected(LINK)
    page = pypdfium2.PdfDocument(sheet())[0].render(scale=4).to_pil()
    for drawn in (page, picture()):
        assert modules(drawn, len(wanted)) == wanted
    assert expected(LINK.replace("7HKM", "7HKN")) != wanted


def test_the_picture_has_the_shape_of_a_phone_and_can_be_read_on_one():
    drawn = picture()
    assert 1000 <= drawn.width <= 1200
    assert 1.8 < drawn.height / drawn.width < 2.6
    assert drawn.getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize(
    "name", ["amina", "a.very.long.name.indeed.for.somebody@a-very-long-domain-name-of-a-council.gov.uk", "x" * 254]
)
def test_a_long_name_or_address_stays_on_the_one_side(name):
    where = "https://families.a-very-long-name-of-a-council-and-its-partners.gov.uk/linkbook/sign-in"
    pdf = sheet(name, where=where, link=where + "#" + CODE)
    assert pages(pdf) == 1
    assert name.replace("-", "") in letters(pdf).replace("-", "").replace("\ufffe", "")
    # PDFium takes a hyphen at the end of a line for one that parts a word.
    assert where.replace("-", "") in letters(pdf).replace("-", "").replace("\ufffe", "")
    edge = picture(name)
    assert edge.crop((edge.width - 40, 0, edge.width, edge.height)).getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("name", ['#read("/etc/passwd")', "$amina$", "*amina*"])
def test_a_name_is_never_markup(name):
    assert name in letters(sheet(name))


def test_a_broken_square_is_refused_and_the_error_does_not_tell_the_code():
    with pytest.raises(CannotSet) as caught:
        kit_sheet(CODE.split("-"), NAME, WHERE, f"<svg {CODE}", MADE_ON)
    assert CODE not in str(caught.value)
    assert caught.value.__context__ is None
