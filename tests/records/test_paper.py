"""The record on paper: one side about the child, the whole book, dividers. Nothing is lost, and all of it can be read aloud."""

from __future__ import annotations

import io
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from plumbing.paper import CannotSet
from records.paper import Answer, PrintedAction, PrintedEntry, PrintedSection, PrintedThing, about_me, book, dividers, plan
from tests.printed import check_accessible, jpegs, letters, pages, photo, tags, words

WORDS = {"title": "About Yusuf", "photo": "A photo of Yusuf", "dated": "As it was written on 3 March 2027"}
BOOK = {"title": "Our book", "subtitle": "Printed on 3 March 2027", "contents": "What is in it", "empty": "Nothing yet."}
PROFILE = (
    Answer("What people like about me", "My laugh.\nI am kind to animals.", "liked"),
    Answer("What matters to me", "Trains.\nKnowing what comes next.\nMy gran and our cat.\nSwimming.", "matters"),
    Answer("How best to support me", "Give me time.\nTell me before you move my chair.\nSmall steps.", "support"),
    Answer("How I communicate", "Forty words, signs and my tablet.\nYes is a smile.", "communicate"),
    Answer("In an emergency", "Time it. After five minutes ring 999.\nThen Mum: 07700 900123.", "in_an_emergency"),
)


def times(number: int) -> list[Answer]:
    """The profile with every line `number` times, each of them different."""
    return [
        Answer(one.heading, "\n".join(f"{line} {count}x" for count in range(number) for line in one.words.split("\n")), one.name)
        for one in PROFILE
    ]


def check_complete(pdf: bytes, answers) -> None:
    """Every word of every answer is there."""
    text = letters(pdf)
    for answer in answers:
        for line in (answer.heading, *answer.words.split("\n")):
            assert "".join(line.split()) in text, line


def sizes(pdf: bytes) -> set[float]:
    """How large its letters are, in points."""
    document = pypdfium2.PdfDocument(pdf)
    return {round(one.get_font_size(), 1) for page in document for one in page.get_objects() if hasattr(one, "get_font_size")}


def boxes(pdf: bytes, number: int = 0) -> list[tuple[float, float, float, float]]:
    """Where text stands on a page: left, bottom, right, top, in points."""
    text = pypdfium2.PdfDocument(pdf)[number].get_textpage()
    return [text.get_rect(place) for place in range(text.count_rects())]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("has_photo", [True, False])
def test_a_profile_is_one_side_and_complete(number, has_photo):
    pdf = about_me(times(number), WORDS, photo() if has_photo else None)
    check_accessible(pdf, "About Yusuf")
    assert pages(pdf) == 1
    check_complete(pdf, times(number))
    assert WORDS["dated"] in words(pdf)
    assert ("/Figure", "A photo of Yusuf") in tags(pdf) or not has_photo


@pytest.mark.parametrize("number", [5, 6])
def test_a_huge_profile_goes_on_to_a_second_side_and_is_complete(number):
    pdf = about_me(times(number), WORDS, photo())
    check_accessible(pdf, "About Yusuf")
    assert pages(pdf) == 2
    check_complete(pdf, times(number))


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 8])
def test_nothing_stands_on_anything_else_or_in_the_margin(number):
    pdf = about_me(times(number), WORDS, photo())
    for page in range(pages(pdf)):
        found = boxes(pdf, page)
        for place, (left, bottom, right, top) in enumerate(found):
            assert left > 40
            assert right < 595 - 40
            assert bottom > 20
            for other_left, other_bottom, other_right, other_top in found[place + 1 :]:
                wide = min(right, other_right) - max(left, other_left)
                high = min(top, other_top) - max(bottom, other_bottom)
                assert not (wide > 2 and high > 3), (page, (left, bottom, right, top))


def test_the_letters_are_as_large_as_one_side_allows_and_never_too_small():
    short, long = sizes(about_me(times(1), WORDS)), sizes(about_me(times(3), WORDS))
    huge = sizes(about_me(times(9), WORDS)) - {9.0}
    assert max(short) > 15 <= max(long)
    assert 15.0 in short
    assert 15.0 not in long
    assert min(huge) == 10.0


def test_large_print_is_eighteen_points_however_many_sides_it_takes():
    pdf = about_me(times(3), WORDS, photo(), large=True)
    check_accessible(pdf, "About Yusuf")
    assert pages(pdf) > 1
    assert min(sizes(pdf) - {9.0}) >= 18
    check_complete(pdf, times(3))


