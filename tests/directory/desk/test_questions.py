"""The officers' part: questions answered on a clock, comments dealt with, documents looked at again. Nobody else gets in."""

from __future__ import annotations

import datetime
import io
import re

import pytest

from directory import store
from directory.publication import Publication
from directory.store import comments as comment_rows
from directory.store import publications
from plumbing import clock
from plumbing.ids import new_id
from tests.family import Member, fill, token_of
from tests.plumbing.files import samples

ADDRESSES = (
    "/directory/questions",
    "/directory/comments",
    "/directory/published",
    "/directory/published/said/new",
    "/directory/published/documents/new",
)
MADE_UP = tuple(
    f"{address}/{'0' * 32}" for address in ("/directory/questions", "/directory/comments", "/directory/published/said")
)


@pytest.fixture
def question(own_client, beth: Member) -> str:
    """The address of a question on the desk."""
    fill(own_client, "/ask", words="Who teaches a deaf child to swim?", place="Alnwick", age_band="5_10", website="")
    page = beth.client.get("/directory/questions").text
    return re.search(r'href="(/directory/questions/[0-9a-f]{32})"', page)[1]


@pytest.fixture
def comment(own_client, beth: Member) -> str:
    """The address of a comment on the desk."""
    fill(own_client, "/comments/new", topic="directory", words="Yusuf likes it.", website="")
    page = beth.client.get("/directory/comments").text
    return re.search(r'href="(/directory/comments/[0-9a-f]{32})"', page)[1]


def work(beth: Member, address: str, **fields):
    """Send the question's main form."""
    page = beth.client.get(address).text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    typed = {"words": "", "kind": "answer", "category": "", "look_for": "", "seen": seen[1] if seen else ""} | fields
    return beth.client.post(address, data={"csrf_token": token_of(page)} | typed)


def test_the_pages_are_for_officers_and_managers(beth, dev, sara, amina, own_client):
    for address in ADDRESSES:
        assert beth.client.get(address).status_code == dev.client.get(address).status_code == 200
        assert sara.client.get(address).status_code == amina.client.get(address).status_code == 403
        assert own_client.get(address).location.startswith("/sign-in")
    for address in MADE_UP:
        assert beth.client.get(address).status_code == 404


def test_a_key_worker_may_ask_and_may_not_answer(sara, question):
    assert sara.client.get(question).status_code == 403
    for address in (question, f"{question}/take", f"{question}/close"):
        token = token_of(sara.client.get("/ask").text)
        assert sara.client.post(address, data={"csrf_token": token, "words": "x"}).status_code == 403
    assert sara.client.get("/ask").status_code == 200


def test_what_waits_is_on_the_desk_and_late_after_three_days(beth, question):
    assert "Questions" in beth.client.get("/directory").text
    with clock.moved(days=3):
        assert '"count">1</b> late' not in beth.client.get("/directory").text
    with clock.moved(days=4):
        # Nobody was at the desk for so long: she signs in again.
        beth.sign_in()
        assert '"count">1</b> late' in beth.client.get("/directory").text
        assert "Late: due on" in beth.client.get("/directory/questions").text


def test_somebody_takes_it(beth, dev, question):
    page = beth.client.get(question).text
    beth.client.post(f"{question}/take", data={"csrf_token": token_of(page)})
    assert "Taken by Beth" in dev.client.get(question).text


def test_services_are_found_added_and_taken_out_and_nothing_typed_is_lost(beth, question):
    found = work(beth, question, do="find", look_for="swimming", words="Try these first").text
    assert "Try these first" in found
    service_id = re.search(r'name="add" value="([0-9a-f-]{36})"', found)[1]
    added = work(beth, question, add=service_id, words="Try these first").text
    assert "Goes with the answer" in added
    assert f'name="service" value="{service_id}"' in added
    assert "Try these first" in added
    assert "Goes with the answer" not in work(beth, question, service=service_id, remove=service_id).text


def test_what_is_no_id_is_never_a_service(beth, question):
    for odd in ("<script>", "' OR 1=1", "x" * 5000):
        page = work(beth, question, add=odd)
        assert page.status_code == 200
        assert "Goes with the answer" not in page.text


def test_an_answer_needs_words_and_a_kind_of_help(beth, question):
    for fields, words in (
        ({"category": "sleep"}, "Write what the family will read"),
        ({"words": "Yes"}, "Choose what kind of help"),
    ):
        refused = work(beth, question, do="send", **fields)
        assert refused.status_code == 400
        assert words in refused.text
        assert "<title>Error:" in refused.text
    assert "Nobody has taken it" in beth.client.get(question).text


