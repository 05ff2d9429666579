"""A letter on a parent's phone: photographed, turned, put into order, kept and found; and what happens when things go wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import SMALL, follow, look
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member
from tests.records.pages.conftest import begin_record
from tests.records.pages.letters import CANARY, photo

pytestmark = pytest.mark.browser


def file(data: bytes, kind: str = "image/jpeg") -> dict[str, object]:
    return {"name": "IMG_2034.jpg", "mimeType": kind, "buffer": data}


@pytest.fixture
def record(amina: Member) -> str:  # noqa: F811
    return begin_record(amina)


@pytest.fixture
def phone(page: Page, amina: Member, server: Served, record: str, complaints: list[str]) -> Page:  # noqa: F811
    lend(amina, page, server.url)
    page.goto(server.url + record)
    yield page
    # A refusal is an answer, and being offline is what is tested: the browser's console calls both failures.
    complaints[:] = [text for text in complaints if "Failed to load resource" not in text]


def choose(phone: Page, *files: dict[str, object]) -> None:
    phone.get_by_label("Choose photos or a PDF").set_input_files(list(files))


def begin(phone: Page, record: str, *files: dict[str, object]) -> None:
    phone.goto(f"{record}/letters/new")
    choose(phone, *files)
    expect(phone.get_by_role("heading", name="New letter")).to_be_visible()


def test_two_photos_become_a_letter_that_is_found(phone, record):
    follow(phone.get_by_role("link", name="Photograph a letter"), Locator.tap)
    look(phone, SMALL)
    choose(phone, file(photo("one", (1200, 1600))), file(photo("two", (1600, 1200))))
    expect(phone.locator(".tray-page")).to_have_count(2)
    look(phone, SMALL)
    first, second = (phone.locator(".tray-page img").nth(number) for number in (0, 1))
    upright = first.get_attribute("src")
    phone.get_by_role("button", name="Turn page 2").tap()
    expect(second).to_have_attribute("width", "1200")
    expect(phone.get_by_role("status").get_by_text("The page is turned.")).to_be_attached()
    expect(phone.get_by_role("button", name="Turn page 2")).to_be_focused()
    phone.get_by_role("button", name="Up page 2").tap()
    expect(second).to_have_attribute("src", upright)
    phone.get_by_label("Title").fill("Speech report")
    phone.get_by_label("Who is it from?").fill("Dr Khan")
    phone.get_by_role("button", name="Keep the letter").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Speech report")
    expect(phone.locator(".pages img")).to_have_count(2)
    assert phone.locator(".pages img").first.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1200
    look(phone, SMALL)
    phone.goto(f"{record}/letters")
    look(phone, SMALL)
    phone.get_by_label("Find a letter").fill("speach")
    phone.get_by_role("button", name="Find").tap()
    expect(phone.get_by_role("link", name="Speech report")).to_be_visible()


def test_neither_place_nor_name_of_a_photo_leaves_the_phone(phone, record):
    sent: list[bytes] = []
    phone.on("request", lambda request: sent.append(request.post_data_buffer or b"") if request.method == "POST" else None)
    begin(phone, record, file(photo("one", (3000, 4000))))
    assert sent
    assert not any(CANARY.encode() in body or b"IMG_2034" in body for body in sent)
    expect(phone.locator(".tray-page img")).to_have_attribute("height", "2400")


def test_a_refused_file_says_why_and_the_others_go_in(phone, record):
    phone.goto(f"{record}/letters/new")
    choose(phone, file(photo("one")), file(b"<svg/>", "image/svg+xml"), file(photo("two")))
    expect(phone.get_by_text("We can keep photos, PDFs")).to_be_visible()
    look(phone, SMALL)
    phone.get_by_role("link", name="Go on with the letter").tap()
    expect(phone.locator(".tray-page")).to_have_count(2)


def test_a_lost_connection_loses_nothing(phone, record):
    begin(phone, record, file(photo("one")))
    phone.context.set_offline(True)
    choose(phone, file(photo("two")))
    expect(phone.get_by_text("The connection was lost. It is still on this phone.")).to_be_visible()
    look(phone, SMALL)
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Try again").tap()
    expect(phone.locator(".tray-page")).to_have_count(2)


def test_a_photo_that_this_browser_cannot_open_goes_as_it_is(phone, record):
    broken = b"\xff\xd8\xff\xe0" + bytes(500)
    phone.goto(f"{record}/letters/new")
    choose(phone, file(broken))
    expect(phone.get_by_text("We could not read that photo. Try taking it again.")).to_be_visible()


def test_keeping_waits_for_what_is_on_its_way(phone, record):
    begin(phone, record, file(photo("one")))
    choose(phone, file(photo("two", (3000, 4000))))
    phone.get_by_role("button", name="Keep the letter").tap()
    expect(phone.locator(".pages img")).to_have_count(2)


def test_the_camera_is_one_control_and_the_gallery_another(phone, record):
    phone.goto(f"{record}/letters/new")
    camera, gallery = phone.get_by_label("Take a photo"), phone.get_by_label("Choose photos or a PDF")
    assert (camera.get_attribute("capture"), camera.get_attribute("multiple")) == ("environment", None)
    assert (gallery.get_attribute("capture"), gallery.get_attribute("multiple")) == (None, "")


def test_without_script_pages_are_added_and_turned_and_what_was_typed_stays(open_page, amina, server, record):  # noqa: F811
    page = open_page(java_script_enabled=False)
    lend(amina, page, server.url)
    page.goto(f"{server.url}{record}/letters/new")
    choose(page, file(photo("one")), file(photo("two")))
    page.get_by_role("button", name="Add them to the letter").tap()
    page.get_by_label("Title").fill("Speech report")
    page.get_by_role("button", name="Turn page 2").tap()
    expect(page.get_by_label("Title")).to_have_value("Speech report")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Speech report")


@pytest.mark.parametrize("control", ["Record my voice", "Record a video"])
def test_a_recording_is_made_heard_and_kept(phone, record, control):
    phone.goto(f"{record}/voice/new")
    look(phone, SMALL)
    phone.get_by_role("button", name=control).tap()
    expect(phone.get_by_text("59 seconds left")).to_be_visible()
    phone.get_by_role("button", name="Stop").tap()
    expect(phone.locator("[data-screen] :is(audio, video)[controls]")).to_be_visible()
    phone.get_by_role("button", name="Use this one").tap()
    follow(phone.get_by_role("button", name="Keep it"), Locator.tap)
    player = phone.locator(".pages :is(audio, video)")
    player.evaluate("player => { player.preload = 'auto'; player.load(); }")
    expect(player).to_have_js_property("readyState", 4)
    look(phone, SMALL)
