"""What "Who can see" and the record's home say of what a family has given: each grant with its looks, and what is to be told."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from flask_babel import gettext as _

from accounts.account import Account
from accounts.current import family, secrets
from accounts.spoken import show_words
from accounts.store import get_account, successor_of
from plumbing.crypto import CannotOpen
from plumbing.dates import months_after
from records import canonical, consent_wording, inviting, packs, visits, who_wording, wording
from records.consent import (
    LEFT,
    MOST_MONTHS,
    TO_HOLD,
    USUAL_MONTHS,
    WITHDRAWN,
    Consent,
    Ended,
    Granted,
    Invited,
    day_number,
    day_of,
    usual_last_day,
)
from records.consent import latest_last_day as latest
from records.entry import Entry
from records.gate import Opened
from records.links import live as live_links
from records.log import Line
from records.looks import NEVER, Looks, looks, since, since_given
from records.looks import day_of as day_of_line
from records.statement import Holder
from records.young_people import No, noes_for

_TOLD_DAYS = 14  # how long a copy that another holder took away is told at the door
_MOST_LINES = 3_000  # so many lines are opened to count who looked how often: opening one takes a twentieth of a millisecond
_GIVE_BACK_DAYS = 30  # how long what was taken back stands there to be given back


@dataclass(frozen=True)
class ShownGrant:
    """A live grant in words; until when one tap extends it, and whether somebody who helps us is written down by that name."""

    granted: Granted
    sections: str
    looks: Looks
    extended: datetime.date | None
    is_cover: bool
    is_known: bool
    called: str


@dataclass(frozen=True)
class ShownCover:
    """Somebody agreed beforehand to stand in; `live` is their grant while they are switched on."""

    granted: Granted
    sections: str
    live: Granted | None
    called: str


@dataclass(frozen=True)
class ShownWords:
    """Words that were told, and nobody has taken up yet; or somebody has, whose keys they do not vouch for."""

    invited: Invited
    words: str
    is_taken: bool
    matches: bool


@dataclass(frozen=True)
class ShownEnd:
    """What ended without our doing; for a colleague who left, whom their manager named to take over."""

    over: Ended
    successor: Account | None


@dataclass(frozen=True)
class OtherHolder:
    """Somebody who holds the record too; `keeps` is what they may go on seeing if they step back."""

    account_id: str
    name: str
    keeps: Granted | None


def live_grants(opened: Opened) -> list[Granted]:
    """The grants that open something today."""
    today = day_number(opened.today)
    return [one for one in opened.roster.given.grants if one.consent.last_day >= today]


def recent_lines(opened: Opened) -> tuple[list[Line], bool]:
    """The log of the last twelve months (no grant lasts longer), and whether that is all: of a very long one, the newest."""
    lines = list(islice(since(opened.newest_lines(), months_after(opened.today, -MOST_MONTHS)), _MOST_LINES + 1))
    return lines[:_MOST_LINES], len(lines) <= _MOST_LINES


def shown_grants(opened: Opened, lines: Iterable[Line]) -> list[ShownGrant]:
    """Every live grant, in the order in which they were given."""
    known, people = list(lines), helpers(opened)
    cover = {one.account_id for one in opened.roster.given.standby}
    return [
        ShownGrant(
            one,
            _sections(opened, one),
            looks(since_given(known, one.grant_id)).get(one.account_id, NEVER),
            extended_day(opened.today, day_of(one.consent.last_day)),
            one.account_id in cover,
            helper_of(one, people) is not None,
            called(one),
        )
        for one in live_grants(opened)
    ]


def extended_day(today: datetime.date, last_day: datetime.date) -> datetime.date | None:
    """Until when one tap extends a grant: by six months, and never beyond twelve from today. None where it lasts that long.

    >>> extended_day(datetime.date(2026, 11, 22), datetime.date(2027, 3, 3))
    datetime.date(2027, 9, 3)
    >>> extended_day(datetime.date(2026, 11, 22), datetime.date(2027, 11, 1))
    datetime.date(2027, 11, 22)
    >>> extended_day(datetime.date(2026, 11, 22), datetime.date(2027, 11, 22))
    """
    day = min(months_after(max(today, last_day), USUAL_MONTHS), latest(today))
    return day if day > last_day else None


def called(granted: Granted) -> str:
    """Who it is, as the family calls them and as they sign in, and what they do."""
    return who_wording.called(replace(granted.consent, name=named(granted)))


def named(granted: Granted) -> str:
    """The same without what they do."""
    account = get_account(family(), secrets().server_key, granted.account_id)
    return who_wording.named(granted.consent.name, account.shown_name if account else "")


def noes_to(opened: Opened, granted: Granted) -> list[No]:
    """What the young person said no to that a grant is about: a section that it opens, or whoever it is for."""
    consent = granted.consent
    sections = consent.sections if consent.may_read else [opened.root_id]
    names = [consent.name, shown_name(granted.account_id)]
    return [one for one in noes_for(opened.book, sections, names) if one.section_id or one.person or consent.may_read]


def who_sees(opened: Opened, no: No) -> list[str]:
    """Who can see today what a no is about, by name."""
    return list(dict.fromkeys(named(one) for one in live_grants(opened) if no in noes_to(opened, one) and one.consent.may_read))


def _sections(opened: Opened, granted: Granted) -> str:
    return consent_wording.listed(consent_wording.seen(granted.consent, opened.book))


def helpers(opened: Opened) -> list[Entry]:
    """Everybody in People who help us."""
    return [one for one in opened.entries() if one.kind == "person"]


def helper_of(granted: Granted, people: Iterable[Entry]) -> Entry | None:
    """The entry of whoever a grant is for: the one it names, or else one of the same name."""
    name = granted.consent.name.casefold()
    known = [one for one in people if one.id == granted.consent.person_id or wording.title(one.document).casefold() == name]
    return next((one for one in known if one.id == granted.consent.person_id), next(iter(known), None))


def shown_covers(opened: Opened) -> list[ShownCover]:
    """Whoever may stand in. What another holder would go on seeing is no cover."""
    holders, live = {id_ for id_, _generation in opened.holders}, {one.account_id: one for one in live_grants(opened)}
    agreed = (one for one in opened.roster.given.standby if one.account_id not in holders)
    return [ShownCover(one, _sections(opened, one), live.get(one.account_id), called(one)) for one in agreed]


def shown_words(opened: Opened) -> list[ShownWords]:
    """Every code that was told to somebody, to be shown again or taken back."""
    return [_shown_words(opened, one) for one in opened.roster.given.invitations]


def _shown_words(opened: Opened, invited: Invited) -> ShownWords:
    words = show_words(canonical.raw(invited.code))
    try:
        return ShownWords(invited, words, inviting.accepted_by(opened, invited) is not None, matches=True)
    except CannotOpen:
        return ShownWords(invited, words, is_taken=True, matches=False)


def shown_ends(opened: Opened) -> list[ShownEnd]:
    """What ended without our doing, and nobody has answered yet."""
    key = secrets().server_key
    return [
        ShownEnd(one, successor_of(family(), key, one.granted.account_id) if one.why == LEFT else None) for one in untold(opened)
    ]


def untold(opened: Opened) -> list[Ended]:
    """What ended by itself and is to be told; of somebody who holds the record by now, nothing is."""
    holders = {id_ for id_, _generation in opened.holders}
    return [one for one in opened.roster.given.untold if one.granted.account_id not in holders]


def _told_once(opened: Opened) -> list[Ended]:
    """Of each account once, and of none that goes on seeing something by another grant."""
    live = {one.account_id for one in live_grants(opened)}
    return list({one.granted.account_id: one for one in reversed(untold(opened)) if one.granted.account_id not in live}.values())


def taking_over(opened: Opened, grant_id: str) -> Consent | None:
    """The terms of a colleague who left, made out to whom their manager named, until the usual day; None where nobody was."""
    found = next((one for one in shown_ends(opened) if one.over.granted.grant_id == grant_id), None)
    if found is None or found.successor is None:
        return None
    last_day = day_number(usual_last_day(opened.today))
    return replace(found.over.granted.consent, name=found.successor.shown_name, person_id="", supporter="", last_day=last_day)


def taken_back(opened: Opened) -> list[Ended]:
    """What was taken back in the last month, the newest first, and can be given back."""
    first = day_number(opened.today - datetime.timedelta(days=_GIVE_BACK_DAYS))
    recent = (one for one in opened.roster.given.ended if one.why == WITHDRAWN and one.on >= first)
    has_it = {id_ for id_, _generation in opened.holders} | {one.account_id for one in live_grants(opened)}
    return [one for one in recent if one.granted.account_id not in has_it and keys_now(one.granted.account_id)]


def other_holders(opened: Opened) -> list[OtherHolder]:
    """Whoever else holds the record, by the name their own account has."""
    keeps = {one.account_id: one for one in opened.roster.given.standby}
    others = dict.fromkeys(id_ for id_, _generation in opened.holders if id_ != opened.person.account_id)
    return [OtherHolder(id_, shown_name(id_), keeps.get(id_)) for id_ in others]


def shown_name(account_id: str) -> str:
    """What somebody calls themselves."""
    account = get_account(family(), secrets().server_key, account_id)
    return account.shown_name if account else _("Somebody who has left")


def keys_now(account_id: str) -> Holder | None:
    """The public keys that somebody's account has today."""
    account = get_account(family(), secrets().server_key, account_id)
    return Holder(account.id, account.generation, account.sealing_public, account.signing_public) if account else None