def test_an_answer_leaves_the_desk(beth, question, own_db):
    service_id = store.all_service_ids(own_db)[0]
    sent = work(beth, question, do="send", words="Ask the pool.", category="leisure-clubs", service=service_id)
    assert sent.status_code == 302
    page = beth.client.get(question).text
    assert "Ask the pool." in page
    assert "Beth" in page
    assert f'value="{service_id}"' in page
    assert "Somebody asked" not in beth.client.get("/directory").text


def test_two_officers_do_not_answer_one_question(beth, dev, question):
    fields = {"do": "send", "category": "sleep", "kind": "answer", "seen": "1"}
    assert work(beth, question, **fields, words="Ask the pool.").status_code == 302
    late = work(dev, question, **fields, words="Ask the school.")
    assert late.status_code == 409
    assert "Something was written here while you were writing" in late.text
    assert "Ask the pool." in late.text
    assert "Ask the school." in late.text
    assert "Ask the school." not in beth.client.get(question).text
    assert 'name="seen" value="2"' in late.text, "whoever has looked may write something else"


def test_a_button_pressed_twice_answers_once(beth, question):
    for _tap in range(2):
        assert work(beth, question, do="send", category="sleep", words="Ask the pool.", seen="1").status_code == 302
    assert beth.client.get(question).text.count("Ask the pool.") == 1


def test_what_was_closed_meanwhile_is_not_answered(beth, dev, question):
    beth.client.post(f"{question}/close", data={"csrf_token": token_of(beth.client.get(question).text)})
    late = work(dev, question, do="send", category="sleep", words="Ask the pool.", seen="1")
    assert late.status_code == 409
    assert "What you wrote was not sent" in late.text
    assert "Ask the pool." not in beth.client.get(question).text


def test_asked_back_waits_for_the_family_and_asked_around_for_us(beth, question):
    work(beth, question, do="send", kind="ask_back", words="How far can you go?")
    assert "Somebody asked" not in beth.client.get("/directory").text
    work(beth, question, do="send", kind="ask_around", words="We asked the deaf team.")
    assert "Somebody asked" in beth.client.get("/directory").text


def test_a_closed_question_takes_no_more(beth, question):
    beth.client.post(f"{question}/close", data={"csrf_token": token_of(beth.client.get(question).text)})
    page = beth.client.get(question).text
    assert "This question is closed" in page
    assert "Send it" not in page


def test_a_comment_is_published_without_what_could_tell_who_it_is(beth, comment, own_client, own_db):
    fields = {"published_words": "He likes it.", "response": "Thank you.", "do": "publish"}
    assert fill(beth.client, comment, **fields).status_code == 302
    page = own_client.get("/comments").text
    assert "He likes it." in page
    assert "Yusuf" not in page
    assert beth.client.get(comment).status_code == 404
    assert own_db.execute("SELECT words FROM comment").fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"do": "publish", "response": ""}, "Write what you answer"),
        ({"do": "publish", "published_words": "", "response": "x"}, "Leave something of it"),
        ({"do": "shred", "response": "x"}, "There is a problem"),
    ],
)
def test_a_comment_is_not_dealt_with_by_halves(beth, comment, own_db, fields, words):
    refused = fill(beth.client, comment, **{"published_words": "He likes it."} | fields)
    assert refused.status_code == 400
    assert words in refused.text
    assert comment_rows.count_waiting(own_db, clock.today())[0] == 1


def test_what_must_stay_private_offers_no_publishing(own_client, beth):
    fill(own_client, "/comments/new", topic="directory", words="Only for you", keep_private="y", website="")
    page = beth.client.get("/directory/comments").text
    address = re.search(r'href="(/directory/comments/[0-9a-f]{32})"', page)[1]
    assert "They asked us not to publish it" in beth.client.get(address).text
    assert fill(beth.client, address, do="publish", published_words="Only", response="x").status_code == 400
    assert "Only for you" not in own_client.get("/comments").text


