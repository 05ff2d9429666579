"""Every kind of page can be used by everybody: with a screen reader, with the keyboard, with large text, on a small screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.checks import PHONE, SMALL, axe_faults, cut_off, press, settled, tab_to, too_small, too_wide
from tests.browser.kinds import KINDS, QUESTION, kinds

pytestmark = pytest.mark.browser


def assert_no_faults(page, show, look):
    """Show each kind of page, and say all that `look` finds wrong, page by page."""
    lines = []
    for kind in KINDS:
        show(page, kind)
        lines += [f"{kind}: {fault}" for fault in look()]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_axe_finds_nothing(desktop, show, kind):
    show(desktop, kind)
    found = axe_faults(desktop, PHONE)
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_on_the_smallest_screen(open_page, show):
    page = open_page(None, viewport=SMALL)
    assert_no_faults(page, show, lambda: too_wide(page))


def test_text_of_twice_the_size_fits_and_is_not_cut_off(open_page, show):
    page = open_page(None, viewport=PHONE)

    def look():
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        return too_wide(page) + cut_off(page)

    assert_no_faults(page, show, look)


def test_everything_to_tap_is_large_enough(page, show):
    assert_no_faults(page, show, lambda: too_small(page))


def test_the_first_tab_offers_to_skip_to_the_page(page):
    page.goto("/categories")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).not_to_be_in_viewport()
    press(page, "Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    press(page, "Tab")
    expect(page.locator("main a").first).to_be_focused()


def test_a_number_to_ring_is_reached_with_the_keyboard_alone(page):
    page.goto("/")
    tab_to(page, page.get_by_label("What do you need?"))
    page.keyboard.type(QUESTION)
    tab_to(page, page.get_by_role("button", name="Find help"))
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", level=1)).to_contain_text("found")
    tab_to(page, page.locator(".more summary"))
    page.keyboard.press("Enter")
    free = page.get_by_role("checkbox", name="Free")
    tab_to(page, free)
    page.keyboard.press("Space")
    expect(free).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Show these"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Free – take this away")).to_be_visible()
    card = page.locator("li.card", has=page.locator("a[href^='tel:']")).first
    tab_to(page, card.get_by_role("heading").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Get in touch")).to_be_visible()
    tab_to(page, page.locator("a[href^='tel:']").first)


@pytest.mark.parametrize(
    "kind", kinds("home", "results-choices-open", "service", "need", "report-errors", "guide-safety", "talk-now"), ids=str
)
def test_the_focus_is_always_seen_there_and_back(page, show, kind):
    show(page, kind)
    settled(page)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    stops = []
    while (focus := press(page, "Tab")) and len(stops) < 150:
        stops.append(focus["words"])
    assert 10 <= len(stops) < 150, f"The keyboard is caught, or goes nowhere: {stops[-4:]}"
    for _ in stops:
        press(page, "Shift+Tab")


def test_the_strip_of_the_quick_exit_does_not_swallow_taps_beside_its_button(page):
    page.goto("/talk-now")
    settled(page)
    call = page.locator("a[href='tel:999']").first
    call.evaluate("link => scrollTo(0, scrollY + link.getBoundingClientRect().top - 10)")
    reached = call.evaluate("""link => {
      const box = link.getBoundingClientRect();
      return link.contains(document.elementFromPoint(box.left + 20, box.top + box.height / 2));
    }""")
    assert reached


def test_the_keyboard_never_lands_on_what_people_do_not_see(page, addresses):
    page.goto(addresses["service"] + "/report")
    while focus := press(page, "Tab"):
        assert "website" not in focus["words"]


def test_reading_aloud_says_what_the_button_will_do_next(page):
    # Headless Chromium has no voice of its own.
    page.add_init_script(
        "Object.defineProperty(window, 'speechSynthesis',"
        " {value: {speaking: false, speak() { this.speaking = true; }, cancel() { this.speaking = false; }}})"
    )
    page.goto("/guides/ehc-plans")
    page.get_by_role("button", name="Read this to me").tap()
    page.get_by_role("button", name="Stop reading").tap()
    expect(page.get_by_role("button", name="Read this to me")).to_be_visible()


def test_a_page_is_read_aloud_from_its_heading_on_and_without_its_buttons(page):
    page.add_init_script(
        "window.spoken = []; Object.defineProperty(window, 'speechSynthesis',"
        " {value: {speaking: false, speak(said) { spoken.push(said.text); }, cancel() {}}})"
    )
    page.goto("/your-privacy")
    page.get_by_role("button", name="Read this to me").tap()
    expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
    spoken = page.evaluate("spoken")
    assert spoken[0] == "Your record and your privacy"
    assert any(piece.startswith("A stolen database or backup cannot be read.") for piece in spoken)
    assert len(spoken) == len(set(spoken)), "Something is read twice."
    assert not [piece for piece in spoken if "quickly" in piece or "Read this" in piece]
