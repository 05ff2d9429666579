"""What this process may leave behind on the machine: files for this user only, and never its memory."""

from __future__ import annotations

import os
import resource


def keep_to_ourselves() -> None:
    """Write every file for this user only; a crash writes no core file, which would hold keys and letters in the clear."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
