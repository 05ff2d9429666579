"""England: EHC needs assessments, plans and their reviews; growing up.

Where each number is from was read in the regulations themselves, as they are published on legislation.gov.uk.
"""

from __future__ import annotations

import datetime

from records.clocks.rule import BEFORE, BEGINNING, WORKING, Rule, Source, Step
from records.clocks.school_year import RECEPTION, at_age, from_year, moving_into

_SINCE = datetime.date(2014, 9, 1)


def _act(section: str) -> Source:
    return Source("Children and Families Act 2014", section, _SINCE)


def _regulations(section: str) -> Source:
    return Source("Special Educational Needs and Disability Regulations 2014", section, _SINCE)


def _code(paragraph: str) -> Source:
    return Source("SEND Code of Practice 2015", paragraph, datetime.date(2015, 1, 31))


_TRIBUNAL = Source("First-tier Tribunal (Health, Education and Social Care Chamber) Rules 2008", "rule 20")
_DEVON = Source("R (L, M and P) v Devon County Council [2022] EWHC 493 (Admin)")
_PHASES = (_regulations("reg. 18(1)"), _code("9.179"))
_PIP = (
    Source("Personal Independence Payment (Transitional Provisions) Regulations 2013", "", datetime.date(2013, 4, 8)),
    Source("GOV.UK, DLA for children: when your child turns 16"),
)
_APPOINTEE = (Source("GOV.UK, Become an appointee for someone claiming benefits"),)
_HEALTH_CHECK = (Source("NHS England, learning disabilities: annual health checks"),)

_ASSESSING = (
    Rule(
        "ehc_request",
        "england",
        (
            Step("decide", "council", (_regulations("reg. 5(1)"), _code("9.41")), weeks=6),
            Step("no_plan", "council", (_regulations("reg. 10(1)"), _code("9.41")), weeks=16),
            Step("final", "council", (_regulations("reg. 13(2)"), _code("9.40")), weeks=20),
        ),
    ),
    Rule(
        "ehc_draft",
        "england",
        (Step("comments", "family", (_regulations("reg. 13(1)"), _code("9.77")), days=15, counted=BEGINNING),),
    ),
    Rule(
        "ehc_decision",
        "england",
        (
            Step("adviser", "family", (_act("s. 55"), _regulations("reg. 33")), months=2),
            Step("appeal", "family", (_act("s. 51"), _TRIBUNAL), months=2),
        ),
    ),
    Rule(
        "ehc_adviser",
        "england",
        (
            Step("certificate", "adviser", (_act("s. 55"), _code("chapter 11")), days=3, days_are=WORKING),
            Step("meeting", "council", (_regulations("regs. 35 and 36"),), days=30),
        ),
    ),
    Rule("ehc_certificate", "england", (Step("appeal", "family", (_TRIBUNAL,), months=1),)),
)

_REVIEWING = (
    Rule(
        "annual_review",
        "england",
        (
            Step("papers", "school", (_regulations("regs. 20 and 21"), _code("9.176")), weeks=-2),
            Step("report", "school", (_regulations("regs. 20 and 21"), _code("9.176")), weeks=2),
            Step("decision", "council", (_regulations("regs. 20(10) and 21"), _code("9.176")), weeks=4),
            Step("final", "council", (_regulations("reg. 22(3)"), _DEVON), weeks=12),
        ),
    ),
    Rule(
        "ehc_amendment",
        "england",
        (
            Step("comments", "family", (_regulations("reg. 22(2)"), _code("9.195")), days=15, counted=BEGINNING),
            Step("final", "council", (_regulations("reg. 22(3) and (4)"), _code("9.196")), weeks=8),
        ),
    ),
    Rule("ehc_plan", "england", (Step("review", "council", (_act("s. 44(1)"),), months=12, counted=BEGINNING),)),
    Rule(
        "ehc_under_five",
        "england",
        (
            Step("from", "council", (_code("9.178"),), months=3, begins=True),
            Step("by", "council", (_code("9.178"),), months=6),
        ),
    ),
    Rule(
        "ehc_move",
        "england",
        (Step("pass_on", "council", (_regulations("reg. 15(2)"),), days=15, days_are=WORKING, counted=BEGINNING),),
    ),
    Rule("ehc_moved", "england", (Step("tell", "council", (_regulations("reg. 15(4)"),), weeks=6),)),
)

_GROWING_UP = (
    Rule(
        "phase_school",
        "england",
        (Step("plan", "council", _PHASES, counted=BEFORE),),
        from_birth=moving_into(RECEPTION, 2, 15),
    ),
    Rule("phase_secondary", "england", (Step("plan", "council", _PHASES, counted=BEFORE),), from_birth=moving_into(7, 2, 15)),
    Rule("phase_other", "england", (Step("plan", "council", _PHASES, counted=BEFORE),)),
    Rule("phase_college", "england", (Step("plan", "council", _PHASES, counted=BEFORE),), from_birth=moving_into(12, 3, 31)),
    Rule(
        "adult_life",
        "england",
        (Step("begins", "school", (_regulations("regs. 20 and 21"), _code("8.9 and 9.184")), begins=True),),
        from_birth=from_year(9),
        until_age=18,
    ),
    Rule(
        "health_check",
        "england",
        (Step("begins", "health", _HEALTH_CHECK, begins=True),),
        from_birth=at_age(14),
        until_age=25,
    ),
    Rule("pip", "england", (Step("begins", "benefits", _PIP, begins=True),), from_birth=at_age(16), until_age=17),
    Rule("appointee", "england", (Step("begins", "family", _APPOINTEE, begins=True),), from_birth=at_age(16), until_age=17),
)

ENGLAND = (*_ASSESSING, *_REVIEWING, *_GROWING_UP)
