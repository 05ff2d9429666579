"""Reviews and clocks: by when the law says that something has to be done, worked out from one day that a family knows.

| file | holds |
|---|---|
| rule | what a rule and its steps are, and how their days are counted |
| working_days | weekends and bank holidays, which are not the same in each nation |
| school_year | which year group somebody is in, from the day they were born |
| england, wales, scotland, northern_ireland | a nation's rules, as data, each with its source |
| plan_reviews | when a family agreed to look at its own plans again |
| running | the rules that a family has begun, and what is late |
| words | everything about them that people read |
| short | each step in a few words, for a sheet of paper |

A clock begins with something that happened: a letter came, a meeting was held, somebody asked. What happens next begins another.
Only what we are sure of is here. What is not is said on the page, in `words.NOT_YET`.
"""

from __future__ import annotations

import datetime

from records.clocks.england import ENGLAND
from records.clocks.northern_ireland import NORTHERN_IRELAND
from records.clocks.rule import Due, Rule, Source, Step, dues
from records.clocks.scotland import SCOTLAND
from records.clocks.wales import WALES

__all__ = ["LAW_AS_OF", "RULES", "Due", "Rule", "Source", "Step", "dues", "rules_of"]

# Laws change, and a date that was right is the most dangerous kind of wrong: pages say this day beside every list of rules.
LAW_AS_OF = datetime.date(2025, 1, 1)
RULES: dict[str, Rule] = {rule.slug: rule for rule in (*ENGLAND, *WALES, *SCOTLAND, *NORTHERN_IRELAND)}


def rules_of(nation: str) -> tuple[Rule, ...]:
    """The rules of a nation, in the order in which families mostly meet them."""
    return tuple(rule for rule in RULES.values() if rule.nation == nation)
