"""Publishers' text made safe and plain. What we keep is text: no markup of theirs ever reaches a page."""

from __future__ import annotations

import html
import re

import nh3
from email_validator import EmailNotValidError, validate_email

_BLOCKS = {"p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "td"}
_LONGEST = 20_000
_LAYERS = 5


def clean_text(value: object) -> str:
    r"""Plain text with paragraphs from a value that may hold HTML, entities, or literal "\\n"; at most 20,000 characters.

    >>> clean_text("<p>For <b>you</b> &amp; yours.</p><ul><li>One</li></ul><script>x()</script>")
    'For you & yours.\n\n- One'
    """
    # Again until it stays as it is: "&amp;lt;b&amp;gt;" holds markup too, and what we give away must come back as it went.
    text = _cleaned("" if value is None else str(value)[: 4 * _LONGEST])
    for _ in range(_LAYERS):
        again = _cleaned(text)
        if again == text:
            break
        text = again
    return text


def _cleaned(text: str) -> str:
    # Cut before anything looks at it, and white space brought together: the patterns below take long over long runs of it.
    text = re.sub(r"[^\S\n\r]{2,}", " ", text)
    text = text.replace("\\r", "").replace("\\n", "\n").replace("\r\n", "\n")
    # Markers that some publishers' programs leave in their texts: ###MON###.
    text = re.sub(r"#{3,}(?:[A-Z]{2,5}#{3,})?", "", text)
    if "<" in text and ">" in text:
        # nh3 drops scripts, styles and comments with their content, and closes what was left open.
        text = nh3.clean(text, tags=_BLOCKS, attributes={}, strip_comments=True)
        text = re.sub(r"<br\s*/?>", "\n", text)
        text = re.sub(r"\s*<li>\s*", "\n- ", text)
        text = re.sub(r"\s*</?(p|div|ul|ol|h\d|table|tr)>\s*", "\n\n", text)
        text = re.sub(r"</?\w+>", " ", text)
    text = html.unescape(text).replace("\xa0", " ").replace("\u200b", "")
    # Control characters and halves of characters break feeds, printing and screen readers.
    text = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF))
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()[:_LONGEST]


def clean_line(value: object) -> str:
    """Like `clean_text`, on one line.

    >>> clean_line(" Blue  Badge<br>team ")
    'Blue Badge team'
    """
    return re.sub(r"\s*\n\s*", " ", clean_text(value))


def clean_url(value: object) -> str:
    """A web address that is safe to link to, or empty. "www.x.org" gains https; anything but http(s) is dropped.

    >>> clean_url("www.example.org/a"), clean_url("javascript:alert(1)"), clean_url("n/a")
    ('https://www.example.org/a', '', '')
    """
    text = clean_line(value).strip(" .,")
    # Nothing before an "@": https://www.nhs.uk@evil.example/ leads to evil.example.
    if re.fullmatch(r"(?i)https?://[^\s/@\\?#]+\.[^\s/@\\?#]+([/?#]\S*)?", text):
        return text
    if re.match(r"(?i)(www\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?$", text) and "@" not in text:
        return f"https://{text}"
    return ""


def clean_email(value: object) -> str:
    """An e-mail address, or empty where the text is none.

    >>> clean_email(" Info@Example.org "), clean_email("see website")
    ('info@example.org', '')
    """
    text = clean_line(value).removeprefix("mailto:")
    try:
        # Without what could add a second receiver to a mailto: link.
        return validate_email(text, check_deliverability=False, test_environment=True).normalized if "?" not in text else ""
    except EmailNotValidError:
        return ""


def number(value: object) -> float | None:
    """A number from a number or its text, or None.

    >>> number("4"), number(""), number("about 5"), number(0.5)
    (4.0, None, None, 0.5)
    """
    if value is None or isinstance(value, bool) or value == "":
        return None
    try:
        found = float(str(value).strip().lstrip("£$"))
    except ValueError:
        return None
    return found if -1e9 < found < 1e9 else None
