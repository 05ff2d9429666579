"""The sections a new record begins with. Families rename, hide, reorder and add to them; names are in `records/wording.py`."""

from __future__ import annotations

from dataclasses import dataclass

from records.kinds import KINDS

# What may be written anywhere that is not for one thing alone.
EVERYDAY = ("note", "letter", "voice", "diary", "meeting", "appointment", "person")

# What a plan is made of; what others say to it is written on the plan's own page, and its dates on that of the reviews.
PLAN = ("need", "action", "answer", "progress", "agreed_plan", "review")
CARE_PLAN, FAMILY_PLAN = PLANS = ("care_plan", "family_plan")
# What hangs on a meeting is written on the meeting's own pages.
OF_A_MEETING = ("contribution", "minutes")
GETTING_READY = "getting_ready"


@dataclass(frozen=True)
class Section:
    """A section of the book: its short name, its drawing, and the kinds that may be added, the likeliest first."""

    slug: str
    icon: str
    kinds: tuple[str, ...]

    @property
    def can_be_shared(self) -> bool:
        """Whether anybody else can ever be given it."""
        return self.slug != JUST_US


JUST_US = "just_us"
DEFAULT_SECTIONS = (
    Section("about_me", "person", ("about_me", "voice", "note")),
    Section(
        "health_and_needs",
        "heart",
        ("medicine", "diagnosis", "allergy", "equipment", "emergency", "health_note", "voice"),
    ),
    Section("our_home", "house", ("household", "address", "school", "gp", "language", "where_now", "note")),
    Section("people", "people", ("person",)),
    Section("health_letters", "mail", ("letter",)),
    Section("education_letters", "school", ("letter",)),
    Section("care_letters", "mail", ("letter",)),
    Section("appointments", "calendar", ("appointment",)),
    Section("meetings", "chat", ("meeting", *OF_A_MEETING)),
    Section("care_plan", "document", (*PLAN, "note", "letter", "voice")),
    Section("family_plan", "star", (*PLAN, "note", "letter", "voice", GETTING_READY)),
    Section("diary", "pencil", ("diary", "voice", "note")),
    Section(JUST_US, "lock", EVERYDAY),
)
BY_SLUG = {section.slug: section for section in DEFAULT_SECTIONS}
CUSTOM_ICON = "book"


def kinds_for(slug: str) -> tuple[str, ...]:
    """The kinds that may be added to a section; to one that a family made itself, the everyday ones.

    >>> kinds_for("people"), kinds_for("")[:3]
    (('person',), ('note', 'letter', 'voice'))
    """
    return BY_SLUG[slug].kinds if slug in BY_SLUG else EVERYDAY


def icon_for(slug: str) -> str:
    """The drawing of a section."""
    return BY_SLUG[slug].icon if slug in BY_SLUG else CUSTOM_ICON


def home_of(kind: str) -> str:
    """The section that an entry of this kind belongs to first; empty where any will do.

    >>> home_of("medicine"), home_of("appointment"), home_of("note")
    ('health_and_needs', 'appointments', '')
    """
    if kind not in KINDS or kind in ("note", "voice", "letter"):
        return ""
    return next(section.slug for section in DEFAULT_SECTIONS if kind in section.kinds)
