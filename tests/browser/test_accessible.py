"""Every kind of page can be used by everybody: with a screen reader, with the keyboard, with large text, on a small screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.kinds import KINDS, QUESTION, kinds

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PHONE = {"width": 412, "height": 839}
SMALL = {"width": 320, "height": 640}

# Whatever reaches beyond the right edge, by its words; what is for screen readers only stands outside on purpose.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width && box.right > edge + 1 && !part.closest(".vh, .trap, svg");
  }).map((part) => part.tagName + " " + part.textContent.trim().slice(0, 40));
  const sideways = document.documentElement.scrollWidth - edge;
  return sideways > 0 ? [`scrolls sideways by ${sideways}`, ...wide] : wide;
}"""

# Text that its own box cuts off.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((part) => {
  const clips = getComputedStyle(part).overflow !== "visible" && !part.matches("input, textarea") && !part.closest(".vh, svg");
  return clips && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1);
}).map((part) => part.tagName + " " + part.textContent.trim().slice(0, 40))"""

# Things to tap and how large they are. A link inside a sentence may be as low as its line; the label is part of its box.
TARGETS = """() => [...document.querySelectorAll("a, button, input, textarea, summary")].map((part) => {
  const inside = part.closest("label") || part;
  const around = part.parentElement.textContent.trim();
  const box = inside.getBoundingClientRect();
  return {
    words: (part.textContent.trim() || part.name || "").slice(0, 40),
    inline: getComputedStyle(part).display === "inline" && around !== part.textContent.trim(),
    button: part.matches("button, .btn, summary, .nav a, .chip"),
    width: box.width, height: box.height,
    shown: part.checkVisibility() && box.right > 0 && !part.closest("[aria-hidden=true]"),
  };
}).filter((part) => part.shown)"""

# Where the keyboard is, and whether that can be seen: an outline, and nothing of ours on top of any part of it.
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const style = getComputedStyle(at);
  const covering = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return !top || at.contains(top) || top.contains(at) ? "" : top.closest("[class]")?.getAttribute("class") || top.tagName;
  };
  const hidden = [];
  for (const box of at.getClientRects()) {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    if (box.top < -1 || box.bottom > innerHeight + 1) hidden.push("the edge of the window");
    const points = [[x, y], [x, box.top + 2], [x, box.bottom - 2], [box.left + 6, y], [box.right - 6, y]];
    hidden.push(...points.map(([x, y]) => covering(x, y)).filter(Boolean));
  }
  return {
    words: `${at.tagName} ${(at.textContent.trim() || at.name || "").slice(0, 40)}`,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    hidden,
  };
}"""


def assert_no_faults(page, show, look):
    """Show each kind of page, and say all that `look` finds wrong, page by page."""
    lines = []
    for kind in KINDS:
        show(page, kind)
        lines += [f"{kind}: {fault}" for fault in look()]
    assert not lines, "\n".join(lines)


def press(page, key):
    """Press a key, and see that the keyboard's place can be seen after it."""
    page.keyboard.press(key)
    focus = page.evaluate(FOCUS)
    if focus:
        assert focus["outlined"], f"No outline shows that the keyboard is on: {focus['words']}"
        assert not focus["hidden"], f"{focus['words']} has the focus and is hidden by: {focus['hidden']}"
    return focus


def tab_to(page, target, most=80):
    """Press Tab until `target` has the focus."""
    for _ in range(most):
        press(page, "Tab")
        if target.evaluate("part => part === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {target}")


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_axe_finds_nothing(desktop, show, kind):
    show(desktop, kind)
    # What lies under a sticky bar at that moment is reported at random; the tests of focus look at that.
    desktop.locator(".nav, .exit").evaluate_all("parts => parts.forEach((part) => { part.style.position = 'static'; })")
    desktop.evaluate(Axe().axe_script)
    found = []
    for size in (desktop.viewport_size, PHONE):
        desktop.set_viewport_size(size)
        for rule in desktop.evaluate("async (rules) => (await axe.run(rules)).violations", RULES):
            found += [f"at {size['width']} px: {rule['id']}: {rule['help']}: {node['html'][:200]}" for node in rule["nodes"]]
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_on_the_smallest_screen(open_page, show):
    page = open_page(None, viewport=SMALL)
    assert_no_faults(page, show, lambda: page.evaluate(TOO_WIDE))


def test_text_of_twice_the_size_fits_and_is_not_cut_off(open_page, show):
    page = open_page(None, viewport=PHONE)

    def look():
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        return page.evaluate(TOO_WIDE) + page.evaluate(CUT_OFF)

    assert_no_faults(page, show, look)


def test_everything_to_tap_is_large_enough(page, show):
    def look():
        return [
            f"{part['words']}: {part['width']:.0f} by {part['height']:.0f}"
            for part in page.evaluate(TARGETS)
            if min(part["width"], part["height"]) < (44 if part["button"] else 0 if part["inline"] else 24)
        ]

    assert_no_faults(page, show, look)


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
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    stops = []
    while (focus := press(page, "Tab")) and len(stops) < 150:
        stops.append(focus["words"])
    assert 10 <= len(stops) < 150, f"The keyboard is caught, or goes nowhere: {stops[-4:]}"
    for _ in stops:
        press(page, "Shift+Tab")


def test_the_strip_of_the_quick_exit_does_not_swallow_taps_beside_its_button(page):
    page.goto("/talk-now")
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
