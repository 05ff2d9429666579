"""Sharing across a table, by the pages: what Amina sends, and what Sara sends."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from tests.family import Member, fill, token_of
from tests.records.pages.conftest import opened

USUAL = {
    "who": "other",
    "name": "Sara Morgan",
    "role": "key worker",
    "verb": "read",
    "purpose": "To plan short breaks",
    "until": "six_months",
    "colleagues": "nobody",
    "copies": "dates",
}


def ids_of(member: Member, record: str, *slugs: str) -> list[str]:
    with member.app.test_request_context():
        book = opened(member, record).book
        return [book.by_slug(slug).id for slug in slugs]


def agree(member: Member, record: str, *slugs: str, **typed: object) -> TestResponse:
    """Send the form and agree to what it says; the answer."""
    sections = ids_of(member, record, *(slugs or ("care_plan", "meetings")))
    fields = USUAL | {"sections": sections} | typed
    terms = fill(member.client, f"{record}/share", **fields)
    assert terms.status_code == 200, terms.text
    return member.client.post(f"{record}/share/agree", data=hidden(terms.text))


def hidden(page: str) -> dict[str, list[str]]:
    """The first form's hidden fields."""
    form = page.split("/agree", 1)[1].split("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(value)
    return fields


def words_on(page: str) -> str:
    listed = re.search(r'<ol class="told">(.*?)</ol>', page)
    assert listed, page
    return " ".join(re.findall(r"<li>([^<]+)</li>", listed[1]))


def told(member: Member, record: str, *slugs: str, **typed: object) -> tuple[str, str]:
    """The address of the page with the words, and the words."""
    answer = agree(member, record, *slugs, **typed)
    assert answer.status_code == 302, answer.text
    return answer.location, words_on(member.client.get(answer.location).text)


def take_up(member: Member, words: str) -> TestResponse:
    """Type the words and say yes; the answer."""
    answer = fill(member.client, "/words", words=words)
    assert (answer.status_code, answer.location) == (303, "/words"), answer.text
    return fill(member.client, "/words", to="/words/accept", words=words)


def waits(member: Member, page: str) -> bool:
    token = token_of(member.client.get("/settings").text)
    answer = member.client.post(f"{page}/waiting", data={"csrf_token": token}, headers={"X-Linkbook": "fetch"})
    assert answer.status_code == 200
    return not answer.json["done"]


def refused(member: Member, words: str) -> str:
    """The words are typed and open nothing; the sentence."""
    answer = fill(member.client, "/words", words=words)
    assert answer.status_code == 400
    said = re.search(r'id="words-error"><span class="vh">Error:</span> ([^<]+)', answer.text)
    assert said
    return said[1]
