"""Staff who lost passphrase and sheet: a manager lets them start again, with keys that open nothing."""

from __future__ import annotations

import re

import pytest

from accounts import generation, hooks, keyring, starting_again, store
from accounts.current import family
from accounts.spoken import key_words
from plumbing import clock
from plumbing.crypto import CannotOpen
from tests.family import AMINA, DEV, SARA, Member, fill, join_staff, sign_up, token_of

NEW = "four brass buttons on a coat"


@pytest.fixture
def dev(empty_app) -> Member:
    """Dev, the service manager, signed in."""
    return join_staff(empty_app.test_client(), DEV, "service_manager")


@pytest.fixture
def sara(empty_app) -> Member:
    """Sara, a key worker, signed in."""
    return join_staff(empty_app.test_client(), SARA, "key_worker")


def _offer(dev: Member, member: Member) -> str:
    answer = fill(dev.client, f"/staff/{member.id}/start-again")
    found = re.search(r'<b class="name">([0-9A-Z-]{34})</b>', answer.text)
    assert found, answer.text
    return found[1]


def _use(app, code: str, passphrase: str = NEW):
    client = app.test_client()
    return client, fill(client, "/join", to="/join/passphrase", code=code, passphrase=passphrase)


def test_a_manager_gives_a_code_and_somebody_starts_again(dev, sara):
    code = _offer(dev, sara)
    asked = fill(dev.app.test_client(), "/join", code=code)
    assert f"Welcome back, {SARA}" in asked.text
    assert "whether it is still you" in asked.text
    phone, answer = _use(dev.app, code)
    assert answer.location == "/welcome-back"
    page, account = phone.get("/welcome-back").text, sara.account()
    assert sara.sign_in_name in page
    assert key_words(account.sealing_public, account.signing_public) in page
    assert "Set up codes from an app" in page
    assert phone.get("/settings/name").location == "/second-factor", "The second step has to be set up again."
    assert sara.sign_in(dev.app.test_client()).status_code == 400
    assert sara.sign_in(dev.app.test_client(), passphrase=NEW, code="").status_code == 302


def test_the_new_keys_come_from_nowhere_and_open_nothing_of_old(dev, sara, family_db):
    old, sealed = sara.person(), sara.account()
    with dev.app.test_request_context():
        keyring.write(family(), old, {"51" * 16: {"stamp": "kept"}})
    _use(dev.app, _offer(dev, sara))
    sara.passphrase = NEW
    new = sara.person()
    assert (new.generation, new.second_factor_secret) == (2, "")
    assert new.sealing.public != old.sealing.public
    assert new.just_us != old.just_us
    with dev.app.test_request_context():
        assert keyring.read(family(), new) == {}
        known = store.public_keys(family(), sara.id)
        assert [(row[0], row[3]) for row in known] == [(1, None), (2, None)]
        assert known[0][1:3] == (sealed.sealing_public, sealed.signing_public)
        with pytest.raises(CannotOpen):
            generation.follows(sara.account(), known)
        assert store.get_by_kit(family(), sara.id) is None
    assert family_db["backup_code"].count == 0


def test_those_who_trusted_the_old_keys_are_told_in_the_same_transaction(dev, sara):
    told: list[tuple[str, int, int]] = []

    def tell(db, account_id, number):
        row = db.execute("SELECT generation FROM account WHERE id = ?", [account_id]).fetchone()
        told.append((account_id, number, row[0]))

    hooks.on_lost_keys(dev.app, tell)
    _use(dev.app, _offer(dev, sara))
    assert told == [(sara.id, 2, 2)]


def test_where_telling_them_fails_nothing_has_changed(dev, sara):
    code = _offer(dev, sara)

    def fail(_db, _account_id, _generation):
        raise RuntimeError("no")

    hooks.on_lost_keys(dev.app, fail)
    with dev.app.test_request_context():
        found = starting_again.find(family(), code)
        with pytest.raises(RuntimeError):
            starting_again.use(found, NEW)
        assert starting_again.find(family(), code) == found
    assert sara.account().generation == 1
    assert sara.sign_in(dev.app.test_client()).status_code == 302


def test_they_are_signed_out_at_once(dev, sara, sessions_db):
    assert sara.client.get("/settings").status_code == 200
    _offer(dev, sara)
    assert sara.client.get("/settings").status_code == 302


