"""The server's own secrets: one small file outside the data folder, for this user only.

Whoever loses it loses every account with it: no passphrase opens, and no row carries our mark. Whoever has it and the database
may guess passphrases.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

_BYTES = 32
_NAMES = ("pepper", "server_key", "log_key")


@dataclass(frozen=True)
class ServerSecrets:
    """32 random bytes each: `pepper` goes into every derivation, `server_key` marks rows as ours, `log_key` chains the log."""

    pepper: bytes = field(repr=False)
    server_key: bytes = field(repr=False)
    log_key: bytes = field(repr=False)


def _new(path: Path) -> None:
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    text = json.dumps({name: secrets.token_hex(_BYTES) for name in _NAMES}, indent=2)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def server_secrets(folder: Path, may_make: bool = True) -> ServerSecrets:
    """The secrets in `folder`, made on first use.

    Raises FileNotFoundError where they are gone and `may_make` is false: new ones would open nothing that is there already.
    """
    path = folder / "secrets.json"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Of several processes that start at once one makes them, and the others read the same.
    with FileLock(folder / "secrets.lock"):
        if not path.exists():
            if not may_make:
                raise FileNotFoundError("The server's secrets are not in their folder: put secrets.json back before starting.")
            _new(path)
        values = json.loads(path.read_text())
    return ServerSecrets(**{name: bytes.fromhex(values[name]) for name in _NAMES})
