"""What the server brings to every opening: its secrets, the witness, and the folder of sealed attachments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plumbing.secrets_file import ServerSecrets
from records.witness import Witness


@dataclass(frozen=True)
class Office:
    """One a process. `quota` is how many bytes of attachments one record may keep."""

    secrets: ServerSecrets
    witness: Witness
    attachments: Path
    quota: int
