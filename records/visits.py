"""A holder's visit: what could not be done without a holder's keys since the last one is done now, before anything is shown.

A grant that came to its last day, a colleague whose account ended, somebody with new keys, words that were taken up, a holder who
left: each of these rotates what has to be rotated.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from accounts.generation import follows
from accounts.store import get_account, public_keys
from plumbing.crypto import CannotOpen
from records import editing, feed, holding, inviting, keys, links, packs, sharing, store
from records.consent import EXPIRED, LEFT, NEW_KEYS, TO_HOLD, TO_SEE, WITHDRAWN, Granted, Invited, day_number
from records.editing import Pen
from records.gate import Opened, read_book
from records.roster import fingerprint
from records.statement import Holder


@dataclass(frozen=True)
class _Due:
    """What there is to do. `over` says why each grant is; `followed` has those whose old key signed the new one."""

    over: tuple[tuple[Granted, str], ...]
    followed: tuple[tuple[Granted, Granted], ...]
    invitations: tuple[Invited, ...]
    stale_invitations: tuple[Invited, ...]
    holder_left: bool
    given_elsewhere: bool

    def __bool__(self) -> bool:
        parts = (self.over, self.followed, self.invitations, self.stale_invitations, self.holder_left, self.given_elsewhere)
        return any(parts)


def attend(opened: Opened) -> None:
    """Do what is due. With an alarm on, nothing is: first its holder says whether this is the record they know."""
    if not opened.is_holder or opened.alarms or not _due(opened):
        return

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            _do(pen, _due(opened))

    editing.again(make, opened)
    editing.truncate(opened)


def _due(opened: Opened) -> _Due:
    given, today = opened.roster.given, day_number(opened.today)
    over, followed = [], []
    for granted in (*given.grants, *given.standby):
        why = _why_over(opened, granted)
        successor = _followed(opened, granted) if why == NEW_KEYS else None
        if successor:
            followed.append((granted, successor))
        elif why:
            over.append((granted, why))
    ended = opened.office.witness.ended()
    stale = tuple(one for one in given.invitations if one.last_day < today or one.id in ended)
    # While sharing is paused, words that would open something wait until it goes on.
    waits = (TO_HOLD, TO_SEE) if sharing.is_paused(given) else (TO_HOLD,)
    return _Due(
        tuple(over),
        tuple(followed),
        tuple(one for one in given.invitations if one not in stale and one.to not in waits and _is_taken_up(opened, one)),
        stale,
        any(one.number > opened.roster.statement for one in opened.chain.departed.values()),
        len(packs.not_over(given, opened.today)) < len(given.packs) or len(links.live(opened)) < len(given.links),
    )


def _why_over(opened: Opened, granted: Granted) -> str:
    """Why a grant that stands on the roster is over; empty where it is not."""
    if granted.consent.last_day < day_number(opened.today):
        return EXPIRED
    if get_account(opened.db, opened.office.secrets.server_key, granted.account_id) is None:
        return LEFT
    if keys.reader(opened, granted) is None:
        return NEW_KEYS
    # An old roster came back, or the machine stopped before a withdrawal was whole.
    return WITHDRAWN if granted.grant_id in opened.office.witness.ended() else ""


def _followed(opened: Opened, granted: Granted) -> Granted | None:
    """The grant to the keys that came after those it was given to, where each was signed by the one before."""
    if granted.grant_id in opened.office.witness.ended():
        return None
    account = get_account(opened.db, opened.office.secrets.server_key, granted.account_id)
    known = public_keys(opened.db, granted.account_id)
    pinned = next((row for row in known if row[0] == granted.generation), None)
    if account is None or pinned is None:
        return None
    generation, sealing, signing, _signature = pinned
    if fingerprint(Holder(account.id, generation, sealing, signing)) != granted.fingerprint:
        return None
    try:
        follows(account, [row for row in known if row[0] >= generation])
    except CannotOpen:
        return None
    newest = Holder(account.id, account.generation, account.sealing_public, account.signing_public)
    return replace(granted, generation=newest.generation, fingerprint=fingerprint(newest))


def resume(opened: Opened) -> list[Granted]:
    """Let sharing go on: what was paused is given back, and then what waited is given. Returns what cannot be given back."""

    def take_up(pen: Pen) -> None:
        for invited in _due(pen.opened).invitations:
            _take_up(pen, invited)

    return sharing.resume(opened, take_up)


def _take_up(pen: Pen, invited: Invited) -> None:
    with suppress(sharing.OtherKeys):
        inviting.take_up(pen, invited)


def _is_taken_up(opened: Opened, invited: Invited) -> bool:
    with suppress(CannotOpen):
        return inviting.accepted_by(opened, invited) is not None
    return False  # the page that shows it says that something does not match


def _do(pen: Pen, due: _Due) -> None:
    opened = pen.opened
    for why in dict.fromkeys(why for _granted, why in due.over):
        sharing.take_back(pen, [granted for granted, said in due.over if said == why], why)
    for old, new in due.followed:
        _follow(pen, old, new)
    for invited in due.stale_invitations:
        inviting.forget(pen, invited.id)
        pen.note("invitation_over", invitation=invited.id)
    if due.given_elsewhere:
        live = {one.id for one in links.live(opened)}
        pen.give(
            lambda given: replace(
                given,
                packs=packs.not_over(given, opened.today),
                links=tuple(one for one in given.links if one.id in live),
            )
        )
        pen.note("given_over")
    if due.holder_left:
        _after_a_holder(pen)
    for invited in due.invitations:
        _take_up(pen, invited)


def _follow(pen: Pen, old: Granted, new: Granted) -> None:
    """Give a grant to its owner's next keys; whoever knows the old ones loses what they opened."""
    opened = pen.opened
    store.delete_grant(opened.db, opened.record_id, old.grant_id)
    pen.give(
        lambda given: replace(
            given,
            grants=tuple(new if one == old else one for one in given.grants),
            standby=tuple(new if one == old else one for one in given.standby),
        )
    )
    if new in opened.roster.given.grants:
        keys.write_terms(opened, new)
        keys.rotate(opened, [one for one in new.consent.sections if new.consent.may_read])
    pen.note("keys_followed", grant=new.grant_id, name=new.consent.name, whom=new.account_id)


def _after_a_holder(pen: Pen) -> None:
    """Nothing that a holder who left knew or signed opens anything, or counts, from here on."""
    opened = pen.opened
    opened.roster = replace(opened.roster, statement=opened.statement[0])
    book = read_book(opened)
    keys.rotate(opened, opened.roster.epochs)
    holding.renew_letterbox(opened)
    for granted in opened.roster.given.grants:
        keys.write_terms(opened, granted)
    if feed.feed_of(book):
        editing.write_book(opened, feed.with_feed(book, None))
    pen.note("rotated_all")
