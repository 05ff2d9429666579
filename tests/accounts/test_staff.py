"""The staff: invited by a manager, once, in time; and ended by one."""

from __future__ import annotations

import re

import pytest

from accounts import hooks, invitations
from plumbing import clock
from tests.family import BETH, DEV, PASSPHRASES, SARA, fill, join_staff, sign_up, token_of


@pytest.fixture
def dev(empty_app):
    """Dev, the service manager, signed in."""
    return join_staff(empty_app.test_client(), DEV, "service_manager")


def _invite(dev, **changes: str):
    fields = {"shown_name": SARA, "role": "key_worker", "email": "sara@example.org"} | changes
    return fill(dev.client, "/staff", **fields)


def _code(page: str) -> str:
    found = re.search(r'<b class="name">([0-9A-Z-]{34})</b>', page)
    assert found, page
    return found[1]


def _join(app, code: str):
    return fill(app.test_client(), "/join", to="/join/passphrase", code=code, passphrase=PASSPHRASES[SARA])


def test_a_manager_invites_and_somebody_joins(dev):
    code = _code(_invite(dev).text)
    phone = dev.app.test_client()
    page = fill(phone, "/join", code=code.lower().replace("-", " "))
    assert f"Welcome, {SARA}" in page.text
    assert "Key worker" in page.text
    answer = phone.post(
        "/join/passphrase", data={"csrf_token": token_of(page.text), "code": code, "passphrase": PASSPHRASES[SARA]}
    )
    assert answer.location == "/welcome"
    assert "sara-" in phone.get("/welcome").text
    assert SARA in dev.client.get("/staff").text


def test_the_mail_tells_neither_the_code_nor_who_it_is(dev):
    code = _code(_invite(dev).text)
    (mail,) = [path.read_text() for path in dev.app.extensions["settings"].outbox.glob("*.eml")]
    assert "/join" in mail
    for telling in (code, code[:9], SARA, "Linkbook", "key worker"):
        assert telling not in mail.replace("linkbook@localhost", "")


def test_an_invitation_is_good_once(dev):
    code = _code(_invite(dev).text)
    assert _join(dev.app, code).status_code == 302
    again = _join(dev.app, code)
    assert again.status_code == 400
    assert "That code is not right, was used" in again.text


def test_an_invitation_is_good_for_a_week(dev):
    code = _code(_invite(dev).text)
    with clock.moved(days=7, minutes=1):
        assert _join(dev.app, code).status_code == 400


def test_an_invitation_taken_back_is_void(dev):
    code = _code(_invite(dev).text)
    id_ = dev.client.get("/staff").text.split('name="invitation" value="')[1].split('"')[0]
    fill(dev.client, "/staff", to="/staff/invitations/end", invitation=id_)
    assert _join(dev.app, code).status_code == 400


@pytest.mark.parametrize(
    "change", ["role = 'service_manager'", "until = until + 1", "shown_name = 'Mallory'", "email = 'm@example.org'"]
)
def test_an_invitation_changed_by_hand_is_void(dev, family_db, change, caplog):
    code = _code(_invite(dev).text)
    family_db.execute(f"UPDATE staff_invitation SET {change}")
    assert _join(dev.app, code).status_code == 400
    assert "does not carry our mark" in caplog.text
    assert dev.client.get("/staff").status_code == 200


@pytest.mark.parametrize("code", ["", "x", "0000-0000-0000-0000-0000-0000-00H9", "²²²²"])
def test_a_made_up_code_is_refused(dev, code):
    assert fill(dev.app.test_client(), "/join", code=code).status_code == 400
    assert _join(dev.app, code).status_code == 400


def test_the_database_does_not_know_the_code(dev, family_db):
    code = _code(_invite(dev).text)
    text = "".join(str(row) for row in family_db["staff_invitation"].rows)
    assert code not in text
    assert code.replace("-", "") not in text


