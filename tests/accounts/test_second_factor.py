"""The second factor: six digits from an app, each good once, and ten codes on paper."""

from __future__ import annotations

import re
import threading

import pyotp
import pytest

from accounts import second_factor
from accounts.current import family
from plumbing import clock
from tests.family import DEV, JOE, Member, fill, join_staff, sign_in, sign_up, token_of


def _step() -> int:
    return int(clock.now().timestamp()) // 30


def start(member: Member) -> str:
    """Begin to set it up; the secret, as it is copied by hand."""
    assert fill(member.client, "/second-factor", to="/second-factor/start").location == "/second-factor"
    return re.search(r"<b>((?:[A-Z2-7]{4} ?){8})</b>", member.client.get("/second-factor").text)[1].replace(" ", "")


def turn_on(member: Member, secret: str, passphrase: str = "", step: int = 0):
    code = pyotp.TOTP(secret).generate_otp(_step() + step)
    return fill(member.client, "/second-factor", code=code, passphrase=passphrase or member.passphrase)


@pytest.fixture
def codes(amina: Member) -> list[str]:
    """Amina has it on; her ten codes on paper."""
    amina.second_factor = start(amina)
    page = turn_on(amina, amina.second_factor, step=-1)
    amina.last_step = _step() - 1
    assert page.status_code == 200
    codes = re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", page.text)
    assert len(set(codes)) == second_factor.BACKUP_CODES
    return codes


def test_once_it_is_on_the_passphrase_alone_opens_nothing(amina, codes):
    other = amina.app.test_client()
    assert "with the code from your app" in amina.sign_in(other, code="").text
    assert other.get("/settings").status_code == 302
    assert amina.sign_in(other).status_code == 302
    assert amina.account().has_second_factor


def test_the_square_has_a_title_and_the_secret_can_be_copied_by_hand(amina):
    secret = start(amina)
    page = amina.client.get("/second-factor").text
    assert 'role="img"' in page
    assert "<title>A square code for your app</title>" in page
    assert len(secret) == 32


def test_a_code_that_was_shown_at_setting_up_is_used_up(amina, codes):
    used = pyotp.TOTP(amina.second_factor).generate_otp(amina.last_step)
    assert "used before" in amina.sign_in(amina.app.test_client(), code=used).text


def test_each_code_is_good_once(amina, codes):
    code = amina.code()
    assert amina.sign_in(amina.app.test_client(), code=code).status_code == 302
    assert amina.sign_in(amina.app.test_client(), code=code).status_code == 400


def test_of_many_who_send_one_code_at_once_one_gets_in(amina, codes):
    person, code = amina.person(), amina.code()
    start_line, let_in = threading.Barrier(8), []

    def attack() -> None:
        with amina.app.app_context():
            db = family()
            start_line.wait()
            let_in.append(second_factor.check(db, person, code))

    threads = [threading.Thread(target=attack) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(let_in) == [False] * 7 + [True]


@pytest.mark.parametrize("steps", [-2, 2, 100])
def test_a_code_of_another_minute_is_refused(amina, codes, steps):
    far = pyotp.TOTP(amina.second_factor).generate_otp(_step() + steps)
    assert amina.sign_in(amina.app.test_client(), code=far).status_code == 400


@pytest.mark.parametrize("code", ["000000", "²23456", "12345", "1234567", "x", "٠١٢٣٤٥"])
def test_what_is_no_code_is_refused(amina, codes, code):
    assert amina.sign_in(amina.app.test_client(), code=code).status_code == 400


def test_a_code_on_paper_opens_once_however_it_is_typed(amina, codes):
    typed = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert amina.sign_in(amina.app.test_client(), code=typed).status_code == 302
    assert amina.sign_in(amina.app.test_client(), code=codes[0]).status_code == 400
    assert "You have 9 codes left." in amina.client.get("/second-factor").text


def test_codes_on_paper_are_one_persons(amina, codes):
    joe = sign_up(amina.app.test_client(), JOE)
    joe.second_factor = start(joe)
    turn_on(joe, joe.second_factor)
    assert sign_in(amina.app.test_client(), joe.sign_in_name, joe.passphrase, codes[0]).status_code == 400


def test_neither_the_secret_nor_the_codes_are_in_a_file(amina, codes):
    settings = amina.app.extensions["settings"]
    folders = (settings.data, settings.private, settings.sessions_db.parent)
    content = b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())
    for secret in (amina.second_factor, *codes, *(code.replace("-", "") for code in codes)):
        assert secret.encode() not in content


def test_nobody_at_the_database_can_take_it_away(amina, codes, family_db):
    family_db.execute("UPDATE account SET second_factor = 0, last_totp_step = 0")
    assert amina.sign_in(amina.app.test_client(), code="").status_code == 400


def test_a_wrong_code_or_passphrase_turns_nothing_on(amina):
    secret = start(amina)
    assert fill(amina.client, "/second-factor", code="000000", passphrase=amina.passphrase).status_code == 400
    assert turn_on(amina, secret, "not my words at all").status_code == 400
    assert not amina.account().has_second_factor
    assert start(amina), "It can be begun again."


def test_without_a_beginning_nothing_is_turned_on(amina):
    assert fill(amina.client, "/second-factor", code="123456", passphrase=amina.passphrase).status_code == 302
    assert not amina.account().has_second_factor


def test_other_browsers_are_signed_out_for_their_keys_are_the_old_ones(amina):
    other = amina.app.test_client()
    amina.sign_in(other)
    turn_on(amina, start(amina))
    assert other.get("/settings").status_code == 302
    assert amina.client.get("/settings").status_code == 200


def test_new_codes_on_paper_make_the_old_void(amina, codes):
    page = fill(amina.client, "/second-factor", to="/second-factor/codes").text
    (new, *_others) = re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", page)
    assert amina.sign_in(amina.app.test_client(), code=codes[0]).status_code == 400
    assert amina.sign_in(amina.app.test_client(), code=new).status_code == 302


def test_another_app_takes_the_place_of_the_first(amina, codes):
    first, amina.second_factor = amina.second_factor, start(amina)
    amina.last_step = 0
    assert amina.sign_in(amina.app.test_client(), code=pyotp.TOTP(first).generate_otp(_step())).status_code == 302, "Not yet."
    assert turn_on(amina, amina.second_factor, step=-1).status_code == 200
    amina.last_step = _step() - 1
    assert amina.sign_in(amina.app.test_client(), code=pyotp.TOTP(first).generate_otp(_step() + 1)).status_code == 400
    assert amina.sign_in(amina.app.test_client()).status_code == 302


def test_a_parent_turns_it_off_with_their_passphrase_and_not_without(amina, codes):
    assert fill(amina.client, "/second-factor", to="/second-factor/off", passphrase="not my words at all").status_code == 400
    assert amina.account().has_second_factor
    assert fill(amina.client, "/second-factor", to="/second-factor/off", passphrase=amina.passphrase).status_code == 302
    assert amina.sign_in(amina.app.test_client(), code="").status_code == 302


def test_staff_get_no_further_without_one_and_cannot_turn_it_off(empty_app):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager", second_factor=False)
    assert dev.client.get("/staff").location == "/second-factor"
    assert "needs a second lock" in dev.client.get("/second-factor").text
    assert turn_on(dev, start(dev)).status_code == 200
    assert dev.client.get("/staff").status_code == 200
    token = token_of(dev.client.get("/second-factor").text)
    answer = dev.client.post("/second-factor/off", data={"csrf_token": token, "passphrase": dev.passphrase})
    assert answer.status_code in {400, 403}
    assert dev.account().has_second_factor
