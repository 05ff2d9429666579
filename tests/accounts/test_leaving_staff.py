"""Who takes over from somebody who leaves the staff; and that there is always somebody who can invite."""

from __future__ import annotations

import pytest

from accounts import hooks, store
from accounts.current import family, secrets
from plumbing import clock
from tests.family import AMINA, BETH, DEV, JOE, PASSPHRASES, SARA, Member, fill, join_staff, sign_up

ANWEN = "Anwen"


@pytest.fixture(autouse=True)
def _words_for_anwen(monkeypatch):
    monkeypatch.setitem(PASSPHRASES, ANWEN, "two kites above the harbour")


@pytest.fixture
def dev(empty_app) -> Member:
    """Dev, the service manager, signed in."""
    return join_staff(empty_app.test_client(), DEV, "service_manager")


@pytest.fixture
def sara(empty_app) -> Member:
    """Sara, a key worker, who leaves."""
    return join_staff(empty_app.test_client(), SARA, "key_worker", second_factor=False)


@pytest.fixture
def anwen(empty_app) -> Member:
    """Anwen, a key worker, who stays."""
    return join_staff(empty_app.test_client(), ANWEN, "key_worker", second_factor=False)


def _successor(dev: Member, of: Member):
    with dev.app.test_request_context():
        return store.successor_of(family(), secrets().server_key, of.id)


def test_a_manager_names_who_takes_over(dev, sara, anwen):
    page = dev.client.get(f"/staff/{sara.id}/end").text
    assert ANWEN in page
    assert f'value="{sara.id}"' not in page
    assert f'value="{dev.id}"' not in page
    assert fill(dev.client, f"/staff/{sara.id}/end", successor=anwen.id).status_code == 302
    assert _successor(dev, sara) == anwen.account()
    assert _successor(dev, anwen) is None


def test_whoever_is_told_of_the_end_knows_who_takes_over(dev, sara, anwen):
    told = []
    key = dev.app.extensions["server_secrets"].server_key
    hooks.on_end(dev.app, lambda db, account_id, _person: told.append(store.successor_of(db, key, account_id).shown_name))
    fill(dev.client, f"/staff/{sara.id}/end", successor=anwen.id)
    assert told == [ANWEN]


def test_nobody_has_to_take_over(dev, sara, anwen):
    assert fill(dev.client, f"/staff/{sara.id}/end", successor="nobody").status_code == 302
    assert _successor(dev, sara) is None


def test_nothing_is_ticked_beforehand_and_the_manager_has_to_choose(dev, sara, anwen):
    assert " checked" not in dev.client.get(f"/staff/{sara.id}/end").text
    answer = fill(dev.client, f"/staff/{sara.id}/end")
    assert (answer.status_code, "Choose who takes over" in answer.text) == (400, True)
    assert sara.account().ended_on is None


def test_who_takes_over_is_said_afterwards_for_ninety_days(dev, sara, anwen):
    assert dev.client.get(f"/staff/{sara.id}/successor").status_code == 404
    fill(dev.client, f"/staff/{sara.id}/end", successor="nobody")
    assert f"/staff/{sara.id}/successor" in dev.client.get("/staff").text
    assert fill(dev.client, f"/staff/{sara.id}/successor").status_code == 400
    assert fill(dev.client, f"/staff/{sara.id}/successor", successor=anwen.id).status_code == 302
    assert _successor(dev, sara) == anwen.account()
    assert f"{ANWEN} takes over." in dev.client.get("/staff").text
    assert ANWEN not in anwen.client.get(f"/staff/{sara.id}/successor").text
    with clock.moved(days=91):
        dev.sign_in()
        assert "Say who takes over" not in dev.client.get("/staff").text
        assert dev.client.get(f"/staff/{sara.id}/successor").status_code == 404


