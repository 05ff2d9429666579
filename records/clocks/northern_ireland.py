"""Northern Ireland: the statement of special educational needs; growing up. 26 weeks: 6, 10, 2 and 8."""

from __future__ import annotations

import datetime

from records.clocks.rule import BEGINNING, Rule, Source, Step
from records.clocks.school_year import at_age

_SINCE = datetime.date(2005, 9, 1)
_LETTERS = (Source("Department for Communities, PIP handbook: supporting young people to claim"),)


def _regulations(section: str) -> Source:
    return Source("Education (Special Educational Needs) Regulations (Northern Ireland) 2005", section, _SINCE)


def _order(section: str) -> Source:
    return Source("Education (Northern Ireland) Order 1996", section)


NORTHERN_IRELAND = (
    Rule(
        "statement_request",
        "northern_ireland",
        (
            Step("decide", "authority", (_regulations("reg. 11(2)"),), weeks=6, counted=BEGINNING),
            Step("proposed", "authority", (_regulations("reg. 16"),), weeks=18, counted=BEGINNING),
            Step("final", "authority", (_regulations("regs. 16 and 17"),), weeks=26, counted=BEGINNING),
        ),
    ),
    Rule(
        "statement_proposed",
        "northern_ireland",
        (
            Step("comments", "family", (_regulations("sch. 1"),), days=15, counted=BEGINNING),
            Step("final", "authority", (_regulations("reg. 17"),), weeks=8, counted=BEGINNING),
        ),
    ),
    Rule(
        "statement_decision",
        "northern_ireland",
        (Step("appeal", "family", (_order("arts. 17, 18 and 20"),), months=2),),
    ),
    Rule(
        "statement_plan",
        "northern_ireland",
        (Step("review", "authority", (_order("art. 19(1)"),), months=12, counted=BEGINNING),),
    ),
    Rule(
        "statement_fourteen",
        "northern_ireland",
        (Step("begins", "school", (_regulations("regs. 19 and 20"),), begins=True),),
        from_birth=at_age(14),
        until_age=16,
    ),
    Rule(
        "northern_ireland_pip",
        "northern_ireland",
        (
            Step("letter", "benefits", _LETTERS, months=-5, begins=True),
            Step("begins", "benefits", _LETTERS, begins=True),
        ),
        from_birth=at_age(16),
        until_age=17,
    ),
)