@pytest.mark.parametrize("role", ["parent", "practitioner", "king", ""])
def test_a_manager_invites_only_staff(dev, role):
    answer = _invite(dev, role=role)
    assert answer.status_code == 400
    assert f'value="{SARA}"' in answer.text
    assert dev.app.test_client().get("/join").status_code == 200


def test_a_weak_passphrase_is_refused_and_the_invitation_stays_good(dev):
    code = _code(_invite(dev).text)
    answer = fill(dev.app.test_client(), "/join", to="/join/passphrase", code=code, passphrase="tiny")
    assert answer.status_code == 400
    assert _join(dev.app, code).status_code == 302


def test_ending_somebodys_access_ends_it_at_once_and_destroys_their_keys(dev, family_db):
    told: list[tuple[str, object]] = []
    hooks.on_end(dev.app, lambda _db, account_id, person: told.append((account_id, person)))
    beth = join_staff(dev.app.test_client(), BETH, "information_officer")
    assert "End the access of Beth" in dev.client.get(f"/staff/{beth.id}/end").text
    assert fill(dev.client, f"/staff/{beth.id}/end", successor="nobody").status_code == 302
    assert told == [(beth.id, None)]
    assert beth.client.get("/settings").status_code == 302
    assert beth.sign_in(dev.app.test_client()).status_code == 400
    row = next(iter(family_db.query("SELECT * FROM account WHERE id = ?", [beth.id])))
    assert (row["by_passphrase"], row["by_kit"], row["email"]) == (b"", None, "")
    assert "Access ended on" in dev.client.get("/staff").text


def test_a_manager_ends_neither_a_family_nor_themselves(dev):
    amina = sign_up(dev.app.test_client(), "Amina")
    assert amina.shown_name not in dev.client.get("/staff").text
    for id_ in (amina.id, dev.id, "0" * 32):
        assert dev.client.get(f"/staff/{id_}/end").status_code == 404
        assert fill(dev.client, "/staff", to=f"/staff/{id_}/end").status_code == 404
    assert amina.client.get("/settings").status_code == 200


@pytest.mark.parametrize("role", ["key_worker", "information_officer"])
def test_other_staff_invite_and_end_nobody(dev, role):
    sara = join_staff(dev.app.test_client(), SARA, role)
    token = token_of(sara.client.get("/settings").text)
    for path in ("/staff", "/staff/invitations/end", f"/staff/{dev.id}/end"):
        assert sara.client.post(path, data={"csrf_token": token, "shown_name": "x", "role": role}).status_code == 403


def test_the_first_manager_comes_by_the_command_line(empty_app):
    result = empty_app.test_cli_runner().invoke(args=["accounts", "manager", DEV, "--email", "dev@example.org"])
    assert result.exit_code == 0
    code = result.output.split()[-1]
    answer = fill(empty_app.test_client(), "/join", to="/join/passphrase", code=code, passphrase=PASSPHRASES[DEV])
    assert answer.status_code == 302


@pytest.mark.parametrize("arguments", [["  "], [DEV, "--email", "not an address"]])
def test_the_command_line_refuses_what_makes_no_manager(empty_app, arguments, family_db):
    assert empty_app.test_cli_runner().invoke(args=["accounts", "manager", *arguments]).exit_code != 0
    assert family_db["staff_invitation"].count == 0


def test_start_together_shows_a_code_and_keeps_nothing(dev, family_db):
    sara = join_staff(dev.app.test_client(), SARA, "key_worker")
    before = "\n".join(family_db.conn.iterdump())
    page = sara.client.get("/start-together")
    assert "/register" in page.text
    picture = sara.client.get("/start-together/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<svg")
    assert "\n".join(family_db.conn.iterdump()) == before


def test_used_up_invitations_are_tidied_away(dev, family_db):
    _invite(dev)
    with clock.moved(days=8):
        dev.app.test_cli_runner().invoke(args=["tidy"])
    assert family_db["staff_invitation"].count == 0
    with dev.app.test_request_context(), pytest.raises(ValueError, match="only staff"):
        invitations.invite("parent", "Amina", "")
