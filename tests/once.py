"""Nearly every test has a Linkbook of its own. What comes out the same in each is made once a process: that is half of the time.

Templates compiled, style and scripts squeezed, and what Werkzeug writes for each route: all of it is the same for the same text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from plumbing import assets


class _Templates(BytecodeCache):
    """Templates that were compiled, by name and text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def _of_one_route(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """A route's function takes the route when it is called: it fits the same route of another application."""
    kept: dict[tuple[str, bool], Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (f"{rule.rule} {rule._trace} {rule.defaults}", append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    return once


_TEMPLATES = _Templates()
assets._bundle = cache(assets._bundle)
Rule._compile_builder = _of_one_route(Rule._compile_builder)


def share_templates(app: Flask) -> None:
    """Let it have what others compiled."""
    app.jinja_env.bytecode_cache = _TEMPLATES
