"""Newsletters: begun with what happened, put in order, published once, and sent to each who asked for it, once.

Families read what was published; officers write on a copy. What is published again is not mailed again.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from sqlite_utils import Database

from directory.keeping.drafting import NotAllowedError, Writer
from directory.keeping.news_gathering import gather
from directory.leaflet import slug_of
from directory.newsletter import Issue, Newsletter
from directory.sealing import key_of
from directory.store import newsletters as rows
from directory.store.subscribers import get_subscriber
from directory.subscriber import LEAVE, token_of
from plumbing import clock, mail
from plumbing.addresses import outside
from plumbing.days import months_after
from plumbing.db import at_once
from plumbing.settings import Settings

# A mail server takes some at a time; a tidying is every minute.
_MOST_AT_ONCE = 100
_FIRST_HOUR = 8
# Names in addresses that are pages of their own.
_TAKEN = {"subscribe", "confirm", "leave"}


class NewsletterChangedError(Exception):
    """Somebody else saved since this one was opened. Holds the newsletter as they left it."""

    def __init__(self, theirs: Newsletter) -> None:
        super().__init__("the newsletter has a newer version")
        self.theirs = theirs


def usual_since(db: Database) -> datetime.date:
    """The day from which the next one tells: that of the last one, or a month ago."""
    last = next(iter(rows.published_newsletters(db, 1)), None)
    return last.published_on if last and last.published_on else months_after(clock.today(), -1)


def begin(db: Database, id_: str, title: str, since: datetime.date, council: str, writer: Writer) -> Newsletter:
    """A new one, with what happened since a day; the same one where its form is sent twice."""
    with at_once(db):
        known = rows.get_newsletter(db, id_)
        if known:
            return known
        issue = Issue(title, council=council, since=since, items=tuple(gather(db, since, council)))
        begun = _changed(Newsletter(id_, id_, issue), issue, writer)
        rows.save_newsletter(db, begun)
    return begun


def save(db: Database, id_: str, issue: Issue, version: int, writer: Writer) -> Newsletter:
    """Keep what was written. What waited for a second person does so no more. Raises NewsletterChangedError, LookupError."""
    with at_once(db):
        was = rows.get_newsletter(db, id_)
        if was is None:
            raise LookupError("there is no such newsletter")
        if was.version != version:
            raise NewsletterChangedError(was)
        kept = _changed(was, issue, writer)
        rows.save_newsletter(db, kept)
    return kept


def gathered_anew(db: Database, issue: Issue) -> Issue:
    """The issue with what has happened up to now; what was chosen and written stays."""
    return issue.gathered(gather(db, issue.since or usual_since(db), issue.council))


def ask(db: Database, id_: str, version: int) -> None:
    """Have it wait for a second person. Raises NewsletterChangedError, LookupError."""
    with at_once(db):
        was = _as_seen(db, id_, version)
        rows.save_newsletter(db, replace(was, waiting=True))


def publish(db: Database, id_: str, version: int, mail_text: str, writer: Writer, *, approval: bool) -> Newsletter:
    """Show it to families as it stands; the first time, plan the mails too. With `approval`, not by whoever wrote in it last.

    Raises NewsletterChangedError, NotAllowedError, LookupError.
    """
    with at_once(db):
        was = _as_seen(db, id_, version)
        if approval and (not was.waiting or was.changed_by_id == writer.id):
            raise NotAllowedError
        now = replace(was, shown=was.work, waiting=False)
        if was.published_on:
            now = replace(now, edited_on=clock.today())
        else:
            now = replace(now, slug=_free_slug(db, was), published_on=clock.today(), published_at=clock.now().isoformat())
        rows.save_newsletter(db, now)
        if not was.published_on:
            rows.plan_deliveries(db, id_, mail_text.replace(was.slug, now.slug), now.work.council)
    return now


def discard(db: Database, id_: str) -> None:
    """Throw away one that was never published."""
    with at_once(db):
        rows.delete_newsletter(db, id_)


def _as_seen(db: Database, id_: str, version: int) -> Newsletter:
    was = rows.get_newsletter(db, id_)
    if was is None:
        raise LookupError("there is no such newsletter")
    if was.version != version:
        raise NewsletterChangedError(was)
    return was


def _changed(was: Newsletter, issue: Issue, writer: Writer) -> Newsletter:
    now = replace(was, work=issue, version=was.version + 1, waiting=False)
    return replace(now, changed_at=clock.minute(), changed_by=writer.name, changed_by_id=writer.id)


def _free_slug(db: Database, newsletter: Newsletter) -> str:
    """Its name in its address, from its title; published once, it stays."""
    wanted = slug_of(newsletter.work.title)
    for number in range(1, 10_000):
        slug = wanted if number == 1 else f"{wanted}-{number}"
        if slug not in _TAKEN and rows.get_newsletter_by_slug(db, slug) is None:
            return slug
    return newsletter.id


# -- the mails


def send(db: Database, settings: Settings, server_key: bytes) -> int:
    """Leave in the outbox what waits, one mail for each who gets it; returns how many.

    A mail is written and held, then noted, then released. Stopped before it was noted, it is written anew in the place of the
    first; stopped after, it is only released. So nobody gets two, and nobody none. Needs the public address.
    """
    for name in mail.held(settings):
        newsletter_id, _dash, subscriber_id = name.partition("-")
        if rows.is_posted(db, newsletter_id, subscriber_id):
            mail.release(settings, name)
        else:
            mail.drop(settings, name)
    sent = 0
    for row in rows.waiting_deliveries(db, _MOST_AT_ONCE):
        newsletter_id, subscriber_id = row["newsletter_id"], row["subscriber_id"]
        newsletter, person = rows.get_newsletter(db, newsletter_id), get_subscriber(db, key_of(server_key), subscriber_id)
        if newsletter is None or newsletter.shown is None or person is None:
            continue
        name, leave = (
            f"{newsletter_id}-{subscriber_id}",
            outside("directory.leave_news", token=token_of(server_key, subscriber_id, LEAVE)),
        )
        # RFC 8058: a mail program stops it for its reader by one POST, without a page and without a question.
        headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        text = row["mail"].replace(LEAVE_PLACE, leave)
        if not mail.hold(settings, name, person.address, newsletter.shown.title, text, headers):
            continue
        with at_once(db):
            noted = rows.mark_posted(db, newsletter_id, subscriber_id)
        if noted:
            mail.release(settings, name)
            sent += 1
        else:
            mail.drop(settings, name)
    return sent


def is_hour_for_mail() -> bool:
    """Whether it is late enough in the day to write to families."""
    return clock.here().hour >= _FIRST_HOUR


# Stands in the text of a mail where each gets a link of their own. Nobody types such letters.
LEAVE_PLACE = "\x1eleave\x1e"
