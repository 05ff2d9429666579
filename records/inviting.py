"""Words told across a table: eighty bits that let two people be sure of each other's keys, whatever stands in the database.

The holder's side binds the record's stamp and the terms under the words; whoever takes them up binds their own public keys. The
words are on the sealed roster and in two people's ears, and nowhere else.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from accounts import keyring
from accounts.person import Person
from accounts.spoken import new_words_code
from accounts.store import get_account
from plumbing.clock import minute
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal
from plumbing.db import at_once
from records import canonical, editing, letterbox, log, sharing, store
from records.consent import TO_COVER, TO_HOLD, Consent, Granted, Invited
from records.editing import Pen
from records.gate import NotYours, Opened
from records.office import Office
from records.roster import fingerprint
from records.statement import Holder
from records.witness import Seen


class Unknown(Exception):
    """There is no such invitation, or not any more: used, taken back, or too old. It never says which."""


@dataclass(frozen=True)
class Invitation:
    """What somebody who has the words is asked: by whom, to what, about which child, on which terms.

    `names` are the sections' names by id; `sections` is how many there are in all. `taken_by` is the account that took it up;
    `holders` are the names of all who hold the record.
    """

    id: str
    record_id: str
    stamp: bytes
    to: str
    consent: Consent
    called: str = field(repr=False)
    names: dict[str, str]
    sections: int
    given_by: str
    statement: tuple[int, str]
    last_day: int
    taken_by: str = ""
    holders: tuple[str, ...] = ()


def _id(code: bytes) -> str:
    return derive(code, context("invitation", "id"))[:16].hex()


def _bound(id_: str, record_id: str, last_day: int) -> bytes:
    return context("invitation", id_, record_id, last_day)


def _mac(code: bytes, what: str, *parts: bytes | str | int) -> bytes:
    return hmac.digest(derive(code, context("invitation", "mac")), context("invitation", what, *parts), "sha256")


def _accepting(code: bytes, stamp: bytes, holder: Holder) -> bytes:
    return _mac(code, "accepted", stamp, holder.account_id, holder.generation, holder.sealing, holder.signing)


# The family's side


def invite(
    opened: Opened, to: str, consent: Consent, last_day: int, given_by: str, holders: tuple[str, ...] = (), once: str = ""
) -> Invited:
    """Make an invitation; its words are in what is returned. `given_by` is what the holder goes by, `holders` what all do.

    With `once`, which was in a form, the same form and the same terms make one invitation, however often and at once they come.
    """
    code = new_words_code()
    invited = Invited(_id(code), canonical.text(code), to, consent, last_day, once)

    def make(opened: Opened) -> Invited:
        with editing.change(opened) as pen:
            waiting = opened.roster.given.invitations if once else ()
            if same := next((one for one in waiting if one.once == once or (one.to, one.consent) == (to, consent)), None):
                return same
            _insert(opened, invited, given_by, holders)
            pen.give(lambda given: replace(given, invitations=(*given.invitations, invited)))
            pen.note("invited", invitation=invited.id, name=consent.name, to=to)
        return invited

    return editing.again(make, opened)


def _insert(opened: Opened, invited: Invited, given_by: str, holders: tuple[str, ...]) -> None:
    code, stamp = canonical.raw(invited.code), opened.stamp
    shown = {one.id: one.name for one in opened.book.sections if one.id in invited.consent.sections}
    said = {
        "v": 1,
        "stamp": canonical.text(stamp),
        "to": invited.to,
        "consent": asdict(replace(invited.consent, person_id="")),
        "called": opened.book.called,
        "names": shown,
        "sections": len(opened.book.sections),
        "by": given_by,
        "holders": holders or (given_by,),
        "statement": [opened.statement[0], canonical.text(opened.statement[1])],
    }
    bound = _bound(invited.id, opened.record_id, invited.last_day)
    sealed = seal(derive(code, context("invitation", "terms")), canonical.to_bytes(said), bound)
    mac = _mac(code, "offered", stamp, canonical.digest(sealed))
    row = {"id": invited.id, "record_id": opened.record_id, "sealed": sealed, "mac": mac, "last_day": invited.last_day}
    store.insert(opened.db, "invitation", **row)


def take_back(opened: Opened, invitation_id: str) -> None:
    """Make words void that were told to somebody."""

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            opened.office.witness.end(invitation_id)
            forget(pen, invitation_id)
            pen.note("invitation_over", invitation=invitation_id)

    editing.again(make, opened)


def forget(pen: Pen, invitation_id: str) -> None:
    """Take an invitation off the roster and out of the database, in the change that is under way."""
    pen.opened.db.execute("DELETE FROM invitation WHERE id = ?", [invitation_id])
    pen.give(lambda given: replace(given, invitations=tuple(one for one in given.invitations if one.id != invitation_id)))


def accepted_by(opened: Opened, invited: Invited) -> Holder | None:
    """Who took the words up: their keys, as the words vouch for them. None where nobody has yet.

    Raises CannotOpen where somebody did and it does not match: their keys, or the row, were exchanged.
    """
    row = opened.db.execute(
        "SELECT account_id, generation, accepted FROM invitation WHERE id = ? AND record_id = ?", [invited.id, opened.record_id]
    ).fetchone()
    if row is None or row[0] is None:
        return None
    account_id, generation, accepted = row
    account = get_account(opened.db, opened.office.secrets.server_key, account_id)
    if account is None or account.generation != generation:
        raise CannotOpen
    holder = Holder(account.id, account.generation, account.sealing_public, account.signing_public)
    if not hmac.compare_digest(_accepting(canonical.raw(invited.code), opened.stamp, holder), accepted or b""):
        raise CannotOpen
    return holder


def take_up(pen: Pen, invited: Invited) -> Granted | None:
    """Finish an invitation that somebody took up, in the change that is under way: a grant, or a cover worker agreed.

    Nothing happens while nobody has, nor to one that makes a holder: that is confirmed (`holding.confirm`). Raises CannotOpen.
    """
    opened = pen.opened
    holder = accepted_by(opened, invited)
    if holder is None or invited.to == TO_HOLD:
        return None
    # A grant bears its invitation's id: where an old backup brings the invitation back, the grant's tombstone ends that too.
    granted = Granted(invited.id, holder.account_id, holder.generation, fingerprint(holder), invited.consent)
    forget(pen, invited.id)
    if any(account_id == holder.account_id for account_id, _generation in opened.holders):
        return None  # they hold all of it by now
    if invited.to == TO_COVER:
        pen.give(lambda given: replace(given, standby=(*given.standby, granted)))
        pen.note("cover_agreed", grant=granted.grant_id, name=granted.consent.name, whom=holder.account_id)
    else:
        sharing.give(pen, granted)
    return granted


# The other side


def find(db: Database, office: Office, code: bytes, today: int) -> Invitation:
    """What the words are for. Raises Unknown."""
    id_ = _id(code)
    row = db.execute(
        "SELECT record_id, sealed, mac, last_day, account_id FROM invitation WHERE id = ? AND last_day >= ?", [id_, today]
    ).fetchone()
    if row is None or id_ in office.witness.ended():
        raise Unknown
    record_id, sealed, mac, last_day, taken_by = row
    try:
        raw = unseal(derive(code, context("invitation", "terms")), sealed, _bound(id_, record_id, last_day))
        said: dict[str, Any] = canonical.from_bytes(raw)
        stamp = canonical.raw(said["stamp"])
        if not hmac.compare_digest(mac, _mac(code, "offered", stamp, canonical.digest(sealed))):
            raise Unknown
    except CannotOpen:
        raise Unknown from None
    kept = store.record_row(db, record_id)
    if kept is None or kept[1] != stamp:
        raise Unknown
    return Invitation(
        id_,
        record_id,
        stamp,
        said["to"],
        Consent.read(said["consent"]),
        said["called"],
        said["names"],
        said["sections"],
        said["by"],
        (said["statement"][0], said["statement"][1]),
        last_day,
        taken_by or "",
        tuple(said.get("holders", [said["by"]])),
    )


def is_waiting(db: Database, person: Person, record_id: str) -> bool:
    """Whether this person has taken words up that no holder's page has seen yet."""
    query = "SELECT 1 FROM invitation WHERE record_id = ? AND account_id = ? AND generation = ?"
    return bool(db.execute(query, [record_id, person.account_id, person.generation]).fetchall())


