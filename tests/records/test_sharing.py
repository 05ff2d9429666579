"""Giving and taking back: what a reader sees, what they no longer see, and who is told."""

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


def test_a_reader_sees_the_sections_they_were_given_and_no_other(house, filled, sara):
    house.share(filled, sara, 2)
    opened = house.enter(sara, filled.record_id)
    assert titles(opened) == ["about_me", "health_letters"]
    assert [one.name for one in opened.sections] == [one.name for one in filled.sections[:2]]
    assert opened.book.called == "Yusuf"
    with pytest.raises(NotYours):
        opened.key(filled.sections[2].id)
    with pytest.raises(NotYours):
        opened.key(filled.root_id)


def test_before_a_holder_has_seen_the_words_taken_up_nothing_opens(house, filled, sara):
    consent = house.share(filled, house.person("rhys"), 1).consent
    invited = inviting.invite(filled, "see", consent, 20261206, "Amina")
    inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id)
    visits.attend(filled)
    assert titles(house.enter(sara, filled.record_id)) == ["about_me"]


def test_withdrawn_nothing_opens_and_what_is_written_later_is_under_another_key(house, filled, sara):
    grant = house.share(filled, sara)
    section = filled.sections[0].id
    opened = house.enter(sara, filled.record_id)
    known = opened.key(section)
    sharing.withdraw(filled, grant.grant_id)
    assert filled.key(section) != known
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id)
    with pytest.raises(NotShared):
        opened.entries()  # not even in the request that was under way
    assert titles(house.enter(filled.person, filled.record_id)) == ["about_me", "diary", "health_letters"]


def test_every_look_of_a_reader_is_in_the_log_before_they_see_anything(house, filled, sara):
    house.share(filled, sara)
    opened = house.enter(sara, filled.record_id)
    entry = opened.entries()[0]
    opened.entry(entry.id)
    again = house.enter(filled.person, filled.record_id)
    seen = [line.words["what"] for line in again.log_lines() if line.words["who"] == sara.account_id]
    assert seen == ["opened", "listed", "took_up_words"]


def test_without_a_line_nobody_but_a_holder_reads(house, filled, sara, monkeypatch):
    house.share(filled, sara)
    opened = house.enter(sara, filled.record_id)
    house.db.execute("ALTER TABLE log_line RENAME TO gone")
    with pytest.raises(Exception, match="log_line"):
        opened.entries()
    assert opened.held == {}
    house.db.execute("ALTER TABLE gone RENAME TO log_line")


def test_a_grant_to_read_adds_nothing(house, filled, sara):
    house.share(filled, sara)
    opened = house.enter(sara, filled.record_id)
    with pytest.raises(NotYours):
        editing.add(opened, filled.sections[0].id, LETTER)


def test_a_grant_to_add_adds_in_its_own_name_and_changes_only_that(house, filled, sara):
    house.share(filled, sara, verb="read_and_add")
    opened = house.enter(sara, filled.record_id)
    mine = editing.add(opened, filled.sections[0].id, LETTER)
    editing.save(opened, mine.id, LETTER | {"title": "Eye clinic, corrected"}, 1)
    theirs = next(entry for entry in opened.entries() if entry.author != sara.account_id)
    for refused in (
        lambda: editing.save(opened, theirs.id, LETTER, 1),
        lambda: editing.put_into_bin(opened, theirs.id),
        lambda: editing.delete_for_good(opened, mine.id),
        lambda: editing.add(opened, filled.sections[1].id, LETTER),
    ):
        with pytest.raises(NotYours):
            refused()
    back = house.enter(filled.person, filled.record_id)
    found = back.entry(mine.id)
    assert (found.author, found.is_logged) == (sara.account_id, True)


def test_on_its_last_day_a_grant_is_live_and_on_the_next_it_is_gone(house, filled, sara):
    house.share(filled, sara, last_day=20270303)
    assert house.enter(sara, filled.record_id, datetime.date(2027, 3, 3)).entries()
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id, datetime.date(2027, 3, 4))
    assert house.db.execute("SELECT count(*) FROM wrap WHERE verb != 'hold'").fetchone() == (0,)
    opened = house.enter(filled.person, filled.record_id, datetime.date(2027, 3, 4))
    before = opened.epoch(filled.sections[0].id)
    visits.attend(opened)
    assert opened.epoch(filled.sections[0].id) == before + 1
    assert [one.why for one in opened.roster.given.untold] == ["expired"]


