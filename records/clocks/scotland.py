"""Scotland: the co-ordinated support plan, and leaving school. A Child's Plan has no clock in law."""

from __future__ import annotations

import datetime

from records.clocks.rule import BEGINNING, Rule, Source, Step
from records.clocks.school_year import at_age

_SINCE = datetime.date(2005, 11, 14)
# Regulations 4A and 5A were put in by SSI 2010/149.
_ASKING_SINCE = datetime.date(2010, 11, 14)
_PAYMENT = (
    Source("Disability Assistance for Children and Young People (Scotland) Regulations 2021", "", datetime.date(2021, 7, 26)),
    Source("mygov.scot, Child Disability Payment"),
)


def _act(section: str) -> Source:
    return Source("Education (Additional Support for Learning) (Scotland) Act 2004", section, _SINCE)


def _regulations(section: str, since: datetime.date = _SINCE) -> Source:
    law = "Additional Support for Learning (Co-ordinated Support Plan) (Scotland) Amendment Regulations 2005"
    return Source(law, section, since)


SCOTLAND = (
    Rule("csp_request", "scotland", (Step("decide", "council", (_regulations("reg. 4A", _ASKING_SINCE),), weeks=8),)),
    Rule("csp_proposal", "scotland", (Step("plan", "council", (_regulations("time limits for a plan"),), weeks=16),)),
    Rule(
        "csp_plan",
        "scotland",
        (
            Step("review", "council", (_act("s. 10(2)"),), months=12, counted=BEGINNING, begins=True),
            Step("finish", "council", (_act("s. 10(2)"), _regulations("time limits for a review")), months=12, weeks=12),
        ),
    ),
    Rule("csp_review", "scotland", (Step("finish", "council", (_regulations("time limits for a review"),), weeks=12),)),
    Rule("csp_early", "scotland", (Step("answer", "council", (_regulations("reg. 5A", _ASKING_SINCE),), weeks=4),)),
    Rule(
        "leaving_school",
        "scotland",
        (
            Step("ask", "council", (_act("s. 12(6)"),), months=-12),
            Step("tell", "council", (_act("s. 13(1)"),), months=-6),
        ),
    ),
    Rule(
        "disability_payment",
        "scotland",
        (Step("adult", "family", _PAYMENT, begins=True),),
        from_birth=at_age(16),
        until_age=18,
    ),
    Rule(
        "scotland_health_check",
        "scotland",
        (
            Step(
                "begins",
                "health",
                (Source("Annual Health Check for People with Learning Disabilities (Scotland) Directions 2022"),),
                begins=True,
            ),
        ),
        from_birth=at_age(16),
        until_age=25,
    ),
)
