"""The newsletter by mail: asked for twice, sent once to each, ended by one tap; and nobody learns who gets it."""

from __future__ import annotations

import contextlib
import datetime
import email
import re
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest

from directory.keeping import newsletters as keeping
from directory.keeping.drafting import Writer
from directory.keeping.newsletters import LEAVE_PLACE
from directory.keeping.subscribers import Subscribers
from directory.newsletter import Issue
from directory.sealing import key_of
from directory.store import subscribers as rows
from directory.subscriber import CONFIRM, LEAVE, read_token, token_of
from plumbing import clock, mail
from plumbing.ids import new_id
from tests.family import token_of as form_token

BETH = Writer("b" * 32, "Beth")


@pytest.fixture
def settings(own_app):
    return own_app.extensions["settings"]


@pytest.fixture
def key(own_app):
    return own_app.extensions["server_secrets"].server_key


def _mails(settings):
    return [email.message_from_bytes(path.read_bytes(), policy=policy.SMTP) for path in sorted(settings.outbox.glob("*.eml"))]


def _ask(client, address="mum@example.com", **more):
    token = form_token(client.get("/news/subscribe").text)
    return client.post("/news/subscribe", data={"email": address, "council": "", "csrf_token": token} | more)


def _link(settings, what, address="mum@example.com"):
    newest = [one for one in _mails(settings) if one["To"] == address][-1]
    return re.search(rf"http://\S+(/news/{what}/\S+)", newest.get_content())[1]


def _confirm(client, link):
    return client.post(link, data={"csrf_token": form_token(client.get(link).text)})


def _get_by_address(db, key, address):
    return rows.get_subscriber_by_mark(db, key_of(key), mail.mark_of(address, key))


def test_nobody_gets_it_before_they_said_so_twice(own_client, own_db, settings, key):
    assert _ask(own_client).status_code == 200
    assert rows.count_subscribers(own_db) == 0
    link = _link(settings, "confirm")
    assert "One more tap" in own_client.get(link).text
    assert rows.count_subscribers(own_db) == 0, "A program that looks at mail opens every link."
    assert "You get the newsletter" in _confirm(own_client, link).text
    assert rows.count_subscribers(own_db) == 1


def test_an_address_that_is_there_already_looks_the_same(own_client, own_db, settings, key):
    first = _ask(own_client)
    _confirm(own_client, _link(settings, "confirm"))
    again = _ask(own_client, "MUM@EXAMPLE.COM ")
    assert first.text == again.text
    assert len(_mails(settings)) == 2
    assert any("You get it already" in one.get_content() for one in _mails(settings))
    assert own_db.execute("SELECT count(*) FROM subscriber").fetchone()[0] == 1


def test_nobody_changes_where_another_has_news_from(own_client, own_db, settings, key):
    _ask(own_client, council="E06000057")
    _confirm(own_client, _link(settings, "confirm"))
    _ask(own_client, council="E06000001")
    assert _get_by_address(own_db, key, "mum@example.com").council == "E06000057"


def test_nobody_fills_anothers_letter_box(own_app, own_client, settings):
    for _ in range(5):
        assert "We have written to that address" in _ask(own_client).text
    assert len(_mails(settings)) == 3
    with clock.moved(days=1):
        _ask(own_client)
        assert len(_mails(settings)) == 4


def test_a_program_is_thanked_and_not_written_to(own_client, own_db, settings):
    assert _ask(own_client, website="http://example.com").status_code == 200
    assert _mails(settings) == []
    assert own_db.execute("SELECT count(*) FROM subscriber").fetchone()[0] == 0


@pytest.mark.parametrize("address", ["", "mum", "mum@example.com\nBcc: x@example.com", "a@b@c.com"])
def test_what_is_no_address_is_said(own_client, address, own_db):
    answer = _ask(own_client, address)
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert own_db.execute("SELECT count(*) FROM subscriber").fetchone()[0] == 0


def test_too_much_from_one_sender_waits(own_client, settings):
    object.__setattr__(settings, "asks_an_hour", 2)
    assert [_ask(own_client, f"a{number}@example.com").status_code for number in range(3)] == [200, 200, 429]