def test_given_back_it_is_a_new_grant_on_the_same_terms(house, filled, sara):
    grant = house.share(filled, sara)
    sharing.withdraw(filled, grant.grant_id)
    anew = sharing.give_back(filled, grant.grant_id, grant.consent.last_day)
    assert anew.grant_id != grant.grant_id
    assert anew.consent.sections == grant.consent.sections
    assert titles(house.enter(sara, filled.record_id)) == ["about_me"]
    with pytest.raises(NotYours):
        sharing.give_back(filled, grant.grant_id, grant.consent.last_day)


def test_changed_it_opens_what_the_new_terms_say(house, filled, sara):
    grant = house.share(filled, sara, 2)
    kept, lost = filled.sections[0].id, filled.sections[1].id
    epochs = filled.epoch(kept), filled.epoch(lost)
    consent = replace(grant.consent, sections=(kept, filled.sections[2].id), last_day=20270401)
    sharing.change(filled, grant.grant_id, consent)
    opened = house.enter(sara, filled.record_id)
    assert titles(opened) == ["about_me", "diary"]
    assert (filled.epoch(kept), filled.epoch(lost)) == (epochs[0], epochs[1] + 1)
    assert opened.terms[0].consent.last_day == 20270401


def test_paused_nobody_reads_and_resumed_everybody_does(house, filled, sara):
    rhys = house.person("rhys")
    house.share(filled, sara, 2)
    house.share(filled, rhys, 1)
    sharing.pause(filled)
    for person in (sara, rhys):
        with pytest.raises(NotShared):
            house.enter(person, filled.record_id)
    assert sharing.resume(filled) == []
    assert titles(house.enter(sara, filled.record_id)) == ["about_me", "health_letters"]
    assert titles(house.enter(rhys, filled.record_id)) == ["about_me"]
    assert sharing.paused(filled.roster.given) == ()


def _agreed_cover(house, filled, person, name="Tom"):
    """Somebody who stands by."""
    (section, *_rest) = filled.sections
    consent = Consent(name, "", (section.id,), "read", "the plan", 20270303, 20261122)
    invited = inviting.invite(filled, "cover", consent, 20261206, "Amina")
    inviting.accept(house.db, house.office, person, canonical.raw(invited.code), 20261122)
    visits.attend(filled)
    return filled.roster.given.standby[-1]


def test_paused_nothing_gives_anybody_anything(house, filled, sara):
    withdrawn, grant = house.share(filled, house.person("rhys")), house.share(filled, sara)
    cover = _agreed_cover(house, filled, house.person("tom"))
    sharing.withdraw(filled, withdrawn.grant_id)
    sharing.pause(filled)
    before, ended = filled.roster, filled.office.witness.ended()
    for gives in (
        lambda: sharing.switch_on(filled, cover.grant_id, 20261201),
        lambda: sharing.give_back(filled, withdrawn.grant_id, 20261201),
        lambda: sharing.give_back(filled, grant.grant_id, 20261201),
        lambda: sharing.change(filled, grant.grant_id, grant.consent),
    ):
        with pytest.raises(sharing.Paused):
            gives()
    assert (filled.roster, filled.office.witness.ended()) == (before, ended)
    visits.resume(filled)
    assert [one.account_id for one in filled.roster.given.grants] == [sara.account_id]
    assert sharing.switch_on(filled, cover.grant_id, 20261201) in filled.roster.given.grants


def test_words_taken_up_while_sharing_is_paused_wait_for_it_to_go_on(house, filled, sara):
    grant = house.share(filled, house.person("rhys"), last_day=20261130)
    invited = inviting.invite(filled, "see", replace(grant.consent, last_day=20270303), 20261206, "Amina")
    sharing.pause(filled)
    inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)
    visits.attend(filled)
    later = house.enter(filled.person, filled.record_id, datetime.date(2026, 12, 5))
    visits.attend(later)
    assert [one.id for one in later.roster.given.invitations] == [invited.id]
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id, later.today)
    visits.resume(later)
    assert later.roster.given.invitations == ()
    assert titles(house.enter(sara, filled.record_id, later.today)) == ["about_me"]


