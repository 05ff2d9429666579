"""Paper: readable by all, typed words as words, and nothing of them on a disk or in an error."""

from __future__ import annotations

import doctest
import io
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from plumbing import paper
from plumbing.paper import CannotSet, Picture, set_page, set_pictures
from tests.conftest import ROOT
from tests.printed import check_accessible, jpegs, letters, pages, photo, tags, words

TEMPLATE = """
#import "paper.typ": data, lines, paper as framed, picture, wrapping
#show: body => framed(data.title, language: "en", body)
#set page(width: 12cm, height: 9cm, margin: 1cm)
#heading(level: 1, data.title)
#wrapping(10cm, lines(data.said))
#if "shows" in data { picture("photo", alt: data.shows, width: 3cm) }
"""
HOSTILE = (
    '#read("/etc/passwd")',
    "$x^2$ *bold* _slanted_ `raw`",
    '#import sys: inputs; #panic(1) #include "/etc/passwd" // not a remark /* nor this */',
    "<label> @reference \\ ~ -- --- ... [a] {b} \\u{41} = Heading",
    "- one + two / three: four",
    "https://example.org/a?b=c&d=%20#e",
)


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "letter.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def page(template, said: str = "Well done", **more: object) -> bytes:
    pictures = {"photo": photo(300, 300)} if "shows" in more else {}
    return set_page(template, {"title": "A letter", "said": said, **more}, pictures)


def test_the_examples_in_it_hold():
    assert doctest.testmod(paper).failed == 0
    assert doctest.testmod(paper).attempted >= 3


def test_it_is_tagged_titled_and_in_a_language(template):
    pdf = page(template, shows="A red square")
    check_accessible(pdf, "A letter")
    assert ("/Figure", "A red square") in tags(pdf)
    assert [name for name, _alt in tags(pdf)].count("/H1") == 1


@pytest.mark.parametrize("typed", HOSTILE)
def test_typed_markup_is_text(template, typed):
    pdf = page(template, typed)
    check_accessible(pdf, "A letter")
    assert typed.replace(" ", "") in letters(pdf)
    assert "root:" not in words(pdf)


@pytest.mark.parametrize(
    "typed",
    [
        "Llŷr, ŵy, Siân a’r tŷ",
        "Łódź Ştefan Đặng Ђорђе Ελένη",
        "½ × 5 µg ≥ 37.5 °C – “said” … ✓ ❤",
        "محمد بن علي",
        "שלום לכם",
        "a\u200fb\u202ec\u2066d\u2069\u202c",
        "Z̶̢a͂l̷g̵o",
    ],
)
def test_letters_of_many_languages_are_printed_and_still_accessible(template, typed):
    pdf = page(template, typed)
    check_accessible(pdf, "A letter")
    if typed.isascii() or typed[0] in "LŁ½":
        assert typed.replace(" ", "") in letters(pdf)


def test_an_emoji_is_said_in_words(template):
    pdf = page(template, "Swimming \U0001f600 \U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467")
    check_accessible(pdf, "A letter")
    assert "Swimming(grinningface)(thumbsupsign)(man)(woman)(girl)" in letters(pdf)


def test_a_letter_no_font_has_is_printed_as_a_box_rather_than_not_at_all(template):
    pdf = page(template, "before \U0001e900\u0f00\ua880\U00010f00 after")
    assert "before" in words(pdf)
    assert "after" in words(pdf)


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "a\ud800b", "a\uffffb", "a\x85b", "a\r\nb", "a\u2028b", "\x0c"])
def test_what_no_printer_has_is_left_out(template, typed):
    pdf = page(template, typed)
    check_accessible(pdf, "A letter")
    assert ("ab" in letters(pdf)) == ("a" in typed)


@pytest.mark.parametrize("word", ["W" * 400, "a" * 400, "https://example.org/" + "x" * 300, "é" * 200])
def test_a_word_wider_than_the_page_breaks_and_loses_nothing(template, word):
    pdf = page(template, f"{word} end")
    assert word + "end" in letters(pdf)
    picture = Image.open(io.BytesIO(set_page(template, {"title": "A", "said": word}, form="png"))).convert("L")
    margin = picture.crop((picture.width - 50, 0, picture.width, picture.height))
    assert margin.getextrema() == (255, 255), "something stands in the margin"


