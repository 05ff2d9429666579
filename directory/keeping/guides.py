"""Guides, written and checked like services: published with a history, looked at on a clock of their own, retired and never lost.

The guides that come with Linkbook can be changed: what officers wrote stays when `flask setup` brings a newer text, and the desk
shows the two beside each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlite_utils import Database

from directory import reference, store
from directory.guide import Guide, GuideStanding
from directory.keeping.drafting import NotAllowedError, SavedElsewhereError, Writer
from directory.leaflet import slug_of
from directory.store import guides as rows
from directory.store.guides import GuideDraft
from plumbing import clock
from plumbing.db import at_once
from plumbing.ids import new_id


class GuideChangedError(Exception):
    """Somebody else published first: `version` is theirs."""

    def __init__(self, version: int) -> None:
        super().__init__("the guide has a newer version")
        self.version = version


@dataclass(frozen=True)
class DueGuide:
    """A guide that somebody must look at, the day by which, and why it is that day."""

    guide: Guide
    on: datetime.date
    why: str = ""

    def is_late(self, today: datetime.date) -> bool:
        """Whether the day has passed."""
        return self.on < today


def load_shipped(db: Database, shipped: Iterable[Guide]) -> None:
    """Take in the guides that come with Linkbook. What officers changed or retired stays as they left it.

    Inside the caller's transaction.
    """
    live, standings = reference.get_guides(db), rows.get_standings(db)
    newest = {guide.slug: guide for guide in shipped}
    for slug, guide in newest.items():
        known = standings.get(slug, GuideStanding(slug))
        is_ours = slug in live and known.base is not None and live[slug] != known.base
        if known.retired or is_ours:
            rows.save_standing(db, replace(known, shipped=guide))
        else:
            rows.save_standing(db, replace(known, shipped=guide, base=guide))
            rows.put_live(db, guide)
    for slug, known in standings.items():
        if slug not in newest and known.shipped:
            rows.save_standing(db, replace(known, shipped=None, base=None))
            if live.get(slug) == known.base:
                rows.take_away(db, slug)
    # What was here before anybody wrote down what comes with Linkbook.
    for slug in live.keys() - newest.keys() - standings.keys():
        rows.take_away(db, slug)


def free_slug(db: Database, title: str) -> str:
    """The name of a new guide in its address."""
    wanted = slug_of(title)
    taken = {*reference.get_guides(db), *rows.get_standings(db)}
    return next(slug for number in range(1, 10_000) if (slug := wanted if number == 1 else f"{wanted}-{number}") not in taken)


def as_it_stands(db: Database, slug: str) -> Guide | None:
    """A guide as families read it, or as it was when it was retired."""
    found = reference.get_guides(db).get(slug)
    if found is None and rows.get_standing(db, slug).retired:
        return next((one.guide for one in rows.guide_revisions(db, slug) if one.guide), None)
    return found


def publish(db: Database, guide: Guide, by: str, why: str, expected: int | None = None) -> int:
    """Show a guide to families, and write down the version; returns its number. Raises GuideChangedError."""
    with at_once(db):
        return _publish(db, guide, by, why, expected)


def _publish(db: Database, guide: Guide, by: str, why: str, expected: int | None) -> int:
    version = rows.guide_version(db, guide.slug)
    if expected is not None and version != expected:
        raise GuideChangedError(version)
    before, standing = reference.get_guides(db).get(guide.slug), rows.get_standing(db, guide.slug)
    newest = rows.get_guide_revision(db, version)
    if before and (newest is None or newest.guide != before):
        # As it was before anybody here changed it: nothing that was ever shown is lost.
        rows.add_revision(db, guide.slug, before, "", "")
    is_taken = standing.shipped is not None and guide == standing.shipped
    rows.save_standing(db, replace(standing, retired=False, base=standing.shipped if is_taken else standing.base))
    rows.put_live(db, guide)
    store.bump(db)
    return rows.add_revision(db, guide.slug, guide, by, why)


def finish(db: Database, draft: GuideDraft, writer: Writer, *, approval: bool) -> bool:
    """Publish a draft, or have it wait for a second person; says whether it was published. Raises GuideChangedError."""
    with at_once(db):
        if approval:
            rows.save_guide_draft(db, replace(draft, state="waiting", saves=draft.saves + 1))
            return False
        _publish(db, draft.guide, writer.name, draft.why, draft.based_on)
        rows.delete_guide_draft(db, draft.id)
    return True


def keep(db: Database, draft: GuideDraft) -> GuideDraft:
    """Keep a draft whose `saves` its writer has seen. Raises SavedElsewhereError."""
    with at_once(db):
        was = rows.get_guide_draft(db, draft.id)
        if (was.saves if was else 0) != draft.saves:
            raise SavedElsewhereError
        kept = replace(draft, saves=draft.saves + 1, state="writing")
        rows.save_guide_draft(db, kept)
    return kept


def approve(db: Database, draft_id: str, saves: int, writer: Writer) -> None:
    """Publish what somebody else wrote, as it was on the page. Raises NotAllowedError, SavedElsewhereError, GuideChangedError."""
    with at_once(db):
        draft = _waiting(db, draft_id, writer)
        if draft.saves != saves:
            raise SavedElsewhereError
        _publish(db, draft.guide, f"{draft.author} + {writer.name}", draft.why, draft.based_on)
        rows.delete_guide_draft(db, draft.id)


def send_back(db: Database, draft_id: str, writer: Writer, words: str) -> None:
    """Give a draft back to its writer, with words. Raises NotAllowedError."""
    with at_once(db):
        draft = _waiting(db, draft_id, writer)
        rows.save_guide_draft(db, replace(draft, state="sent_back", words=words, saves=draft.saves + 1))


def _waiting(db: Database, draft_id: str, writer: Writer) -> GuideDraft:
    draft = rows.get_guide_draft(db, draft_id)
    if draft is None or draft.state != "waiting" or draft.author_id == writer.id:
        raise NotAllowedError
    return draft


def restore(db: Database, number: int, writer: Writer, why: str, *, approval: bool) -> bool:
    """Bring a version back, or ask a second person to; says whether it is back. Raises LookupError."""
    revision = rows.get_guide_revision(db, number)
    if revision is None or revision.guide is None:
        raise LookupError("there is no such version")
    version = rows.guide_version(db, revision.slug)
    draft = GuideDraft(new_id(), revision.guide, version, writer.id, writer.name, why=why)
    return finish(db, draft, writer, approval=approval)


def retire(db: Database, slug: str, by: str, why: str) -> None:
    """Show a guide to families no more. Its words and its history stay."""
    with at_once(db):
        guide = reference.get_guides(db).get(slug)
        if guide is None:
            return
        newest = rows.get_guide_revision(db, rows.guide_version(db, slug))
        if newest is None or newest.guide != guide:
            rows.add_revision(db, slug, guide, "", "")
        rows.add_revision(db, slug, None, by, why)
        rows.save_standing(db, replace(rows.get_standing(db, slug), retired=True))
        rows.take_away(db, slug)
        store.bump(db)


def check(db: Database, slug: str, by: str) -> None:
    """Somebody has read it today, and it is still true. A day that was set by hand is done with."""
    with at_once(db):
        standing = rows.get_standing(db, slug)
        rows.save_standing(db, replace(standing, checked_on=clock.today(), checked_by=by, look_by=None, look_why=""))


def look_by(db: Database, slug: str, day: datetime.date | None, why: str) -> None:
    """Have the guide looked at by a day, whatever its clock says: a law changes."""
    with at_once(db):
        rows.save_standing(db, replace(rows.get_standing(db, slug), look_by=day, look_why=why if day else ""))


def keep_ours(db: Database, slug: str) -> None:
    """The text that comes with Linkbook was looked at, and ours stays."""
    with at_once(db):
        standing = rows.get_standing(db, slug)
        rows.save_standing(db, replace(standing, base=standing.shipped))


def due(db: Database, today: datetime.date, months: int) -> list[DueGuide]:
    """Guides to be looked at by today, longest due first."""
    standings = rows.get_standings(db)
    found = []
    for guide in reference.get_guides(db).values():
        standing = standings.get(guide.slug, GuideStanding(guide.slug))
        on = standing.due_on(guide, months)
        if on and on <= today:
            found.append(DueGuide(guide, on, standing.look_why if on == standing.look_by else ""))
    return sorted(found, key=lambda one: (one.on, one.guide.title))


def newer_shipped(db: Database) -> list[str]:
    """Guides of which a newer text has come with Linkbook than the one ours was made from."""
    return [slug for slug, one in rows.get_standings(db).items() if one.is_shipped_newer and not one.retired]
