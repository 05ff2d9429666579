"""A browser without a screen, for a server that runs in another process."""

from __future__ import annotations

import http.cookiejar
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from tests.records.marks import mark

File = tuple[str, bytes, str]


@dataclass(frozen=True)
class Page:
    """An answer: where it was in the end, its status, its bytes."""

    address: str
    status: int
    data: bytes

    @property
    def text(self) -> str:
        """As text."""
        return self.data.decode(errors="replace")

    def form(self, action: str = "") -> Tag:
        """The form that is sent to an address with `action` in it."""
        forms = BeautifulSoup(self.text, "html.parser").find_all("form", method="post")
        found = [form for form in forms if action in form.get("action", self.address) and "session" not in form.get("action", "")]
        assert found, f"{self.address} ({self.status}) has no form to {action or 'itself'}."
        return found[0]


class Browser:
    """One person's browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, address: str, data: bytes | None = None, kind: str = "") -> Page:
        """Send a request, and follow where it leads."""
        request = urllib.request.Request(urllib.parse.urljoin(self.url, address), data, {"Content-Type": kind} if kind else {})
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Page(answer.url, answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.url, error.code, error.read())

    def post(self, address: str, fields: dict[str, str], files: list[tuple[str, File]] | None = None) -> Page:
        """Send a form."""
        if not files:
            return self.open(address, urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded")
        data, kind = multipart(fields, files)
        return self.open(address, data, kind)

    def send(self, page: Page, action: str = "", files: list[tuple[str, File]] | None = None, **fields: str) -> Page:
        """Send one of a page's forms as it stands, with these fields in it."""
        form = page.form(action)
        return self.post(form.get("action") or page.address, as_it_stands(form) | fields, files)

    def fill(self, page: Page, action: str = "", files: list[tuple[str, File]] | None = None, **fields: str) -> Page:
        """Send one of a page's forms with a mark in every empty field that takes words."""
        form = page.form(action)
        marked = {name: mark() for name in takes_words(form)}
        return self.post(form.get("action") or page.address, as_it_stands(form) | marked | fields, files)


def as_it_stands(form: Tag) -> dict[str, str]:
    """The fields of a form and what is in them."""
    fields = {}
    for one in form.find_all(["input", "textarea", "select"]):
        name, kind = one.get("name"), one.get("type", "")
        if not name or kind in {"file", "submit", "button"} or (kind in {"radio", "checkbox"} and not one.has_attr("checked")):
            continue
        if one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            fields[name] = chosen.get("value", "") if chosen else ""
        else:
            fields[name] = one.get_text() if one.name == "textarea" else one.get("value", "")
    return fields


def takes_words(form: Tag) -> list[str]:
    """The names of the fields that are empty and take words."""
    stands = as_it_stands(form)
    areas = {one["name"] for one in form.find_all("textarea")}
    lines = {
        one["name"]
        for one in form.find_all("input", attrs={"name": True})
        if one.get("type", "text") in {"text", "search", "tel"}
    }
    return sorted(name for name in areas | lines if not stands.get(name, "").strip())


def multipart(fields: dict[str, str], files: list[tuple[str, File]]) -> tuple[bytes, str]:
    """A form with files, as browsers send it; and its content type."""
    line, pieces = secrets.token_hex(16), []
    for name, value in fields.items():
        pieces.append(f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, (filename, content, kind) in files:
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
        pieces.append(head.encode() + content + b"\r\n")
    return b"".join([*pieces, f"--{line}--\r\n".encode()]), f"multipart/form-data; boundary={line}"
