"""Rate limits that all server processes share.

The `limits` library keeps its counts in memory (one count a process) or in a server we do not have; this is its storage
interface over a small SQLite file. A count is a fixed window: the first hit starts it. What is counted (an address, an account,
a link) stands in the file as a mark under the server's key.
"""

from __future__ import annotations

import hmac
import sqlite3
from pathlib import Path

from filelock import FileLock
from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

from plumbing import clock


def sender() -> str:
    """Who sent this, as a mark that says nothing of them: an address is nobody's business once it has been counted."""
    key = current_app.secret_key
    return hmac.new(key if isinstance(key, bytes) else str(key).encode(), get_remote_address().encode(), "sha256").hexdigest()


limiter = Limiter(sender, strategy="fixed-window", headers_enabled=False)


class SqliteStorage(Storage):
    """Counts in one SQLite file; made by `limits` from an address like `linkbook-sqlite:///path`."""

    STORAGE_SCHEME = ["linkbook-sqlite"]  # noqa: RUF012 - the base class declares it so

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: object) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = uri.split("://", 1)[1]
        self._key = b""
        Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        # SQLite does not wait its turn for the switch to WAL; processes that start together must.
        with FileLock(f"{self._path}.lock"):
            connection = self._open()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS hits (key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires REAL NOT NULL)"
            )
            connection.close()

    def mark_with(self, key: bytes) -> None:
        """Keep the names of counts as marks under `key`, so that the file tells nobody whose they are."""
        self._key = key

    def mark(self, key: str) -> str:
        """The name of a count as the file has it."""
        return hmac.digest(self._key, f"limits\0{key}".encode(), "sha256").hex()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=5)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What this storage raises when its file fails."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more hits for `key` in a window of `expiry` seconds; returns the new count."""
        now = clock.now().timestamp()
        connection = self._open()
        try:
            with connection:
                # Every address that ever sent a report would stay here for good otherwise.
                connection.execute("DELETE FROM hits WHERE expires <= ?", [now])
                row = connection.execute(
                    "INSERT INTO hits (key, count, expires) VALUES (?, ?, ?) "
                    "ON CONFLICT (key) DO UPDATE SET count = count + excluded.count RETURNING count",
                    [self.mark(key), amount, now + expiry],
                ).fetchone()
        finally:
            connection.close()
        return int(row[0])

    def _read(self, column: str, key: str) -> float:
        connection = self._open()
        try:
            row = connection.execute(
                f"SELECT {column} FROM hits WHERE key = ? AND expires > ?",  # noqa: S608 - two fixed column names
                [self.mark(key), clock.now().timestamp()],
            ).fetchone()
        finally:
            connection.close()
        return float(row[0]) if row else 0

    def get(self, key: str) -> int:
        """The count for `key` in its window, 0 where there is none."""
        return int(self._read("count", key))

    def get_expiry(self, key: str) -> float:
        """When `key`'s window ends, in seconds since 1970."""
        return self._read("expires", key) or clock.now().timestamp()

    def check(self) -> bool:
        """Whether the file can be read."""
        self.get("")
        return True

    def reset(self) -> int:
        """Forget everything; returns how many counts there were."""
        connection = self._open()
        try:
            with connection:
                return connection.execute("DELETE FROM hits").rowcount
        finally:
            connection.close()

    def clear(self, key: str) -> None:
        """Forget one count."""
        connection = self._open()
        try:
            with connection:
                connection.execute("DELETE FROM hits WHERE key = ?", [self.mark(key)])
        finally:
            connection.close()


def init_app(app: Flask, path: Path) -> None:
    """Count hits in the file at `path`."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", f"linkbook-sqlite://{path}")
    limiter.init_app(app)


def mark_with(key: bytes) -> None:
    """Mark what is counted with the server's own key, once it was read: it lies in another folder than the counts."""
    if isinstance(limiter.storage, SqliteStorage):
        limiter.storage.mark_with(key)