def test_you_said_is_a_draft_until_it_is_published(beth, own_client):
    fill(beth.client, "/directory/published/said/new", said="There was no swimming.", did="There is now.")
    assert "no swimming" not in own_client.get("/you-said-we-did").text
    page = beth.client.get("/directory/published").text
    assert "Draft" in page
    address = re.search(r'href="(/directory/published/said/[0-9a-f]{32})"', page)[1]
    fill(beth.client, address, said="There was no swimming.", did="There is now.", is_published="y")
    assert "no swimming" in own_client.get("/you-said-we-did").text


def test_a_slip_put_right_later_keeps_its_month(beth, own_client):
    fill(beth.client, "/directory/published/said/new", said="No swiming.", did="There is now.", is_published="y")
    month = f"{clock.today():%B %Y}"
    with clock.moved(days=62):
        beth.sign_in()
        page = beth.client.get("/directory/published").text
        address = re.search(r'href="(/directory/published/said/[0-9a-f]{32})"', page)[1]
        fill(beth.client, address, said="No swimming.", did="There is now.", is_published="y")
        assert month in own_client.get("/you-said-we-did").text


def test_a_document_is_added_as_a_link(beth, own_client):
    sent = _document(url="https://example.org/statement")
    assert fill(beth.client, "/directory/published/documents/new", **sent).status_code == 302
    assert 'href="https://example.org/statement"' in own_client.get("/documents").text


def test_a_document_is_added_as_a_pdf_made_safe(beth, own_client):
    sent = _document() | {"pdf": (io.BytesIO(samples.pdf()), "Our statement about Yusuf.pdf")}
    assert fill(beth.client, "/directory/published/documents/new", **sent).status_code == 302
    page = own_client.get("/documents").text
    address = re.search(r'href="(/documents/[0-9a-f]{32}\.pdf)"', page)[1]
    answer = own_client.get(address)
    assert answer.data.startswith(b"%PDF")
    assert "Yusuf" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Write its title"),
        ({"kind": "poem"}, "There is a problem"),
        ({"url": "javascript:alert(1)"}, "begins with https://"),
        ({"url": "file:///etc/passwd"}, "begins with https://"),
        ({"url": "https://[broken"}, "begins with https://"),
        ({"url": ""}, "Give its web address, or choose a PDF"),
        ({"dated": "2999-01-01"}, "today or before"),
        ({"review_on": "2020-01-01"}, "a day to come"),
        ({"review_on": "soon"}, "a day to come"),
        ({"pdf": (io.BytesIO(b"MZ not a pdf"), "x.pdf")}, "There is a problem"),
    ],
)
def test_a_document_with_a_slip_is_not_kept_and_nothing_typed_is_lost(beth, own_db, fields, words):
    sent = _document(url="https://example.org/x") | fields
    refused = fill(beth.client, "/directory/published/documents/new", **sent)
    assert refused.status_code == 400
    assert words in refused.text
    assert "What breaks there are" in refused.text
    assert publications.list_publications(own_db, shown_only=False) == []


def test_a_document_comes_to_the_desk_on_its_day(beth, own_db):
    day = clock.today()
    with own_db.atomic():
        publications.save_publication(
            own_db,
            Publication(
                new_id(), "other", "A plan", "It says much.", day, day - datetime.timedelta(days=40), url="https://x.org"
            ),
        )
    page = beth.client.get("/directory").text
    assert "Documents to look at" in page
    assert '"count">1</b> late' in page
    assert "Look at it again: due on" in beth.client.get("/directory/published").text


def _document(**fields: str) -> dict[str, object]:
    day = clock.today()
    usual = {
        "kind": "short_breaks",
        "title": "Short Breaks Statement",
        "about": "What breaks there are.",
        "council": "Borderland Council",
        "url": "",
        "dated": day.isoformat(),
        "review_on": (day + datetime.timedelta(days=300)).isoformat(),
        "is_shown": "y",
    }
    return usual | fields


def test_who_may_be_in_danger_comes_first(beth, question, own_client):
    with clock.moved(days=1):
        fill(own_client, "/ask", words="I want to kill myself", age_band="", website="")
        beth.sign_in()
        page = beth.client.get("/directory/questions").text
        assert page.index("I want to kill myself") < page.index("deaf child")
        assert page.count("Somebody may need help at once") == 1
        address = re.search(r'href="(/directory/questions/[0-9a-f]{32})"', page)[1]
        assert "safeguarding" in beth.client.get(address).text
        work(beth, address, do="send", words="Please ring 116 123 now.", category="sleep")
        assert "Somebody may need help at once" not in beth.client.get("/directory/questions").text
