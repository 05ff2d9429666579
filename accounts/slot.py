"""Small things that a session keeps until it locks, sealed under its cookie: what was shown once and is not confirmed yet."""

from __future__ import annotations

import json

from accounts.visitor import visitor

KIT_CODE = "kit code"
SECOND_FACTOR = "second factor"
WORDS = "words"


def get(name: str) -> str:
    """What is kept under `name`; "" where nothing is."""
    return _everything().get(name, "")


def put(name: str, text: str) -> None:
    """Keep `text` under `name`; "" takes it out."""
    kept = {**_everything(), name: text}
    kept = {key: value for key, value in kept.items() if value}
    visitor().keep_in_slot(json.dumps(kept).encode() if kept else None)


def _everything() -> dict[str, str]:
    content = visitor().in_slot()
    return json.loads(content) if content else {}
