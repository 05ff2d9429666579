"""What the public reports is answered in two days, and whoever told us can see what became of it."""

from __future__ import annotations

import re

import pytest

from directory import store
from directory.report import new_reference, read_reference, show_reference
from plumbing import clock
from plumbing.tidy import tidy
from tests.family import Member, fill, token_of


@pytest.fixture
def service_id(own_db) -> str:
    return store.all_service_ids(own_db)[0]


@pytest.fixture
def tell(own_client, own_db, service_id):
    """Report something as a parent does; returns the number, and the page to follow it by."""

    def do(**fields: str) -> tuple[int, str]:
        page = f"/services/{service_id}/report"
        told = {"topic": "phone", "words": "The number rings a bakery.", "reply_to": "", "website": ""} | fields
        answer = fill(own_client, page, **told)
        assert answer.status_code == 302
        own = re.search(r'href="(/reports/[^"]+)"', own_client.get(answer.location).text)
        return store.list_reports(own_db)[0]["id"], own[1]

    return do


def close(member: Member, number: int, **fields: str):
    return fill(member.client, f"/directory/reports/{number}", **{"outcome": "mended", "words": ""} | fields)


def test_who_told_us_sees_each_step(tell, own_client, beth: Member):
    number, own = tell()
    page = own_client.get(own)
    assert "We got it." in page.text
    assert "bakery" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    fill(beth.client, f"/directory/reports/{number}", to=f"/directory/reports/{number}/look")
    assert "We are looking." in own_client.get(own).text
    assert close(beth, number, words="We rang, and have the right number now.").status_code == 302
    page = own_client.get(own).text
    assert "Put right on" in page
    assert "have the right number now" in page
    assert "Beth" not in page


@pytest.mark.parametrize(
    ("outcome", "words", "seen"),
    [
        ("mended", "", "Put right on"),
        ("right", "We rang: that is the number.", "It was right already."),
        ("not_ours", "It is the shop next door.", "It is not about our listing."),
        ("spam", "", "Closed on"),
    ],
)
def test_each_end_has_its_sentence(tell, own_client, beth: Member, outcome, words, seen):
    number, own = tell()
    assert close(beth, number, outcome=outcome, words=words).status_code == 302
    assert seen in own_client.get(own).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outcome": ""}, "Choose how it ended"),
        ({"outcome": "eaten"}, "There is a problem"),
        ({"outcome": "right"}, "Say in a sentence what you found"),
        ({"outcome": "not_ours", "words": "  "}, "Say in a sentence what you found"),
        ({"words": "x" * 1001}, "under 1,000 letters"),
    ],
)
def test_a_slip_in_the_answer_is_said_and_nothing_is_closed(tell, own_client, beth: Member, fields, words):
    number, own = tell()
    answer = close(beth, number, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert "<title>Error:" in answer.text
    assert "We got it." in own_client.get(own).text


def test_the_second_to_answer_is_shown_what_the_first_wrote(tell, own_client, beth: Member, dev: Member):
    number, own = tell()
    opened = f"/directory/reports/{number}"
    token = token_of(dev.client.get(opened).text)
    close(beth, number, words="Mended by one.")
    second = dev.client.post(opened, data={"csrf_token": token, "outcome": "spam", "words": "Other words."})
    page = dev.client.get(second.location).text
    assert "Somebody else has answered it" in page
    assert "Mended by one." in page
    assert "Other words." not in own_client.get(own).text


def test_late_after_two_days(tell, beth: Member):
    tell()
    assert not re.search(r"Reports</a></h2>\s*<p><b class=\"count\">1</b> late", beth.client.get("/directory").text)
    with clock.moved(hours=49):
        beth.sign_in()
        page = beth.client.get("/directory/reports").text
        assert "<b>late</b>" in page
        home = beth.client.get("/directory").text
        assert re.search(r"Reports</a></h2>\s*<p><b class=\"count\">1</b> late", home)


def test_mail_goes_only_to_who_left_an_address_and_never_for_spam(tell, beth: Member):
    outbox = beth.app.extensions["settings"].outbox
    close(beth, tell()[0])
    close(beth, tell(reply_to="spam@example.org")[0], outcome="spam")
    assert not list(outbox.glob("*.eml"))
    number, own = tell(reply_to="amina@example.org")
    close(beth, number, words="The bakery is gone.")
    (mail,) = [path.read_text() for path in outbox.glob("*.eml")]
    assert own in mail
    assert "bakery" not in mail
    assert "Beth" not in mail


def test_the_address_is_forgotten_some_weeks_after_the_end(tell, own_app, own_db, beth: Member):
    number, _own = tell(reply_to="amina@example.org")
    open_one, _own = tell(reply_to="joe@example.org")
    close(beth, number)

    def addresses() -> dict[int, str]:
        return {row["id"]: row["reply_to"] for row in store.list_reports(own_db)}

    with clock.moved(days=29):
        assert tidy(own_app)
        assert addresses()[number] == "amina@example.org"
    with clock.moved(days=31):
        assert tidy(own_app)
        assert addresses() == {number: "", open_one: "joe@example.org"}


def test_a_reference_is_typed_as_it_was_written_down(tell, own_client):
    _number, own = tell()
    shown = show_reference(own.rsplit("/", 1)[1])
    assert own_client.get("/reports", query_string={"reference": shown.lower().replace("-", " ")}).location == own
    unknown = own_client.get("/reports", query_string={"reference": show_reference(new_reference())})
    assert "We do not know this reference" in unknown.text
    assert own_client.get("/reports").status_code == 200


@pytest.mark.parametrize(
    "reference", ["1", "x", "", "K7M2XQ9DR4TB06H", "K7M2XQ9DR4TB06HWW", "K7M2XQ9DR4TB06H²", "K7M2XQ9DR4TB06HW"]
)
def test_what_is_no_reference_opens_nothing(tell, own_client, reference):
    tell()
    assert own_client.get(f"/reports/{reference}").status_code in {404, 308, 200 if not reference else 404}
    assert read_reference(reference) in {"", "K7M2XQ9DR4TB06HW"}


def test_reports_of_before_open_by_no_empty_reference(own_client, own_db, service_id):
    with own_db.atomic():
        own_db.execute(
            "INSERT INTO report (service_id, service_name, topic, words, received_at) VALUES (?, 'x', 'other', 'x', ?)",
            [service_id, clock.now().isoformat()],
        )
    for path in ("/reports/0", "/reports/%20", "/reports?reference="):
        assert "Your report" not in own_client.get(path).text


def test_references_cannot_be_guessed():
    many = {new_reference() for _ in range(2000)}
    assert len(many) == 2000
    assert all(read_reference(show_reference(one)) == one for one in many)


def test_only_officers_read_reports(tell, sara: Member, amina: Member, own_client):
    number, _own = tell()
    for member in (sara, amina):
        assert member.client.get("/directory/reports").status_code == 403
        assert member.client.get(f"/directory/reports/{number}").status_code == 403
    assert own_client.get(f"/directory/reports/{number}").location.startswith("/sign-in")


def test_a_report_that_is_not_there(beth: Member):
    assert beth.client.get("/directory/reports/999999").status_code == 404


def test_a_forgotten_address_is_in_no_file(tell, beth: Member, own_app, own_data):
    number, _own = tell(reply_to="bakers-neighbour@example.org")
    assert close(beth, number, outcome="spam").status_code == 302
    with clock.moved(days=own_app.extensions["settings"].report_address_days + 1):
        tidy(own_app)
    assert not [path for path in own_data.rglob("*") if path.is_file() and b"bakers-neighbour" in path.read_bytes()]
