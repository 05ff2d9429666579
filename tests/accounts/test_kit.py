"""The sheet: made, checked, used once, and nothing to whoever has only the database."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from accounts import keys, store
from accounts.current import family
from accounts.generation import follows
from accounts.store import public_keys
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code, read_code, show_code
from tests.family import AMINA, DEV, JOE, PASSPHRASES, Member, fill, give_second_factor, join_staff, sign_up, token_of

NEW = "a kettle sings before school"


def make(member: Member) -> str:
    """Make a sheet; its code, as it is shown."""
    assert fill(member.client, "/kit").location == "/kit"
    return "-".join(re.findall(r"</small> ([0-9A-Z]{4})</li>", member.client.get("/kit").text))


def check(member: Member, code: str):
    """Type the two groups that are asked for."""
    page = member.client.get("/kit/check").text
    asked = re.search(r'name="groups"[^>]*value="(\d)-(\d)"', page)
    first, second = (code.split("-")[int(number) - 1] for number in asked.groups())
    data = {"csrf_token": token_of(page), "groups": f"{asked[1]}-{asked[2]}", "first": first.lower(), "second": second}
    return member.client.post("/kit/check", data=data)


def use(client, name: str, code: str, passphrase: str = NEW):
    return fill(client, "/kit/use", name=name, code=code, passphrase=passphrase)


@pytest.fixture
def code(amina: Member) -> str:
    """The code on Amina's sheet, which she has checked."""
    code = make(amina)
    assert check(amina, code).location == "/kit"
    return code


def test_it_is_seven_groups_that_open_the_keys(amina):
    code = make(amina)
    with amina.app.test_request_context():
        sealed = store.get_by_kit(family(), amina.id)
    opened = keys.open_by_kit(amina.account(), sealed, read_code(code))
    assert (opened.signing, opened.just_us) == (amina.person().signing, amina.person().just_us)
    for wrong in (new_code(), bytes(17)):
        with pytest.raises(CannotOpen):
            keys.open_by_kit(amina.account(), sealed, wrong)


def test_the_code_is_in_no_database(amina, family_db, sessions_db):
    code = make(amina)
    settings = amina.app.extensions["settings"]
    folders = (settings.data, settings.private, settings.sessions_db.parent)
    content = b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())
    assert amina.sign_in_name.encode() in content, "What is in the clear is found."
    for secret in (code, code.replace("-", ""), code.split("-")[0] + code.split("-")[1]):
        assert secret.encode() not in content
    assert read_code(code) not in content


def test_until_it_is_checked_the_pages_say_what_would_be_lost(amina):
    assert "everything you keep here is lost for good" in amina.client.get("/kit").text
    code = make(amina)
    assert "everything is lost" in amina.client.get("/kit").text
    assert amina.account().kit_checked_on is None
    check(amina, code)
    assert amina.account().kit_checked_on == clock.today()
    assert code.split("-")[0] not in amina.client.get("/kit").text, "Once checked, the code is let go of."


def test_wrong_groups_check_nothing(amina):
    code = make(amina)
    page = amina.client.get("/kit/check").text
    data = {"csrf_token": token_of(page), "groups": "1-2", "first": "0000", "second": code.split("-")[1]}
    answer = amina.client.post("/kit/check", data=data)
    assert answer.status_code == 400
    assert "Error:" in answer.text
    assert 'value="1-2"' in answer.text, "The same two are asked for again."
    assert amina.account().kit_checked_on is None


@pytest.mark.parametrize("groups", ["1-1", "0-1", "8-9", "²-3", "x", "", "1-2-3"])
def test_nobody_chooses_groups_that_are_not_there(amina, groups):
    code = make(amina)
    data = {"csrf_token": token_of(amina.client.get("/kit/check").text), "groups": groups}
    answer = amina.client.post("/kit/check", data=data | {"first": code[:4], "second": code[:4]})
    assert answer.status_code in {302, 400}
    assert amina.account().kit_checked_on is None


