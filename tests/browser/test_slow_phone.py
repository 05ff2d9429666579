"""An old phone on a weak signal: what a results page costs. The bytes are promised; the paint is only told."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.kinds import QUESTION

pytestmark = pytest.mark.browser

MOST_BYTES = 12 * 1024
# Taken in the page, because a paint may come after the load; buffered, because it may have come before.
FIRST_PAINT = """() => new Promise((tell) => {
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (paint) tell(paint.startTime / 1000);
  }).observe({ type: "paint", buffered: true });
})"""


@pytest.fixture
def session(page):
    """The page's browser made as slow as an old phone behind 400 ms and 400 kbit/s, with nothing kept from before."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    speed = 400_000 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return session


@pytest.fixture
def sizes(session):
    """Bytes over the wire, headers too, by address; filled as the page loads."""
    sizes, urls = Counter(), {}
    session.on("Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({urls[event["requestId"]]: int(event["encodedDataLength"])}))
    return sizes


@pytest.mark.parametrize("words", ["sleep", QUESTION])
def test_a_page_of_ten_results_is_small_enough_for_a_weak_signal(page, sizes, server, words, record_property, capsys):
    # Both processes have read the index before: starting up is not what a phone waits for.
    for _ in range(6):
        server.get(f"/search?q={quote(words)}")
    page.goto(f"/search?q={words}", wait_until="load")
    paint = page.evaluate(FIRST_PAINT)
    page.wait_for_load_state("networkidle")
    expect(page.locator("li.card")).to_have_count(10)
    total = sum(sizes.values())
    record_property("first_contentful_paint_seconds", round(paint, 2))
    record_property("bytes_over_the_wire", total)
    with capsys.disabled():
        print(f"\nResults for “{words}” at 400 ms, 400 kbit/s, CPU ÷ 4: first paint {paint:.2f} s, {total:,} bytes over the wire")
        for url, size in sizes.items():
            print(f"  {size:6,}  {url.split('/', 3)[3]}")
    assert len(sizes) >= 3, "The page, its style and its script were not all counted."
    assert total < MOST_BYTES


def test_the_next_page_does_not_fetch_style_and_script_again(page, sizes):
    page.goto("/search?q=sleep", wait_until="networkidle")
    sizes.clear()
    page.get_by_role("link", name="More", exact=True).tap()
    expect(page.get_by_role("navigation", name="Pages of results")).to_contain_text("Page 2 of")
    page.wait_for_load_state("networkidle")
    assert [url for url, size in sizes.items() if "/assets/" in url and size] == []
