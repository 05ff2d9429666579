"""A provider answers by a link, without an account: once, in time, for one listing as it was; and nobody else does."""

from __future__ import annotations

import datetime
import email
import re
import threading
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest
from flask import Flask

from directory import store
from directory.keeping import editing, provider_links
from directory.keeping.provider_links import NotAskedError, RefusedError
from directory.store import asks
from directory.store import checks as rows
from plumbing import clock
from plumbing.db import open_db
from plumbing.tidy import tidy
from tests.conftest import _app
from tests.family import fill, token_of

ADDRESS = "https://linkbook.example.org"


@pytest.fixture
def asking_app(own_data: Path) -> Flask:
    """Linkbook with a public address, so that a timer may write links."""
    return _app(own_data, address=ADDRESS, ask_providers=True)


@pytest.fixture
def ids(own_db) -> list[str]:
    """Listings with an e-mail address."""
    found = store.get_shown_services(own_db, store.all_service_ids(own_db))
    return [service.id for service in found if service.email and service.source == "demonstration"][:2]


def key(app: Flask) -> bytes:
    return app.extensions["server_secrets"].server_key


def ask(app: Flask, db, service_id: str) -> str:
    """Ask as an officer does; returns the path of the link in the mail."""
    before = set(mails(app))
    with app.test_request_context():
        provider_links.ask(db, app.extensions["settings"], key(app), service_id, "Beth", clock.today())
    (mail,) = set(mails(app)) - before
    return link_of(mail)


def mails(app: Flask) -> list[str]:
    """Every mail that was left to be sent."""
    found = sorted(app.extensions["settings"].outbox.glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default).as_string() for path in found]


def text_of(mail: str) -> str:
    return email.message_from_string(mail, policy=policy.default).get_content()


def link_of(mail: str) -> str:
    return re.search(r"https?://[^/]+(/for-providers/\S+)", text_of(mail))[1]


def press(client, link: str, to: str, **fields: str):
    return client.post(f"{link}/{to}", data={"csrf_token": token_of(client.get("/sign-in").text)} | fields)


