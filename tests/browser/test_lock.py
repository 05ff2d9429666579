"""A page that is left alone warns, locks, and comes back with everything in it as it was.

The server runs in this process, so that its clock and the browser's can be put forward together.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from plumbing import clock
from tests.browser.checks import look
from tests.family import AMINA, JOE, Member, fill, sign_up

pytestmark = pytest.mark.browser

MINUTE = 60
PIN = "270914"


class Served:
    """Linkbook, and where it is."""

    def __init__(self, app: Flask) -> None:
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.app = app
        self.url = f"http://127.0.0.1:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server(empty_app: Flask) -> Iterator[Served]:
    served = Served(empty_app)
    yield served
    served.stop()


@pytest.fixture
def amina(server: Served) -> Member:
    return sign_up(server.app.test_client(), AMINA)


def lend(member: Member, page: Page, url: str) -> None:
    """Put somebody's cookies into the browser: they are signed in there."""
    names = ("linkbook", "linkbook-device", "linkbook-device-key")
    cookies = [(name, member.client.get_cookie(name)) for name in names]
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": url} for name, cookie in cookies if cookie])


@pytest.fixture
def phone(page: Page, amina: Member, server: Served, complaints: list[str]) -> Iterator[Page]:
    """Amina's phone: she changes her name, and has not sent it yet."""
    page.context.clock.install()
    lend(amina, page, server.url)
    page.goto("/settings/name")
    page.get_by_label("What should we call you?").fill("Amina Yusuf")
    yield page
    # A refusal is an answer: the browser's console calls it a failure.
    complaints[:] = [text for text in complaints if not re.search(r"Failed to load resource.*/session/(unlock|state|stay)", text)]


@pytest.fixture
def wait(phone: Page) -> Iterator[Callable[[int], None]]:
    """Lets minutes pass, for the server and for everything that is open on the phone."""
    with ExitStack() as later:

        def wait(minutes: float) -> None:
            moved: AbstractContextManager[None] = clock.moved(minutes=minutes)
            later.enter_context(moved)
            phone.context.clock.fast_forward(int(minutes * MINUTE * 1000))

        yield wait


def dialog(page: Page, words: str):
    return page.get_by_role("alertdialog", name=words)


def unlock(page: Page, passphrase: str) -> None:
    page.get_by_label("Your passphrase").fill(passphrase)
    page.get_by_role("button", name="Open", exact=True).click()


def test_it_asks_first_and_staying_takes_one_tap(phone, wait):
    wait(18.5)
    asked = dialog(phone, "Are you still there?")
    expect(asked).to_be_visible()
    look(phone)
    button = asked.get_by_role("button", name="Stay")
    expect(button).to_be_focused()
    assert button.bounding_box()["height"] >= 48
    button.tap()
    expect(asked).to_be_hidden()
    wait(10)
    expect(phone.get_by_role("alertdialog")).to_be_hidden()
    expect(phone.get_by_label("What should we call you?")).to_have_value("Amina Yusuf")


def test_escape_answers_the_question_and_opens_no_lock(phone, wait):
    wait(18.5)
    expect(dialog(phone, "Are you still there?")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("alertdialog")).to_be_hidden()
    wait(21)
    locked = dialog(phone, "You were away for a while")
    for _ in range(3):
        phone.keyboard.press("Escape")
        expect(locked).to_be_visible()


def test_the_passphrase_brings_the_page_back_as_it_was(phone, wait, amina):
    wait(21)
    expect(dialog(phone, "You were away for a while")).to_be_visible()
    # Nothing of the page can be seen, read out, or reached.
    expect(phone.get_by_role("heading", level=1)).to_be_hidden()
    expect(phone.get_by_role("textbox", name="What should we call you?")).to_have_count(0)
    look(phone)
    expect(phone.get_by_label("Your passphrase")).to_be_focused()
    unlock(phone, "not my words at all")
    expect(phone.get_by_text("That is not your passphrase")).to_be_visible()
    expect(phone.get_by_label("Your passphrase")).to_have_value("")
    unlock(phone, amina.passphrase)
    expect(phone.get_by_role("alertdialog")).to_be_hidden()
    expect(phone.get_by_label("What should we call you?")).to_have_value("Amina Yusuf")
    phone.get_by_label("What should we call you?").press("Enter")
    expect(phone.get_by_text("Amina Yusuf")).to_be_visible()


def test_the_keyboard_does_not_get_out_of_it(phone, wait):
    wait(21)
    expect(dialog(phone, "You were away for a while")).to_be_visible()
    for _ in range(12):
        phone.keyboard.press("Tab")
        assert phone.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")


def test_everything_to_tap_is_large_enough(phone, wait):
    wait(21)
    expect(dialog(phone, "You were away for a while")).to_be_visible()
    for part in phone.locator("dialog [data-step=locked]").locator("button:visible, input:visible").all():
        assert part.bounding_box()["height"] >= 48, part.evaluate("part => part.outerHTML")


