"""Giving and taking back. Each is one transaction: keys, terms, roster and log together, or none of it.

A grant's terms never change. To change them ends the grant and makes another to the same keys; what the new one does not open
gets new keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from accounts.store import get_account
from plumbing.ids import new_id
from records import editing, keys, store
from records.consent import CHANGED, EXPIRED, LEFT, NEW_KEYS, PAUSED, WITHDRAWN, Consent, Ended, Given, Granted, day_number
from records.editing import Pen
from records.gate import NotYours, Opened
from records.roster import fingerprint
from records.statement import Holder


class OtherKeys(Exception):
    """Whoever this was given to has other keys by now: only words told by the family can give it to those."""


def give(pen: Pen, granted: Granted) -> None:
    """Make a grant: on the roster, its terms, and a key for each section it opens; in the change that is under way.

    Raises OtherKeys where the account's keys are not those of the grant, or the account has ended.
    """
    opened = pen.opened
    if keys.reader(opened, granted) is None:
        raise OtherKeys
    pen.give(lambda given: given.with_grant(granted))
    keys.write_terms(opened, granted)
    for section_id in granted.consent.sections if granted.consent.may_read else ():
        keys.wrap_for_reader(opened, section_id, (opened.epoch(section_id), opened.key(section_id)), granted)
    pen.note("granted", grant=granted.grant_id, name=granted.consent.name)


def take_back(pen: Pen, over: Iterable[Granted], why: str, keeps: Iterable[str] = ()) -> None:
    """End grants, in the change that is under way: rows gone, a tombstone each, and every section they opened rotated.

    Sections in `keeps` stay as they are: the same person goes on reading them under another grant.
    """
    opened, gone = pen.opened, list(over)
    # Before the commit: if the machine stops in between, the grant is over all the same, and the next visit finishes it.
    opened.office.witness.end(*(one.grant_id for one in gone))
    for one in gone:
        store.delete_grant(opened.db, opened.record_id, one.grant_id)
    pen.give(lambda given: given.ending(gone, opened.today, why))
    opened_sections = {section_id for one in gone if one.consent.may_read for section_id in one.consent.sections}
    keys.rotate(opened, sorted((opened_sections - set(keeps)) & opened.roster.epochs.keys()))
    for one in gone:
        pen.note(why, grant=one.grant_id, name=one.consent.name, whom=one.account_id)


def _changing(opened: Opened, do: Callable[[Pen], None]) -> None:
    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            do(pen)

    editing.again(make, opened)
    # A key that was taken back, and what it opened, must not stay behind in the write-ahead log.
    editing.truncate(opened)


def withdraw(opened: Opened, grant_id: str) -> None:
    """End one grant, at once. Done already, it does nothing."""

    def do(pen: Pen) -> None:
        found = pen.opened.roster.given.granted(grant_id)
        if found:
            take_back(pen, [found], WITHDRAWN)

    _changing(opened, do)


def drop_cover(opened: Opened, grant_id: str) -> None:
    """Forget a cover worker who was agreed and is not switched on."""

    def do(pen: Pen) -> None:
        found = [one for one in pen.opened.roster.given.standby if one.grant_id == grant_id]
        if found:
            pen.opened.office.witness.end(grant_id)
            pen.give(lambda given: given.ending(found, pen.opened.today, WITHDRAWN))
            pen.note("cover_dropped", grant=grant_id, name=found[0].consent.name)

    _changing(opened, do)


def change(opened: Opened, grant_id: str, consent: Consent) -> Granted:
    """The same person on other terms. Raises NotYours where the grant is over; OtherKeys."""
    made: list[Granted] = []

    def do(pen: Pen) -> None:
        found = pen.opened.roster.given.granted(grant_id)
        if found is None:
            raise NotYours
        take_back(pen, [found], CHANGED, keeps=consent.sections if consent.may_read else ())
        made[:] = [replace(found, grant_id=new_id(), consent=consent)]
        give(pen, made[0])

    _changing(opened, do)
    return made[0]


def _forget(given: Given, over: Iterable[Ended]) -> Given:
    gone = {one.granted.grant_id for one in over}
    return replace(given, ended=tuple(one for one in given.ended if one.granted.grant_id not in gone))


def give_back(opened: Opened, grant_id: str, last_day: int) -> Granted:
    """A new grant on the terms of one that has ended, until `last_day`. Raises NotYours, OtherKeys."""
    made: list[Granted] = []

    def do(pen: Pen) -> None:
        found = pen.opened.roster.given.over(grant_id)
        if found is None:
            raise NotYours
        made[:] = [_anew(pen.opened, found.granted, last_day)]
        _put_back(pen, found, made[0])

    _changing(opened, do)
    return made[0]


def answer(opened: Opened, grant_id: str) -> None:
    """A holder was told that a grant has ended, and leaves it at that."""

    def answered(given: Given) -> Given:
        ended = (replace(one, answered=one.answered or one.granted.grant_id == grant_id) for one in given.ended)
        return replace(given, ended=tuple(ended))

    def do(pen: Pen) -> None:
        pen.give(answered)
        pen.note("answered", grant=grant_id)

    _changing(opened, do)


def confirm_new_keys(opened: Opened, grant_id: str, holder: Holder) -> Granted:
    """It is still them: their six words were compared, and `holder` is whose words they were. On the same terms as before.

    Raises NotYours where there is nothing to confirm; OtherKeys where the account has other keys than those by now.
    """
    made: list[Granted] = []

    def do(pen: Pen) -> None:
        found = pen.opened.roster.given.over(grant_id)
        if found is None or found.why != NEW_KEYS or found.granted.account_id != holder.account_id:
            raise NotYours
        last_day = max(found.granted.consent.last_day, day_number(pen.opened.today))
        anew = _anew(pen.opened, found.granted, last_day)
        made[:] = [replace(anew, generation=holder.generation, fingerprint=fingerprint(holder))]
        _put_back(pen, found, made[0])

    _changing(opened, do)
    return made[0]


def _put_back(pen: Pen, over: Ended, anew: Granted) -> None:
    """What has ended is given anew; what only stood by stands by again."""
    if keys.reader(pen.opened, anew) is None:
        raise OtherKeys
    pen.give(lambda given: _forget(given, [over]))
    if over.stood_by:
        pen.give(lambda given: replace(given, standby=(*given.standby, anew)))
        pen.note("cover_agreed", grant=anew.grant_id, name=anew.consent.name)
    else:
        give(pen, anew)


def _anew(opened: Opened, granted: Granted, last_day: int) -> Granted:
    consent = replace(granted.consent, last_day=last_day, agreed_on=day_number(opened.today))
    return replace(granted, grant_id=new_id(), consent=consent)


def switch_on(opened: Opened, grant_id: str, last_day: int) -> Granted:
    """Let a cover worker who was agreed beforehand begin, until `last_day`; they stay agreed. Raises NotYours, OtherKeys."""
    made: list[Granted] = []

    def do(pen: Pen) -> None:
        found = next((one for one in pen.opened.roster.given.standby if one.grant_id == grant_id), None)
        if found is None:
            raise NotYours
        made[:] = [_anew(pen.opened, found, min(last_day, found.consent.last_day))]
        give(pen, made[0])

    _changing(opened, do)
    return made[0]


def pause(opened: Opened, end_packs: Callable[[Pen], None] = lambda _pen: None) -> None:
    """End every grant and pack at once; `resume` makes new grants on the same terms."""

    def do(pen: Pen) -> None:
        take_back(pen, pen.opened.roster.given.grants, PAUSED)
        end_packs(pen)
        pen.note("paused_all")

    _changing(opened, do)


def paused(given: Given) -> tuple[Ended, ...]:
    """The grants that wait to be resumed."""
    return tuple(one for one in given.ended if one.why == PAUSED)


def resume(opened: Opened) -> list[Granted]:
    """Give back what was paused; returns what cannot be, because it is over by now, or whoever had it has other keys.

    Those stand among what ended without a holder's doing: whether it is still them is asked as of anybody with new keys.
    """
    left_out: list[Granted] = []

    def do(pen: Pen) -> None:
        left_out.clear()
        waiting = paused(pen.opened.roster.given)
        pen.give(lambda given: _forget(given, waiting))
        over: dict[str, list[Granted]] = {}
        for one in waiting:
            over.setdefault(_give_again(pen, one.granted), []).append(one.granted)
        over.pop("", None)
        for why, granted in over.items():
            pen.give(partial(Given.ending, over=granted, on=pen.opened.today, why=why))
            left_out.extend(granted)
        pen.note("resumed_all")

    _changing(opened, do)
    return left_out


def _give_again(pen: Pen, granted: Granted) -> str:
    """Make a grant on the same terms until the same day; why it cannot be, where it cannot."""
    opened = pen.opened
    if granted.consent.last_day < day_number(opened.today):
        return EXPIRED
    try:
        give(pen, _anew(opened, granted, granted.consent.last_day))
    except OtherKeys:
        account = get_account(opened.db, opened.office.secrets.server_key, granted.account_id)
        return NEW_KEYS if account else LEFT
    return ""
