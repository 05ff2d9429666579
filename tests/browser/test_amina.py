"""Amina on her phone: she registers, keeps a letter, finds it, takes everything along, loses her passphrase and comes back."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.checks import PHONE, SMALL, axe_faults, follow, press, tab_to, too_small, too_wide

pytestmark = pytest.mark.browser
PASSPHRASE, NEXT_PASSPHRASE = "goat wellies piano rain", "seven quiet otters dancing"


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two pages of a letter, as a phone takes them."""
    folder, paths = tmp_path_factory.mktemp("photos"), []
    for number in (1, 2):
        page = Image.new("RGB", (1500, 2100), (250, 248, 240))
        ImageDraw.Draw(page).text((200, 200), f"Dear Ms Hussain, page {number}", fill=(20, 20, 20))
        paths.append(str(folder / f"{number}.jpg"))
        page.save(paths[-1], quality=85)
    return paths


def sign_up(page: Page) -> str:
    """Register and begin Yusuf's record; the address of the record."""
    page.goto("/record")
    page.get_by_role("link", name="Start a record").click()
    page.locator("main [name=shown_name]").fill("Amina")
    page.locator("main [name=passphrase]").fill(PASSPHRASE)
    page.locator("main button[type=submit]:not([name])").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    page.get_by_role("link", name="Go on").click()
    page.get_by_label("What do they like to be called?").fill("Yusuf")
    page.get_by_label("When were they born?").fill("3 May 2019")
    page.get_by_role("button", name="Begin the record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Yusuf’s record")
    return page.url


def keep_letter(page: Page, record: str, photos: list[str]) -> None:
    """Photograph two pages and keep them."""
    page.goto(record)
    page.get_by_role("link", name="Photograph a letter").click()
    page.locator("main input[type=file][multiple]").set_input_files(photos)
    expect(page.get_by_role("button", name="Keep the letter")).to_be_visible()
    expect(page.locator(".tray-page")).to_have_count(2)
    page.get_by_label("Title").fill("New glasses")
    page.get_by_label("Who is it from?").fill("Eye clinic")
    page.get_by_role("button", name="Keep the letter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("New glasses")
    expect(page.locator(".pages img")).to_have_count(2)


def test_amina_keeps_a_letter_and_comes_back_by_her_sheet(page, photos, tmp_path):
    record = sign_up(page)
    keep_letter(page, record, photos)

    # The sheet is offered beside the letter, and checked by typing two of its groups.
    page.get_by_role("link", name="Make your sheet now").click()
    page.get_by_role("button", name="Make my sheet").click()
    expect(page.locator(".codes li")).to_have_count(7)
    groups = page.locator(".codes li").all_inner_texts()
    code = "-".join(re.search(r"[0-9A-Z]{4}", group)[0] for group in groups)
    page.goto("/kit/check")
    for name in ("first", "second"):
        number = int(re.search(r"[1-7]", page.locator(f"label[for={name}]").inner_text())[0])
        page.locator(f"#{name}").fill(code.split("-")[number - 1].lower())
    follow(page.get_by_role("button", name="Check", exact=True))
    page.goto(record)
    expect(page.get_by_text("Your sheet: made and checked.")).to_be_visible()

    page.get_by_label("Find in this record").fill("glases")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="New glasses")).to_be_visible()

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Dates").click()
    page.get_by_role("link", name="Add an appointment").click()
    page.get_by_label("What is it for?").fill("Wheelchair clinic")
    page.get_by_label("Date").fill("3 February 2031")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wheelchair clinic")
    page.goto(record)
    expect(page.get_by_text("Next: Wheelchair clinic")).to_be_visible()

    page.goto(record + "/take-away")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the copy").click()
    copy = Path(tmp_path) / "copy.zip"
    download.value.save_as(copy)
    names = zipfile.ZipFile(io.BytesIO(copy.read_bytes())).namelist()
    assert any(name.endswith(".jpg") for name in names)
    assert "New glasses" in json.dumps(json.loads(zipfile.ZipFile(copy).read("record.json")))

    name = _sign_in_name(page)
    page.goto("/settings")
    follow(page.get_by_role("button", name="Sign out"))
    page.goto("/kit/use")
    page.locator("main [name=name]").fill(name)
    page.locator("main [name=code]").fill(code)
    page.locator("main [name=passphrase]").fill(NEXT_PASSPHRASE)
    follow(page.get_by_role("button", name="Open my record"))
    page.goto(record)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Yusuf’s record")
    page.goto("/letters")
    page.get_by_role("link", name="New glasses").click()
    expect(page.locator(".pages img")).to_have_count(2)
    first = page.locator(".pages img").first
    expect(first).to_have_js_property("complete", True)
    assert first.evaluate("image => image.naturalWidth") > 500


