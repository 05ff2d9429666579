"""Whose a date is: the doctors', the school's, a short break, or care. From where somebody works, and from a few plain words.

Nobody is asked to sort their own dates; a guess that is wrong only puts another word beside one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from records.entry import Entry
from records.folding import fold

MEDICAL, SCHOOL, SHORT_BREAK, CARE, OTHER = "medical", "school", "short_break", "care", "other"
GROUPS = (MEDICAL, SCHOOL, SHORT_BREAK, CARE, OTHER)
_AGENCIES = {"health": MEDICAL, "education": SCHOOL, "social_care": CARE}
# Every other rule is about a plan at school.
_RULES = {
    **dict.fromkeys(("health_check", "scotland_health_check"), MEDICAL),
    **dict.fromkeys(("pip", "wales_pip", "northern_ireland_pip"), CARE),
    **dict.fromkeys(("appointee", "wales_appointee", "disability_payment"), CARE),
}


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word.strip()) for word in text.split(','))})s?\b")


# A short break is one whoever gives it, at school or in a hospice: its words come before where somebody works.
_BREAK = _words("short break, respite, overnight, overnight stay, holiday club, play scheme, playscheme, sitter, sitting service")
_NAMED = (
    (SCHOOL, _words("school, nursery, college, teacher, senco, ehc, ehcp, idp, statement, parents evening, education")),
    (
        MEDICAL,
        _words(
            "hospital, clinic, doctor, dr, gp, nurse, dentist, orthodontist, therapy, therapist, physio, paediatrician, camhs,"
            " consultant, scan, vaccination, optician, audiology, hearing test, blood test, wheelchair, surgery, ward, hospice"
        ),
    ),
    (CARE, _words("social worker, key worker, early help, family support, carer, direct payment, benefit, dla, pip")),
)


def agencies(entries: Iterable[Entry]) -> dict[str, str]:
    """Where the people who help us work, by their names as lists compare them."""
    people = (one.document for one in entries if one.kind == "person" and one.document.get("agency"))
    return {fold(str(one[name])): str(one["agency"]) for one in people for name in ("name", "service_title") if one.get(name)}


def group_of_rule(slug: str) -> str:
    """Whose a clock is.

    >>> group_of_rule("pip"), group_of_rule("ehc_plan")
    ('care', 'school')
    """
    return _RULES.get(slug, SCHOOL)


def group_of_words(document: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """Whose an appointment or a meeting is; `known` is where people work.

    >>> group_of_words({"what": "Eye clinic"}, {}), group_of_words({"what": "Tea", "who_with": "Mr Ali"}, {"mr ali": "education"})
    ('medical', 'school')
    """
    text = fold(" ".join(str(document.get(name) or "") for name in ("what", "place", "who_with", "chair")))
    if _BREAK.search(text):
        return SHORT_BREAK
    who = fold(str(document.get("who_with") or document.get("chair") or "")).partition(",")[0].strip()
    by_person = _AGENCIES.get(known.get(who, ""))
    return by_person or next((group for group, words in _NAMED if words.search(text)), OTHER)
