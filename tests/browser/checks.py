"""What every page is held to: nothing for axe to find, too wide, cut off, too small to tap, or out of the keyboard's reach."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

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


def axe_faults(page):
    """What axe finds on the page, on a desk and on a phone."""
    # What lies under a sticky bar at that moment is reported at random; the tests of focus look at that.
    page.locator(".nav, .exit").evaluate_all("parts => parts.forEach((part) => { part.style.position = 'static'; })")
    page.evaluate(Axe().axe_script)
    found = []
    for size in (page.viewport_size, PHONE):
        page.set_viewport_size(size)
        for rule in page.evaluate("async (rules) => (await axe.run(rules)).violations", RULES):
            found += [f"at {size['width']} px: {rule['id']}: {rule['help']}: {node['html'][:200]}" for node in rule["nodes"]]
    return found


def too_small(page):
    """What is there to tap and smaller than a thumb."""
    return [
        f"{part['words']}: {part['width']:.0f} by {part['height']:.0f}"
        for part in page.evaluate(TARGETS)
        if min(part["width"], part["height"]) < (44 if part["button"] else 0 if part["inline"] else 24)
    ]


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
