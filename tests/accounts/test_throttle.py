"""Throttling: a guesser is slowed down, and the parent is never kept out by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from accounts import throttle
from accounts.current import secrets
from plumbing import clock
from tests.family import Member

WRONG = "not the right words at all"


def _guess(amina: Member, sender: str, times: int = 1) -> list[int]:
    stranger = amina.app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = sender
    return [amina.sign_in(stranger, passphrase=WRONG).status_code for _ in range(times)]


def test_the_sixth_wrong_try_waits_and_says_how_long(amina):
    assert _guess(amina, "192.0.2.1", 6) == [400] * 5 + [429]
    stranger = amina.app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    answer = amina.sign_in(stranger)
    assert answer.status_code == 429, "The right passphrase waits too, or waiting would tell which one is right."
    assert "Wait 15 minutes" in answer.text or "Wait 14 minutes" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    with clock.moved(minutes=16):
        assert amina.sign_in(stranger).status_code == 302


def test_a_name_that_is_nobodys_is_slowed_down_alike(amina):
    stranger = amina.app.test_client()
    answers = [amina.sign_in(stranger, name="nobody-at-all-12", passphrase=WRONG).status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]


def test_a_parents_own_phone_is_never_kept_out_by_strangers(amina):
    for number in range(8):
        _guess(amina, f"192.0.2.{number + 1}", 6)
    assert _guess(amina, "192.0.2.99") == [429], "By now the account-wide count should stop browsers that nobody knows."
    assert amina.sign_in().status_code == 302


def test_nor_by_somebody_in_the_same_house(amina):
    assert _guess(amina, "127.0.0.1", 6)[-1] == 429
    assert amina.sign_in().status_code == 302


def test_guessing_on_a_known_phone_is_slowed_down_too(amina):
    assert [amina.sign_in(passphrase=WRONG).status_code for _ in range(6)] == [400] * 5 + [429]


def test_a_right_try_forgets_the_slips_before_it(amina):
    for _ in range(3):
        assert [amina.sign_in(passphrase=WRONG).status_code for _ in range(4)] == [400] * 4
        assert amina.sign_in().status_code == 302


def test_one_sender_cannot_fill_the_account_wide_count(amina):
    for hour in range(3):
        with clock.moved(minutes=16 * hour):
            _guess(amina, "192.0.2.1", 20)
    assert _guess(amina, "192.0.2.2") == [400]


def test_a_device_mark_of_one_person_or_of_ones_own_making_is_good_for_nobody_else(amina):
    stranger = amina.app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    id_, _mark = amina.client.get_cookie("linkbook-device").value.split(".")
    stranger.set_cookie("linkbook-device", f"{id_}.{'0' * 64}")
    answers = [amina.sign_in(stranger, passphrase=WRONG).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert amina.sign_in().status_code == 302


def test_the_unlocking_page_is_slowed_down_like_the_front_door(amina):
    with clock.moved(minutes=21):
        page = amina.client.get("/sign-in").text
        token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
        sent = {"csrf_token": token, "passphrase": WRONG}
        assert [amina.client.post("/come-back", data=sent).status_code for _ in range(6)] == [400] * 5 + [429]


def test_of_many_at_once_no_more_get_through_than_may(empty_app):
    def attempt(_number: int) -> bool:
        with empty_app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
            try:
                throttle.count(secrets().server_key, "somebody")
            except throttle.MustWait:
                return False
            return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(64))) <= 5


def test_the_file_of_counts_names_nobody(amina):
    _guess(amina, "192.0.2.1", 2)
    settings = amina.app.extensions["settings"]
    content = b"".join(path.read_bytes() for path in settings.data.glob("limits.db*"))
    for text in (amina.sign_in_name, amina.id, "192.0.2.1"):
        assert text.encode() not in content
