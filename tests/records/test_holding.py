"""Holding together, leaving, and keys that change: what stays, what ends, and whose word counts for how long."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from accounts import keyring, store
from accounts.generation import succession
from accounts.person import new_person
from plumbing.crypto.pairs import sign
from records import canonical, editing, holding, inviting, sharing, visits
from records.consent import Consent, Granted, day_number
from records.gate import NotShared, NotYours
from records.roster import fingerprint
from records.statement import Holder
from tests.records.people import TODAY

PLAN = {"v": 1, "kind": "note", "title": "The plan", "words": "Short breaks on Fridays"}
LETTER = {"v": 1, "kind": "letter", "title": "Eye clinic"}


@pytest.fixture
def sara(house):
    return house.person("sara", "key_worker")


@pytest.fixture
def filled(yusuf):
    for section in yusuf.sections:
        editing.add(yusuf, section.id, PLAN | {"title": section.slug})
    return yusuf


def titles(opened):
    return sorted(entry.document["title"] for entry in opened.entries())


def test_who_leaves_holding_is_given_nothing_while_sharing_is_paused(house, filled, joe, sara):
    young, amina = join(house, filled, joe), filled.person
    house.share(young, sara)
    consent = Consent("Mum", "", (young.sections[0].id,), "read", "", 20270303, 20261122)
    keeps = Granted("e" * 32, amina.account_id, 1, fingerprint(Holder.of(amina)), consent)
    with editing.change(young) as pen:
        pen.give(lambda given: replace(given, standby=(keeps,)))
        pen.note("step_back_agreed", grant=keeps.grant_id, name="Mum")
    sharing.pause(young)
    with pytest.raises(sharing.Paused):
        holding.leave(house.enter(amina, filled.record_id), keeps)
    assert house.enter(amina, filled.record_id).is_holder
    assert keeps.grant_id not in young.office.witness.ended()


def test_what_was_paused_is_not_given_back_to_somebody_who_holds_it_by_now(house, filled, joe):
    house.share(filled, joe)
    sharing.pause(filled)
    opened = join(house, filled, joe)
    visits.resume(opened)
    assert joe.account_id not in [one.account_id for one in opened.roster.given.grants]


@pytest.fixture
def joe(house):
    return house.person("joe")


def join(house, opened, joe):
    consent = Consent("Joe", "", (), "read", "", 20261206, 20261122)
    invited = inviting.invite(opened, "hold", consent, 20261206, "Amina")
    inviting.accept(house.db, house.office, joe, canonical.raw(invited.code), 20261122)
    visits.attend(opened)
    with pytest.raises(NotShared):
        house.enter(joe, opened.record_id)
    holding.confirm(opened, invited.id)
    return house.enter(joe, opened.record_id)


def test_a_second_holder_is_equal(house, filled, joe, sara):
    opened = join(house, filled, joe)
    assert opened.is_holder
    assert titles(opened) == ["about_me", "diary", "health_letters"]
    grant = house.share(opened, sara)
    sharing.withdraw(house.enter(filled.person, filled.record_id), grant.grant_id)
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id)
    assert house.enter(joe, filled.record_id).entries()
    assert joe.account_id in [one.account_id for one in opened.holders.values()]


def test_a_holder_who_leaves_leaves_everything_as_it_was_and_new_keys_come(house, filled, joe, sara):
    opened = join(house, filled, joe)
    house.share(house.enter(filled.person, filled.record_id), sara)
    amina = filled.person
    known = {one.id: opened.key(one.id) for one in opened.sections}
    holding.leave(house.enter(amina, filled.record_id))
    with pytest.raises(NotYours):
        house.enter(amina, filled.record_id)
    # Sara still reads by what Amina signed while she held it.
    assert titles(house.enter(sara, filled.record_id)) == ["about_me"]
    back = house.enter(joe, filled.record_id)
    assert back.alarms == ()
    editing.add(back, back.sections[0].id, LETTER)
    visits.attend(back)
    assert all(back.key(id_) != key for id_, key in known.items())
    assert back.letterbox.generation == 2
    assert titles(house.enter(sara, filled.record_id)) == ["Eye clinic", "about_me"]
    assert titles(house.enter(joe, filled.record_id)) == ["Eye clinic", "about_me", "diary", "health_letters"]
    assert house.enter(joe, filled.record_id).log_lines()[-1].words["what"] == "founded"
    again = house.enter(joe, filled.record_id)
    number = again.roster.number
    visits.attend(again)
    assert again.roster.number == number, "There is nothing more to do."


def test_the_last_holder_cannot_leave(house, filled):
    with pytest.raises(holding.LastHolder):
        holding.leave(filled)


def test_who_steps_back_keeps_what_was_agreed(house, filled, joe):
    """A parent hands the record to their grown child, who agreed what the parent goes on seeing."""
    young = join(house, filled, joe)
    amina = filled.person
    consent = house.share(young, house.person("nobody"), 2).consent
    keeps = Granted("e" * 32, amina.account_id, 1, fingerprint(Holder.of(amina)), replace(consent, name="Mum"))
    with editing.change(young) as pen:
        pen.give(lambda given: replace(given, standby=(keeps,)))
        pen.note("agreed")
    holding.leave(house.enter(amina, filled.record_id), keeps)
    for _visit in range(2):
        mum = house.enter(amina, filled.record_id)
        assert (mum.is_holder, titles(mum)) == (False, ["about_me", "health_letters"])
        visits.attend(house.enter(joe, filled.record_id))


def test_new_keys_signed_by_the_old_are_followed_at_the_next_visit(house, filled, sara):
    house.share(filled, sara)
    new = new_person(sara.account_id, 2)
    account = store.get_account(house.db, house.office.secrets.server_key, sara.account_id)
    renewed = replace(account, generation=2, sealing_public=new.sealing.public, signing_public=new.signing.public)
    signature = sign(sara.signing.private, succession(account.id, 2, new.sealing.public, new.signing.public))
    with house.db.conn:
        pins = keyring.read(house.db, sara)
        store.save_identity(house.db, house.office.secrets.server_key, renewed, was=1)
        store.add_public_keys(house.db, renewed, signature)
        keyring.write(house.db, new, pins)
    before = filled.epoch(filled.sections[0].id)
    with pytest.raises(NotShared):
        house.enter(new, filled.record_id)
    opened = house.enter(filled.person, filled.record_id)
    visits.attend(opened)
    assert opened.epoch(filled.sections[0].id) == before + 1
    assert titles(house.enter(new, filled.record_id)) == ["about_me"]
    with pytest.raises(keyring.KeyringLost):
        house.enter(sara, filled.record_id)


def test_new_keys_that_nobody_signed_wait_for_the_family(house, filled, sara):
    grant = house.share(filled, sara)
    new = new_person(sara.account_id, 2)
    account = store.get_account(house.db, house.office.secrets.server_key, sara.account_id)
    renewed = replace(account, generation=2, sealing_public=new.sealing.public, signing_public=new.signing.public)
    with house.db.conn:
        pins = keyring.read(house.db, sara)
        store.save_identity(house.db, house.office.secrets.server_key, renewed, was=1)
        store.add_public_keys(house.db, renewed, None)
        keyring.write(house.db, new, pins)
    opened = house.enter(filled.person, filled.record_id)
    visits.attend(opened)
    assert [(one.granted, one.why) for one in opened.roster.given.untold] == [(grant, "new_keys")]
    with pytest.raises(NotShared):
        house.enter(new, filled.record_id)
    sharing.confirm_new_keys(opened, grant.grant_id, Holder.of(new))
    assert titles(house.enter(new, filled.record_id)) == ["about_me"]
    assert day_number(TODAY) <= opened.roster.given.grants[0].consent.last_day


def _new_keys(house, old):
    """Somebody lost everything, and has keys that nobody signed."""
    new = new_person(old.account_id, 2)
    account = store.get_account(house.db, house.office.secrets.server_key, old.account_id)
    renewed = replace(account, generation=2, sealing_public=new.sealing.public, signing_public=new.signing.public)
    with house.db.conn:
        store.save_identity(house.db, house.office.secrets.server_key, renewed, was=1)
        store.add_public_keys(house.db, renewed, None)
        keyring.write(house.db, new, keyring.read(house.db, old))
    return new


def test_what_cannot_be_resumed_is_told(house, filled, sara):
    rhys = house.person("rhys")
    house.share(filled, sara, 2)
    house.share(filled, rhys, last_day=20261123)
    sharing.pause(filled)
    _new_keys(house, sara)
    later = house.enter(filled.person, filled.record_id, datetime.date(2026, 11, 24))
    assert {one.account_id for one in sharing.resume(later)} == {sara.account_id, rhys.account_id}
    assert later.roster.given.grants == ()
    assert {(one.granted.account_id, one.why) for one in later.roster.given.untold} == {
        (sara.account_id, "new_keys"),
        (rhys.account_id, "expired"),
    }


def test_a_cover_worker_whose_keys_changed_or_who_was_dropped_only_stands_by_again(house, filled, sara):
    consent = house.share(filled, house.person("rhys")).consent
    invited = inviting.invite(filled, "cover", replace(consent, name="Sara"), 20261206, "Amina")
    inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)
    visits.attend(filled)
    new = _new_keys(house, sara)
    visits.attend(filled)
    (over,) = filled.roster.given.untold
    confirmed = sharing.confirm_new_keys(filled, over.granted.grant_id, Holder.of(new))
    assert filled.roster.given.standby == (confirmed,)
    sharing.drop_cover(filled, confirmed.grant_id)
    assert filled.roster.given.standby == ()
    back = sharing.give_back(filled, confirmed.grant_id, 20270301)
    assert filled.roster.given.standby == (back,)
    with pytest.raises(NotShared):
        house.enter(new, filled.record_id)


def test_who_leaves_without_what_was_agreed_is_nobodys_cover_afterwards(house, filled, joe):
    young = join(house, filled, joe)
    amina = filled.person
    consent = house.share(young, house.person("nobody"), 2).consent
    agreed = Granted("e" * 32, amina.account_id, 1, fingerprint(Holder.of(amina)), consent)
    with editing.change(young) as pen:
        pen.give(lambda given: replace(given, standby=(agreed,)))
        pen.note("step_back_agreed", grant=agreed.grant_id, name="Mum")
    holding.leave(house.enter(amina, filled.record_id))
    back = house.enter(joe, filled.record_id)
    assert back.roster.given.standby == ()
    with pytest.raises(NotYours):
        sharing.switch_on(back, agreed.grant_id, 20261201)


def test_who_stood_by_and_holds_it_now_stands_by_no_more(house, filled, joe):
    consent = house.share(filled, house.person("rhys")).consent
    cover = Granted("c" * 32, joe.account_id, 1, fingerprint(Holder.of(joe)), consent)
    with editing.change(filled) as pen:
        pen.give(lambda given: replace(given, standby=(cover,)))
        pen.note("cover_agreed", grant=cover.grant_id, name="Joe")
    assert join(house, filled, joe).roster.given.standby == ()


def test_of_two_who_leave_at_once_the_second_stays(house, filled, joe):
    """Both opened the page while two held the record. A record without a holder would be sealed for ever."""
    opened = join(house, filled, joe)
    amina = house.enter(filled.person, filled.record_id)
    holding.leave(opened)
    with pytest.raises(holding.LastHolder):
        holding.leave(amina)
    assert len(house.enter(filled.person, filled.record_id).entries()) == 3


def test_what_was_begun_before_leaving_is_not_done_after_it(house, filled, joe):
    """Joe's second page is older than his leaving: what it signs would count for nobody, and lock Amina out."""
    join(house, filled, joe)
    stale = house.enter(joe, filled.record_id)
    holding.leave(house.enter(joe, filled.record_id))
    section = stale.sections[0].id
    consent = Consent("Sara", "", (section,), "read", "", 20270303, 20261122)
    for late in (
        lambda: inviting.invite(stale, "see", consent, 20261206, "Joe"),
        lambda: editing.add(stale, section, LETTER),
        lambda: sharing.pause(stale),
    ):
        with pytest.raises(NotYours):
            late()
    assert len(house.enter(filled.person, filled.record_id).entries()) == 3


def test_somebody_who_held_it_since_is_not_given_back_what_they_read_before(house, filled, joe):
    house.share(filled, joe)
    sharing.pause(filled)
    sharing.resume(filled)
    grant = filled.roster.given.grants[0]
    sharing.withdraw(filled, grant.grant_id)
    join(house, filled, joe)
    opened = house.enter(filled.person, filled.record_id)
    assert [one for one in opened.roster.given.ended if one.granted.account_id == joe.account_id] == []
