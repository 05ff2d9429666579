"""What the invented family has given to people without an account, or told them: a pack's address and PIN, a link, eight words.

It is read where a holder reads it, by the passphrase that is printed beside it: nothing else in a Linkbook knows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounts import keys, store
from accounts.current import family, secrets, settings
from accounts.spoken import show_words
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import show_code
from plumbing.dates import date_in_words
from records import canonical, links, packs
from records.consent import day_number, day_of
from records.demonstration.family import Member, cast, children
from records.gate import DoesNotMatch, Gate, Opened
from records.upkeep import office

Told = tuple[str, list[str]]


def told() -> list[Told]:
    """A heading and some lines for each. Nothing where there is no demonstration, or its holders chose other passphrases."""
    if not settings().demonstration_family:
        return []
    holders = {child.holder for child in children(clock.today())}
    records = (opened for member in cast() if member.name in holders for opened in _records_of(member))
    return [one for opened in records for one in _told(opened)]


def _records_of(member: Member) -> Iterator[Opened]:
    account = store.find_account(family(), secrets().server_key, member.sign_in)
    if account is None:
        return
    try:
        sealed = store.get_by_passphrase(family(), account.id)
        gate = Gate(
            family(), office(), keys.open_by_passphrase(account, sealed, member.passphrase, secrets().pepper), clock.today()
        )
        yield from [gate.enter(record_id) for record_id in gate.record_ids()]
    except (CannotOpen, DoesNotMatch):
        return  # somebody tried out another passphrase, or worse: the pages say what there is to say


def _told(opened: Opened) -> Iterator[Told]:
    called, live = opened.book.called, packs.live_ids(opened)
    for pack in opened.roster.given.packs:
        if pack.id in live:
            address = f"/pack#{show_code(canonical.raw(pack.token))}"
            until = date_in_words(day_of(pack.last_day))
            yield (
                f"A pack about {called} for {pack.name}, who needs no account. Add this to Linkbook's address:",
                [address, f"PIN {pack.pin}, until {until}. Five wrong PINs in a row end it."],
            )
    for link in links.live(opened):
        yield (
            f"The letter-box for {called}, for {link.name}. Add this to Linkbook's address:",
            [f"/put-in#{show_code(canonical.raw(link.token))}"],
        )
    for invited in opened.roster.given.invitations:
        if invited.last_day >= day_number(opened.today):
            yield (
                f"Words told to {invited.consent.name}, and not taken up yet. Sign in as Mr Patel, say, and try them at /words:",
                [show_words(canonical.raw(invited.code))],
            )