def accept(db: Database, office: Office, person: Person, code: bytes, today: int) -> Invitation:
    """Take words up: the record is pinned, and the family's page is told with whose keys. The same person may do it twice.

    Raises Unknown; NotYours where this person holds the record already.
    """
    with at_once(db):
        found = find(db, office, code, today)
        pins = keyring.read(db, person)
        known = pins.get(found.record_id)
        if known is not None and not known.get("reads"):
            raise NotYours
        mac = _accepting(code, found.stamp, Holder.of(person))
        taken = db.execute(
            "UPDATE invitation SET account_id = ?, generation = ?, accepted = ?"
            " WHERE id = ? AND (account_id IS NULL OR (account_id = ? AND generation = ?))",
            [person.account_id, person.generation, mac, found.id, person.account_id, person.generation],
        )
        if not taken.rowcount:
            raise Unknown
        # Until a holder's page has seen it, this is all that says whose words they were. The first look puts it away.
        told = {"told": [found.called, found.given_by]}
        # Words told anew are a new beginning, also for whoever knew it before an old backup was put back.
        keyring.write(db, person, pins | {found.record_id: (known or {}) | _first_pins(db, found) | told})
        head = _note(db, office, person, found)
        rosters = store.rosters_from(db, found.record_id, store.newest_roster_number(db, found.record_id))
    office.witness.saw(found.record_id, Seen(head.number, head.digest, rosters[-1].number, rosters[-1].digest))
    return found


def _first_pins(db: Database, found: Invitation) -> dict[str, Any]:
    roster = store.rosters_from(db, found.record_id, store.newest_roster_number(db, found.record_id))[-1]
    head = log.newest(db, found.record_id)
    return {
        "stamp": canonical.text(found.stamp),
        "statement": list(found.statement),
        "roster": [roster.number, canonical.text(roster.digest)],
        "log": [head.number, canonical.text(head.digest)],
        "reads": True,
    }


def _note(db: Database, office: Office, person: Person, found: Invitation) -> log.Head:
    box = letterbox.newest(db, office.secrets.server_key, found.record_id)
    words = {"at": minute(), "who": person.account_id, "what": "took_up_words", "invitation": found.id}
    return log.append(db, office.secrets.log_key, (found.record_id, found.stamp), (box.generation, box.public), words)
