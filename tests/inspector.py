"""The house inspector: looks at every HTML page that any test loads, and says what is wrong in words of advice."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient


class InspectingClient(FlaskClient):
    """A test client that inspects each page before the test sees it."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Load, and inspect what was loaded."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 307, 308}:
            inspect(response.get_data(as_text=True))
        return response


def inspect(text: str) -> None:
    """Raise AssertionError with advice for the first thing that no page of ours may have."""
    # What stands in a <template> comes into the page later: it is looked at as if it were there.
    page = BeautifulSoup(re.sub(r"</?template>", "", text), "html.parser")
    assert page.html is not None, "A page begins with <html>."
    assert page.html.get("lang"), "Say the page's language on <html>."
    assert len(page.find_all("h1")) == 1, "A page has one h1: what it is about."
    assert len(page.find_all("main")) == 1, "A page has one <main>."
    title = page.title.get_text(strip=True) if page.title else ""
    assert title.endswith("– Linkbook"), "The title ends with the product's name."
    assert len(title) > len("– Linkbook") + 1, "The title says what the page is about."
    _ids(page)
    _labels(page)
    _links(page)
    _headings(page)
    assert not page.find_all(style=True), "No style attributes: the policy forbids them. Use a class."
    # Data for search engines is in a script tag and runs nowhere.
    scripts = [tag for tag in page.find_all("script") if tag.get("type") != "application/ld+json"]
    assert not [tag for tag in scripts if not tag.get("src")], "No inline script: put it into static/js."
    assert not page.find_all("style"), "No inline style: put it into static/css."
    events = [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert not events, "No event attributes: use addEventListener."
    for image in page.find_all("img"):
        assert image.has_attr("alt"), 'Every image says what it shows, or alt="" where it shows nothing.'
    for form in page.find_all("form"):
        if form.get("method", "get").lower() == "post" and not form.get("action", "").endswith("/components"):
            assert form.find("input", {"name": "csrf_token"}), "A form that changes something carries its token."
    for needed in ("talk-now", "about-the-data", "privacy", "accessibility"):
        assert page.find("a", href=re.compile(needed)), f"Every page leads to {needed}."


def _ids(page: BeautifulSoup) -> None:
    counts = Counter(tag["id"] for tag in page.find_all(id=True))
    twice = [id_ for id_, count in counts.items() if count > 1]
    assert not twice, f"An id stands once on a page; these stand twice: {twice}."
    for name in ("aria-describedby", "aria-labelledby"):
        for tag in page.find_all(attrs={name: True}):
            lost = [id_ for id_ in tag[name].split() if id_ not in counts]
            assert not lost, f"{name} points at {lost}, which is not on the page."
    for use in page.find_all("use"):
        assert use["href"].removeprefix("#") in counts, f"The drawing {use['href']} is not in the page's sprite block."


def _labels(page: BeautifulSoup) -> None:
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") in {"hidden", "submit"}:
            continue
        label = page.find("label", attrs={"for": field.get("id")}) if field.get("id") else None
        assert label or field.find_parent("label"), f"The field {field.get('name')} has no label."
        assert not field.get("placeholder"), "No placeholder: it is gone when one needs it. Use a hint."


def _links(page: BeautifulSoup) -> None:
    for link in page.find_all("a"):
        assert link.get_text(strip=True), f"The link to {link.get('href')} has no words."
        if link["href"].startswith("#"):
            assert page.find(id=link["href"][1:]), f"{link['href']} is not on the page."
        if link["href"].startswith("http"):
            assert "noreferrer" in (link.get("rel") or []), f"{link['href']} leaves us: rel=noreferrer."
        assert not link["href"].lower().startswith("javascript:"), "No javascript: addresses."


def _headings(page: BeautifulSoup) -> None:
    last = 0
    for heading in page.find_all(re.compile(r"^h[1-6]$")):
        level = int(heading.name[1])
        if heading.find_parent(class_="errors"):
            continue
        assert level <= last + 1 or last == 0, f"“{heading.get_text(strip=True)}” skips a level of heading."
        last = level