def test_a_pause_outlasts_the_year_for_which_what_ended_is_remembered(house, filled, sara):
    house.share(filled, sara)
    _agreed_cover(house, filled, house.person("tom"))
    sharing.pause(filled)
    later = house.enter(filled.person, filled.record_id, datetime.date(2028, 2, 1))
    visits.attend(later)  # the cover worker's last day has passed, and what is long over is forgotten
    assert sharing.is_paused(later.roster.given)


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


def test_a_cover_worker_reads_only_while_switched_on(house, filled, sara):
    consent = house.share(filled, house.person("rhys")).consent
    invited = inviting.invite(filled, "cover", replace(consent, name="Tom"), 20261206, "Amina")
    tom = house.person("tom", "key_worker")
    inviting.accept(house.db, house.office, tom, canonical.raw(invited.code), 20261122)
    visits.attend(filled)
    with pytest.raises(NotShared):
        house.enter(tom, filled.record_id)
    agreed = filled.roster.given.standby[0]
    on = sharing.switch_on(filled, agreed.grant_id, 20261201)
    assert titles(house.enter(tom, filled.record_id)) == ["about_me"]
    with pytest.raises(NotShared):
        house.enter(tom, filled.record_id, datetime.date(2026, 12, 2))
    sharing.withdraw(filled, on.grant_id)
    assert filled.roster.given.standby == (agreed,)


# Two who hold it


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


# Keys that change


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


def test_a_key_that_was_taken_back_is_nowhere_on_the_disk(house, filled, sara):
    grant = house.share(filled, sara)
    section = filled.sections[0].id
    sql = "SELECT wrapped FROM wrap WHERE section_id = ? AND account_id = ?"
    (wrapped,) = house.db.execute(sql, [section, sara.account_id]).fetchone()
    (sealed,) = house.db.execute("SELECT sealed FROM entry_version WHERE section_id = ?", [section]).fetchone()

    def on_the_disk() -> bytes:
        return b"".join(path.read_bytes() for path in (house.folder / "data").glob("family.db*") if path.suffix != ".db-shm")

    # The write-ahead log has both halves of a page that was written twice, so it is looked at before, too.
    assert wrapped in on_the_disk()
    assert sealed[:100] in on_the_disk()
    sharing.withdraw(filled, grant.grant_id)
    assert wrapped not in on_the_disk()
    assert sealed[:100] not in on_the_disk()


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


# Two at once


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


def test_a_withdrawal_from_a_page_before_a_change_ends_what_the_change_made(house, filled, sara):
    grant = house.share(filled, sara)
    page = house.enter(filled.person, filled.record_id)
    made = sharing.change(filled, grant.grant_id, replace(grant.consent, last_day=20270401))
    again = sharing.change(filled, made.grant_id, replace(grant.consent, last_day=20270501))
    assert sharing.withdraw(page, grant.grant_id) == again.grant_id
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id)
    assert sharing.withdraw(page, grant.grant_id) == ""


def test_a_cover_worker_switched_on_twice_is_on_once(house, filled, sara):
    consent = house.share(filled, house.person("rhys")).consent
    invited = inviting.invite(filled, "cover", replace(consent, name="Sara"), 20261206, "Amina")
    inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)
    visits.attend(filled)
    agreed = filled.roster.given.standby[0]
    on = {sharing.switch_on(filled, agreed.grant_id, 20261201).grant_id for _thumb in range(2)}
    assert len(on) == 1


def test_somebody_who_held_it_since_is_not_given_back_what_they_read_before(house, filled, joe):
    house.share(filled, joe)
    sharing.pause(filled)
    sharing.resume(filled)
    grant = filled.roster.given.grants[0]
    sharing.withdraw(filled, grant.grant_id)
    join(house, filled, joe)
    opened = house.enter(filled.person, filled.record_id)
    assert [one for one in opened.roster.given.ended if one.granted.account_id == joe.account_id] == []


def test_asking_for_what_one_has_no_key_to_is_no_look(house, filled, sara):
    house.share(filled, sara)
    hidden = next(one for one in filled.entries() if one.section_id == filled.sections[1].id)
    opened = house.enter(sara, filled.record_id)
    with pytest.raises(NotYours):
        opened.entry(hidden.id)
    lines = house.enter(filled.person, filled.record_id).log_lines()
    assert [line.words["what"] for line in lines if line.words["who"] == sara.account_id] == ["took_up_words"]