def test_one_tap_is_a_check_by_e_mail(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    page = own_client.get(link)
    assert store.get_services(own_db, ids[:1])[0].name in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    answer = fill(own_client, link, to=f"{link}/true")
    assert "checked it today" in own_client.get(answer.location).text
    assert "for-providers/" not in answer.location
    newest = rows.list_checks(own_db, ids[0])[0]
    assert (newest["how"], newest["checked_by"]) == ("emailed", "provider")
    assert "Checked by e-mail on" in own_client.get(f"/services/{ids[0]}").text


def test_looking_is_not_answering(own_app, own_db, own_client, ids):
    link, before = ask(own_app, own_db, ids[0]), len(rows.list_checks(own_db, ids[0]))
    for path in (link, f"{link}/corrections"):
        for _ in range(3):
            assert own_client.get(path).status_code == 200
    assert own_client.get(f"{link}/true").status_code == 405
    assert own_client.post(f"{link}/true").status_code == 400, "without the form's token"
    assert len(rows.list_checks(own_db, ids[0])) == before
    assert asks.open_ask(own_db, ids[0], clock.today())


def refused(client, link: str, words: str, status: int = 410) -> None:
    """Every way to answer by this link is refused, in words."""
    for answer in (client.get(link), client.get(f"{link}/corrections")):
        assert answer.status_code == status
        assert words in answer.text
    for to in ("true", "closed", "not-us", "corrections"):
        answer = press(client, link, to, other="Something")
        assert answer.status_code == status, to
        assert words in answer.text


@pytest.mark.parametrize("forge", ["cut", "other id", "other mark", "no mark", "nonsense", "umlaut"])
def test_a_forged_link_is_refused(own_app, own_db, own_client, ids, forge):
    link, other = ask(own_app, own_db, ids[0]), ask(own_app, own_db, ids[1])
    before, (id_, mark), (other_id, _mark) = (
        len(rows.list_checks(own_db, ids[0])),
        *(one.removeprefix("/for-providers/").split(".") for one in (link, other)),
    )
    token = {
        "cut": f"{id_}.{mark[:-1]}",
        "other id": f"{other_id}.{mark}",
        "other mark": f"{id_}.{mark[::-1]}",
        "no mark": f"{id_}.",
        "nonsense": "nonsense",
        "umlaut": f"{id_}.{mark[:-1]}ü",
    }[forge]
    refused(own_client, f"/for-providers/{token}", "not one of ours", 404)
    assert len(rows.list_checks(own_db, ids[0])) == before


def test_a_link_is_for_its_own_listing_whatever_the_row_says(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    with own_db.atomic():
        own_db.execute("UPDATE provider_ask SET service_id = ?", [ids[1]])
    refused(own_client, link, "not one of ours", 404)
    with own_db.atomic():
        own_db.execute("UPDATE provider_ask SET service_id = ?, expires_on = '2999-01-01'", [ids[0]])
    refused(own_client, link, "not one of ours", 404)


def test_a_link_is_good_for_one_answer(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    assert press(own_client, link, "true").status_code == 302
    refused(own_client, link, "answered already")
    assert [row["checked_by"] for row in rows.list_checks(own_db, ids[0])].count("provider") == 1


def test_a_link_is_too_old_after_its_days(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    with clock.moved(days=30):
        assert own_client.get(link).status_code == 200
    with clock.moved(days=31):
        refused(own_client, link, "too old")


def test_a_link_is_void_when_the_listing_has_changed(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    service = store.get_services(own_db, ids[:1])[0]
    editing.save(own_db, replace(service, categories=("sleep",)), "Beth", "another shelf")
    assert own_client.get(link).status_code == 200, "where we put it is nothing a provider says yes to"
    editing.save(own_db, replace(service, fees="£400 an hour"), "Beth", "it costs more")
    refused(own_client, link, "has changed since we wrote")


def test_a_newer_link_ends_the_older(own_app, own_db, own_client, ids):
    older, newer = ask(own_app, own_db, ids[0]), ask(own_app, own_db, ids[0])
    refused(own_client, older, "newer link")
    assert own_client.get(newer).status_code == 200


def test_a_link_to_what_is_no_longer_shown_is_refused(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    service = store.get_services(own_db, ids[:1])[0]
    editing.save(own_db, replace(service, hidden="retired"), "Beth", "it has gone")
    refused(own_client, link, "nothing to confirm")


def test_corrections_wait_for_an_officer(own_app, own_db, own_client, ids, beth):
    link = ask(own_app, own_db, ids[0])
    before = own_client.get(f"/services/{ids[0]}").text
    empty = fill(own_client, f"{link}/corrections", phones="  ")
    assert empty.status_code == 400
    assert "at least one box" in empty.text
    assert fill(own_client, f"{link}/corrections", phones="x" * 1001).status_code == 400
    answer = fill(own_client, f"{link}/corrections", phones="Ring 01632 960199 now", times="Closed on Fridays")
    assert answer.status_code == 302
    assert "01632 960199" not in own_client.get(f"/services/{ids[0]}").text
    assert own_client.get(f"/services/{ids[0]}").text.count("Checked") == before.count("Checked")
    (report,) = store.list_reports(own_db)
    page = beth.client.get(f"/directory/reports/{report['id']}").text
    assert "Ring 01632 960199 now" in page
    assert "Closed on Fridays" in page
    assert "its provider asks us" in page


def test_closed_is_believed_only_by_an_officer(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    assert press(own_client, link, "closed").status_code == 302
    assert own_client.get(f"/services/{ids[0]}").status_code == 200
    assert [row["topic"] for row in store.list_reports(own_db)] == ["closed"]


def test_who_asks_us_to_stop_is_not_written_to_again(own_app, own_db, own_client, ids):
    link = ask(own_app, own_db, ids[0])
    assert press(own_client, link, "not-us").status_code == 302
    with pytest.raises(NotAskedError, match="refused"):
        ask(own_app, own_db, ids[0])
    address = store.get_services(own_db, ids[:1])[0].email
    kept = "\n".join(str(row) for table in ("provider_ask", "provider_refusal") for row in own_db.query(f"SELECT * FROM {table}"))
    assert address not in kept


def test_nobody_is_asked_without_an_address(own_app, own_db, ids):
    service = store.get_services(own_db, ids[:1])[0]
    editing.save(own_db, replace(service, email=""), "Beth", "no address")
    with pytest.raises(NotAskedError, match="no address"):
        ask(own_app, own_db, ids[0])
    asks.keep_provider_address(own_db, ids[0], "boss@example.org")
    ask(own_app, own_db, ids[0])
    assert "To: boss@example.org" in mails(own_app)[-1]


def test_the_mail_is_neutral(own_app, own_db, ids):
    ask(own_app, own_db, ids[0])
    text = text_of(mails(own_app)[-1])
    assert "Beth" not in text
    assert "You need no account" in text
    assert "we will not write to you again" in " ".join(text.split())


def test_the_button_on_the_page_of_checks_asks(beth, own_db, ids):
    page = f"/directory/checks/{ids[0]}"
    answer = fill(beth.client, page, to=f"{page}/ask", **{"from": "one"})
    assert "We wrote to them" in beth.client.get(answer.location).text
    assert len(mails(beth.app)) == 1
    assert "Asked by e-mail on" in beth.client.get(page).text


def test_reminders_go_twice_with_the_same_link_and_stop_at_an_answer(asking_app, own_db, ids):
    link = ask(asking_app, own_db, ids[0])
    app = asking_app.test_client()
    counts = []
    start = clock.here()
    noon = (start.replace(hour=12) - start).total_seconds()
    for days in (1, 13, 14, 14, 20, 21, 25, 29):
        with clock.moved(days=days, seconds=noon), asking_app.test_request_context():
            provider_links.remind(own_db, asking_app.extensions["settings"], key(asking_app), clock.today())
            counts.append(len(mails(asking_app)))
    assert counts == [1, 1, 2, 2, 2, 3, 3, 3]
    assert {link_of(mail) for mail in mails(asking_app)} == {link}
    assert app.get(link, base_url=ADDRESS).status_code == 200


def test_nobody_is_reminded_who_has_answered(asking_app, own_db, ids):
    link = ask(asking_app, own_db, ids[0])
    client = asking_app.test_client()
    token = token_of(client.get("/sign-in", base_url=ADDRESS).text)
    sent = client.post(f"{link}/true", data={"csrf_token": token}, base_url=ADDRESS, headers={"Referer": f"{ADDRESS}{link}"})
    assert sent.status_code == 302
    with clock.moved(days=15), asking_app.test_request_context():
        assert provider_links.remind(own_db, asking_app.extensions["settings"], key(asking_app), clock.today()) == 0


def test_by_themselves_some_are_asked_each_day_and_nobody_twice(asking_app, own_db):
    noon = datetime.timedelta(hours=(12 - clock.here().hour) % 24).total_seconds()
    with clock.moved(days=400, seconds=noon):
        assert tidy(asking_app)
        first = len(mails(asking_app))
        assert 0 < first <= 10
        assert tidy(asking_app)
    assert all(link_of(mail) for mail in mails(asking_app))
    assert len({re.search(r"^To: .*$|is what we say.*$", mail, re.M)[0] for mail in mails(asking_app)}) >= 1
    asked = [row["service_id"] for row in own_db.query("SELECT service_id FROM provider_ask")]
    assert len(asked) == len(set(asked))


def test_nobody_is_asked_by_a_timer_that_has_no_address_to_name(own_app, own_db):
    with clock.moved(days=400, hours=(12 - clock.here().hour) % 24):
        assert tidy(own_app)
    assert not mails(own_app)


def test_the_address_is_forgotten_when_the_link_is_over(own_app, own_db, ids):
    ask(own_app, own_db, ids[0])
    with clock.moved(days=31):
        assert tidy(own_app)
    assert not list(own_db.query("SELECT 1 FROM provider_ask WHERE address != ''"))


def test_two_taps_at_once_are_one_answer(own_app, own_data, own_db, ids):
    token = ask(own_app, own_db, ids[0]).rsplit("/", 1)[1]
    answers: list[str] = []

    def tap() -> None:
        db = open_db(own_data / "directory.db")
        with own_app.test_request_context():
            try:
                provider_links.confirm(db, key(own_app), token, clock.today())
                answers.append("taken")
            except RefusedError as refusal:
                answers.append(refusal.reason)
        db.close()

    taps = [threading.Thread(target=tap) for _ in range(4)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert sorted(answers) == ["answered"] * 3 + ["taken"]
    assert [row["checked_by"] for row in rows.list_checks(own_db, ids[0])].count("provider") == 1


def many(member, ids, **fields):
    return member.client.post(
        "/directory/listings/many",
        data={"csrf_token": token_of(member.client.get("/directory/listings").text), "ticked": ids, "action": "ask"} | fields,
    )


def test_many_are_asked_at_once_after_a_look_at_how_many_have_an_address(own_app, own_db, beth, ids):
    every = store.get_services(own_db, store.all_service_ids(own_db))
    without = next(service.id for service in every if not service.email)
    ask(own_app, own_db, ids[0])
    before = len(mails(own_app))
    page = many(beth, [*ids, without]).text
    assert "1 listing has an address to ask at. Nobody has been asked yet." in page
    assert "Asked already" in page
    assert "No address" in page
    assert len(mails(own_app)) == before
    answer = many(beth, [*ids, without], sure="1")
    assert len(mails(own_app)) == before + 1
    assert "1 provider asked." in beth.client.get(answer.location).text
    assert "None of them can be asked by e-mail." in many(beth, [*ids, without]).text


def test_nobody_is_asked_by_ticking_nothing(own_app, beth):
    assert many(beth, []).status_code == 400
    assert mails(own_app) == []