def test_the_address_lies_sealed_and_is_overwritten_when_erased(own_client, own_db, settings, key):
    _ask(own_client, "a-very-own-address@example.com")
    _confirm(own_client, _link(settings, "confirm", "a-very-own-address@example.com"))
    person = _get_by_address(own_db, key, "a-very-own-address@example.com")
    sealed = bytes(own_db.execute("SELECT address FROM subscriber").fetchone()[0])
    files = [settings.directory_db, Path(f"{settings.directory_db}-wal")]
    assert all(b"a-very-own-address" not in path.read_bytes() for path in files if path.exists())
    own_client.post(f"/news/leave/{token_of(key, person.id, LEAVE)}")
    assert all(sealed not in path.read_bytes() for path in files if path.exists())
    assert "a-very-own-address" not in repr(person)


def test_unconfirmed_addresses_are_forgotten(own_app, own_client, own_db, settings, key):
    _ask(own_client, "never@example.com")
    _ask(own_client, "soon@example.com")
    _confirm(own_client, _link(settings, "confirm", "soon@example.com"))
    link = _link(settings, "confirm", "never@example.com")
    people = Subscribers(own_db, settings, key)
    with clock.moved(days=settings.subscriber_confirm_days):
        assert people.erase_unconfirmed() == 0
    with clock.moved(days=settings.subscriber_confirm_days + 1):
        assert people.erase_unconfirmed() == 1
    assert _get_by_address(own_db, key, "soon@example.com")
    assert own_client.get(link).status_code == 404
    assert _confirm_anyway(own_client, link).status_code == 404


def _confirm_anyway(client, link):
    return client.post(link, data={"csrf_token": form_token(client.get("/news/subscribe").text)})