# At the door


@dataclass(frozen=True)
class Notice:
    """A line to be told; `is_alarm` where something does not match; `stop` is what it is about, to be stopped in one tap."""

    words: str
    is_alarm: bool = False
    stop: str = ""


def attend(opened: Opened) -> list[Notice]:
    """Do what is due at a holder's visit; what came of words that were told is said once, on the page in hand."""
    before = {one.grant_id for one in (*opened.roster.given.grants, *opened.roster.given.standby)}
    visits.attend(opened)
    given = opened.roster.given
    new = [one for one in given.grants if one.grant_id not in before]
    agreed = [one for one in given.standby if one.grant_id not in before]
    return [
        *(Notice(_taken_up(one), stop=one.grant_id) for one in new),
        *(Notice(_("%(name)s agreed to stand in. Nothing is open yet.", name=one.consent.name)) for one in agreed),
    ]


def _taken_up(granted: Granted) -> str:
    name, who = granted.consent.name, shown_name(granted.account_id)
    if named(granted) == name:
        return _("%(name)s took up your words. It is in force now. Not who you meant?", name=name)
    return _("%(who)s took up your words for %(name)s. It is in force now. Not who you meant?", who=who, name=name)


def notices(opened: Opened) -> list[Notice]:
    """What a holder is told when they come: what ended, words that were used, a copy that another holder took away."""
    found = [Notice(who_wording.told(one)) for one in _told_once(opened)]
    for one in shown_words(opened):
        name = one.invited.consent.name
        if not one.matches:
            words = _("Somebody used the words for %(name)s with keys that do not match. Take the words back.", name=name)
            found.append(Notice(words, is_alarm=True))
        elif one.is_taken and one.invited.to == TO_HOLD:
            found.append(Notice(_("%(name)s used the words. Say whether they are to hold the record too.", name=name)))
    was_alone = opened.is_only_holder and not opened.chain.departed
    return [*found, *(() if was_alone else _others(opened))]


