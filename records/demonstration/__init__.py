"""The family of `make demo`: invented people who can sign in, with everything that a real record has. Nothing imports it."""

from __future__ import annotations

from records.demonstration.commands import init_app

__all__ = ["init_app"]