def test_only_an_active_key_worker_takes_over(dev, sara):
    beth = join_staff(dev.app.test_client(), BETH, "information_officer", second_factor=False)
    amina = sign_up(dev.app.test_client(), AMINA)
    for id_ in (beth.id, amina.id, dev.id, sara.id, "0" * 32, "x"):
        answer = fill(dev.client, f"/staff/{sara.id}/end", successor=id_)
        assert answer.status_code == 400, id_
        assert "<title>Error:" in answer.text
    assert sara.account().ended_on is None


def test_a_successor_who_leaves_too_takes_over_from_nobody(dev, sara, anwen):
    fill(dev.client, f"/staff/{sara.id}/end", successor=anwen.id)
    fill(dev.client, f"/staff/{anwen.id}/end", successor="nobody")
    assert _successor(dev, sara) is None


@pytest.mark.parametrize("change", ["successor_id = :other", "account_id = :other", "mac = x''"])
def test_a_successor_named_by_hand_is_none(dev, sara, anwen, family_db, change, caplog):
    mallory = join_staff(dev.app.test_client(), JOE, "key_worker", second_factor=False)
    fill(dev.client, f"/staff/{sara.id}/end", successor=anwen.id)
    family_db.execute(f"UPDATE successor SET {change}", {"other": mallory.id} if ":other" in change else {})
    assert [_successor(dev, sara), _successor(dev, mallory)] == [None, None]
    assert "does not carry our mark" in caplog.text


def test_who_left_can_still_be_named(dev, sara):
    fill(dev.client, f"/staff/{sara.id}/end", successor="nobody")
    with dev.app.test_request_context():
        key = secrets().server_key
        assert store.get_account(family(), key, sara.id) is None
        left = store.get_any_account(family(), key, sara.id)
        assert left is not None
        assert (left.shown_name, left.ended_on is not None) == (SARA, True)
        assert store.get_any_account(family(), key, "0" * 32) is None


def test_who_left_is_not_named_by_a_row_that_was_changed(dev, sara, family_db):
    fill(dev.client, f"/staff/{sara.id}/end", successor="nobody")
    family_db.execute("UPDATE account SET shown_name = 'Mallory' WHERE id = ?", [sara.id])
    with dev.app.test_request_context():
        assert store.get_any_account(family(), secrets().server_key, sara.id) is None


def test_the_last_manager_cannot_leave(dev, anwen):
    page = dev.client.get("/leave").text
    assert "only service manager" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    answer = fill(dev.client, "/settings", to="/leave", name=dev.sign_in_name)
    assert answer.status_code == 409
    assert "Invite another one" in answer.text
    assert dev.account()


def test_one_of_two_managers_may_leave(dev):
    beth = join_staff(dev.app.test_client(), BETH, "service_manager")
    assert fill(beth.client, "/leave", name=beth.sign_in_name).location == "/left"
    assert "only service manager" in dev.client.get("/leave").text


def test_a_manager_whose_access_ended_does_not_count(dev):
    beth = join_staff(dev.app.test_client(), BETH, "service_manager")
    assert fill(dev.client, f"/staff/{beth.id}/end", successor="nobody").status_code == 302
    assert fill(dev.client, "/settings", to="/leave", name=dev.sign_in_name).status_code == 409


def test_a_manager_made_by_hand_does_not_count(dev, sara, family_db):
    family_db.execute("UPDATE account SET role = 'service_manager' WHERE id = ?", [sara.id])
    assert fill(dev.client, "/settings", to="/leave", name=dev.sign_in_name).status_code == 409


def test_of_two_managers_who_end_each_other_at_one_moment_one_stays(dev, monkeypatch):
    beth = join_staff(dev.app.test_client(), BETH, "service_manager")
    real = store.is_last_manager

    def first_beth_ends_dev(db, key, account):
        store.end_account(db, dev.id, dev.account().created_on)
        return real(db, key, account)

    monkeypatch.setattr(store, "is_last_manager", first_beth_ends_dev)
    assert fill(dev.client, f"/staff/{beth.id}/end", successor="nobody").status_code == 409
    monkeypatch.undo()
    assert beth.account().ended_on is None