def test_words_of_ordinary_length_stay_whole(template):
    document = pypdfium2.PdfDocument(page(template, "amina.khan@example.org Llanfairpwllgwyngyll"))
    assert "\u200b" not in document[0].get_textpage().get_text_range()


@pytest.mark.parametrize("shows", ["", "   ", "\x00"])
def test_a_picture_without_words_for_it_is_refused(template, shows):
    for said in ("Well done", "\ua880"):
        with pytest.raises(CannotSet):
            page(template, said, shows=shows)
    with pytest.raises(CannotSet):
        set_page(template, {"title": "A", "said": "b", "shows": shows}, {"photo": photo(30, 30)}, form="png")


@pytest.mark.parametrize("bad", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_jpeg_is_refused_rather_than_left_white(template, bad):
    with pytest.raises(CannotSet):
        set_page(template, {"title": "A", "said": "b", "shows": "c"}, {"photo": Picture(bad, 10, 10)})


def test_a_photo_stands_in_it_bit_by_bit(template):
    given = photo(300, 300)
    pdf = set_page(template, {"title": "A", "said": "b", "shows": "c"}, {"photo": given})
    assert jpegs(pdf) == [given.jpeg]
    assert "jpeg" not in repr(given)


def test_a_large_photo_is_made_smaller_and_a_small_one_left_alone():
    large, small = photo(1800, 2400), photo(300, 200)
    made = large.at_most(1000)
    assert (made.width, made.height) == (750, 1000) == Image.open(io.BytesIO(made.jpeg)).size
    assert small.at_most(300) is small


def test_an_error_says_where_and_never_what(template):
    template.write_text(TEMPLATE + "\n#data.at(data.said)", "utf-8")
    secret = "-".join(("the", "diagnosis"))
    with pytest.raises(CannotSet) as caught:
        page(template, secret)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert secret not in told
    assert "letter.typ" in str(caught.value)
    assert ":9" in str(caught.value)


def test_it_carries_no_date_but_the_one_it_is_given_and_is_the_same_every_time(template):
    with pikepdf.open(io.BytesIO(page(template))) as document:
        assert "/CreationDate" not in document.docinfo
        assert "/ModDate" not in document.docinfo
    assert page(template) == page(template)


def test_nothing_is_written_to_any_disk():
    """With no byte allowed in any file, memory-backed ones included, a page with a photo is still made."""
    script = """
import resource, sys
from pathlib import Path
from records.paper import about_me, Answer
from tests.printed import photo
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
words = {"title": "About me", "photo": "A photo", "dated": "Today"}
sys.stdout.buffer.write(about_me([Answer("Likes", "trains")], words, photo()))
"""
    command = [sys.executable, "-B", "-c", script]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert "trains" in words(made.stdout)


def test_many_at_once_are_each_their_own(template):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: page(template, f"child{number:03}"), range(40)))
    for number, pdf in enumerate(made):
        assert words(pdf) == f"A letter child{number:03}"


def test_a_template_may_import_its_neighbours_and_no_other_file(template):
    (template.parent / "part.typ").write_text('#let part = "from next door"', "utf-8")
    template.write_text('#import "part.typ": part\n#set document(title: "A")\n#set text(lang: "en")\n#part', "utf-8")
    assert words(set_page(template, {})) == "from next door"
    template.write_text('#read("/etc/hostname")', "utf-8")
    with pytest.raises(CannotSet):
        set_page(template, {})


def test_pictures_come_one_a_page(template):
    said = "\n".join(f"line {number}" for number in range(60))
    made = set_pictures(template, {"title": "A", "said": said})
    assert len(made) == pages(page(template, said)) > 1
    assert all(one.startswith(b"\x89PNG") for one in made)


def test_made_at_is_the_date_it_carries(tmp_path):
    template = tmp_path / "dated.typ"
    template.write_text('#set document(title: "A", date: auto)\n#set text(lang: "en")\nx', "utf-8")
    pdf = set_page(template, {}, made_at=datetime(2027, 3, 3, tzinfo=UTC))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20270303")
