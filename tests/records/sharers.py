"""Those who share a record and those it is shared with, each at a browser: with a word of their own in every field there is."""

from __future__ import annotations

import re
from typing import Any

from accounts.spoken import read_words
from records import canonical
from tests.records.browser import Browser, Page
from tests.records.marks import STEM, mark

PASSPHRASE = f"{STEM} otters dancing in the rain"
_TERMS = {"who": "other", "until": "six_months", "colleagues": "team", "copies": "what_matters"}


def share_everything(home: Any, letter: str) -> None:
    """Every way to share a record, once; what was typed on the way there, and every slip."""
    record = home.record
    _say_no(home)
    section = re.findall(r"/sections/([0-9a-f]{32})", home.get(letter).text)[0]
    sara = _register(home, "Sara")
    _slips(home, sara, section)
    _read(home, sara, _give(home, sara, section, "read_and_add"))
    _give(home, _register(home, "Nadia"), section, "read", to="cover")
    told = _told(home, section, "add")
    home.amina.send(told, "/mail", email="somebody@example.org")
    _change_and_take_back(home, section)
    joe = _register(home, "Joe")
    _hold_together(home, joe, section)
    # Still out when everything stops.
    _told(home, section, "read")
    assert joe.open(record).status == 200
    assert STEM in home.get(f"{record}/log").text


def _register(home: Any, name: str) -> Browser:
    browser = Browser(home.server.url)
    typed = {"shown_name": name, "email": f"{name.lower()}@example.org", "passphrase": PASSPHRASE}
    page = browser.send(browser.open("/register"), "/register", **typed)
    assert page.status == 200, page.text
    return browser


def _say_no(home: Any) -> None:
    amina, record = home.amina, home.record
    assert STEM in amina.fill(home.get(f"{record}/young/noes"), "").text
    noted = amina.fill(home.get(f"{record}/young/decides/new"), "", footing="own_view", since="")
    assert STEM in noted.text, noted.address


def _slips(home: Any, sara: Browser, section: str) -> None:
    """Forms that are refused with what was typed in them, and words that open nothing."""
    form = home.get(f"{home.record}/share")
    slip = home.amina.fill(form, "/share", **_TERMS | {"until": "another"}, last_day=mark(), sections=section, verb="read")
    assert (slip.status, STEM in slip.text) == (400, True)
    wrong = sara.send(sara.open("/words"), "/words", words=f"{mark()} {mark()}")
    assert wrong.status == 400


def _told(home: Any, section: str, verb: str, to: str = "see") -> Page:
    """The page with eight words; they are nowhere else."""
    form = home.get(f"{home.record}/share?to={to}")
    terms = home.amina.fill(form, "/share", **_TERMS, sections=section, verb=verb)
    assert STEM in terms.text, terms.text
    return _kept(home, home.amina.send(terms, "/share/agree"))


def _kept(home: Any, page: Page) -> Page:
    words = _words_on(page)
    code = read_words(words)
    home.secrets += [words, words.replace(" ", ", "), code.hex(), canonical.text(code)]
    return page


def _words_on(page: Page) -> str:
    listed = re.search(r'<ol class="told">(.*?)</ol>', page.text)
    assert listed, page.text
    return " ".join(re.findall(r"<li>([^<]+)</li>", listed[1]))


def _take_up(home: Any, person: Browser, told: Page) -> None:
    offer = person.send(person.open("/words"), "/words", words=_words_on(told))
    assert STEM in offer.text, offer.text
    assert person.send(offer, "/words/accept").status == 200
    home.amina.send(told, "/waiting")


def _give(home: Any, person: Browser, section: str, verb: str, to: str = "see") -> str:
    _take_up(home, person, _told(home, section, verb, to))
    assert STEM in home.get(f"{home.record}/who").text
    return section


def _read(home: Any, sara: Browser, section: str) -> None:
    """Sara looks at all she can see, looks for something, adds something, and copies it for her agency's file."""
    record, inside = home.record, f"{home.record}/sections/{section}"
    for address in ("/desk", record, inside, f"{record}/timeline"):
        page = sara.open(address)
        assert (page.status, STEM in page.text) == (200, True), address
    for entry in dict.fromkeys(re.findall(r'href="([^"]+/entries/[0-9a-f]{32})"', sara.open(inside).text)):
        assert STEM in sara.open(entry).text, entry
    assert STEM in sara.send(sara.open(record), "/search", words=STEM).text
    new = re.findall(r'href="([^"]+/new/[a-z_]+)"', sara.open(inside).text)
    for address in new:
        assert STEM in sara.fill(sara.open(address), "/new/").text, address
    copied = sara.fill(sara.open(f"{record}/agency-copy"), "", section=section)
    assert copied.data.startswith(b"%PDF"), copied.text


def _change_and_take_back(home: Any, section: str) -> None:
    amina, who = home.amina, f"{home.record}/who"
    (grant,) = set(re.findall(r"/grants/([0-9a-f]{32})/change", home.get(who).text))
    form = home.get(f"{home.record}/grants/{grant}/change")
    terms = amina.send(form, "/change", name=mark(), purpose=mark(), supporter=mark(), sections=section)
    assert STEM in amina.send(terms, "/change/agree").text
    for action in ("/pause", "/resume", "/withdraw", "/give-back", "/switch-on"):
        page = amina.send(home.get(who), action)
        assert page.status == 200, f"{action}: {page.text}"


def _hold_together(home: Any, joe: Browser, section: str) -> None:
    """Joe comes to hold it too, and it is agreed what he goes on seeing if he steps back one day."""
    amina, record = home.amina, home.record
    told = _kept(home, amina.fill(home.get(f"{record}/holders/invite"), ""))
    _take_up(home, joe, told)
    (confirm,) = set(re.findall(r'href="([^"]+/holders/[0-9a-f]{32})"', home.get(told.address).text))
    assert amina.send(home.get(confirm), "").status == 200
    assert STEM in joe.open(record).text
    (keeps,) = set(re.findall(r'href="([^"]+/holders/[0-9a-f]{32}/keeps)"', home.get(f"{record}/who").text))
    assert amina.fill(home.get(keeps), "", sections=section).status == 200