def test_a_pin_opens_it_too(phone, wait, amina, server):
    fill(amina.client, "/quick-unlock", pin=PIN)
    lend(amina, phone, server.url)
    phone.reload()
    phone.get_by_label("What should we call you?").fill("Amina Yusuf")
    wait(21)
    expect(dialog(phone, "You were away for a while")).to_be_visible()
    look(phone)
    for left in (4, 3, 2, 1):
        phone.get_by_label("Your PIN").fill("270915")
        phone.get_by_role("button", name="Open by PIN").tap()
        expect(phone.get_by_text(f"{left} more tr")).to_be_visible()
    phone.get_by_label("Your PIN").fill(PIN)
    phone.get_by_role("button", name="Open by PIN").tap()
    expect(phone.get_by_role("alertdialog")).to_be_hidden()
    expect(phone.get_by_label("What should we call you?")).to_have_value("Amina Yusuf")


def test_after_the_last_wrong_pin_the_passphrase_is_left(phone, wait, amina, server):
    fill(amina.client, "/quick-unlock", pin=PIN)
    lend(amina, phone, server.url)
    phone.reload()
    wait(21)
    for _ in range(5):
        phone.get_by_label("Your PIN").fill("270915")
        phone.get_by_role("button", name="Open by PIN").tap()
        expect(phone.get_by_label("Your PIN")).to_have_value("")
    expect(phone.get_by_label("Your PIN")).to_be_hidden()
    expect(phone.get_by_text("Use your passphrase.")).to_be_visible()
    unlock(phone, amina.passphrase)
    expect(phone.get_by_role("alertdialog")).to_be_hidden()


def test_whoever_writes_is_there(phone, wait):
    for _ in range(4):
        wait(7)
        with phone.expect_response(re.compile("/session/stay$")):
            phone.get_by_label("What should we call you?").press("a")
    expect(phone.get_by_role("alertdialog")).to_be_hidden()


def test_two_tabs_lock_and_open_together(phone, wait, amina):
    other = phone.context.new_page()
    other.goto("/settings")
    wait(21)
    for tab in (phone, other):
        expect(dialog(tab, "You were away for a while")).to_be_visible()
    unlock(other, amina.passphrase)
    for tab in (phone, other):
        expect(tab.get_by_role("alertdialog")).to_be_hidden()
    expect(phone.get_by_label("What should we call you?")).to_have_value("Amina Yusuf")


def test_what_is_done_in_one_tab_keeps_the_other_open(phone, wait):
    other = phone.context.new_page()
    wait(15)
    other.goto("/settings")
    wait(10)
    expect(phone.get_by_role("alertdialog")).to_be_hidden()
    expect(phone.get_by_label("What should we call you?")).to_have_value("Amina Yusuf")


def test_signing_out_in_one_tab_takes_the_page_off_the_other(phone):
    other = phone.context.new_page()
    other.goto("/settings")
    other.get_by_role("main").get_by_role("button", name="Sign out").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in")
    other.go_back()
    expect(other.get_by_text("My account", exact=True)).to_have_count(0)


def test_somebody_else_who_signs_in_does_not_find_the_page(phone, server):
    joe = sign_up(server.app.test_client(), JOE)
    lend(joe, phone, server.url)
    phone.context.new_page().goto("/settings")
    expect(phone.get_by_label("What should we call you?")).to_have_value("Joe")


def test_after_eight_hours_one_signs_in_anew_and_nothing_is_lost(phone, wait, amina):
    wait(8 * 60 + 1)
    ended = dialog(phone, "Sign in again")
    expect(ended).to_be_visible()
    look(phone)
    with phone.expect_popup() as opened:
        ended.get_by_role("link").tap()
    other = opened.value
    other.get_by_label("Sign-in name or e-mail address").fill(amina.sign_in_name)
    other.get_by_label("Passphrase", exact=True).fill(amina.passphrase)
    other.get_by_role("button", name="Sign in").tap()
    expect(other.get_by_role("heading", level=1)).not_to_have_text("Sign in")
    expect(phone.get_by_role("alertdialog")).to_be_hidden()
    expect(phone.get_by_label("What should we call you?")).to_have_value("Amina Yusuf")


def test_nothing_is_stored_on_the_phone(phone, wait, amina):
    wait(21)
    unlock(phone, amina.passphrase)
    expect(phone.get_by_role("alertdialog")).to_be_hidden()
    kept = phone.evaluate("async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]")
    assert kept == [0, 0, 0]


def test_without_a_connection_it_locks_all_the_same(phone, wait):
    phone.context.set_offline(True)
    wait(21)
    expect(dialog(phone, "You were away for a while")).to_be_visible()
    unlock(phone, "anything at all")
    expect(phone.get_by_text("Check that you are online")).to_be_visible()
    phone.context.set_offline(False)