def test_the_whole_code_scanned_or_typed_checks_it_too_even_days_later(amina):
    code = make(amina)
    fill(amina.client, "/settings", to="/sign-out")
    amina.sign_in()
    assert "two groups" not in amina.client.get("/kit/check").text
    assert fill(amina.client, "/kit/check", code=show_code(new_code())).status_code == 400
    assert amina.account().kit_checked_on is None
    assert fill(amina.client, "/kit/check", code=code.lower().replace("-", " ")).location == "/kit"
    assert amina.account().kit_checked_on is not None


def test_a_sheet_that_a_newer_one_made_void_is_neither_shown_nor_checked(amina):
    old, phone = make(amina), amina.app.test_client()
    amina.sign_in(phone)
    fill(phone, "/again", passphrase=amina.passphrase)
    new = make(replace(amina, client=phone))
    assert old.split("-")[0] not in amina.client.get("/kit").text
    page = amina.client.get("/kit/check").text
    assert "two groups" not in page
    data = {"csrf_token": token_of(page), "groups": "1-2", "first": old.split("-")[0], "second": old.split("-")[1]}
    assert amina.client.post("/kit/check", data=data).location == "/kit/check"
    assert amina.account().kit_checked_on is None
    assert check(replace(amina, client=phone), new).location == "/kit"
    assert amina.account().kit_checked_on is not None


def test_scanned_by_its_owner_it_is_checked_and_not_used(amina):
    make(amina)
    assert amina.client.get("/kit/use").location == "/kit/check"
    assert amina.app.test_client().get("/kit/use").status_code == 200


def test_the_code_stands_after_the_hash_where_no_server_is_told(amina):
    code = make(amina)
    for page in ("/kit", "/kit/check", "/kit/use"):
        for address in re.findall(r'(?:href|action|src)="([^"]*)"', amina.client.get(page, follow_redirects=True).text):
            assert code.split("-")[0] not in address


@pytest.mark.parametrize(("path", "mimetype", "start"), [("pdf", "application/pdf", b"%PDF"), ("png", "image/png", b"\x89PNG")])
def test_the_sheet_is_a_file_too_under_a_name_that_says_nothing(amina, path, mimetype, start):
    assert amina.client.get(f"/kit/sheet.{path}").location == "/kit", "Without a code in hand there is no sheet."
    make(amina)
    answer = amina.client.get(f"/kit/sheet.{path}")
    assert (answer.mimetype, answer.data[:4]) == (mimetype, start[:4])
    assert answer.headers["Content-Disposition"] == f"attachment; filename=sheet.{path}"
    assert answer.headers["Cache-Control"] == "no-store"


def test_making_it_asks_for_the_passphrase_where_it_was_typed_long_ago(amina):
    with clock.moved(minutes=11):
        answer = fill(amina.client, "/kit")
        assert answer.status_code == 401
        assert amina.account().kit_made_on is None
        sent = {"csrf_token": token_of(answer.text), "_passphrase": amina.passphrase}
        assert amina.client.post("/kit", data=sent).location == "/kit"
        assert amina.account().kit_made_on is not None


def test_made_again_before_it_was_checked_the_first_opens_nothing(amina):
    first, second = make(amina), make(amina)
    assert first != second
    other = amina.app.test_client()
    assert use(other, amina.sign_in_name, first).status_code == 400
    assert use(other, amina.sign_in_name, second).status_code == 302


def test_a_checked_sheet_is_not_made_again_by_the_way(amina, code):
    fill(amina.client, "/kit")
    assert amina.account().kit_checked_on is not None
    assert use(amina.app.test_client(), amina.sign_in_name, code).status_code == 302


def test_used_it_brings_new_keys_which_the_old_sign_and_everything_else_ends(amina, code, family_db):
    before, phone = amina.account(), amina.client
    other = amina.app.test_client()
    back = use(other, amina.sign_in_name, code.replace("0", "o")).location
    assert "You are back, and everything is still here." in other.get(back).text
    after = amina.account()
    assert after.generation == before.generation + 1
    follows(after, public_keys(family_db, amina.id))
    assert phone.get("/settings").status_code == 302, "Her other browsers are signed out."
    assert (after.kit_made_on, after.kit_checked_on) == (None, None)
    assert amina.sign_in(amina.app.test_client()).status_code == 400, "The old passphrase opens nothing."
    assert amina.sign_in(amina.app.test_client(), passphrase=NEW).status_code == 302
    assert use(amina.app.test_client(), amina.sign_in_name, code).status_code == 400, "It works once."


