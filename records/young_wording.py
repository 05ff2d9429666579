"""What pages say about growing up: what changes at an age, and on what footing somebody decides.

Where the ages come from stands in `records/young_people.py`.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from plumbing.dates import date_in_words
from records.supported import APPOINTEE, ATTORNEY, BEST_INTERESTS, DEPUTY, OTHER, OWN_VIEW
from records.young_people import LATER, LOOKED, Prompt

# The log's words for an answer.
ANSWERED = {LOOKED: "young_looked", LATER: "young_later"}
# By age and nation, the nation's own sentence before the one for all ("").
_CHANGES = {
    (11, "england"): _l(
        "At about this age, doctors’ surgeries in England ask children themselves whether a parent may go on looking at their"
        " notes online."
    ),
    (11, ""): _l("Many children of this age have their own view of who should see what is written about them."),
    (12, "scotland"): _l(
        "In Scotland, the law takes it that a person of 12 can understand what is kept about them and say yes or no to it, unless"
        " it is shown that they cannot."
    ),
    (13, ""): _l(
        "From 13, the law lets young people say yes or no themselves to most websites and apps that keep things about them."
    ),
    (16, "england"): _l(
        "From 16, the law in England takes it that a person can decide for themselves, unless it is shown that they cannot decide"
        " this one thing. Then others decide it in their best interests."
    ),
    (16, "wales"): _l(
        "From 16, the law in Wales takes it that a person can decide for themselves, unless it is shown that they cannot decide"
        " this one thing. Then others decide it in their best interests."
    ),
    (16, "scotland"): _l(
        "From 16, the law in Scotland lets a person decide for themselves. If they cannot, it says who may decide for them, and"
        " that what they want must be asked first."
    ),
    (16, "northern_ireland"): _l(
        "From 16, the law in Northern Ireland takes it that a person can decide for themselves, unless it is shown that they"
        " cannot decide this one thing. Then others decide it in their best interests."
    ),
    (16, ""): _l("From 16, the law starts from this: a person decides for themselves, unless it is shown that they cannot."),
    (18, ""): _l(
        "From 18, a person is an adult. Being their parent does not give anybody the right to decide for them. Somebody who"
        " cannot decide alone must still be asked, and helped to decide."
    ),
}
# Each footing: what it is called, and a sentence on what it means.
_FOOTINGS = {
    OWN_VIEW: (_l("Their own view"), _l("They say or show what they want, and it is done. Others only help to carry it out.")),
    BEST_INTERESTS: (
        _l("Best interests"),
        _l(
            "They cannot decide this themselves. Those who know them well decide what is best for them, and ask first what they"
            " want. In Scotland it has to be of benefit to them."
        ),
    ),
    APPOINTEE: (
        _l("Appointee"),
        _l("The benefits office has named somebody to look after their benefits. It gives no say about anything else."),
    ),
    DEPUTY: (
        _l("Deputy"),
        _l(
            "A court has named somebody to decide. The order says what about: money, or health and care, or both. In Northern"
            " Ireland this is a controller."
        ),
    ),
    ATTORNEY: (
        _l("Guardian or attorney"),
        _l(
            "In Scotland a sheriff can name a guardian. Anywhere, an adult who understood what it meant may have named an"
            " attorney themselves. The paper says what about."
        ),
    ),
    OTHER: (_l("Something else"), _l("Write below what it is.")),
}


def headline(prompt: Prompt, called: str) -> str:
    """Whose birthday it is, and when it is or was."""
    words = {"called": called, "age": prompt.age, "day": date_in_words(prompt.on)}
    return (
        _("%(called)s will be %(age)d on %(day)s.", **words) if prompt.is_ahead else _("%(called)s is %(age)d or older.", **words)
    )


def what_changes(age: int, nation: str) -> str:
    """What is different from this age on, in the nation the family lives in."""
    return str(_CHANGES.get((age, nation)) or _CHANGES[age, ""])


def footing(name: str) -> str:
    """What a footing is called."""
    return str(_FOOTINGS[name][0])


def footing_meaning(name: str) -> str:
    """What a footing means, in a sentence or two."""
    return str(_FOOTINGS[name][1])
