"""Becoming a holder, and leaving. Nobody removes another: statements say who joins and who leaves, each in their own name."""

from __future__ import annotations

from dataclasses import replace

from accounts import keyring
from plumbing.crypto import CannotOpen
from records import canonical, editing, inviting, items, keys, letterbox, links, packs, sharing, store
from records.consent import CHANGED, TO_HOLD, Granted
from records.editing import Pen
from records.gate import NotYours, Opened
from records.statement import Holder, make_statement, read_chain
from records.terms import kept_terms
from records.wrap import kept_key


class LastHolder(Exception):
    """Nobody else holds this record: its last holder deletes it, or hands it on first."""


def _state(
    opened: Opened, signed_by: Pen, joins: list[Holder], leaves: list[Holder], kept: dict[str, bytes] | None = None
) -> None:
    before = store.statements(opened.db, opened.record_id)[-1]
    made = make_statement(opened.record_id, before, signed_by.opened.person, joins, leaves, kept)
    store.add_statement(opened.db, opened.record_id, made)
    opened.statement = (made.number, made.digest)
    opened.chain = read_chain(opened.record_id, store.statements(opened.db, opened.record_id), opened.stamp)


def confirm(opened: Opened, invitation_id: str) -> Holder:
    """Make whoever took the words up a holder, equal from then on. Raises NotYours, CannotOpen."""
    joined: list[Holder] = []

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            wanted = (one for one in opened.roster.given.invitations if one.id == invitation_id and one.to == TO_HOLD)
            invited = next(wanted, None)
            holder = inviting.accepted_by(opened, invited) if invited else None
            if holder is None:
                raise NotYours
            _join(pen, holder)
            inviting.forget(pen, invitation_id)
            joined[:] = [holder]

    editing.again(make, opened)
    return joined[0]


def _join(pen: Pen, holder: Holder) -> None:
    opened = pen.opened
    before = [one for one in opened.roster.given.grants if one.account_id == holder.account_id]
    if before:
        # What they were given before is theirs now; no section needs a new key for that.
        every = opened.roster.epochs
        sharing.take_back(pen, before, CHANGED, keeps=every)
    _forget_standby(pen, holder)
    # Nor is anything from before they held it resumed, or given back, after they have left.
    pen.give(lambda given: replace(given, ended=tuple(one for one in given.ended if one.granted.account_id != holder.account_id)))
    _state(opened, pen, [holder], [])
    for section_id, epoch in opened.roster.epochs.items():
        keys.wrap_for_holder(opened, section_id, (epoch, opened.key(section_id)), holder)
    pen.note("holder_joined", whom=holder.account_id)


def leave(opened: Opened, keeps: Granted | None = None) -> None:
    """Stop holding a record that others hold too. `keeps` is what they agreed the leaver goes on seeing (from the standby).

    The leaver's own keys are gone at once. What they signed before still counts for the others until the next of them comes, who
    gives everything new keys: the leaving statement names it piece by piece, so that nothing signed later can pass for it.
    Raises LastHolder; Paused where they would be given something.
    """

    def make(opened: Opened) -> None:
        me = Holder.of(opened.person)
        with editing.change(opened) as pen:
            # Asked here, where it stays so: of two who leave at once, the second is the last.
            if opened.is_only_holder:
                raise LastHolder
            if keeps:
                sharing.refuse_while_paused(opened)
            _drop_just_us(opened)
            _forget_standby(pen, me, keeps)
            if keeps:
                sharing.give(pen, keeps)
            # What can be opened without signing in was made by keys that the leaver knows.
            packs.end_all(pen)
            links.end_all(pen)
            # Noted before the statement: afterwards this person is nobody who could.
            pen.note("holder_left", whom=me.account_id)
            _state(opened, pen, [], [me], _kept(opened))
            opened.db.execute(
                "DELETE FROM wrap WHERE record_id = ? AND account_id = ? AND verb = 'hold'", [opened.record_id, me.account_id]
            )
            opened.db.execute("DELETE FROM feed WHERE record_id = ?", [opened.record_id])
            of_mine = [opened.record_id, me.account_id]
            opened.db.execute("DELETE FROM reminder WHERE record_id = ? AND account_id = ?", of_mine)

    editing.again(make, opened)
    with opened.db.conn:
        pins = keyring.read(opened.db, opened.person)
        if keeps is None:
            pins.pop(opened.record_id, None)
        keyring.write(opened.db, opened.person, pins)
    editing.truncate(opened)


def _forget_standby(pen: Pen, holder: Holder, keeps: Granted | None = None) -> None:
    """What stood by for somebody as a reader is nothing to a holder, and what stood by for a holder nothing to a reader."""
    gone = [one for one in pen.opened.roster.given.standby if one.account_id == holder.account_id]
    if gone:
        pen.opened.office.witness.end(*(one.grant_id for one in gone if one != keeps))
        pen.give(lambda given: replace(given, standby=tuple(one for one in given.standby if one not in gone)))


def _kept(opened: Opened) -> dict[str, bytes]:
    """Digests of everything the leaver may have signed that the others live by until everything is rotated."""
    sections = {kept_key(id_, epoch): canonical.digest(opened.key(id_)) for id_, epoch in opened.roster.epochs.items()}
    grants = {kept_terms(row.grant_id): row.digest for row in store.all_terms(opened.db, opened.record_id)}
    return {**sections, **grants, "roster": opened.roster_digest}


def _drop_just_us(opened: Opened) -> None:
    """What the leaver kept for themselves goes with them, where their key is open to find it."""
    if opened.person.just_us is None:
        return
    opened.db.execute("DELETE FROM entry WHERE record_id = ? AND section_id = ?", [opened.record_id, opened.just_us_id])


def renew_letterbox(opened: Opened) -> None:
    """A new pair for the letter-box after a holder left, under the newest root key; what lies in it is sealed anew."""
    root = opened.epoch(opened.root_id), opened.key(opened.root_id)
    halves = letterbox.private_halves(opened.db, opened.record_id, opened.stamp, lambda epoch: opened.key(opened.root_id, epoch))
    if not halves:
        raise CannotOpen
    stamp, generation = opened.stamp, max(halves) + 1
    made = letterbox.make(opened.db, opened.office.secrets.server_key, (opened.record_id, stamp), generation, root)
    keys.next_roster(opened, replace(opened.roster, letterbox=generation))
    items.reseal(opened.db, opened.record_id, stamp, halves, made)
