"""Photographs of the main pages and of every component, for people to look at; a program only sees that they are not blank.

LINKBOOK_PICTURES names the folder to keep them in.
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.checks import settled
from tests.browser.kinds import kinds

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
MAIN = kinds(
    "components",
    "home",
    "results",
    "results-choices-open",
    "results-crisis",
    "nothing-found-narrowed",
    "service",
    "category",
    "need",
    "guide",
    "talk-now",
    "report-errors",
)
# A page of ours has text with smooth edges: dozens of shades.
FEWEST_SHADES = 40


@pytest.fixture
def folder(tmp_path):
    folder = Path(os.environ.get("LINKBOOK_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shades(picture):
    """How many different bytes the dots of a PNG are made of; a blank sheet has a handful."""
    dots, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            dots += picture[at + 8 : at + 8 + length]
        at += length + 12
    return len(set(zlib.decompress(dots)))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_the_main_pages_are_photographed(open_page, show, folder, size):
    page = open_page(None, viewport=size)
    blank = []
    for kind in MAIN:
        show(page, kind)
        settled(page)
        # The bar under the thumb would stand in the middle of a photograph that is longer than the screen.
        page.locator(".nav").evaluate("bar => { bar.style.position = 'static'; }")
        picture = page.screenshot(path=folder / f"{kind}-{size['width']}.png", full_page=True)
        if shades(picture) < FEWEST_SHADES:
            blank.append(kind.name)
    assert blank == []


def test_a_blank_page_is_told_from_a_page(open_page):
    page = open_page(None, viewport=PHONE)
    page.goto("about:blank")
    assert shades(page.screenshot()) < FEWEST_SHADES


def test_on_paper_there_is_nothing_to_tap_and_the_number_is_there(open_page, addresses, folder):
    page = open_page(None, viewport=DESK)
    page.goto(addresses["service"])
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("link", name="Tell us something is wrong")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator("a[href^='tel:']").first).to_be_visible()
    assert shades(page.screenshot(path=folder / "service-paper.png", full_page=True)) >= FEWEST_SHADES