def test_the_code_is_good_once_and_for_a_week(dev, sara):
    code = _offer(dev, sara)
    with clock.moved(days=7, minutes=1):
        assert _use(dev.app, code)[1].status_code == 400
    assert _use(dev.app, code)[1].status_code == 302
    assert _use(dev.app, code)[1].status_code == 400


def test_a_newer_code_voids_the_older_and_one_taken_back_is_void(dev, sara):
    older = _offer(dev, sara)
    dev.client.post(f"/staff/{sara.id}/start-again/end", data={"csrf_token": token_of(dev.client.get("/staff").text)})
    assert _use(dev.app, older)[1].status_code == 400
    older, newer = _offer(dev, sara), _offer(dev, sara)
    assert "They have a code to start again" in dev.client.get("/staff").text
    assert _use(dev.app, older)[1].status_code == 400
    assert _use(dev.app, newer)[1].status_code == 302
    assert "They have a code to start again" not in dev.client.get("/staff").text


def test_two_who_use_it_at_once_are_one(dev, sara):
    code = _offer(dev, sara)
    with dev.app.test_request_context():
        found = starting_again.find(family(), code)
        starting_again.use(found, NEW)
        with pytest.raises(starting_again.UsedUp):
            starting_again.use(found, "another passphrase for them")


def test_whoever_came_back_by_their_sheet_needs_no_code(dev, sara):
    code = _offer(dev, sara)
    with dev.app.test_request_context():
        generation.renew(sara.account(), sara.person(), NEW)
    assert _use(dev.app, code)[1].status_code == 400


@pytest.mark.parametrize(
    "change", ["until = until + 1", "generation = 2", "account_id = (SELECT id FROM account WHERE role LIKE 's%')"]
)
def test_a_code_changed_by_hand_is_void(dev, sara, family_db, change, caplog):
    code = _offer(dev, sara)
    family_db.execute(f"UPDATE start_again SET {change}")
    assert _use(dev.app, code)[1].status_code == 400
    assert "does not carry our mark" in caplog.text
    assert sara.account().generation == 1


def test_the_database_does_not_know_the_code(dev, sara, family_db):
    code = _offer(dev, sara)
    text = "".join(str(row) for row in family_db["start_again"].rows)
    assert code not in text
    assert code.replace("-", "") not in text


def test_nobody_does_it_to_themselves_or_to_a_family(dev, sara):
    amina = sign_up(dev.app.test_client(), AMINA)
    token = token_of(dev.client.get("/staff").text)
    for id_ in (dev.id, amina.id, "0" * 32):
        assert dev.client.get(f"/staff/{id_}/start-again").status_code == 404
        for path in (f"/staff/{id_}/start-again", f"/staff/{id_}/start-again/end"):
            assert dev.client.post(path, data={"csrf_token": token}).status_code == 404
    with dev.app.test_request_context(), pytest.raises(ValueError, match="nobody who vouches"):
        starting_again.offer(amina.account())


@pytest.mark.parametrize("path", ["start-again", "start-again/end"])
def test_other_staff_may_not(dev, sara, path):
    token = token_of(sara.client.get("/settings").text)
    assert sara.client.post(f"/staff/{dev.id}/{path}", data={"csrf_token": token}).status_code == 403


def test_somebody_whose_access_ended_cannot_start_again(dev, sara):
    code = _offer(dev, sara)
    fill(dev.client, f"/staff/{sara.id}/end", successor="nobody")
    assert _use(dev.app, code)[1].status_code == 400
    assert dev.client.get(f"/staff/{sara.id}/start-again").status_code == 404


def test_a_weak_passphrase_is_refused_and_the_code_stays_good(dev, sara):
    code = _offer(dev, sara)
    assert _use(dev.app, code, "tiny")[1].status_code == 400
    assert _use(dev.app, code)[1].status_code == 302


def test_whoever_has_no_sheet_is_told_what_is_left(client):
    page = client.get("/kit/use").text
    assert "Have you lost the sheet, too?" in page
    assert "ask your manager" in page


def test_codes_that_nobody_used_are_tidied_away(dev, sara, family_db):
    _offer(dev, sara)
    with clock.moved(days=8):
        dev.app.test_cli_runner().invoke(args=["tidy"])
    assert family_db["start_again"].count == 0
