"""Giving and taking back: what a reader sees, what they no longer see, and who is told."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from records import canonical, editing, inviting, sharing, visits
from records.consent import Consent
from records.gate import NotShared, NotYours

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


def test_asking_for_what_one_has_no_key_to_is_no_look(house, filled, sara):
    house.share(filled, sara)
    hidden = next(one for one in filled.entries() if one.section_id == filled.sections[1].id)
    opened = house.enter(sara, filled.record_id)
    with pytest.raises(NotYours):
        opened.entry(hidden.id)
    lines = house.enter(filled.person, filled.record_id).log_lines()
    assert [line.words["what"] for line in lines if line.words["who"] == sara.account_id] == ["took_up_words"]
