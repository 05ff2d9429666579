"""What a new letter probably is: offered when it is named, never demanded.

Made from what a machine read on its pages, where it could, and from the letters already kept; never from a file's name, which is
a phone's and says nothing.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from records.entry import Entry
from records.folding import fold, stands_in
from records.kinds.moment import Unclear, read_date
from records.timeline import day_of

# Where letters say who sends them and when.
_HEAD = 2_000
_OLDEST_DAYS = 5 * 366
_LONGEST_SENDER = 80
_NAMED_IN = {"letter": "from_whom", "person": "name"}
_DATE = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}(?:st|nd|rd|th)?(?: of)? [^\W\d_]{3,9},? \d{4}|\d{4}-\d{2}-\d{2})(?!\d)"
)
_BIRTH = re.compile(r"(?:d\.?o\.?b\.?|born|birth)\W*$")
_SENDER = re.compile(
    r"\b(?:hospital|nhs|clinic|surgery|medical|health|therapy|centre|school|academy|college|nursery|council|department|service|services"
    r"|team|trust|pensions|cyngor|ysgol|ysbyty|bwrdd)\b"
)
# Checked in this order: an appointment letter also speaks of results, a report of meetings.
_TOPICS = {
    "discharge": ("discharge summary", "discharge letter", "discharged from"),
    "prescription": ("prescription",),
    "results": ("test results", "blood test", "results of"),
    "waiting": ("waiting list",),
    "transport": ("school transport", "travel assistance", "home to school"),
    "benefit": ("disability living allowance", "carers allowance", "universal credit", "child benefit", "personal independence"),
    "meeting": ("annual review", "invite you to a meeting", "team around the", "minutes of"),
    "plan": ("ehc plan", "education health and care plan", "individual development plan", "support plan", "care plan"),
    "appointment": ("appointment",),
    "decision": ("decision",),
    "report": ("report", "assessment"),
}
_SECTIONS = {
    "health_letters": (
        "hospital nhs clinic surgery doctor consultant paediatrician paediatric therapy therapist nurse medicine diagnosis "
        "prescription appointment ward discharge camhs audiology dental"
    ).split(),
    "education_letters": (
        "school academy nursery college teacher senco ehc ehcp education classroom pupil lesson attendance"
    ).split(),
    "care_letters": (
        "social benefit benefits allowance dla pip carer carers respite short direct payment payments pensions housing universal "
        "credit transport"
    ).split(),
}


@dataclass(frozen=True)
class Suggestion:
    """What to offer; any part may be empty. `topic` is worded by `wording.suggested_title`.

    `section_id` is where the same sender's letters were put before; `section` the short name of the likeliest section otherwise.
    """

    dated: datetime.date
    from_whom: str = ""
    topic: str = ""
    section_id: str = ""
    section: str = ""


def suggest(found_text: str, earlier: Iterable[Entry], today: datetime.date) -> Suggestion:
    """What a letter probably is. Without anything read, it is of today, and goes where the last letter went."""
    letters = sorted((entry for entry in earlier if entry.kind == "letter"), key=day_of, reverse=True)
    folded = _spaced(found_text)
    sender = _sender(found_text, letters)
    return Suggestion(
        dated=_dated(found_text, today) or today,
        from_whom=sender,
        topic=_topic(folded),
        section_id=_usual_section(sender, letters, bool(folded)),
        section=_section(folded),
    )


def senders(earlier: Iterable[Entry]) -> list[str]:
    """Everybody that letters came from, and everybody who helps us, the commonest first: to choose from while typing."""
    names = (str(entry.document.get(_NAMED_IN.get(entry.kind, "")) or "") for entry in earlier)
    return [name for name, _ in sorted(Counter(filter(None, names)).items(), key=lambda item: (-item[1], fold(item[0])))]


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def _dated(text: str, today: datetime.date) -> datetime.date | None:
    """The first date at the head of a letter that can be its own: not a birthday, not to come, not long past."""
    head = text[:_HEAD].casefold()
    for match in _DATE.finditer(head):
        if _BIRTH.search(head[: match.start()][-30:]):
            continue
        try:
            day = read_date(match.group(), today)
        except Unclear:
            continue
        if 0 <= (today - day).days <= _OLDEST_DAYS:
            return day
    return None


def _sender(text: str, letters: list[Entry]) -> str:
    """Somebody who wrote before and is named in it, the first named; else the line of its head that looks like a letterhead."""
    head = fold(text[:_HEAD])
    known = {name for letter in letters if (name := str(letter.document.get("from_whom") or "")) and stands_in(fold(name), head)}
    if known:
        return min(known, key=lambda name: (head.find(fold(name)), -len(name), name))
    lines = (" ".join(line.split()) for line in text[:_HEAD].splitlines()[:12])
    return next((line for line in lines if 3 < len(line) <= _LONGEST_SENDER and _SENDER.search(line.casefold())), "")


def _topic(folded: str) -> str:
    return next((topic for topic, phrases in _TOPICS.items() if any(stands_in(phrase, folded) for phrase in phrases)), "")


def _usual_section(sender: str, letters: list[Entry], was_read: bool) -> str:
    """Where most of this sender's letters are; of a letter that nobody could read, where the last one went."""
    theirs = Counter(letter.section_id for letter in letters if sender and letter.document.get("from_whom") == sender)
    if theirs:
        return theirs.most_common(1)[0][0]
    return letters[0].section_id if letters and not was_read else ""


def _section(folded: str) -> str:
    """The section most of whose words are in it."""
    there = set(folded.split())
    scores = {slug: len(there & set(words)) for slug, words in _SECTIONS.items()}
    best = max(scores, key=lambda slug: scores[slug])
    return best if scores[best] else ""
