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


class Paused(Exception):
    """All sharing is paused: nothing is given to anybody until a holder lets it go on (`resume`)."""


def give(pen: Pen, granted: Granted) -> None:
    """Make a grant: on the roster, its terms, and a key for each section it opens; in the change that is under way.

    Raises Paused; OtherKeys where the account's keys are not those of the grant, or the account has ended.
    """
    opened = pen.opened
    refuse_while_paused(opened)
    if keys.reader(opened, granted) is None:
        raise OtherKeys
    pen.give(lambda given: given.with_grant(granted))
    keys.write_terms(opened, granted)
    for section_id in granted.consent.sections if granted.consent.may_read else ():
        keys.wrap_for_reader(opened, section_id, (opened.epoch(section_id), opened.key(section_id)), granted)
    pen.note("granted", grant=granted.grant_id, name=granted.consent.name)


def is_paused(given: Given) -> bool:
    """Whether all sharing is paused: somebody waits to be given back what they had."""
    return bool(paused(given))


def refuse_while_paused(opened: Opened) -> None:
    """Raise Paused. Also asked before anything ends that is to be given anew: a tombstone is never taken back."""
    if is_paused(opened.roster.given):
        raise Paused


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


def withdraw(opened: Opened, grant_id: str) -> str:
    """End one grant, at once; also by an older page, from before it was changed.

    Returns the id of what ended, "" where nothing did.
    """
    ended: list[str] = []

    def do(pen: Pen) -> None:
        found = pen.opened.roster.given.living(grant_id)
        ended[:] = [found.grant_id] if found else []
        if found:
            take_back(pen, [found], WITHDRAWN)

    _changing(opened, do)
    return next(iter(ended), "")


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
    """The same person on other terms. Raises Paused; NotYours where the grant is over; OtherKeys."""
    made: list[Granted] = []

    def do(pen: Pen) -> None:
        refuse_while_paused(pen.opened)
        found = pen.opened.roster.given.granted(grant_id)
        if found is None:
            raise NotYours
        take_back(pen, [found], CHANGED, keeps=consent.sections if consent.may_read else ())
        made[:] = [replace(found, grant_id=new_id(), consent=consent)]
        give(pen, made[0])
        pen.give(lambda given: _replaced(given, grant_id, made[0].grant_id))

    _changing(opened, do)
    return made[0]


def _replaced(given: Given, old: str, new: str) -> Given:
    ended = (replace(one, replaced_by=new) if one.granted.grant_id == old else one for one in given.ended)
    return replace(given, ended=tuple(ended))


def _forget(given: Given, over: Iterable[Ended]) -> Given:
    gone = {one.granted.grant_id for one in over}
    return replace(given, ended=tuple(one for one in given.ended if one.granted.grant_id not in gone))


def give_back(opened: Opened, grant_id: str, last_day: int) -> Granted:
    """A new grant on the terms of one that has ended, until `last_day`. Raises Paused, NotYours, OtherKeys."""
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

    Raises Paused; NotYours where there is nothing to confirm; OtherKeys where the account has other keys than those by now.
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
    if not over.stood_by:
        refuse_while_paused(pen.opened)
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
    """Let a cover worker who was agreed beforehand begin, until `last_day`; they stay agreed.

    Raises Paused, NotYours, OtherKeys.
    """
    made: list[Granted] = []

    def do(pen: Pen) -> None:
        found = next((one for one in pen.opened.roster.given.standby if one.grant_id == grant_id), None)
        if found is None:
            raise NotYours
        # Pressed twice, by a thumb or by two holders, it is on once: else one withdrawal would leave the other.
        made[:] = [one for one in pen.opened.roster.given.grants if _is_on(one, found)][:1]
        if not made:
            made[:] = [_anew(pen.opened, found, min(last_day, found.consent.last_day))]
            give(pen, made[0])

    _changing(opened, do)
    return made[0]


def _is_on(live: Granted, agreed: Granted) -> bool:
    """Whether a live grant is a cover worker's who was switched on."""
    now = replace(agreed.consent, last_day=live.consent.last_day, agreed_on=live.consent.agreed_on)
    return (live.account_id, live.consent) == (agreed.account_id, now)


def pause(opened: Opened, end_packs: Callable[[Pen], None] = lambda _pen: None) -> None:
    """End every grant and pack at once; nothing is given until `resume` makes new grants on the same terms."""

    def do(pen: Pen) -> None:
        take_back(pen, pen.opened.roster.given.grants, PAUSED)
        end_packs(pen)
        pen.note("paused_all")

    _changing(opened, do)


def paused(given: Given) -> tuple[Ended, ...]:
    """The grants that wait to be resumed."""
    return tuple(one for one in given.ended if one.waits)


def resume(opened: Opened, take_up: Callable[[Pen], None] = lambda _pen: None) -> list[Granted]:
    """Give back what was paused, and then `take_up` what waited; returns what cannot be given back.

    That is what is over by now, or whoever had it has other keys.

    Those stand among what ended without a holder's doing: whether it is still them is asked as of anybody with new keys.
    """
    left_out: list[Granted] = []

    def do(pen: Pen) -> None:
        left_out.clear()
        waiting = paused(pen.opened.roster.given)
        if not waiting:
            return  # a second tap, or another holder's
        pen.give(lambda given: _forget(given, waiting))
        over: dict[str, list[Granted]] = {}
        for one in waiting:
            over.setdefault(_give_again(pen, one.granted), []).append(one.granted)
        over.pop("", None)
        for why, granted in over.items():
            pen.give(partial(Given.ending, over=granted, on=pen.opened.today, why=why))
            left_out.extend(granted)
        pen.note("resumed_all")
        take_up(pen)

    _changing(opened, do)
    return left_out


def _give_again(pen: Pen, granted: Granted) -> str:
    """Make a grant on the same terms until the same day; why it cannot be, where it cannot. A holder by now needs none."""
    opened = pen.opened
    if any(account_id == granted.account_id for account_id, _generation in opened.holders):
        return ""
    if granted.consent.last_day < day_number(opened.today):
        return EXPIRED
    try:
        give(pen, _anew(opened, granted, granted.consent.last_day))
    except OtherKeys:
        account = get_account(opened.db, opened.office.secrets.server_key, granted.account_id)
        return NEW_KEYS if account else LEFT
    return ""