def test_a_wrong_code_and_a_name_of_nobodys_are_answered_alike(amina, code):
    client = amina.app.test_client()
    wrong = show_code(new_code())
    answers = [use(client, name, wrong) for name in (amina.sign_in_name, "nobody-lamp-11")]
    assert [answer.status_code for answer in answers] == [400, 400]
    pages = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert pages[0] == pages[1]
    joe = sign_up(amina.app.test_client(), JOE)
    assert use(client, joe.sign_in_name, code).status_code == 400, "Amina's code is not Joe's."


def test_what_was_typed_stays_but_for_the_passphrase(amina):
    answer = use(amina.app.test_client(), "amina", show_code(new_code()))
    assert 'value="amina"' in answer.text
    assert NEW not in answer.text


def test_a_slip_in_the_code_is_said_before_anything_is_tried(amina, code):
    client = amina.app.test_client()
    slip = ("1" if code[0] != "1" else "2") + code[1:]
    for _ in range(8):
        assert use(client, amina.sign_in_name, slip).status_code == 400
    assert use(client, amina.sign_in_name, code).status_code == 302


def test_guessing_is_slowed_down(amina, code):
    client = amina.app.test_client()
    answers = [use(client, amina.sign_in_name, show_code(new_code())) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert use(client, amina.sign_in_name, code).status_code == 429


def test_a_weak_new_passphrase_uses_nothing_up(amina, code):
    client = amina.app.test_client()
    assert use(client, amina.sign_in_name, code, "short").status_code == 400
    assert amina.account().generation == 1
    assert use(client, amina.sign_in_name, code).status_code == 302


def test_it_takes_the_second_factor_off_a_parent_whose_phone_is_lost(amina, code):
    give_second_factor(amina)
    client = amina.app.test_client()
    assert use(client, amina.sign_in_name, code).status_code == 302
    assert not amina.account().has_second_factor
    assert amina.sign_in(amina.app.test_client(), passphrase=NEW, code="").status_code == 302


def test_staff_who_use_it_set_their_second_factor_up_again_first(empty_app):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager")
    fill(dev.client, "/again", passphrase=dev.passphrase)
    code = make(dev)
    client = empty_app.test_client()
    use(client, dev.sign_in_name, code)
    assert client.get("/staff").location == "/second-factor"


def test_replacing_a_checked_sheet_is_new_keys(amina, code):
    other = amina.app.test_client()
    amina.sign_in(other)
    assert fill(amina.client, "/kit", to="/kit/new", passphrase="not my words at all").status_code == 400
    assert amina.account().generation == 1
    assert fill(amina.client, "/kit", to="/kit/new", passphrase=amina.passphrase).location == "/kit"
    assert amina.account().generation == 2
    assert other.get("/settings").status_code == 302
    assert use(amina.app.test_client(), amina.sign_in_name, code).status_code == 400
    new = "-".join(re.findall(r"</small> ([0-9A-Z]{4})</li>", amina.client.get("/kit").text))
    assert check(amina, new).location == "/kit"
    assert amina.sign_in(amina.app.test_client(), passphrase=PASSPHRASES[AMINA]).status_code == 302


def test_the_tile_says_what_is_done_and_what_would_be_lost(amina):
    def tile(second_holder: str = "") -> str:
        with amina.app.test_request_context():
            template = amina.app.jinja_env.get_template("accounts/_safety.html")
            return " ".join(re.sub(r"<[^>]+>", " ", str(template.module.safety_tile(amina.account(), second_holder))).split())

    assert "Your sheet: none yet. Second holder: none yet." in tile()
    assert "lost for good" in tile()
    code = make(amina)
    assert "Your sheet: made, not checked yet." in tile()
    check(amina, code)
    assert "Your sheet: made and checked. Second holder: Joe." in tile("Joe")
    assert "lost for good" not in tile()
