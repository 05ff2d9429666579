"""What every page is held to: nothing for axe to find, too wide, cut off, too small to tap, or out of the keyboard's reach.

A page is looked at only when it is there, whole and drawn: every look here waits for that, and `follow` waits for the next page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PHONE = {"width": 412, "height": 839}
SMALL = {"width": 320, "height": 640}

AXE = Axe().axe_script

# Two frames: in the first a new size or style is taken up, after the second it has been drawn.
DRAWN = """async () => {
  await document.fonts.ready;
  for (const _frame of [1, 2]) await new Promise(requestAnimationFrame);
}"""

# The quick exit and the bar under the thumb lie over what has been scrolled under them; the tests of focus look at that.
UNCOVER = """() => {
  scrollTo(0, 0);
  for (const bar of document.querySelectorAll(".nav, .exit")) bar.style.position = "static";
}"""

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


def settled(page: Page) -> None:
    """Wait until the page is there with its style and its scripts, and has been drawn."""
    page.wait_for_load_state("load")
    page.evaluate(DRAWN)


def follow(target: Locator, act: Callable[[Locator], None] = Locator.click) -> None:
    """Press what leads to another page, and wait for that page: a look right after a tap would be at the page that was left."""
    with target.page.expect_navigation():
        act(target)


def enter(target: Locator) -> None:
    """Press it without a mouse."""
    target.press("Enter")


def look_for(page: Page, script: str, *given: Any) -> Any:
    """What a script finds on the page."""
    settled(page)
    return page.evaluate(script, *given)


def _axe(page: Page) -> list[str]:
    look_for(page, UNCOVER)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = look_for(page, "async (rules) => (await axe.run(rules)).violations", RULES)
    return [f"{rule['id']}: {rule['help']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the right edge."""
    return look_for(page, TOO_WIDE)


def cut_off(page: Page) -> list[str]:
    """Text that its own box cuts off."""
    return look_for(page, CUT_OFF)


def too_small(page: Page) -> list[str]:
    """What is there to tap and smaller than a thumb."""
    return [
        f"{part['words']}: {part['width']:.0f} by {part['height']:.0f}"
        for part in look_for(page, TARGETS)
        if min(part["width"], part["height"]) < (44 if part["button"] else 0 if part["inline"] else 24)
    ]


def _at_sizes(page: Page, sizes: Iterable[dict[str, int]], find: Callable[[Page], list[str]]) -> list[str]:
    usual, found = page.viewport_size, []
    for size in {size["width"]: size for size in (usual, *sizes)}.values():
        page.set_viewport_size(size)
        found += [f"at {size['width']} px: {fault}" for fault in find(page)]
    page.set_viewport_size(usual)
    return found


def axe_faults(page: Page, *sizes: dict[str, int]) -> list[str]:
    """What axe finds on the page, at the size it has and at others."""
    return _at_sizes(page, sizes, _axe)


def faults(page: Page, *sizes: dict[str, int]) -> list[str]:
    """Everything that is wrong with the page, at the size it has and at others."""
    return _at_sizes(page, sizes, lambda page: _axe(page) + too_wide(page) + too_small(page))


def look(page: Page, *sizes: dict[str, int]) -> None:
    """See that nothing is wrong with the page, at the size it has and at others."""
    found = faults(page, *sizes)
    assert not found, "\n".join(found)


def look_on_phones(page: Page) -> None:
    """See that axe finds nothing, on a larger phone too, and that on the smallest nothing is too wide or too small."""
    found = axe_faults(page, PHONE, SMALL)
    usual = page.viewport_size
    page.set_viewport_size(SMALL)
    found += too_wide(page) + too_small(page)
    page.set_viewport_size(usual)
    assert not found, "\n".join(found)


def press(page: Page, key: str) -> dict[str, Any] | None:
    """Press a key, and see that the keyboard's place can be seen after it."""
    page.keyboard.press(key)
    focus = page.evaluate(FOCUS)
    if focus:
        assert focus["outlined"], f"No outline shows that the keyboard is on: {focus['words']}"
        assert not focus["hidden"], f"{focus['words']} has the focus and is hidden by: {focus['hidden']}"
    return focus


def tab_to(page: Page, target: Locator, most: int = 80) -> None:
    """Press Tab until `target` has the focus."""
    settled(page)
    for _ in range(most):
        press(page, "Tab")
        if target.evaluate("part => part === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {target}")
