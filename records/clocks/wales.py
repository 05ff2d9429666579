"""Wales: additional learning needs and the individual development plan (IDP); growing up.

A school counts its 35 days without weekends and holidays. We know weekends and bank holidays, and not the school's own.
"""

from __future__ import annotations

import datetime

from records.clocks.rule import BEGINNING, SCHOOL, Rule, Source, Step
from records.clocks.school_year import at_age

_SINCE = datetime.date(2021, 9, 1)
_CODE = Source("Additional Learning Needs Code for Wales 2021", "", _SINCE)
_PIP = (
    Source("Personal Independence Payment (Transitional Provisions) Regulations 2013", "", datetime.date(2013, 4, 8)),
    Source("GOV.UK, DLA for children: when your child turns 16"),
)
_APPOINTEE = (Source("GOV.UK, Become an appointee for someone claiming benefits"),)


def _act(section: str) -> Source:
    return Source("Additional Learning Needs and Education Tribunal (Wales) Act 2018", section, _SINCE)


WALES = (
    Rule(
        "idp_school",
        "wales",
        (Step("decide", "school", (_act("ss. 11 and 12"), _CODE), days=35, days_are=SCHOOL),),
    ),
    Rule("idp_council", "wales", (Step("decide", "council", (_act("ss. 13 and 14"), _CODE), weeks=12),)),
    Rule("idp_again", "wales", (Step("decide", "council", (_act("ss. 26 and 27"), _CODE), weeks=7),)),
    Rule("idp_decision", "wales", (Step("appeal", "family", (_act("s. 70"),), weeks=8),)),
    Rule("idp_plan", "wales", (Step("review", "school", (_act("s. 23"),), months=12, counted=BEGINNING),)),
    Rule("wales_pip", "wales", (Step("begins", "benefits", _PIP, begins=True),), from_birth=at_age(16), until_age=17),
    Rule("wales_appointee", "wales", (Step("begins", "family", _APPOINTEE, begins=True),), from_birth=at_age(16), until_age=17),
)
