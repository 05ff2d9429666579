"""Give, use, withdraw, let expire, change, pause, put an old backup back: after any of it, in any order, who sees what is what a
model of ten lines says; and what somebody kept from before opens nothing of now.
"""

from __future__ import annotations

import datetime
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from plumbing.crypto import CannotOpen
from plumbing.crypto.envelope import unseal
from plumbing.db import open_db
from records import canonical, editing, holding, inviting, keys, sharing, visits
from records.consent import Consent, day_number, day_of
from records.gate import DoesNotMatch, Gate, NotShared, NotYours
from records.sharing import Paused
from records.witness import Witness
from tests.conftest import PROOF
from tests.records.people import TODAY, House, build

NOTE = {"v": 1, "kind": "note", "title": "Seen"}
# What a plan and a meeting are made of: whoever may add says yes, no, how it went, or sends a word instead of coming.
PUT_IN = ("need", "action", "answer", "progress", "contribution")


@dataclass
class Model:
    """Who may see what: that is all."""

    live: dict[str, tuple[str, frozenset[int], datetime.date, bool]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    is_paused: bool = False

    def give(self, grant, person, sections, last_day, consent):
        self.live[grant] = (person, sections, last_day, consent.may_add)

    def end(self, *grants):
        self.ended |= {grant for grant in grants if self.live.pop(grant, None)}

    def pause(self, today):
        self.is_paused |= any(last >= today for _who, _sections, last, _adds in self.live.values())
        self.end(*list(self.live))

    def restore(self, before, was_paused):
        self.live = {grant: terms for grant, terms in before.items() if grant not in self.ended}
        self.is_paused = was_paused

    def sees(self, person, today, to_add=False):
        mine = (one for one in self.live.values() if one[0] == person and one[2] >= today and (one[3] or not to_add))
        return frozenset().union(*(one[1] for one in mine))


def _reads(opened):
    try:
        return opened.entries()
    except DoesNotMatch:
        return []


class Consenting(RuleBasedStateMachine):
    """Amina holds, and sometimes Joe; Sara, Rhys and Mr Patel are given things; Nobody is given nothing."""

    grants = Bundle("grants")

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        self.house: House = build(Path(self.folder.name))
        self.people = {name: self.house.person(name) for name in ("amina", "joe", "sara", "rhys", "mr patel", "nobody")}
        opened = self.house.record(self.people["amina"])
        self.id, self.sections = opened.record_id, [one.id for one in opened.sections]
        for section_id in self.sections:
            editing.add(opened, section_id, NOTE)
        self.today, self.model, self.backups, self.joe_holds = TODAY, Model(), [], False

    def holder(self, name="amina"):
        opened = self.house.enter(self.people[name], self.id, self.today)
        if opened.alarms:
            editing.go_on(opened)
        visits.attend(opened)
        return opened

    # What people do

    @rule(
        target=grants,
        who=st.sampled_from(["sara", "rhys", "mr patel"]),
        sections=st.sets(st.integers(0, 2), min_size=1),
        verb=st.sampled_from(["read", "read_and_add"]),
        days=st.integers(0, 60),
        by=st.sampled_from(["amina", "joe"]),
    )
    def share(self, who, sections, verb, days, by):
        opened = self.holder(by if self.joe_holds else "amina")
        last = self.today + datetime.timedelta(days=days)
        chosen = tuple(self.sections[number] for number in sorted(sections))
        consent = Consent(who, "", chosen, verb, "the plan", day_number(last), day_number(self.today))
        invited = inviting.invite(opened, "see", consent, day_number(self.today), "Amina")
        code = canonical.raw(invited.code)
        inviting.accept(self.house.db, self.house.office, self.people[who], code, day_number(self.today))
        known = {one.grant_id for one in opened.roster.given.grants}
        visits.attend(opened)
        made = [one for one in opened.roster.given.grants if one.grant_id not in known]
        if self.model.is_paused:
            assert made == [], "Words that are taken up wait until sharing goes on."
            return invited.id
        (made,) = made
        self.model.give(made.grant_id, who, frozenset(sections), last, consent)
        return made.grant_id

    @rule(grant=grants)
    def withdraw(self, grant):
        # A page from before it was changed still means the same person: what it became ends with it.
        self.model.end(grant, sharing.withdraw(self.holder(), grant))

    @rule(target=grants, grant=grants, sections=st.sets(st.integers(0, 2), min_size=1))
    def change(self, grant, sections):
        opened = self.holder()
        found = opened.roster.given.granted(grant)
        if found is None:
            assert grant not in self.model.live or self.model.live[grant][2] < self.today
            with pytest.raises(Paused if self.model.is_paused else NotYours):
                sharing.change(opened, grant, Consent("", "", (), "read", "", 0, 0))
            return grant
        chosen = tuple(self.sections[number] for number in sorted(sections))
        made = sharing.change(opened, grant, replace(found.consent, sections=chosen))
        who, _sections, last, _adds = self.model.live[grant]
        self.model.end(grant)
        self.model.give(made.grant_id, who, frozenset(sections), last, made.consent)
        return made.grant_id

    @rule(target=grants, grant=grants)
    def give_back(self, grant):
        opened = self.holder()
        over = opened.roster.given.over(grant)
        if over is None:
            return grant
        last = self.today + datetime.timedelta(days=7)
        if self.model.is_paused:
            with pytest.raises(Paused):
                sharing.give_back(opened, grant, day_number(last))
            return grant
        made = sharing.give_back(opened, grant, day_number(last))
        who = next(name for name, person in self.people.items() if person.account_id == made.account_id)
        self.model.give(made.grant_id, who, frozenset(map(self.sections.index, made.consent.sections)), last, made.consent)
        return made.grant_id

    @rule()
    def pause(self):
        sharing.pause(self.holder())
        self.model.pause(self.today)

    @rule()
    def resume(self):
        opened = self.holder()
        assert sharing.is_paused(opened.roster.given) == self.model.is_paused
        visits.resume(opened)
        assert not sharing.is_paused(opened.roster.given)
        self.model.is_paused = False
        names = {person.account_id: name for name, person in self.people.items()}
        for one in opened.roster.given.grants:
            numbers = frozenset(map(self.sections.index, one.consent.sections))
            if one.grant_id not in self.model.live:
                self.model.give(one.grant_id, names[one.account_id], numbers, day_of(one.consent.last_day), one.consent)

    @rule(days=st.integers(1, 30))
    def time_goes_by(self, days):
        self.today += datetime.timedelta(days=days)

    @rule(section=st.integers(0, 2))
    def amina_writes(self, section):
        editing.add(self.holder(), self.sections[section], NOTE)

    @rule(who=st.sampled_from(["sara", "rhys", "mr patel", "nobody"]), section=st.integers(0, 2), kind=st.sampled_from(PUT_IN))
    def somebody_puts_in(self, who, section, kind):
        """Into the plan or to a meeting: in their own name, where they were given leave to add, and nowhere else."""
        document, allowed = {"v": 1, "kind": kind, "who": who}, self.model.sees(who, self.today, to_add=True)
        try:
            opened = self.house.enter(self.people[who], self.id, self.today)
            made = editing.add(opened, self.sections[section], document)
        except NotYours:
            assert section not in allowed
            return
        assert section in allowed
        theirs = self.holder().entry(made.id)
        assert (theirs.author, theirs.is_logged) == (self.people[who].account_id, True)
        # The family confirms it: from then on it is the family's, and whoever put it in changes it no more.
        editing.save(self.holder(), made.id, document | {"words": "confirmed"}, 1)
        with pytest.raises(NotYours):
            editing.save(self.house.enter(self.people[who], self.id, self.today), made.id, document, 2)

    @precondition(lambda self: not self.joe_holds and not self.backups)
    @rule()
    def joe_joins(self):
        opened = self.holder()
        consent = Consent("Joe", "", (), "read", "", day_number(self.today), day_number(self.today))
        invited = inviting.invite(opened, "hold", consent, day_number(self.today), "Amina")
        code = canonical.raw(invited.code)
        with suppress(NotYours):
            inviting.accept(self.house.db, self.house.office, self.people["joe"], code, day_number(self.today))
        holding.confirm(opened, invited.id)
        self.joe_holds = True

    @precondition(lambda self: self.joe_holds)
    @rule()
    def joe_leaves(self):
        holding.leave(self.holder("joe"))
        self.joe_holds = False

    # What happens to the server

    @rule()
    def back_up(self):
        copy = open_db(Path(self.folder.name) / f"backup-{len(self.backups)}.db")
        self.house.db.conn.backup(copy.conn)
        self.backups.append((copy, dict(self.model.live), self.model.is_paused, self.joe_holds))

    @precondition(lambda self: self.backups)
    @rule(which=st.integers(0, 100))
    def put_an_old_backup_back(self, which):
        copy, live, was_paused, joe_holds = self.backups[which % len(self.backups)]
        copy.conn.backup(self.house.db.conn)
        self.house = replace(self.house, office=build(Path(self.folder.name)).office)
        self.model.restore(live, was_paused)
        self.joe_holds = joe_holds
        # Until a holder has come and gone on, a reader reads nothing.
        with suppress(NotShared, NotYours, DoesNotMatch):
            opened = self.house.enter(self.people["sara"], self.id, self.today)
            assert not opened.alarms or not _reads(opened)
        self.holder()

    # What must be so

    @invariant()
    def everybody_sees_what_the_model_says(self):
        for name in ("sara", "rhys", "mr patel", "nobody"):
            seen = frozenset()
            with suppress(NotShared, NotYours):
                opened = self.house.enter(self.people[name], self.id, self.today)
                entries = opened.entries()
                assert not opened.damaged
                seen = frozenset(self.sections.index(one.section_id) for one in entries)
            assert seen == self.model.sees(name, self.today), name

    @invariant()
    def holders_see_everything(self):
        for name in ("amina", "joe") if self.joe_holds else ("amina",):
            opened = self.holder(name)
            assert {one.section_id for one in opened.entries()} == set(self.sections)
            assert not opened.damaged

    def teardown(self):
        if not hasattr(self, "backups"):
            return
        self.holder()
        for copy, _live, _paused, _joe in self.backups:
            for name in ("sara", "rhys", "mr patel"):
                assert self._opened_with_what_was_kept(copy, name) <= self.model.sees(name, self.today)
            copy.close()
        self.house.db.close()
        self.folder.cleanup()

    def _opened_with_what_was_kept(self, copy, name):
        """Which sections of today open with every key that an old backup gives somebody, on a machine of their own."""
        elsewhere = replace(self.house.office, witness=Witness(Path(self.folder.name) / "elsewhere" / "witness"))
        found = set()
        with suppress(NotYours, DoesNotMatch):
            opened = Gate(copy, elsewhere, self.people[name], TODAY).enter(self.id)
            for section in opened.sections:
                key = opened.unwrapped(section.id, opened.epoch(section.id))
                rows = self.house.db.execute(
                    "SELECT entry_id, version, epoch, sealed FROM entry_version WHERE section_id = ?", [section.id]
                ).fetchall()
                for entry_id, version, epoch, sealed in rows:
                    bound = keys.version_bound(opened.stamp, section.id, epoch, entry_id, version)
                    with suppress(CannotOpen):
                        unseal(key, sealed, bound)
                        found.add(self.sections.index(section.id))
        return frozenset(found)


TestConsenting = Consenting.TestCase
TestConsenting.settings = settings(
    max_examples=200 if PROOF else 12,
    stateful_step_count=40 if PROOF else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestConsenting = pytest.mark.filterwarnings("ignore")(TestConsenting)
