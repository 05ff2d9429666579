"""The referral route: how a family gets a service, in order.

Open Referral UK has no field for it (only free text, `application_process`); families ask for it before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("self", "gp", "school", "social_worker", "health_visitor", "assessment", "ehc_plan")


@dataclass(frozen=True)
class ReferralStep:
    """One step: whom to ask, what they need from you, the usual wait, what to do if refused. Each may be empty."""

    ask: str
    bring: str = ""
    wait: str = ""
    refused: str = ""


@dataclass(frozen=True)
class ReferralRoute:
    """The kinds of route (any one of them will do) and the steps in order."""

    kinds: tuple[str, ...] = ()
    steps: tuple[ReferralStep, ...] = ()
