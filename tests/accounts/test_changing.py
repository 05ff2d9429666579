"""Changing a passphrase, making new keys, an address, a name, and leaving."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from accounts import generation, hooks, keyring, keys, store
from accounts.current import family, secrets
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code
from plumbing.db import at_once
from tests.family import AMINA, JOE, RHYS, fill, sign_up

NEW = "a kettle sings before school"


def _pin(member, pins):
    with member.app.test_request_context(), at_once(family()):
        keyring.write(family(), member.person(), pins)


def test_a_new_passphrase_opens_the_same_keys_and_the_old_one_nothing(amina):
    before, phone = amina.person(), amina.app.test_client()
    amina.sign_in(phone)
    assert fill(amina.client, "/settings/passphrase", passphrase=NEW).location == "/settings/passphrase/changed"
    assert amina.client.get("/settings/passphrase/changed").status_code == 200
    assert phone.get("/settings").status_code == 302, "Everywhere else is signed out."
    assert amina.sign_in(amina.app.test_client()).status_code == 400
    assert replace(amina, passphrase=NEW).person() == before


def test_where_somebody_may_know_it_there_are_new_keys_and_the_old_sign_them(amina, family_db):
    told = []
    # The pins below are of no real record: nobody but us is told.
    amina.app.extensions["on_new_keys"] = []
    hooks.on_new_keys(amina.app, lambda _db, old, new: told.append((old, new)))
    _pin(amina, {"record": {"statement": 3}})
    old_account, old = amina.account(), amina.person()
    assert fill(amina.client, "/settings/passphrase", passphrase=NEW, is_known="y").status_code == 302
    after = replace(amina, passphrase=NEW)
    new_account, new = after.account(), after.person()
    assert new_account.generation == 2
    assert new.signing != old.signing
    assert new.just_us != old.just_us
    assert told == [(old, new)]
    with amina.app.test_request_context():
        assert keyring.read(family(), new) == {"record": {"statement": 3}}
    known = store.public_keys(family_db, amina.id)
    generation.follows(new_account, known)
    with pytest.raises(CannotOpen):
        generation.follows(new_account, known[:1])
    with pytest.raises(CannotOpen):
        generation.follows(old_account, known)
    nobody_signed = [known[0], (*known[1][:3], None)]
    with pytest.raises(CannotOpen):
        generation.follows(new_account, nobody_signed)
    exchanged = [(1, *known[1][1:3], None), known[1]]
    with pytest.raises(CannotOpen):
        generation.follows(new_account, exchanged)
    assert amina.client.get("/settings").status_code == 200


def test_new_keys_make_the_old_kit_void(amina):
    code = new_code()
    with amina.app.test_request_context():
        store.save_by_kit(family(), amina.person(), keys.seal_by_kit(amina.person(), code), clock.today())
        sealed = store.get_by_kit(family(), amina.id)
    assert keys.open_by_kit(amina.account(), sealed, code) == amina.person()
    fill(amina.client, "/settings/passphrase", passphrase=NEW, is_known="y")
    with amina.app.test_request_context():
        assert store.get_by_kit(family(), amina.id) is None
    with pytest.raises(CannotOpen):
        keys.open_by_kit(replace(amina, passphrase=NEW).account(), sealed, code)


def test_new_keys_are_all_or_nothing(amina, family_db):
    def fails(_db, _old, _new):
        raise RuntimeError("a record could not be rewrapped")

    hooks.on_new_keys(amina.app, fails)
    before = "\n".join(family_db.conn.iterdump())
    with amina.app.test_request_context(), pytest.raises(RuntimeError):
        generation.renew(amina.account(), amina.person(), NEW)
    assert "\n".join(family_db.conn.iterdump()) == before
    assert amina.sign_in(amina.app.test_client()).status_code == 302


def test_a_page_left_open_cannot_bring_the_old_keys_back(amina):
    old_account, old = amina.account(), amina.person()
    fill(amina.client, "/settings/passphrase", passphrase=NEW, is_known="y")
    with amina.app.test_request_context():
        for late in (
            lambda: generation.reseal(old, "another passphrase from before"),
            lambda: store.rename(family(), secrets().server_key, old_account, "Old name"),
            lambda: store.save_by_kit(family(), old, None, clock.today()),
            lambda: generation.renew(old_account, old, "another passphrase from before"),
        ):
            with pytest.raises(store.Superseded):
                late()
    assert replace(amina, passphrase=NEW).sign_in(amina.app.test_client()).status_code == 302


@pytest.mark.parametrize("passphrase", ["", "tiny", "passwordpassword1", "amina amina"])
def test_a_weak_new_passphrase_is_refused(amina, passphrase):
    assert fill(amina.client, "/settings/passphrase", passphrase=passphrase).status_code == 400
    assert amina.sign_in(amina.app.test_client()).status_code == 302


def test_keys_sealed_for_one_row_open_for_no_other(amina):
    account, person = amina.account(), amina.person()
    code = new_code()
    sealed = keys.seal_by_kit(person, code)
    for changed in (
        replace(account, id="0" * 32),
        replace(account, generation=2),
        replace(account, signing_public=bytes(32)),
        replace(account, sealing_public=bytes(32)),
    ):
        with pytest.raises(CannotOpen):
            keys.open_by_kit(changed, sealed, code)
    with pytest.raises(CannotOpen):
        keys.open_by_kit(account, keys.ByKit(sealed.just_us, sealed.keys), code)
    with pytest.raises(CannotOpen):
        keys.open_by_kit(account, sealed, new_code())


@pytest.mark.parametrize(
    "document", [b"", b"{}", b"[]", b'{"x25519": 1}', b'{"x25519": "AA==", "ed25519": "", "second_factor": ""}']
)
def test_what_is_no_document_of_keys_does_not_open(amina, document):
    with pytest.raises(CannotOpen):
        keys.read(document, amina.account())


def test_keys_are_shown_in_no_text(amina):
    person = replace(amina.person(), second_factor_secret="BASE32SECRET")
    sealed = keys.seal_by_kit(person, new_code())
    for text in (repr(person), repr(sealed), str(CannotOpen()), repr(amina)):
        for secret in (person.signing.private, person.just_us, b"BASE32SECRET", amina.passphrase.encode()):
            assert repr(secret)[2:-1] not in text
            assert secret.hex() not in text


def _mails(app) -> list[str]:
    return [path.read_text() for path in sorted(app.extensions["settings"].outbox.glob("*.eml"))]


def _code_in(mail: str) -> str:
    return re.search(r"The code is (\d{6})", mail)[1]


def test_an_address_is_confirmed_by_the_code_from_the_mail(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA, email="amina@example.org")
    (mail,) = _mails(empty_app)
    for telling in (AMINA, "Linkbook", "account", amina.sign_in_name):
        assert telling not in mail.replace("linkbook@localhost", "")
    assert fill(amina.client, "/settings/email", to="/settings/email/code", code=_code_in(mail)).status_code == 302
    assert amina.account().email_confirmed
    assert fill(amina.client, "/settings/email", to="/settings/email/code", code=_code_in(mail)).status_code == 400


def test_five_wrong_codes_make_it_void(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA, email="amina@example.org")
    code = _code_in(_mails(empty_app)[0])
    for _ in range(5):
        wrong = f"{(int(code) + 1) % 10**6:06}"
        assert fill(amina.client, "/settings/email", to="/settings/email/code", code=wrong).status_code == 400
    assert fill(amina.client, "/settings/email", to="/settings/email/code", code=code).status_code == 400
    assert not amina.account().email_confirmed


def test_a_code_is_too_old_after_an_hour(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA, email="amina@example.org")
    with clock.moved(minutes=61):
        amina.sign_in()
        code = _code_in(_mails(empty_app)[0])
        assert fill(amina.client, "/settings/email", to="/settings/email/code", code=code).status_code == 400


def test_an_address_signs_in_only_whoever_confirmed_it(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA, email="amina@example.org")
    assert amina.sign_in(empty_app.test_client(), name="amina@example.org").status_code == 400
    code = _code_in(_mails(empty_app)[0])
    assert fill(amina.client, "/settings/email", to="/settings/email/code", code=code).status_code == 302
    assert amina.sign_in(empty_app.test_client(), name="amina@example.org").status_code == 302


def test_claiming_an_address_does_not_tell_whether_its_owner_is_here(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA, email="amina@example.org")
    fill(amina.client, "/settings/email", to="/settings/email/code", code=_code_in(_mails(empty_app)[0]))
    squatter = sign_up(empty_app.test_client(), JOE, email="amina@example.org")
    stranger = sign_up(empty_app.test_client(), RHYS, email="nobody@example.org")
    taken = squatter.sign_in(empty_app.test_client(), name="amina@example.org")
    free = stranger.sign_in(empty_app.test_client(), name="nobody@example.org")
    assert taken.status_code == free.status_code == 400
    assert squatter.sign_in(empty_app.test_client()).status_code == 302


def test_another_address_must_be_confirmed_anew_and_may_be_taken_out(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA, email="amina@example.org")
    fill(amina.client, "/settings/email", to="/settings/email/code", code=_code_in(_mails(empty_app)[0]))
    fill(amina.client, "/settings/email", email="other@example.org")
    assert (amina.account().email, amina.account().email_confirmed) == ("other@example.org", False)
    fill(amina.client, "/settings/email", email="")
    assert amina.account().email == ""
    bad = fill(amina.client, "/settings/email", email="no address")
    assert bad.status_code == 400
    assert 'value="no address"' in bad.text


def test_a_name_is_changed_and_marked_anew(amina):
    assert fill(amina.client, "/settings/name", shown_name="Amina Yusuf").status_code == 302
    assert amina.account().shown_name == "Amina Yusuf"
    assert amina.account().sign_in_name == amina.sign_in_name
    assert fill(amina.client, "/settings/name", shown_name=" ").status_code == 400


def test_leaving_takes_everything_away(amina, family_db, sessions_db):
    told = []
    hooks.on_end(amina.app, lambda _db, account_id, person: told.append((account_id, person.signing)))
    expected = (amina.id, amina.person().signing)
    sealed = family_db.execute("SELECT by_passphrase FROM account").fetchone()[0]
    family_db.close()
    answer = fill(amina.client, "/leave", name=amina.sign_in_name)
    assert answer.location == "/left"
    assert amina.client.get("/left").status_code == 200
    assert told == [expected]
    assert sessions_db["session"].count == 0
    assert amina.client.get("/settings").status_code == 302
    assert amina.sign_in(amina.app.test_client()).status_code == 400
    settings = amina.app.extensions["settings"]
    content = b"".join(path.read_bytes() for path in settings.data.glob("family.db*"))
    for trace in (amina.sign_in_name.encode(), amina.id.encode(), sealed):
        assert trace not in content


@pytest.mark.parametrize("typed", ["", "y", "amina", "joe-otter-42"])
def test_leaving_asks_for_the_own_name(amina, typed):
    answer = fill(amina.client, "/leave", name=typed)
    assert answer.status_code == 400
    assert f"as it stands here: {amina.sign_in_name}" in answer.text
    assert amina.account()


def test_the_own_name_may_be_typed_as_a_phone_writes_it(amina):
    assert fill(amina.client, "/leave", name=f" {amina.sign_in_name.title()} ").location == "/left"


def test_leaving_asks_for_the_passphrase(amina):
    with clock.moved(minutes=7):
        assert amina.client.get("/leave").location == "/again?next=/leave"
    assert amina.account()


def test_who_holds_something_nobody_else_holds_is_told_what_to_do_first(amina):
    def not_yet(_db, _account_id, _person):
        raise hooks.NotYet("You are the only one who holds a record. Delete it, or hand it on.")

    hooks.on_end(amina.app, not_yet)
    answer = fill(amina.client, "/leave", name=amina.sign_in_name)
    assert answer.status_code == 409
    assert "only one who holds a record" in answer.text
    assert amina.client.get("/settings").status_code == 200


def test_what_fails_after_signing_in_keeps_nobody_out(amina, caplog):
    def fails(_db, _person):
        raise RuntimeError("Yusuf's letter")

    hooks.on_sign_in(amina.app, fails)
    assert amina.sign_in(amina.app.test_client()).status_code == 302
    assert "RuntimeError" in caplog.text
    assert "Yusuf" not in caplog.text


def test_after_signing_in_others_are_told(amina):
    told = []
    hooks.on_sign_in(amina.app, lambda _db, person: told.append((person.account_id, person.just_us)))
    amina.sign_in(amina.app.test_client())
    assert told == [(amina.id, None)]


def test_when_a_guess_costs_more_keys_are_sealed_anew_at_the_next_sign_in(amina, family_db):
    settings = amina.app.extensions["settings"]
    amina.app.extensions["settings"] = replace(settings, argon2="m=128,t=1,p=1")
    before = amina.person()
    assert amina.sign_in(amina.app.test_client()).status_code == 302
    assert family_db.execute("SELECT cost FROM account").fetchone()[0] == "m=128,t=1,p=1"
    assert amina.person() == before


def test_a_cost_that_nobody_can_read_stops_the_start(make_app):
    with pytest.raises(ValueError, match="a cost looks like"):
        make_app(argon2="plenty")
