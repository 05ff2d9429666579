"""Takes the README's pictures: `make pictures`. A demonstration of its own, a phone, and a few pages of it.

No test, and pytest does not collect it; it stands here because it needs what the browser tests need.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from records.demonstration.family import cast
from tests.browser.conftest import FLAGS
from tests.conftest import CHEAP, ROOT, Server

PICTURES = ROOT / "docs" / "pictures"
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 120_000
AMINA = next(member for member in cast() if member.name == "amina")


def main() -> None:
    """Fill, serve, look, and keep what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        ours = {"LINKBOOK_DEMONSTRATION_FAMILY": "yes", "LINKBOOK_DEVELOPMENT": "no"}
        settings = {"LINKBOOK_DATA": str(data), "LINKBOOK_SESSIONS": f"{data}-sessions", "LINKBOOK_ARGON2": CHEAP}
        for command in ("setup", "demonstration fill"):
            subprocess.run(
                [sys.executable, "-m", "flask", *command.split()], cwd=ROOT, env=os.environ | settings | ours, check=True
            )
        server = Server(data, **ours)
        try:
            _take(server.url)
        finally:
            server.stop()


def _take(url: str) -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as driver, driver.chromium.launch(executable_path=path, args=FLAGS) as browser:
        page = browser.new_page(
            base_url=url,
            viewport=PHONE,
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="en-GB",
            reduced_motion="reduce",
        )
        page.goto("/search?q=he+is+up+all+night+in+Ashington")
        _keep(page, "find-help")
        page.goto("/sign-in")
        page.locator("[name=name]").fill(AMINA.sign_in)
        page.locator("[name=passphrase]").fill(AMINA.passphrase)
        page.locator("[name=passphrase]").press("Enter")
        page.wait_for_url("**/records/*")
        record = page.url
        _keep(page, "record")
        page.goto(f"{record}/about-me")
        _keep(page, "about-me")
        page.goto("/letters")
        page.get_by_role("link", name="EEG during sleep").first.click()
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        _keep(page, "letter")


def _keep(page: Page, name: str) -> None:
    """The screen as a PNG of few colours: 780 dots wide, for 390 on the page."""
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (128, 64, 32, 16):
        kept = io.BytesIO()
        seen.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() <= MOST_BYTES:
            break
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(kept.getvalue())
    print(f"{name}.png: {kept.tell() // 1000} KB, {colours} colours")


if __name__ == "__main__":
    main()
