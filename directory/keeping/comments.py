"""Comments: taken, answered, published without names; what was written at first is erased when it has been dealt with."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

from sqlite_utils import Database

from directory import comment as facts
from directory.comment import Comment
from directory.sealing import key_of
from directory.store import comments as rows
from plumbing.clock import today
from plumbing.db import at_once
from plumbing.ids import once_id
from plumbing.secrets_file import ServerSecrets
from plumbing.settings import Settings


class Comments:
    """The work with comments, over one database and with the server's own secrets."""

    def __init__(self, db: Database, settings: Settings, server: ServerSecrets) -> None:
        self._db, self._settings = db, settings
        self._key = key_of(server.server_key)

    def add(self, topic: str, words: str, may_publish: bool, once: str) -> None:
        """Keep a comment. A form sent twice with the same words is one comment."""
        id_ = once_id(once, "comment", words)
        due_on = today() + datetime.timedelta(days=self._settings.comment_days)
        with at_once(self._db):
            if rows.get(self._db, self._key, id_) is None:
                rows.add(self._db, self._key, Comment(id_, topic, today(), due_on, words=words, may_publish=may_publish))

    def get(self, comment_id: str) -> Comment | None:
        """One comment."""
        return rows.get(self._db, self._key, comment_id)

    def waiting(self) -> list[Comment]:
        """What nobody has dealt with."""
        return rows.waiting(self._db, self._key)

    def settled(self) -> list[Comment]:
        """What was dealt with."""
        return rows.settled(self._db, self._key)

    def publish(self, comment_id: str, published_words: str, response: str, by: str) -> bool:
        """Publish a comment with its answer; `published_words` are what of it everybody may read.

        False where nothing may be published: by the setting, by whoever wrote it, or because it was dealt with.
        """

        def change(comment: Comment) -> Comment | None:
            if not (self._settings.comments_published and comment.may_publish):
                return None
            shortened = " ".join(published_words.split()) != " ".join(comment.words.split())
            return replace(
                comment, status=facts.PUBLISHED, published_words=published_words, shortened=shortened, response=response
            )

        return self._settle(comment_id, change, by)

    def answer(self, comment_id: str, response: str, by: str) -> bool:
        """Write down what was done about a comment that is not published."""
        return self._settle(comment_id, lambda comment: replace(comment, status=facts.ANSWERED, response=response), by)

    def set_aside(self, comment_id: str, by: str) -> bool:
        """It was no comment, or may not stay: an advert, an insult, something about one person."""
        return self._settle(comment_id, lambda comment: replace(comment, status=facts.SET_ASIDE), by)

    def _settle(self, comment_id: str, change: Callable[[Comment], Comment | None], by: str) -> bool:
        # What is erased is overwritten in the file; that is a setting of the connection.
        self._db.execute("PRAGMA secure_delete = ON")
        with at_once(self._db):
            comment = self.get(comment_id)
            settled = change(comment) if comment and comment.status == facts.NEW else None
            if settled:
                rows.settle(self._db, replace(settled, answered_on=today()), by)
        return settled is not None
