"""What the browser tests stand on: a real Chromium, a phone, and an ear for what the browser complains of."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, expect, sync_playwright

from tests.browser.kinds import QUESTION, Kind
from tests.conftest import Server

# Chromium would otherwise ask its maker for updates and lists while the tests run.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # A camera and a microphone that show and hum a test picture, and are let in without asking.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PATIENCE = 15_000  # milliseconds before a test gives up; long, because nothing here is about speed
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One Chromium for all tests; each person in a test has a context of their own."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        sentence = "The browser tests need Chromium: install it (on Debian or Ubuntu: sudo apt-get install chromium)."
        if os.environ.get("CI"):
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)
    driver: Playwright = request.getfixturevalue("playwright")
    expect.set_options(timeout=PATIENCE)
    browser = driver.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: errors in its console, breaks of the policy, scripts that failed."""
    return []


@pytest.fixture
def open_page(browser: Browser, playwright: Playwright, server: Server, complaints: list[str]) -> Iterator[OpenPage]:
    """Opens a page for one more person, on a Pixel 7 unless told; afterwards nothing may have been complained of."""
    contexts: list[BrowserContext] = []

    def open_page(device: str | None = "Pixel 7", **options: Any) -> Page:
        # Smooth scrolling would still be moving when a test looks where something is.
        usual = {"base_url": server.url, "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.new_context(**(playwright.devices[device] if device else {}), **(usual | options))
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        _listen(context, complaints, server.url)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page on a parent's phone."""
    return open_page()


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    """A page on a desk."""
    return open_page(None, viewport={"width": 1280, "height": 900})


def _listen(context: BrowserContext, complaints: list[str], home: str) -> None:
    pages: set[str] = set()

    def on_request(request: Request) -> None:
        if request.is_navigation_request():
            pages.add(request.url)
        # blob: is what a page itself made, such as a recording that is heard before it is sent. With chrome: and
        # chrome-extension: the browser's own viewer, which shows a PDF, loads its parts: neither leaves the phone.
        elif not request.url.startswith((home + "/", "blob:", "chrome:", "chrome-extension:")):
            complaints.append(f"Something was fetched from elsewhere: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        # A page that answers 404 or 400 is logged as an error too, and some tests ask for just that.
        expected = message.text.startswith("Failed to load resource") and message.location["url"] in pages
        if not expected and (message.type == "error" or "Content Security Policy" in message.text):
            complaints.append(f"{message.text} ({message.location['url']})")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"A script failed: {error.error}"))


@pytest.fixture(scope="session")
def addresses(server: Server) -> dict[str, str]:
    """A service that can be rung, and the organisation that runs one."""
    found = server.get(f"/search?q={QUESTION.replace(' ', '+')}")
    services = re.findall(r'href="(/services/[^"/]+)"', found)
    callable_ = [path for path in services if 'href="tel:' in server.get(path)]
    owned = next(filter(None, (re.search(r'href="(/organisations/[^"]+)"', server.get(path)) for path in services)))
    return {"service": callable_[0], "organisation": owned[1]}


@pytest.fixture
def show(addresses: dict[str, str]) -> Callable[[Page, Kind], None]:
    """Brings a page to the state that a kind of page names."""

    def show(page: Page, kind: Kind) -> None:
        page.goto(kind.path.format(**addresses))
        for words in kind.press:
            page.get_by_text(words, exact=True).click()
        # A page that has quietly become another would let every promise about it go untested.
        expect(page.get_by_role("heading", level=1)).to_contain_text(kind.heading)
        expect(page).to_have_title(re.compile(kind.title))

    return show