def test_an_emergency_stands_at_the_foot_in_white_on_black():
    pdf = about_me(list(reversed(PROFILE)), WORDS)
    text = words(pdf)
    assert text.index("In an emergency") > max(text.index(one.heading) for one in PROFILE[:-1])
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=1, grayscale=True).to_pil()
    middle = [page.getpixel((page.width // 2, y)) < 60 for y in range(page.height)]
    assert not any(middle[150:500])
    assert sum(middle[550:800]) > 20


def test_what_was_left_empty_takes_no_room():
    pdf = about_me([*PROFILE[:2], Answer("How I communicate", "  \n ", "communicate")], WORDS)
    assert "How I communicate" not in words(pdf)
    assert "About Yusuf" in words(about_me([], WORDS))


@pytest.mark.parametrize(
    "typed", ['#read("/etc/passwd")', "$x$", "*bold*", "a\u202eb", "W" * 60, "محمد بن علي", "Llŷr", "\x00\ud800"]
)
@pytest.mark.parametrize("name", ["liked", "matters", "in_an_emergency"])
def test_whatever_is_typed_is_printed_as_it_was_typed(typed, name):
    pdf = about_me([Answer(typed, typed, name), *PROFILE[1:4]], WORDS | {"title": f"About {typed}"})
    assert pages(pdf) == 1
    if typed.isascii() and typed.isprintable():
        assert letters(pdf).count(typed) == 3


def test_a_photo_without_words_for_it_is_refused():
    with pytest.raises(CannotSet):
        about_me(PROFILE, WORDS | {"photo": " "}, photo())
    with pytest.raises(CannotSet):
        book([PrintedSection("Letters", (PrintedEntry("A letter", "", (), ((photo(), ""),)),))], BOOK)


def a_book() -> list[PrintedSection]:
    sheets = tuple((photo(colour=colour), f"Page {number} of 3") for number, colour in enumerate(("red", "green", "blue"), 1))
    letter = PrintedEntry(
        "From the clinic", "12 January 2027", (Answer("What it says", "Come in June.\nBring the diary."),), sheets
    )
    calls = tuple(
        PrintedEntry(f"Rang transport {n}", f"{n} February 2027", (Answer("Said", f"Ring back {n}."),)) for n in range(1, 9)
    )
    return [PrintedSection("Health letters", (letter,)), PrintedSection("Education letters"), PrintedSection("Diary", calls)]


def test_the_book_has_a_cover_contents_dividers_entries_and_sheets():
    pdf = book(a_book(), BOOK)
    check_accessible(pdf, "Our book")
    document = pypdfium2.PdfDocument(pdf)
    sides = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    assert sides[0] == "Our book Printed on 3 March 2027"
    assert sides[1].startswith("What is in it Health letters")
    assert "Rang transport 8" in sides[1]
    assert sides[2] == "1 Health letters"
    assert "From the clinic 12 January 2027 What it says Come in June. Bring the diary." in sides[3]
    assert sides[6] == "2 Education letters Nothing yet."
    assert sides[7] == "3 Diary"
    assert len(sides) == 9
    check_complete(pdf, [fact for section in a_book() for entry in section.entries for fact in entry.facts])


def test_every_sheet_stands_in_the_book_as_it_is_with_its_words_on_a_side_of_its_own():
    pdf = book(a_book(), BOOK)
    given = [picture.jpeg for picture, _shows in a_book()[0].entries[0].sheets]
    assert sorted(jpegs(pdf)) == sorted(given)
    assert [alt for name, alt in tags(pdf) if name == "/Figure"] == ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"]
    document = pypdfium2.PdfDocument(pdf)
    for page in (3, 4, 5):
        pixels = document[page].render(scale=0.5).to_pil().getcolors(1 << 20)
        assert len(pixels) > 20, "a sheet was left white"


def test_the_contents_say_the_right_side_and_lead_there():
    pdf = book(a_book(), BOOK)
    document = pypdfium2.PdfDocument(pdf)
    sides = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    assert "From the clinic" in sides[3]
    assert "4 / 9" in sides[3]
    contents = sides[1].replace(".", "").replace(" ", "")
    assert "Fromtheclinic4" in contents
    assert "Diary8" in contents
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages[1].Annots) >= 12
    marks = [one.get_title() for one in document.get_toc()]
    assert [mark for mark in marks if mark in {"Health letters", "Education letters", "Diary"}] == [one.name for one in a_book()]


def test_headings_go_down_step_by_step():
    levels = [int(name[2:]) for name, _alt in tags(book(a_book(), BOOK)) if name[:2] == "/H" and name[2:].isdigit()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_long_entry_gives_its_first_sheet_a_side_of_its_own():
    facts = tuple(Answer(f"Question {n}", "A long answer over several lines. " * 8) for n in range(9))
    pdf = book([PrintedSection("Letters", (PrintedEntry("Long", "", facts, ((photo(), "Page 1 of 1"),)),))], BOOK)
    last = pypdfium2.PdfDocument(pdf)[pages(pdf) - 1]
    assert "Question" not in last.get_textpage().get_text_range()
    check_complete(pdf, facts)


def test_a_book_with_nothing_in_it_is_still_a_book():
    check_accessible(book([], BOOK), "Our book")
    assert pages(book([PrintedSection("Diary")], BOOK)) == 3


@pytest.mark.parametrize("typed", ['#read("/etc/passwd")', "$x$ *b* _i_", "W" * 300, "a\x00\ud800b", "محمد", "\U0001f600"])
def test_whatever_is_typed_in_the_book_is_printed(typed):
    entry = PrintedEntry(typed, typed, (Answer(typed, typed),))
    pdf = book([PrintedSection(typed, (entry, entry))], BOOK | {"title": typed})
    assert pages(pdf) >= 4
    if typed.isascii() and typed.isprintable():
        assert letters(pdf).count(typed.replace(" ", "")) >= 10


def test_there_is_a_divider_for_each_section_with_its_own_tab():
    names = ["About me", "Health and needs", "Our family’s plan for a very long time with a name that nobody shortened"]
    pdf = dividers(names, "Dividers")
    check_accessible(pdf, "Dividers")
    assert pages(pdf) == 3
    assert [name for name, _alt in tags(pdf) if name == "/H1"] == ["/H1"] * 3
    for name in names:
        assert name in words(pdf)
    rows = []
    for page in pypdfium2.PdfDocument(pdf):
        edge = page.render(scale=1, grayscale=True).to_pil().crop((590, 0, 591, 842))
        rows.append([y for y in range(842) if edge.getpixel((0, y)) < 128])
    assert all(rows)
    assert max(rows[0]) < min(rows[1]) <= max(rows[1]) < min(rows[2])


@pytest.mark.parametrize("number", [1, 12, 60])
def test_however_many_dividers_there_are_the_tabs_stay_on_the_paper(number):
    pdf = dividers([f"Section {n}" for n in range(number)], "Dividers")
    assert pages(pdf) == number
    edge = pypdfium2.PdfDocument(pdf)[number - 1].render(scale=1, grayscale=True).to_pil().crop((590, 0, 591, 842))
    assert max(y for y in range(842) if edge.getpixel((0, y)) < 128) < 842 - 28


def test_arabic_pages_say_so():
    check_accessible(about_me(PROFILE, WORDS, language="ar"), "About Yusuf", "ar")
    check_accessible(book(a_book(), BOOK, language="ar"), "Our book", "ar")


# The plan

PLAN = {
    "title": "Care plan: Yusuf",
    "subtitle": "",
    "dated": "Agreed on 3 March 2027.",
    "change": "What we want to change",
    "strong": "What is already strong",
    "who": "Who",
    "by_when": "By when",
    "state": "How it is",
    "slip": "Your answer",
    "slip_how": "Please tick one box for each line.",
    "yes": "Yes",
    "no": "No, because",
    "other": "Yes, but by another date",
    "name": "Name",
    "day": "Date",
}
GUARD = PrintedAction("Ask for a bed guard", "Sara Morgan, Health", "5 January 2027", "Late")
SLEEP = PrintedThing("Sleep", "All of us sleep.\nFour nights a week.", "Gran helps.", (GUARD,))


@pytest.mark.parametrize("large", [False, True])
def test_a_plan_can_be_read_aloud_heading_by_heading(large):
    pdf = plan([SLEEP], PLAN, [GUARD], large=large)
    check_accessible(pdf, "Care plan: Yusuf")
    check_complete(pdf, [Answer("Sleep", SLEEP.change), Answer(GUARD.what, f"{GUARD.who}\n{GUARD.by_when}\n{GUARD.how}")])
    assert [kind for kind, _alt in tags(pdf) if kind.startswith("/H")][:3] == ["/H1", "/H2", "/H3"]
    assert min(sizes(pdf)) >= (14 if large else 9.5)


def test_a_slip_is_a_sheet_of_its_own_and_only_where_something_is_to_be_answered():
    assert pages(plan([SLEEP], PLAN, [GUARD])) == 2
    without = plan([SLEEP], PLAN)
    assert pages(without) == 1
    assert "No, because" not in words(without)


def test_what_people_wrote_is_never_markup_in_a_plan():
    tricky = PrintedAction("#panic() *bold* $x$", "_who_", "", "")
    pdf = plan([PrintedThing("= Not a heading", " \n ", "", (tricky,))], PLAN, [tricky])
    check_accessible(pdf, "Care plan: Yusuf")
    assert words(pdf).count("#panic() *bold* $x$") == 2


def test_a_plan_of_nothing_is_a_sheet_that_says_whose_it_is():
    check_accessible(plan([], PLAN), "Care plan: Yusuf")
