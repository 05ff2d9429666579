"""The one clock."""

from __future__ import annotations

import ast
import datetime
from pathlib import Path

import pytest

from plumbing import clock

ROOT = Path(__file__).resolve().parents[2]


def test_now_is_in_utc_and_whole_seconds():
    now = clock.now()
    assert now.utcoffset() == datetime.timedelta(0)
    assert now.microsecond == 0
    assert now.isoformat().endswith("+00:00")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-07-01T12:00:00+00:00", datetime.date(2026, 7, 1)),
        ("2026-12-31T23:30:00+00:00", datetime.date(2026, 12, 31)),
        # Half past midnight in a British summer: the date on our readers' phones is the next.
        ("2026-07-01T23:30:00+00:00", datetime.date(2026, 7, 2)),
    ],
)
def test_today_is_the_date_where_our_readers_are(monkeypatch, moment, day):
    monkeypatch.setattr(clock, "now", lambda: datetime.datetime.fromisoformat(moment))
    assert clock.today() == day


def test_nobody_asks_another_clock_for_the_date():
    for path in [path for top in ("directory", "plumbing") for path in (ROOT / top).rglob("*.py") if path.name != "clock.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            asked = node.attr if isinstance(node, ast.Attribute) else ""
            assert asked not in {"now", "utcnow", "today"} or ast.unparse(node).startswith("clock."), (
                f"{path}: use plumbing/clock.py."
            )
