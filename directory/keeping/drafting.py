"""From a draft to a listing: begun, kept at every step, published at once or after a second person has looked.

With approval on (LINKBOOK_APPROVAL), and always for what a provider suggests, a draft waits until an officer who did not write
it approves it. Until then families see the listing as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlite_utils import Database

from directory import differences, store
from directory.draft import SENT_BACK, WAITING, WRITING, Draft
from directory.identity import fresh_id
from directory.keeping import checking, editing
from directory.organization import Organization
from directory.service import Service
from directory.store import drafts
from plumbing import clock
from plumbing.dates import parse_date
from plumbing.db import at_once
from plumbing.ids import new_id

# Where listings come from that are written here.
LOCAL, LOCAL_NAME = "local", "Written here"


@dataclass(frozen=True)
class Writer:
    """Who changes listings: an officer, or a provider, whose suggestions an officer always looks at first."""

    id: str
    name: str
    is_officer: bool = True
    organizations: tuple[str, ...] = ()

    def may_write(self, service: Service) -> bool:
        """Whether a listing is theirs to change."""
        return self.is_officer or (service.organization is not None and service.organization.id in self.organizations)


class NotAllowedError(Exception):
    """This person may not do that to this draft."""


class SavedElsewhereError(Exception):
    """The draft was saved in another window since this one was opened."""


def begin(db: Database, service_id: str, writer: Writer) -> Draft:
    """The writer's draft of a listing: the one that they have, or a new one. Raises LookupError."""
    with at_once(db):
        for draft in drafts.drafts_about(db, service_id):
            if draft.author_id == writer.id:
                return draft
        found = store.get_services(db, [service_id])
        if not found or not writer.may_write(found[0]):
            raise LookupError("there is no such listing")
        draft = Draft(new_id(), found[0], found[0], store.version(db, service_id), writer.id, writer.name)
        drafts.save_draft(db, draft)
    return draft


def begin_new(db: Database, writer: Writer, organization: Organization | None = None) -> Draft:
    """A draft of a listing that is not there yet."""
    service = Service(id=fresh_id(), name="", organization=organization, source=LOCAL)
    draft = Draft(new_id(), service, None, 0, writer.id, writer.name)
    drafts.save_draft(db, draft)
    return draft


def keep(db: Database, draft: Draft, service: Service, saves: int) -> Draft:
    """Keep what was typed. Raises SavedElsewhereError where another window was faster."""
    with at_once(db):
        now = drafts.get_draft(db, draft.id)
        if now is None or now.saves != saves:
            raise SavedElsewhereError
        # Written on while it waits, it is a draft again: nobody shall approve what they have not seen.
        kept = replace(now, service=service, saves=saves + 1, state=WRITING if now.state == WAITING else now.state)
        drafts.save_draft(db, kept)
    return kept


def _must_be_as(db: Database, draft: Draft) -> None:
    """Inside a transaction that writes: raise SavedElsewhereError where a draft is not as whoever acts on it has seen it."""
    now = drafts.get_draft(db, draft.id)
    if now is None or (now.saves, now.state) != (draft.saves, draft.state):
        raise SavedElsewhereError


def problem(service: Service) -> str:
    """The step of the form that lacks what every listing must have; empty where nothing does."""
    if not service.name.strip():
        return "name"
    if not service.description.strip():
        return "name"
    return "" if service.categories else "who"


def finish(db: Database, draft: Draft, writer: Writer, why: str, checked_how: str, approval: bool) -> bool:
    """Publish a draft, or have it wait for approval; says whether it was published.

    Raises ChangedMeanwhileError, and SavedElsewhereError where the draft was.
    """
    ready = replace(draft, why=why, checked_how=checked_how, checked_on=clock.today().isoformat() if checked_how else "")
    if approval or not writer.is_officer:
        with at_once(db):
            _must_be_as(db, draft)
            drafts.save_draft(db, replace(ready, state=WAITING, saves=draft.saves + 1))
        return False
    _publish(db, ready, draft.author)
    return True


def approve(db: Database, draft: Draft, writer: Writer) -> None:
    """Publish what somebody else wrote, as it was seen. Raises NotAllowedError, ChangedMeanwhileError, SavedElsewhereError."""
    if not writer.is_officer or draft.author_id == writer.id or draft.state != WAITING:
        raise NotAllowedError
    _publish(db, draft, f"{draft.author} + {writer.name}")


def send_back(db: Database, draft: Draft, writer: Writer, words: str) -> None:
    """Give a draft back to its writer, with words. Raises NotAllowedError, SavedElsewhereError."""
    if not writer.is_officer or draft.author_id == writer.id or draft.state != WAITING:
        raise NotAllowedError
    with at_once(db):
        _must_be_as(db, draft)
        drafts.save_draft(db, replace(draft, state=SENT_BACK, words=words, saves=draft.saves + 1))


def settle(db: Database, draft: Draft, keep_mine: frozenset[str]) -> Draft:
    """Put a draft on top of what somebody else published meanwhile; of what both changed, theirs stands but for `keep_mine`.

    Raises LookupError, SavedElsewhereError.
    """
    with at_once(db):
        _must_be_as(db, draft)
        found = store.get_services(db, [draft.service.id])
        if not found or draft.base is None:
            raise LookupError("there is no such listing")
        service = differences.merged(draft.base, found[0], draft.service, keep_mine)
        settled = replace(draft, service=service, base=found[0], based_on=store.version(db, service.id), saves=draft.saves + 1)
        drafts.save_draft(db, settled)
    return settled


def change(db: Database, service: Service, writer: Writer, why: str, job: str = "", *, approval: bool) -> bool:
    """One change without a form (retire, bring back, restore, many at once): done, or waiting; says whether it was done."""
    if approval or not writer.is_officer:
        base = store.get_services(db, [service.id])
        version = store.version(db, service.id)
        drafts.save_draft(db, Draft(new_id(), service, base[0], version, writer.id, writer.name, state=WAITING, why=why))
        return False
    editing.save(db, service, writer.name, why, job)
    return True


def _publish(db: Database, draft: Draft, by: str) -> None:
    service = replace(draft.service, last_modified=clock.now().isoformat())
    with editing.as_one(db):
        _must_be_as(db, draft)
        if draft.is_new:
            store.ensure_source(db, LOCAL, LOCAL_NAME)
        editing.save(db, service, by, draft.why, expected=draft.based_on)
        drafts.delete_draft(db, draft.id)
        if draft.checked_how:
            day = parse_date(draft.checked_on) or clock.today()
            checking.check(db, service.id, draft.checked_how, draft.author, day)
