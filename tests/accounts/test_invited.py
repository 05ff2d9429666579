"""Somebody whom a family invites, and who has no account: eight words let them make one, and let nobody else."""

from __future__ import annotations

import re

import pytest

from accounts import hooks, slot, store
from accounts.account import PARENT, PRACTITIONER, SERVICE_MANAGER
from accounts.current import family, secrets
from accounts.spoken import new_words_code, read_words, show_words
from plumbing.crypto import CannotOpen
from tests.conftest import create_app, settings_for
from tests.family import AMINA, MR_PATEL, PASSPHRASES, fill, token_of

PAGE = "/register/invited"


class Invitations:
    """Stands where records stand: the words that are live, and the role that each lets in."""

    def __init__(self, app) -> None:
        self.live: dict[bytes, str] = {}
        hooks.on_invited(app, self._role_of)

    def words(self, role: str = PRACTITIONER) -> str:
        code = new_words_code()
        self.live[code] = role
        return show_words(code)

    def _role_of(self, typed: str) -> str:
        try:
            return self.live.get(read_words(typed), "")
        except CannotOpen:
            return ""


@pytest.fixture
def invited(empty_app) -> Invitations:
    return Invitations(empty_app)


def _register(client, words: str, page: str = PAGE, **changes: str):
    fields = {"code": words, "shown_name": MR_PATEL, "email": "", "passphrase": PASSPHRASES[MR_PATEL]} | changes
    return fill(client, page, to=PAGE, **fields)


def _account(client):
    found = re.search(r'<b class="name">([^<]+)</b>', client.get("/welcome").text)
    assert found
    with client.application.test_request_context():
        return store.find_account(family(), secrets().server_key, found[1])


def test_a_professional_makes_an_account_by_a_familys_words_and_goes_on(empty_app, invited):
    phone, words = empty_app.test_client(), invited.words()
    form = phone.get(f"{PAGE}?next=/settings/name")
    assert 'name="next" type="hidden" value="/settings/name"' in form.text
    assert "where you work" in form.text
    answer = _register(phone, words.upper().replace(" ", ", "), next="/settings/name")
    assert answer.location == "/welcome?next=/settings/name"
    assert 'href="/settings/name"' in phone.get(answer.location).text
    assert _account(phone).role == PRACTITIONER
    for page in ("/settings", "/kit", "/second-factor"):
        assert phone.get(page).status_code == 200, page
    assert phone.get("/staff").status_code == 403


def test_the_words_wait_sealed_in_the_session_for_the_page_that_takes_them_up(empty_app, invited, sessions_db):
    phone, words = empty_app.test_client(), invited.words()
    with phone:
        _register(phone, words)
        phone.get("/welcome")
        assert slot.get(slot.WORDS) == words
    assert words not in str(list(sessions_db["session"].rows))


def test_a_page_that_has_the_words_hands_them_on(empty_app, invited):
    phone, words = empty_app.test_client(), invited.words()
    page = fill(phone, PAGE, code=words, next="/settings/name", begin="1")
    assert page.status_code == 200
    assert f'value="{words}"' in page.text
    assert "There is a problem" not in page.text


@pytest.mark.parametrize("typed", ["", "otter", "otter " * 8, "0000-0000-0000-0000-0000-0000-00H9"])
def test_without_the_words_nobody_registers_and_what_was_typed_stays(empty_app, invited, family_db, typed):
    invited.words()
    answer = _register(empty_app.test_client(), typed)
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert f'value="{MR_PATEL}"' in answer.text
    assert PASSPHRASES[MR_PATEL] not in answer.text
    assert family_db["account"].count == 0


def test_words_that_are_no_longer_live_let_nobody_in(empty_app, invited, family_db):
    words = invited.words()
    invited.live.clear()
    answer = _register(empty_app.test_client(), words)
    assert answer.status_code == 400
    assert "taken back" in answer.text
    assert family_db["account"].count == 0


def test_where_nothing_is_shared_no_words_are_right(empty_app):
    assert _register(empty_app.test_client(), show_words(new_words_code())).status_code == 400


def test_no_words_make_anybody_staff(empty_app, invited, family_db):
    assert _register(empty_app.test_client(), invited.words(SERVICE_MANAGER)).status_code == 400
    assert family_db["account"].count == 0


def test_words_may_let_another_parent_in(empty_app, invited):
    phone = empty_app.test_client()
    _register(phone, invited.words(PARENT))
    assert _account(phone).role == PARENT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"shown_name": " "}, "Type a name"),
        ({"email": "patel at school"}, "should look like"),
        ({"passphrase": "tiny"}, "Make it longer"),
    ],
)
def test_what_will_not_do_is_said(empty_app, invited, fields, words):
    answer = _register(empty_app.test_client(), invited.words(), **fields)
    assert answer.status_code == 400
    assert words in answer.text


def test_an_invited_professional_registers_where_parents_may_not(tmp_path):
    app = create_app(settings_for(tmp_path, registration=False))
    phone, words = app.test_client(), Invitations(app).words()
    assert "cannot make an account by yourself" in phone.get("/register").text
    assert _register(phone, words).status_code == 302
    assert _account(phone).role == PRACTITIONER


def test_sent_twice_it_makes_one_account(empty_app, invited, family_db):
    phone, words = empty_app.test_client(), invited.words()
    page = phone.get(PAGE).text
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert once
    typed = {"csrf_token": token_of(page), "once": once[1], "code": words, "shown_name": MR_PATEL}
    for _turn in range(2):
        assert phone.post(PAGE, data=typed | {"passphrase": PASSPHRASES[MR_PATEL]}).status_code == 302
    assert family_db["account"].count == 1


def test_nobody_is_led_away_from_here(empty_app, invited):
    answer = _register(empty_app.test_client(), invited.words(), next="https://elsewhere.example/")
    assert "elsewhere" not in answer.location


def test_somebody_signed_in_needs_no_account(amina):
    assert amina.client.get(f"{PAGE}?next=/settings/name").location == "/settings/name"
    assert amina.shown_name == AMINA