def _others(opened: Opened) -> list[Notice]:
    """What other holders did in the last fortnight that opens or ends something, since this one holds the record too."""
    me = opened.person.account_id
    # By their mark: whoever wants to hide one among a thousand looks hides nothing.
    recent = since(opened.told_lines(), opened.today - datetime.timedelta(days=_TOLD_DAYS))
    done: dict[tuple[str, str, str], datetime.date] = {}
    for line in recent:
        what, who, whom = line.words["what"], line.words["who"], line.words.get("whom", "")
        if (what, whom) == ("holder_joined", me):
            break
        if what == "invited" and line.words.get("to") == TO_HOLD:
            what, whom = "invited_to_hold", line.words["name"]
        if what in who_wording.BY_ANOTHER and who != me:
            done.setdefault((what, who, whom), day_of_line(line))
    return [
        Notice(
            str(who_wording.BY_ANOTHER[what])
            % {
                "who": shown_name(who),
                "whom": shown_name(whom) if what == "holder_joined" else whom,
                "when": who_wording.when(day, opened.today),
            }
        )
        for (what, who, whom), day in done.items()
    ]


def counted(opened: Opened) -> str:
    """Who can see, in one line; empty where nobody can but whoever reads it."""
    people = {one.account_id for one in live_grants(opened)} | {one.account_id for one in other_holders(opened)}
    return who_wording.counted(len(people), len(packs.live_ids(opened)), len(live_links(opened)))
