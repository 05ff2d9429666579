"""A booklet set, in a process of its own: `python -I worker.py`, its data as JSON on the input, a PDF on the output.

What thousands of services take in memory goes back to the machine when it ends.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    # Started alone (`-I`), Python looks for nothing beside the file it runs: this is where ours are.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from plumbing.paper import set_page


def main() -> None:
    """Answer with the booklet."""
    question = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(set_page(Path(__file__).with_name("booklet.typ"), question["data"], question["pictures"]))


if __name__ == "__main__":
    main()
