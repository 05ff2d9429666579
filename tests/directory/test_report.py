"""Tell us something is wrong: kept, limited, and closed to programs."""

import re

import pytest

from directory import store


@pytest.fixture
def service_id(own_db):
    return store.all_service_ids(own_db)[0]


@pytest.fixture
def send(own_client, service_id):
    """Fill in the form as a person would, and send it."""

    def do(client=own_client, **fields):
        page = client.get(f"/services/{service_id}/report").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        filled = {"topic": "closed", "words": "It has moved.", "reply_to": "", "website": "", "csrf_token": token} | fields
        return client.post(f"/services/{service_id}/report", data=filled)

    return do


def test_a_report_is_kept_and_thanked(send, own_db, own_client, service_id):
    response = send(reply_to="amina@example.org")
    assert response.status_code == 302
    assert "It has moved" not in response.location
    assert "Thank you" in own_client.get(response.location).text
    (row,) = store.list_reports(own_db)
    assert (row["service_id"], row["topic"], row["words"], row["reply_to"]) == (
        service_id,
        "closed",
        "It has moved.",
        "amina@example.org",
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"topic": ""}, "Choose what is wrong"),
        ({"topic": "pigeons"}, "There is a problem"),
        ({"words": "   "}, "Tell us what is wrong"),
        ({"words": "x" * 2001}, "under 2,000 letters"),
        ({"reply_to": "not an address"}, "Check the e-mail address"),
    ],
)
def test_bad_input_gets_a_clear_sentence_and_nothing_typed_is_lost(send, own_db, fields, words):
    response = send(**{"words": "My own long words", "reply_to": "someone@example.org"} | fields)
    assert response.status_code == 400
    assert words in response.text
    assert "<title>Error:" in response.text
    if "words" not in fields:
        assert "My own long words" in response.text
    if "reply_to" not in fields:
        assert "someone@example.org" in response.text
    assert store.list_reports(own_db) == []


def test_a_program_that_fills_every_box_is_thanked_and_not_kept(send, own_db):
    assert send(website="https://spam.example").status_code == 302
    assert store.list_reports(own_db) == []


def test_without_its_token_a_report_is_refused(own_client, own_db, service_id):
    response = own_client.post(f"/services/{service_id}/report", data={"topic": "closed", "words": "x"})
    assert response.status_code == 400
    assert "open for too long" in response.text
    assert store.list_reports(own_db) == []


def test_the_seventh_report_in_an_hour_waits(send, own_db):
    assert [send(words=f"Report {number}").status_code for number in range(6)] == [302] * 6
    response = send(words="One too many")
    assert response.status_code == 429
    assert "Please wait a little" in response.text
    assert len(store.list_reports(own_db)) == 6


def test_a_slip_in_the_form_does_not_count_against_the_reporter(send):
    for _ in range(10):
        assert send(topic="").status_code == 400
    assert send().status_code == 302


def test_a_report_far_too_large_is_refused(own_client, service_id):
    response = own_client.post(f"/services/{service_id}/report", data={"words": "x" * 100_000})
    assert response.status_code in {400, 413}


def test_a_report_outlives_its_listing(send, own_db, service_id, runner):
    send()
    runner.invoke(args=["directory", "demonstration", "remove"])
    assert len(store.list_reports(own_db)) == 1
    assert "It has moved." in runner.invoke(args=["directory", "reports"]).output