def test_one_click_needs_no_page_no_cookie_and_no_token_of_a_form(own_app, own_client, own_db, settings, key):
    _ask(own_client)
    _confirm(own_client, _link(settings, "confirm"))
    leave = f"/news/leave/{token_of(key, _get_by_address(own_db, key, 'mum@example.com').id, LEAVE)}"
    stranger = own_app.test_client()
    assert stranger.get(leave).status_code == 200
    assert rows.count_subscribers(own_db) == 1
    answer = stranger.post(leave, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert rows.count_subscribers(own_db) == 0
    assert stranger.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200, "Once more is no error."


def test_a_page_stops_it_too_and_says_so(own_client, own_db, settings, key):
    _ask(own_client)
    _confirm(own_client, _link(settings, "confirm"))
    leave = f"/news/leave/{token_of(key, _get_by_address(own_db, key, 'mum@example.com').id, LEAVE)}"
    assert "Stop it, and forget my address" in own_client.get(leave).text
    answer = own_client.post(leave)
    assert "You get no more mail" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_link_that_is_not_ours_does_nothing(own_client, own_db, settings, key):
    _ask(own_client)
    _confirm(own_client, _link(settings, "confirm"))
    id_ = _get_by_address(own_db, key, "mum@example.com").id
    for token in (token_of(key, id_, CONFIRM), token_of(b"another", id_, LEAVE), id_, f"{id_}.", "é", f"{id_}.é"):
        assert own_client.post(f"/news/leave/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 404
        assert read_token(key, token, LEAVE) == ""
    assert rows.count_subscribers(own_db) == 1


def test_confirming_needs_the_token_of_a_form(own_client, settings):
    _ask(own_client)
    assert own_client.post(_link(settings, "confirm")).status_code == 400


# -- sending


@pytest.fixture
def people(own_app, own_db, settings, key):
    """Three who get it, one of them news of another area; one who never confirmed."""
    with own_app.test_request_context():
        asked = Subscribers(own_db, settings, key)
        for address, council in (("a@example.com", ""), ("b@example.com", "E06000057"), ("c@example.com", "E06000001")):
            asked.ask(address, council)
            assert asked.confirm(token_of(key, _get_by_address(own_db, key, address).id, CONFIRM))
        asked.ask("never@example.com")
    for path in settings.outbox.glob("*.eml"):
        path.unlink()
    return asked


@pytest.fixture
def published(own_app, own_db, people):
    """A newsletter of one area, published."""
    id_ = new_id()
    with own_app.test_request_context():
        begun = keeping.begin(own_db, id_, "News", clock.today(), "E06000057", BETH)
        kept = keeping.save(own_db, id_, Issue("Autumn news", council="E06000057"), begun.version, BETH)
        return keeping.publish(own_db, id_, kept.version, f"Words\n\nStop: {LEAVE_PLACE}", BETH, approval=False)


def _send(app, db, settings, key):
    with app.test_request_context(base_url="https://linkbook.example.org"):
        return keeping.send(db, settings, key)


def test_each_gets_one_with_a_link_of_their_own_to_stop_it(own_app, own_db, settings, key, published):
    assert _send(own_app, own_db, settings, key) == 2
    assert _send(own_app, own_db, settings, key) == 0
    mails = _mails(settings)
    assert sorted(one["To"] for one in mails) == ["a@example.com", "b@example.com"]
    for one in mails:
        link = one["List-Unsubscribe"].strip("<>")
        assert re.fullmatch(r"https?://\S+/news/leave/[0-9a-f]{32}\.[\w-]{43}", link)
        assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in one.get_content()
        assert one["Subject"] == "Autumn news"
    assert len({one["List-Unsubscribe"] for one in mails}) == 2


def test_long_links_are_whole_in_the_raw_header(own_app, own_db, settings, key, published):
    _send(own_app, own_db, settings, key)
    raw = next(iter(settings.outbox.glob("*.eml"))).read_bytes()
    assert re.search(rb"\r\nList-Unsubscribe: <https?://\S+>\r\n", raw)


def test_whoever_leaves_before_it_is_sent_gets_none(own_app, own_db, settings, key, published, people):
    people.leave(token_of(key, _get_by_address(own_db, key, "a@example.com").id, LEAVE))
    assert _send(own_app, own_db, settings, key) == 1
    assert [one["To"] for one in _mails(settings)] == ["b@example.com"]


class Stopped(BaseException):
    """The machine stops here."""


@pytest.mark.parametrize("step", range(1, 9))
def test_a_crash_in_the_middle_sends_nobody_two_and_nobody_none(own_app, own_db, settings, key, published, monkeypatch, step):
    counted = 0
    real = {"rename": Path.rename, "replace": Path.replace}

    def stopping(name, after):
        def act(self, target):
            nonlocal counted
            counted += 1
            if counted == step and not after:
                raise Stopped
            done = real[name](self, target)
            if counted == step:
                raise Stopped
            return done

        return act

    for after in (True, False):
        counted = 0
        with monkeypatch.context() as patch:
            for name in real:
                patch.setattr(Path, name, stopping(name, after))
            with contextlib.suppress(Stopped):
                _send(own_app, own_db, settings, key)
    _send(own_app, own_db, settings, key)
    assert sorted(one["To"] for one in _mails(settings)) == ["a@example.com", "b@example.com"]
    assert mail.held(settings) == []


def test_what_is_published_again_is_not_sent_again(own_app, own_db, settings, key, published):
    _send(own_app, own_db, settings, key)
    with own_app.test_request_context():
        kept = keeping.save(own_db, published.id, replace(published.work, title="Put right"), published.version, BETH)
        again = keeping.publish(own_db, published.id, kept.version, "Words", BETH, approval=False)
    assert (again.slug, again.edited_on) == ("autumn-news", clock.today())
    assert _send(own_app, own_db, settings, key) == 0


def test_tidying_sends_in_the_day_and_only_with_an_address(own_app, own_db, settings, published, monkeypatch):
    job = own_app.extensions["tidy"]["newsletters"]

    def at(hour):
        return lambda: datetime.datetime(2026, 11, 23, hour, 0, tzinfo=datetime.UTC)

    monkeypatch.setattr(clock, "here", at(12))
    with own_app.app_context():
        assert job() is None
    object.__setattr__(settings, "address", "http://localhost")
    monkeypatch.setattr(clock, "here", at(3))
    with own_app.app_context():
        assert job() is None
    monkeypatch.setattr(clock, "here", at(12))
    with own_app.app_context():
        assert job() == "2 mails written, 0 addresses forgotten"
