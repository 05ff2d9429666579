"""What the kinds of meeting are called in each nation, and who may hold which: not all of it is the same everywhere.

Looked up by nation and kind, then by kind alone. Only what we are sure of is here.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from records.kinds.meeting import SORTS
from records.labels import CHOICES

NAMES = {
    ("england", "annual_review"): _l("Annual review of the education, health and care plan"),
    ("wales", "annual_review"): _l("Review of the individual development plan (IDP)"),
    ("wales", "team_around"): _l("Team around the family"),
    ("scotland", "annual_review"): _l("Review of the co-ordinated support plan"),
    ("scotland", "team_around"): _l("Child’s Plan meeting"),
    ("northern_ireland", "annual_review"): _l("Annual review of the statement"),
}
HELD_BY = {
    ("", "plan_review"): _l("You hold it, or your key worker does with you. You can ask for one whenever you want."),
    ("", "annual_review"): _l("Whoever keeps the plan, mostly the council, has to review it every year."),
    ("england", "annual_review"): _l(
        "The council has to hold one every year; mostly the school, nursery or college does it for them."
    ),
    ("wales", "annual_review"): _l(
        "Whoever keeps the IDP, the school or the council, has to review it every year. You can ask for it sooner."
    ),
    ("scotland", "annual_review"): _l("The council has to review the plan every year, and to ask you what you think."),
    ("northern_ireland", "annual_review"): _l(
        "The Education Authority has to review the statement every year; mostly the school holds the meeting for it."
    ),
    ("", "team_around"): _l("Anybody who helps you may suggest one. It takes place only if you agree."),
    ("scotland", "team_around"): _l(
        "Whoever leads on the Child’s Plan, the lead professional, holds it with you. You can ask for one."
    ),
    ("", "looked_after_review"): _l("The council holds it for a child it looks after."),
    ("england", "looked_after_review"): _l(
        "The council holds it for a child it looks after. An independent reviewing officer leads it."
    ),
    ("wales", "looked_after_review"): _l(
        "The council holds it for a child it looks after. An independent reviewing officer leads it."
    ),
    ("northern_ireland", "looked_after_review"): _l("The Health and Social Care Trust holds it for a child it looks after."),
    ("", "cetr"): _l(
        "The NHS holds it, before or during a stay in a mental health hospital. It needs a yes: yours, or your child’s own once"
        " they can decide."
    ),
    ("", "other"): _l("Ask who holds it, what it is for, and who will be there."),
}
# What there is in one nation only, under this name.
_ONLY_IN = {"cetr": "england"}


def sort_name(which: str, nation: str = "") -> str:
    """What a kind of meeting is called."""
    return str(NAMES.get((nation, which)) or CHOICES["which", which])


def held_by(which: str, nation: str = "") -> str:
    """Who may hold it, and what it needs."""
    return str(HELD_BY.get((nation, which)) or HELD_BY["", which])


def sorts_of(nation: str, chosen: str = "") -> tuple[str, ...]:
    """The kinds that there are in a nation; all of them where nobody said which. What somebody chose before stays.

    >>> "cetr" in sorts_of("scotland"), "cetr" in sorts_of("england"), "cetr" in sorts_of("")
    (False, True, True)
    """
    return tuple(one for one in SORTS if one == chosen or not nation or _ONLY_IN.get(one, nation) == nation)