def _sign_in_name(page: Page) -> str:
    page.goto("/settings")
    return re.search(r"\b[a-z]+-[a-z]+-[0-9]{2}\b", page.locator("main").inner_text())[0]


ADDRESSES = (
    "",
    "/letters",
    "/letters/new",
    "/dates",
    "/people",
    "/about-me",
    "/about-me/edit",
    "/timeline",
    "/sections",
    "/bin",
    "/log",
)
MORE = ("/paper", "/search", "/about", "/take-away", "/feed", "/reminders", "/voice/new")
ACCOUNT = (
    "/settings",
    "/kit",
    "/second-factor",
    "/quick-unlock",
    "/sessions",
    "/your-privacy",
    "/passphrase",
    "/leave",
    "/welcome-back",
    "/records/new",
)


@pytest.fixture(scope="module")
def kept(browser, playwright, server, photos):
    """Somebody's browser with a record and a letter in it, and the addresses of all their pages."""
    context = browser.new_context(base_url=server.url, locale="en-GB", reduced_motion="reduce", **playwright.devices["Pixel 7"])
    context.set_default_timeout(15_000)
    page = context.new_page()
    record = sign_up(page)
    keep_letter(page, record, photos)
    letter = page.url
    page.goto(record)
    diary = page.get_by_role("link", name=re.compile("^Diary")).get_attribute("href")
    appointments = page.get_by_role("link", name=re.compile("^Appointments")).get_attribute("href")
    page.goto(record + "/about-me/edit")
    page.locator("main textarea").first.fill("My smile")
    follow(page.get_by_role("button", name="Save"))
    forms = [diary + "/new/diary", appointments + "/new/appointment", letter + "/edit", letter + "/history"]
    addresses = [record + rest for rest in ADDRESSES + MORE] + list(ACCOUNT) + [diary, letter, *forms]
    yield context, addresses
    context.close()


def _faults(kept, look, size=PHONE):
    context, addresses = kept
    page = context.new_page()
    page.set_viewport_size(size)
    lines = []
    for address in addresses:
        page.goto(address)
        lines += [f"{address}: {fault}" for fault in look(page)]
    page.close()
    return lines


def test_axe_finds_nothing_inside(kept):
    assert not _faults(kept, lambda page: axe_faults(page, PHONE), {"width": 1280, "height": 900})


def test_nothing_inside_scrolls_sideways_on_the_smallest_screen(kept):
    assert not _faults(kept, too_wide, SMALL)


def test_text_of_twice_the_size_fits_inside(kept):
    def look(page):
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        return too_wide(page)

    assert not _faults(kept, look)


def test_everything_inside_is_large_enough_to_tap(kept):
    assert not _faults(kept, too_small)


def test_a_diary_note_is_written_with_the_keyboard_alone(kept):
    context, addresses = kept
    page = context.new_page()
    page.goto(addresses[0])
    tab_to(page, page.get_by_role("link", name=re.compile("^Diary")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Diary")
    tab_to(page, page.get_by_role("link", name="Write in the diary"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Write in the diary")
    tab_to(page, page.locator("main textarea").first)
    page.keyboard.type("They promised to ring back")
    tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Change")).to_be_visible()
    expect(page.get_by_text("They promised to ring back").first).to_be_visible()
    expect(page).to_have_url(re.compile("/entries/"))
    press(page, "Tab")
    page.close()
